"""Row 42, HTML, Markdown and terminal injection.

Promise: "autoescape on, CSP meta, no inline data in script". Of it, what ingest and the command
line show: a text that a sender chose (value, file name, column name, name of a profile) is shown
letter by letter in tables, errors, progress and JSON, and stands as plain text in exported
spreadsheets. Markup of the terminal library is off, steering characters are spelled out.

NOT claimed here: reports in HTML (they escape themselves when they come).
"""

import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table
from typer.testing import CliRunner

from cli import output
from cli.main import app
from foundation.errors import UsageError, WarehouseError
from foundation.home import HOME_VARIABLE
from tests.faults.conftest import Door, parcel_rows, write_csv

HTML = "<img src=x onerror=alert(1)>"
MARKDOWN = "**b** [c](javascript:alert(2))"
RICH = "[red]d[/red][link=http://x.test]e[/link]:smile:"
ANSI = "\x1b[31mf\x1b]8;;http://x.test\x07g\x9b2J"
TURNED = "h\u202egnp.exe\u200b"
CODE = "[red]i[/red]"  # short enough to be shown from quarantine as it is
ALL = f"{HTML} {MARKDOWN} {RICH} {ANSI} {TURNED}"
# What of ALL must be readable in every output for people.
SHOWN = (HTML, MARKDOWN, RICH, "\\x1b[31mf\\x1b]8;;http://x.test\\x07g\\x9b2J", "h\\u202egnp")


