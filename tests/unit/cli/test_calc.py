"""`import-risk calc`: right answers on files, and bad files are one sentence and exit code 2.

NOT claimed: the formulas themselves (tests/unit/scenarios).
"""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli.calculator.methods import METHODS
from cli.main import app
from tests import calc_page

HEADERS = {
    "geks": "period,product,value,quantity",
    "hhi": "market,unit,value",
    "smart": "market,exporter,imports,tariff_old_pct,tariff_new_pct,import_demand_elasticity,"
    "substitution_elasticity",
    "undercutting": "stratum,pair,price_domestic,price_import,quantity_import",
}
ROWS = {
    "geks": ["2026-01,a,10,1", "2026-01,b,20,2", "2026-02,a,30,2", "2026-02,b,20,2"],
    "hhi": ["m,f,40", "m,g,30", "m,unknown,30", "k,f,1"],
    "smart": ["m,a,100,20,0,-1.2,-1.5", "m,b,300,0,0,-1.2,-1.5", "k,a,5,1,1,-1,-1"],
    "undercutting": ["s,a,10,8,1", "s,b,10,12,3", "t,a,5,5,0"],
}
NO_FIGURES = ("NaN", "inf", "-Infinity", "x", "1_0", "1e999", "٣", "0x1", "5%", "1 0")
JSON_METHODS = {"gsim", "armington", "surge"}
Calc = Callable[..., Result]


@pytest.fixture
def calc(tmp_path: Path) -> Calc:
    def run(method: str, content: str | bytes, *options: str) -> Result:
        file = tmp_path / "input"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return CliRunner().invoke(app, ["calc", method, str(file), *options])

    return run


def text(method: str, rows: list[str] | None = None) -> str:
    return "\n".join([HEADERS[method], *(ROWS[method] if rows is None else rows)]) + "\n"


def document(method: str) -> Any:
    """A good document of a method that reads JSON: that of the page."""
    page = calc_page.PAGE.read_text(encoding="utf-8")
    return json.loads(next(one.given for one in calc_page.examples(page) if one.method == method))


def refused(done: Result, *words: str) -> str:
    """The one sentence of a refusal; nothing on stdout, exit code 2."""
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    for word in words:
        assert word in sentence
    return sentence


def close(found: Any, wanted: Any, rel: float) -> None:
    """Equal keys, texts, booleans and nulls; numbers within `rel`."""
    if isinstance(wanted, dict):
        assert list(found) == list(wanted)
        for key, value in wanted.items():
            close(found[key], value, rel)
    elif isinstance(wanted, list):
        assert len(found) == len(wanted)
        for one, other in zip(found, wanted, strict=True):
            close(one, other, rel)
    elif isinstance(wanted, float):
        assert found == pytest.approx(wanted, rel=rel, abs=rel)
    else:
        assert (type(found), found) == (type(wanted), wanted)


