"""Every reason code that ingest can raise has its sentences; claims nothing about their wording.

Codes are found in the code itself: the first argument of FileRefused, the texts of rules and
rejects, the word before the colon of a warning.
"""

import ast
import re
from pathlib import Path

import pytest

from contracts.base import Field
from contracts.catalogue import CONTRACTS
from ingest.conforming.typing_sql import FILE_REASON_CODES, typed_field
from ingest.reasons import FILE_REASONS, REASONS, ROW_REASONS, WARNINGS, sentence
from ingest.senders.profile import Layout

CODE = re.compile(r"[a-z][a-z0-9_]*")
WARNING = re.compile(r"([a-z][a-z0-9]*(?:_[a-z0-9]+)+): .", re.DOTALL)
# Names of functions and methods whose first or only text argument is a reason code.
RAISERS = {"FileRefused": 0, "reject": 0}


def calls(project: Path) -> list[tuple[str, ast.Call]]:
    return [
        (str(path.relative_to(project)), node)
        for path in sorted((project / "ingest").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]


def literals(node: ast.expr) -> list[str]:
    """The texts an expression can be, as far as they stand in it."""
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return []


def raised(project: Path) -> dict[str, str]:
    """Code -> a file that raises it."""
    found = {}
    for path, call in calls(project):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name in RAISERS:
            for argument in call.args:
                for text in literals(argument)[:1]:
                    if CODE.fullmatch(text):
                        found[text] = path
    return found


def warned(project: Path) -> dict[str, str]:
    """Code -> a file that has a text `code: ...` in it."""
    found = {}
    for path in sorted((project / "ingest").rglob("*.py")):
        if path.name in ("reasons.py", "refusals.py", "remedies.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                match = WARNING.match(node.value)
                if match and not node.value.count("\n"):
                    found[match[1]] = str(path.relative_to(project))
    return found


def test_every_refusal_and_reject_is_listed(project: Path) -> None:
    codes = raised(project)
    assert len(codes) > 20
    assert {code: path for code, path in codes.items() if code not in REASONS} == {}


def test_every_warning_is_listed(project: Path) -> None:
    codes = warned(project)
    assert len(codes) > 5
    notes = {code: path for code, path in codes.items() if code not in REASONS}
    assert notes == {}


@pytest.mark.parametrize("source", list(CONTRACTS))
def test_every_rule_of_a_field_is_listed(source: str) -> None:
    layout = Layout("delimited", states_numbers=False, date_format="%d/%m/%Y")
    for field in (*CONTRACTS[source].fields, Field("f", "date", "", "", has_happened=True)):
        reason = typed_field(field, layout).reason
        for code in re.findall(r"then '([a-z_]+)'", reason):
            assert code in ROW_REASONS or code in FILE_REASON_CODES, (field.name, code)


def test_sentences_are_two_languages_and_no_code_has_two_meanings() -> None:
    for code, (vietnamese, english) in REASONS.items():
        assert CODE.fullmatch(code)
        assert vietnamese
        assert english
        assert vietnamese != english
    assert not set(ROW_REASONS) & set(FILE_REASONS)
    assert not set(FILE_REASONS) & set(WARNINGS)
    assert sentence("no_such_code") == ("no_such_code", "no_such_code")
    assert set(FILE_REASON_CODES) <= set(FILE_REASONS)


def test_the_search_would_catch_an_unlisted_code() -> None:
    tree = ast.parse('raise FileRefused("brand_new", "detail")')
    call = next(node for node in ast.walk(tree) if isinstance(node, ast.Call))
    assert literals(call.args[0]) == ["brand_new"]
    assert WARNING.match("brand_new: something")