def steering(text: str) -> list[str]:
    """Characters that could steer a terminal or reader; line ends are the output's own."""
    return [c for c in text if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"}]


def squeezed(text: str) -> str:
    """Without blanks and table borders: a table folds long cells."""
    return re.sub(r"[\s│┃]", "", text)


def texts_of(document: object) -> set[str]:
    """Every text anywhere in a JSON document, names included."""
    if isinstance(document, dict):
        return {text for pair in document.items() for item in pair for text in texts_of(item)}
    if isinstance(document, list):
        return {text for item in document for text in texts_of(item)}
    return {document} if isinstance(document, str) else set()


def is_shown_plainly(text: str, wanted: tuple[str, ...] = SHOWN) -> bool:
    return not steering(text) and all(squeezed(part) in squeezed(text) for part in wanted)


@pytest.fixture
def command(door: Door, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """The command line on this home, in process: (exit code, everything printed)."""
    monkeypatch.setenv(HOME_VARIABLE, str(door.home.root))
    monkeypatch.delenv("IMPORT_RISK_PII_KEY", raising=False)
    # One cell holds all of it: wide enough that no table folds inside a word.
    monkeypatch.setattr(output, "_WIDTH_WITHOUT_TERMINAL", 4_000)

    def run(*arguments: object) -> tuple[int, str]:
        done = CliRunner().invoke(app, [str(argument) for argument in arguments])
        if isinstance(done.exception, WarehouseError):
            with pytest.MonkeyPatch.context() as patch:
                told = io.StringIO()
                patch.setattr("sys.stderr", told)
                output.print_error(done.exception, as_json="--json" in arguments)
            return int(done.exception.exit_code), told.getvalue()
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return run


def hostile_delivery(door: Door) -> Path:
    """A file whose name, unknown column, accepted and refused values are hostile."""
    # A file name has no slash; a CSV cell has no NUL.
    name = f"parcel_manifest {ALL.replace('/', '_')}.csv"[:200] + ".csv"
    rows = [
        {**row, "seller_id_platform": ALL[:60], "item_description": ALL, f"lạ {ALL}": "1"}
        for row in parcel_rows(2)
    ]
    rows[1]["channel"] = ALL
    rows.append({**rows[0], "house_waybill_number": "HW3", "channel": CODE})
    return write_csv(door.folder / name, rows)


def test_tables_and_json_of_a_delivery(door: Door, command: Callable[..., tuple[int, str]]) -> None:
    path = hostile_delivery(door)
    code, text = command("deliver", path, "--received-date", "2026-11-21")
    assert (code, steering(text)) == (0, [])
    assert is_shown_plainly(text, (HTML, RICH.replace("/", "_")))
    code, text = command("deliver", path, "--received-date", "2026-11-21", "--json")
    assert (code, steering(text)) == (0, [])
    (outcome,) = json.loads(text[text.index("[") :])
    assert outcome["status"] == "duplicate"


def test_quarantine_shows_and_exports_hostile_text_as_text(
    door: Door, command: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    (outcome,) = door.deliver(hostile_delivery(door))
    assert (outcome.accepted, outcome.quarantined) == (1, 2)
    (row,) = door.rows()
    assert HTML in row["item_description"]  # negative control: the value itself is untouched
    for arguments in (("list",), ("show", outcome.sha256)):
        code, text = command("quarantine", *arguments)
        assert code == 0
        assert is_shown_plainly(text, (HTML,))
        code, text = command("quarantine", *arguments, "--json")
        assert (code, steering(text)) == (0, [])
    code, text = command("quarantine", "show", outcome.sha256)
    assert is_shown_plainly(text, (CODE, "\\x1b[99xx"))  # the long value is masked: letters as x
    code, text = command("quarantine", "show", outcome.sha256, "--json")
    shown = [row["raw_text"] for row in json.loads(text)["shown"]]
    assert CODE in shown
    assert any("\x1b[99xx" in text for text in shown)
    for suffix in (".csv", ".xlsx"):
        target = tmp_path / f"out{suffix}"
        code, _ = command("quarantine", "export", "--out", target)
        assert code == 0
        assert_inert(target)


def assert_inert(target: Path) -> None:
    if target.suffix == ".csv":
        text = target.read_text(encoding="utf-8-sig")
        assert steering(text) == []
        assert CODE in text
        return
    with zipfile.ZipFile(target) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    texts = "".join(part for name, part in parts.items() if name.endswith(".xml"))
    assert "&lt;img" in texts  # of the file name
    assert CODE in texts
    assert "<img" not in texts
    assert "\x1b" not in texts
    assert not any("hyperlink" in part for part in parts.values())


def test_profiles_checks_and_errors(door: Door, command: Callable[..., tuple[int, str]]) -> None:
    door.home.profiles.mkdir(parents=True)
    quoted = json.dumps(ALL)  # a TOML basic string, too
    profile = door.home.profiles / "hostile.toml"
    profile.write_text(
        f"""
sender = {quoted}
title = {quoted}
provenance = "synthetic"
layout_version = {quoted}
valid_from = 2026-01-01
[[outputs]]
source = "parcel_manifest"
format = "delimited"
decimal_separator = "."
[outputs.columns]
customs_notes = {quoted}
[outputs.constants]
warehouse_code = {quoted}
""",
        encoding="utf-8",
    )
    rows = [{**row, ALL: ALL} for row in parcel_rows(1)]
    path = write_csv(door.folder / "parcel_manifest.csv", rows)
    for arguments in (("list",), ("check", profile, path, "--received-date", "2026-11-21")):
        code, text = command("sender", *arguments)
        assert code == 0, text
        assert is_shown_plainly(text), arguments
        code, text = command("sender", *arguments, "--json")
        assert (code, steering(text)) == (0, [])
        assert ALL in texts_of(json.loads(text))
    for arguments in (
        ("deliver", path, "--sender", ALL.replace("d", "z")),
        ("sender", "check", ALL, path),
        ("quarantine", "show", ALL),
        ("deliver", path, "--source", ALL),
    ):
        for more in ((), ("--json",)):
            code, text = command(*arguments, *more)
            assert code in (1, 2), text
            assert steering(text) == []


def test_progress_and_errors_never_interpret(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    with output.progress_bars(shown=True, stream=stream):
        from foundation.progress import report

        report(ALL, 1, 2)
    assert "[red]d[/red]" in stream.getvalue()
    assert "\x1b[31m" not in stream.getvalue()
    output.print_error(UsageError(ALL, where=ALL, remedy=ALL), as_json=False)
    assert is_shown_plainly(capsys.readouterr().err)


def test_no_command_prints_past_the_safe_printers(project: Path) -> None:
    """typer.echo and rich's own print show whatever they get; only output.py may use them."""
    modules = sorted((project / "cli").glob("*.py"))
    assert len(modules) > 10
    callers = [
        f"{path.name}:{number}"
        for path in modules
        if path.name != "output.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(r"typer\.(echo|secho)\(|rich\.print|(?<![\w.])print\(", line)
    ]
    assert callers == []


def test_the_checks_would_catch_markup_that_is_interpreted() -> None:
    """Negative control: a plain str in a rich table loses its brackets, echo keeps the escapes."""
    drawn = Table()
    drawn.add_column("c")
    drawn.add_row(RICH)
    screen = Console(file=io.StringIO(), width=4_000)
    screen.print(drawn)
    assert isinstance(screen.file, io.StringIO)
    assert not is_shown_plainly(screen.file.getvalue(), (RICH,))
    assert not is_shown_plainly(ALL)
    ours = Console(file=io.StringIO(), width=4_000)
    ours.print(output.table("t", ["c"], [[ALL]]))
    assert isinstance(ours.file, io.StringIO)
    assert is_shown_plainly(ours.file.getvalue())