@pytest.mark.shared
@pytest.mark.parametrize("method", METHODS)
def test_the_shared_case_has_its_right_answer(method: str, shared_data: Path) -> None:
    cases = shared_data.parent / "cases" / "calc"
    file = cases / f"{method}.{'json' if method in JSON_METHODS else 'csv'}"
    done = CliRunner().invoke(app, ["calc", method, str(file), "--json"])
    assert done.exit_code == 0, done.stderr
    wanted = json.loads((cases / f"{method}.expected.json").read_text(encoding="utf-8"))
    close(json.loads(done.stdout), wanted, 1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_the_example_of_the_page_prints_what_the_page_shows(method: str, calc: Calc) -> None:
    page = calc_page.PAGE.read_text(encoding="utf-8")
    (example,) = (one for one in calc_page.examples(page) if one.method == method)
    done = calc(method, example.given)
    assert done.exit_code == 0, done.stderr
    close(json.loads(done.stdout), json.loads(example.printed), 1e-9)
    assert calc(method, example.given, "--json").stdout == done.stdout


def test_the_comparison_would_see_another_number() -> None:
    with pytest.raises(AssertionError):
        close({"a": [1.0, None]}, {"a": [1.0, 2.0]}, 1e-9)
    with pytest.raises(AssertionError):
        close([1.0], [1.0 + 1e-7], 1e-9)


@pytest.mark.parametrize("method", HEADERS)
def test_spelling_of_a_file_changes_nothing(method: str, calc: Calc) -> None:
    plain = calc(method, text(method)).stdout
    header, *rows = text(method).splitlines()
    spaced = "\n\n".join([header, *(row.replace(",", " , ") for row in rows)])
    for other in (
        b"\xef\xbb\xbf" + text(method).encode(),
        text(method).replace("\n", "\r\n"),
        text(method).rstrip("\n"),
        spaced + "\n   \n",
        "\n".join(f'{line},"a, note"' for line in [header, *rows]).replace("a, note", "note", 1),
    ):
        assert calc(method, other).stdout == plain


@pytest.mark.parametrize("method", HEADERS)
def test_order_of_rows_and_columns_changes_no_figure(method: str, calc: Calc) -> None:
    names = HEADERS[method].split(",")
    rows = [dict(zip(names, row.split(","), strict=True)) for row in ROWS[method]]
    random.Random(5).shuffle(rows)
    names.reverse()
    other = "\n".join([",".join(names), *(",".join(row[name] for name in names) for row in rows)])
    labels = [name for name in ("period", "market", "exporter", "stratum") if name in names]

    def sorted_by_name(done: Result) -> Any:
        return sorted(json.loads(done.stdout), key=lambda row: [row[name] for name in labels])

    close(sorted_by_name(calc(method, other)), sorted_by_name(calc(method, text(method))), 1e-12)


@pytest.mark.parametrize("method", HEADERS)
def test_every_missing_column_and_every_bad_number_is_named(method: str, calc: Calc) -> None:
    names = HEADERS[method].split(",")
    for position, name in enumerate(names):
        without = [
            ",".join(field for at, field in enumerate(line.split(",")) if at != position)
            for line in text(method).splitlines()
        ]
        refused(calc(method, "\n".join(without)), f"the column '{name}' is missing")
    first = ROWS[method][0].split(",")
    for position, name in enumerate(names):
        for bad in ("", " ", *(NO_FIGURES if position > 1 else ())):
            row = ",".join([*first[:position], bad, *first[position + 1 :]])
            rows = [*ROWS[method][1:], row]
            refused(calc(method, text(method, rows)), f"line {len(rows) + 1}, column {name}")


@pytest.mark.parametrize("method", HEADERS)
def test_broken_files_are_refused(method: str, calc: Calc) -> None:
    good = text(method)
    header, first = good.splitlines()[:2]
    key = " and ".join(f"{name} '" for name in header.split(",")[:2]).split(" and ")[1]
    refused(calc(method, ""), "is empty")
    refused(calc(method, "\n \n"), "is empty")
    refused(calc(method, header + "\n"), "a header and no row")
    refused(calc(method, good + first + "\n"), f"line {len(ROWS[method]) + 2}", "on line 2", key)
    refused(calc(method, header + "\n\n\n" + first + ",5\n"), "line 4", "fields where the header")
    refused(calc(method, first.rpartition(",")[0].join([header + "\n", "\n"])), "line 2", "fields")
    refused(calc(method, good.replace(",", ";")), "is missing", "commas between them")
    refused(calc(method, good.encode("utf-16")), "not UTF-8")
    refused(calc(method, good.encode() + b"\xe0,\n"), f"line {len(ROWS[method]) + 2}", "not UTF-8")
    refused(calc(method, good + '"open,1\n'), "no CSV", f"line {len(ROWS[method]) + 2}")
    refused(calc(method, header + "," + header.split(",")[0] + "\n" + first + ",x"), "stands twice")
    refused(calc(method, header + ",\n" + first + ",\n"), "no name")
    comma = first.rpartition(",")[0] + ',"1,5"'
    refused(calc(method, header + "\n" + comma), "line 2", "'1,5' has a comma")


def test_of_several_rows_that_stand_twice_the_first_is_named(calc: Calc) -> None:
    rows = ["1,z,1,1", "1,a,1,1", "1,a,1,1", "1,z,1,1"]
    refused(calc("geks", text("geks", rows)), "line 4: ", "product 'a'", "on line 3")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.csv", tmp_path):
        refused(CliRunner().invoke(app, ["calc", "geks", str(path)]), "no such file")
    endless = tmp_path / ("x" * 5_000)
    for method in ("geks", "gsim"):
        done = CliRunner().invoke(app, ["calc", method, str(endless)])
        refused(done, "the file cannot be read (File name too long)")


def test_line_numbers_count_line_breaks_within_quotes(calc: Calc) -> None:
    head = HEADERS["geks"]
    good = f'{head}\n1,"a\nb",1,1\n\n2,"a\nb",3,1\n'
    assert json.loads(calc("geks", good).stdout)[1]["index"] == pytest.approx(3)
    refused(calc("geks", good.replace("3,1", "3,-1")), "line 5, column quantity")
    refused(calc("geks", good.replace("3,1", "3,x")), "line 5, column quantity")
    refused(calc("geks", f'{head}\n1,a,"1\n",1\n'), "line 2, column value")


def test_rows_beyond_one_chunk_keep_their_line(calc: Calc, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.calculator.tables._ROWS_AT_ONCE", 3)
    rows = [f"{t},p{k},1,1" for t in range(4) for k in range(4)]
    assert len(json.loads(calc("geks", text("geks", rows)).stdout)) == 4
    refused(calc("geks", text("geks", [*rows, "", "0,p9,1,x"])), "line 19, column quantity")
    refused(calc("geks", text("geks", [*rows, rows[5]])), "line 18", "on line 7")
    refused(calc("geks", "\n" * 7 + text("geks", [*rows, "0,q,0,1"])), "line 25, column value")


@pytest.mark.parametrize(
    ("method", "rows", "words"),
    [
        ("geks", ["1,a,0,1"], ["line 2, column value", "not above zero"]),
        ("geks", ["1,a,1,1", "2,b,1,1"], ["'1' and '2' have no product in common"]),
        ("geks", ["1,a,1,1", "1 ,a,1,1"], ["on line 2 already"]),
        ("hhi", ["m,f,-1"], ["line 2, column value", "negative"]),
        ("hhi", ["m,f,1", "k,f,0"], ["sums to 0 for 'k'"]),
        ("hhi", ["m,unknown,1", "m,unknown,1"], ["unit 'unknown'", "on line 2"]),
        ("hhi", ["m,Hà,1", "m,Ha\u0300,1"], ["on line 2 already"]),  # two Unicode forms
        ("smart", ["m,a,1,20,0,1.2,-1"], ["line 2, column import_demand_elasticity", "sign"]),
        ("smart", ["m,a,1,20,0,-1,-1", "m,b,1,0,0,-1,-2"], ["line 3", "differs"]),
        ("smart", ["m,a,0,20,0,-1,-1"], ["sums to 0 for 'm'"]),
        ("smart", ["m,a,9,0,90,-1,-1.5"], ["denominator", "'m'"]),
        ("undercutting", ["s,a,0,1,1"], ["line 2, column price_domestic"]),
        ("undercutting", ["s,a,1,1,-1"], ["line 2, column quantity_import"]),
        ("undercutting", ["s,a,1e-300,1e300,1"], ["no finite number"]),
    ],
)
def test_what_a_method_refuses_names_its_line(
    method: str, rows: list[str], words: list[str], calc: Calc
) -> None:
    refused(calc(method, text(method, rows)), *words)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("{", "line 1: this is no JSON"),
        ('{"a":\n1,5}', "line 2"),
        ("[]", "is a list where an object is asked"),
        ("null", "is null where"),
        ('{"a": NaN}', "NaN"),
        ('{"a": [-Infinity]}', "Infinity"),
        ('{"a": {"b": 1, "b": 1}}', "the key 'b' stands twice"),
        ("[" * 20_000, "too deeply"),
        ('{"a": ' + "9" * 5_000 + "}", "too many digits"),
        (b'{"a": "\xff"}', "not UTF-8"),
        ("{}", "is missing"),
    ],
)
@pytest.mark.parametrize("method", sorted(JSON_METHODS))
def test_a_broken_document_is_refused(
    method: str, content: str | bytes, words: str, calc: Calc
) -> None:
    refused(calc(method, content), words)


def test_a_byte_order_mark_and_other_keys_are_left_alone(calc: Calc) -> None:
    for method in JSON_METHODS:
        plain = calc(method, json.dumps(document(method))).stdout
        other = "\ufeff" + json.dumps(document(method) | {"note": ["x", True]})
        assert calc(method, other).stdout == plain


NOT_NUMBERS = (None, True, "1", [], {}, 10**400)


def numbers_of(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where the numbers of a document stand."""
    if isinstance(value, dict):
        return [place for key, one in value.items() for place in numbers_of(one, (*at, key))]
    if isinstance(value, list):
        return [place for i, one in enumerate(value) for place in numbers_of(one, (*at, i))]
    return [at] if isinstance(value, (int, float)) else []


def changed(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    found = json.loads(json.dumps(value))
    inner = found
    for key in at[:-1]:
        inner = inner[key]
    inner[at[-1]] = new
    return found


@pytest.mark.parametrize("method", sorted(JSON_METHODS))
def test_every_number_of_a_document_must_be_one_and_every_key_be_there(
    method: str, calc: Calc
) -> None:
    good = document(method)
    places = numbers_of(good)
    for number, at in enumerate(places):
        for bad in NOT_NUMBERS if number in (0, len(places) - 1) else NOT_NUMBERS[number % 6 :][:1]:
            refused(calc(method, json.dumps(changed(good, at, bad))))
    for key, value in good.items():
        without = {name: one for name, one in good.items() if name != key}
        refused(calc(method, json.dumps(without)), f"the key '{key}' is missing")
        other = "text" if isinstance(value, (list, dict)) else {}
        refused(calc(method, json.dumps(good | {key: other})), key)


@pytest.mark.parametrize(
    ("method", "at", "new", "words"),
    [
        ("gsim", ("regions", 1), "US", ["'US' stands twice"]),
        ("gsim", ("regions", 1), 7, ["where a text is asked"]),
        ("gsim", ("regions", 1), " ", ["is empty"]),
        ("gsim", ("trade", 2), [1, 2, 3], ["row 3 of trade", "3 entries for 4 regions"]),
        ("gsim", ("trade", 2, 1), -1, ["trade of 'EU' to 'JP'", "negative"]),
        ("gsim", ("trade", 2), [0, 0, 0, 0], ["trade of 'EU'", "sells nothing"]),
        ("gsim", ("tariff_new", 0, 2), 20, ["tariff_new of 'US' to 'EU'", "power 1 + t"]),
        ("gsim", ("tariff_old", 0, 2), 0.41, ["tariff_old of 'US' to 'EU'", "power 1 + t"]),
        ("gsim", ("demand_elasticity",), [-1, -1, 1, -1], ["demand_elasticity of 'EU'", "sign"]),
        ("gsim", ("supply_elasticity",), -1.5, ["supply_elasticity", "sign"]),
        ("gsim", ("substitution_elasticity",), [5, 5, 5], ["3 entries for 4 regions"]),
        ("armington", ("varieties", 1, "name"), "domestic", ["'domestic' stands twice"]),
        ("armington", ("varieties", 1, "value"), -1, ["value of variety 'subject'", "negative"]),
        ("armington", ("varieties", 1, "tariff_new"), 10, ["tariff_new of variety 'subject'"]),
        ("armington", ("varieties", 1, "supply_elasticity"), 0, ["'subject'", "sign"]),
        ("armington", ("varieties",), [], ["empty list"]),
        ("armington", ("substitution_elasticity",), 0, ["substitution_elasticity", "sign"]),
        ("armington", ("demand_elasticity",), 0.5, ["demand_elasticity", "sign"]),
        ("surge", ("rows", 1, "stratum"), "6404", ["'6404' stands twice"]),
        ("surge", ("rows", 1, "stratum"), 9503, ["where a text is asked"]),
        ("surge", ("rows", 1, "quantity"), -1, ["quantity of stratum '9503'", "negative"]),
        ("surge", ("rows", 1, "history", 2), -1, ["history of stratum '9503'"]),
        ("surge", ("rows", 1, "domestic_production"), 2, ["'9503'", "neither 0 nor 1"]),
        ("surge", ("rows",), [], ["empty list"]),
        ("surge", ("gates", "fdr"), 5, ["fdr of gates"]),
        ("surge", ("gates",), {}, ["is missing"]),
    ],
)
def test_what_a_method_refuses_names_its_entry(
    method: str, at: tuple[Any, ...], new: Any, words: list[str], calc: Calc
) -> None:
    refused(calc(method, json.dumps(changed(document(method), at, new))), *words)


@pytest.mark.parametrize("gate", ["min_value", "volume_pct", "price_pct", "z_min", "fdr"])
def test_every_gate_must_be_given(gate: str, calc: Calc) -> None:
    asked = document("surge")
    del asked["gates"][gate]
    refused(calc("surge", json.dumps(asked)), f"the key '{gate}' is missing", "gates")


def test_an_unknown_method_is_refused(calc: Calc) -> None:
    assert calc("laspeyres", "x").exit_code == 2


def test_a_result_of_zero_has_no_sign(calc: Calc) -> None:
    assert "-0.0" not in calc("smart", text("smart")).stdout


def test_names_cannot_steer_the_terminal(calc: Calc) -> None:
    done = calc("geks", text("geks", ["1,\x1b[31m,1,1", "1,\x1b[31m,1,1"]))
    assert "\x1b" not in refused(done, "stand on line 2")
    assert "\x1b" not in calc("hhi", text("hhi", ["\x1b[31m,f,1"])).stdout
