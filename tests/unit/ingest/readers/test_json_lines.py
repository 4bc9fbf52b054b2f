"""JSON lines: a broken line costs itself, numbers keep their digits, nesting only where stated."""

import json
import random
import string
from pathlib import Path
from typing import Any

import duckdb
import pytest

from contracts.base import Contract, Field
from ingest.outcomes import FileRefused, ReadOutcome
from ingest.readers import json_scan
from ingest.readers.json_lines import read
from ingest.readers.record_scan import MAX_RECORD_BYTES
from ingest.senders.profile import Layout

FIELDS = (
    Field("id", "code", "", "", required=True),
    Field("value", "decimal", "", "", scale=2),
    Field("count", "integer", "", ""),
    Field("note", "text", "", ""),
    Field("yes", "boolean", "", ""),
)
CONTRACT = Contract("sample", "", "", ("id",), None, "id", False, FIELDS)
Found = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], ReadOutcome]


def found_in(path: Path, layout: Layout | None = None) -> Found:
    """(rows, rejects, outcome) of one file."""
    folder = path.parent / "spill"
    with duckdb.connect(config={"temp_directory": str(folder)}) as connection:
        outcome = read(connection, path, CONTRACT, layout or Layout("json_lines"))
        names = ", ".join(field.name for field in FIELDS)
        rows = connection.execute(
            f"select _src_line, {names}, _extra from {outcome.rows}"
        ).fetchall()
        rejects = connection.execute(
            f"select line, column_name, reason_code from {outcome.rejected} order by all"
        ).fetchall()
    return rows, rejects, outcome


def found_of(tmp_path: Path, *lines: str, layout: Layout | None = None, end: str = "\n") -> Found:
    path = tmp_path / "sample.jsonl"
    path.write_bytes(end.join([*lines, ""]).encode())
    return found_in(path, layout)


def test_values_are_delivered_texts(tmp_path: Path) -> None:
    rows, rejects, _ = found_of(
        tmp_path,
        '{"id": 12345678901234567890, "value": 1.10, "count": -7, "yes": true}',
        '{"note": "\\u0110\\u1ed7", "id": "2", "value": "1,10", "yes": null}',
        '{"id":"3","note":"","value":0.1000000000000000000001,"count":3.0}',
    )
    assert rows == [
        (1, "12345678901234567890", "1.10", "-7", None, "true", None),
        (2, "2", "1,10", None, "Đỗ", None, None),
        (3, "3", "0.1000000000000000000001", "3", None, None, None),
    ]
    assert rejects == []


def test_numbers_inside_texts_are_left_alone(tmp_path: Path) -> None:
    notes = ["a: 5, b", 'say "7"', "\\8\\", "[1,2.50]", "{not json", '\\"9', "-1e5", "x,}"]
    lines = [json.dumps({"id": str(at), "note": note}) for at, note in enumerate(notes)]
    rows, rejects, _ = found_of(tmp_path, *lines)
    assert [row[4] for row in rows] == notes
    assert rejects == []


def test_exponents_are_written_out_for_numbers_only(tmp_path: Path) -> None:
    rows, _, _ = found_of(
        tmp_path, '{"id": 1e3, "value": 1.5e-1, "count": 2E3}', '{"id": "x", "value": 1e300}'
    )
    assert rows == [
        (1, "1e3", "0.15", "2000", None, None, None),
        (2, "x", "1e300", None, None, None, None),
    ]


def test_numbers_come_out_in_the_number_format_of_the_profile(tmp_path: Path) -> None:
    layout = Layout("json_lines", decimal_separator=",", zero_pad={"id": 4})
    rows, _, _ = found_of(
        tmp_path, '{"id": 7, "value": 1.5}', '{"id": "8", "value": "1,5"}', layout=layout
    )
    assert [row[1:3] for row in rows] == [("0007", "1,5"), ("8", "1,5")]


def test_a_broken_line_is_rejected_with_its_number_and_the_rest_loads(tmp_path: Path) -> None:
    broken = {
        '{"id": 1,}': "broken_json",
        '{"id": 1, "value": [1, ]}': "broken_json",
        '{"id": 01}': "broken_json",
        '{"id": 1.}': "broken_json",
        '{"id": +1}': "broken_json",
        '{"id": "x': "broken_json",
        '{"id": "\\ud800"}': "broken_json",
        "{'id': 1}": "broken_json",
        '{"id": 1} {"id": 2}': "broken_json",
        '{"id": 1} // note': "broken_json",
        '{"id": True}': "broken_json",
        '{"id": "1", "value": NaN}': "not_a_number",
        '{"id": "1", "value": nan}': "not_a_number",
        '{"id": "1", "value": -Infinity}': "not_a_number",
        '[{"id": 1}]': "not_an_object",
        '"id"': "not_an_object",
        "5": "not_an_object",
        "null": "not_an_object",
        '{"id": "1", "id": "2"}': "duplicate_key",
        '{"id": "1", "\\u0069d": "2"}': "duplicate_key",
        '{"id": "a\\u0000b"}': "nul_byte",
    }
    rows, rejects, _ = found_of(tmp_path, '{"id": "first"}', *broken, '{"id": "last"}')
    assert [row[:2] for row in rows] == [(1, "first"), (len(broken) + 2, "last")]
    assert rejects == [(line, None, reason) for line, reason in enumerate(broken.values(), start=2)]


def test_the_same_words_inside_texts_are_fine(tmp_path: Path) -> None:
    """The negative control of the test above."""
    texts = ["NaN", "Infinity,}", "null", "[1,]", "// note", "True", "\\u0000"]
    rows, rejects, _ = found_of(
        tmp_path, *(json.dumps({"id": "1", "note": text}) for text in texts)
    )
    # A backslash, u0000 as six characters is told from the NUL that it looks like only by parsing.
    assert [row[4] for row in rows] == texts[:-1]
    assert rejects == [(len(texts), None, "nul_byte")]


def test_line_numbers_are_physical_and_blank_lines_are_none(tmp_path: Path) -> None:
    for end in ("\n", "\r\n"):
        rows, _, outcome = found_of(tmp_path, "", '{"id": "1"}', " \t", '{"id": "2"}', end=end)
        assert [row[0] for row in rows] == [2, 4]
        assert outcome.warnings == ("blank_lines: 2 empty lines skipped",)


def test_a_line_without_end_is_read_and_warned_about(tmp_path: Path) -> None:
    path = tmp_path / "sample.jsonl"
    path.write_bytes(b'{"id": "1"}\n{"id": "2"}')
    rows, _, outcome = found_in(path)
    assert len(rows) == 2
    assert outcome.warnings[0].startswith("no_final_newline")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_give_the_same_rows(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "sample.jsonl"
    path.write_bytes('{"id": "1", "note": "Nguyễn"}\n'.encode(encoding))
    layout = Layout("json_lines", encoding=encoding)
    assert found_in(path, layout)[0] == [(1, "1", None, None, "Nguyễn", None, None)]


def test_bytes_that_are_no_utf8_refuse_the_file(tmp_path: Path) -> None:
    path = tmp_path / "sample.jsonl"
    path.write_bytes(b'{"id": "1"}\n{"id": "\xd4"}\n')
    with pytest.raises(FileRefused, match="encoding_mismatch: byte 20"):
        found_in(path)


def test_unknown_keys_stay_beside_the_row(tmp_path: Path) -> None:
    lines = ('{"id": "1", "colour": "red", "box": [1, 2.50]}', '{"id": "2", "colour": 1.50}')
    rows, _, outcome = found_of(tmp_path, *lines)
    assert [json.loads(row[-1]) for row in rows] == [
        {"colour": 3, "box": len("[1,2.50]")},
        {"colour": 4, "box": None},
    ]
    assert outcome.header == ("id", "colour", "box")
    kept, _, _ = found_of(
        tmp_path, *lines, layout=Layout("json_lines", keep=frozenset(("colour", "box")))
    )
    assert [json.loads(row[-1]) for row in kept] == [
        {"colour": "red", "box": "[1,2.50]"},
        {"colour": "1.50", "box": None},
    ]


def test_nested_values_are_read_where_the_profile_says_so(tmp_path: Path) -> None:
    layout = Layout("json_lines", columns={"note": "who.name.full", "value": "price"})
    rows, rejects, outcome = found_of(
        tmp_path,
        '{"id": "1", "who": {"name": {"full": "A", "short": "a"}}, "price": 1.0}',
        '{"id": "2", "who": null}',
        '{"id": "3", "who": {"name": null}}',
        '{"id": "4", "who": "text"}',
        '{"id": "5", "who": {"name": [1]}}',
        '{"id": "6", "price": {"amount": 1}}',
        '{"id": "7", "who": {"name": {"full": {"x": 1}}}}',
        '{"id": "8", "who": {"name": {"full": "A", "full": "B"}}}',
        layout=layout,
    )
    assert [(row[1], row[2], row[4]) for row in rows] == [
        ("1", "1.0", "A"), ("2", None, None), ("3", None, None),
    ]  # fmt: skip
    assert rejects == [
        (4, None, "nested_value"),
        (5, None, "nested_value"),
        (6, "value", "nested_value"),
        (7, "note", "nested_value"),
        (8, None, "duplicate_key"),
    ]
    assert "who.name.short" in outcome.header


def test_a_key_that_holds_a_dot_is_that_column(tmp_path: Path) -> None:
    layout = Layout("json_lines", columns={"note": "who.name"})
    rows, _, _ = found_of(
        tmp_path, '{"id": "1", "who.name": "A", "who": {"name": "B"}}', layout=layout
    )
    assert rows[0][4] == "A"


def test_keys_of_any_spelling_are_found(tmp_path: Path) -> None:
    for key in ("a b", "a/b", "a~1b", 'a"b', "$.a", "0", "*", "Mã hàng", "a'b"):
        layout = Layout("json_lines", columns={"note": key})
        rows, _, _ = found_of(tmp_path, json.dumps({"id": "1", key: "x"}), layout=layout)
        assert rows[0][4] == "x", key


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_file"),
        (b"\n \n", "empty_file"),
        (b'[\n  {"id": "1"}\n]\n', "not_json_lines"),  # one array over lines
        (b"id,value\n1,2\n", "not_json_lines"),
        (b'{"no": "1"}\n', "missing_column"),
    ],
)
def test_files_of_another_kind_are_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "sample.jsonl"
    if reason == "not_json_lines":
        content = content.replace(b'  {"id": "1"}', b'  {"id": "1"},')
    path.write_bytes(content)
    with pytest.raises(FileRefused, match=reason):
        found_in(path)


def test_mostly_broken_lines_refuse_the_file_early(tmp_path: Path) -> None:
    lines = ['{"id": "1"}', *["x"] * (json_scan.MAX_BROKEN_LINES + 1)]
    with pytest.raises(FileRefused, match="not_json_lines"):
        found_of(tmp_path, *lines)
    rows, rejects, _ = found_of(tmp_path, *['{"id": "1"}'] * 2_000, *lines[1:])
    assert (len(rows), len(rejects)) == (2_000, json_scan.MAX_BROKEN_LINES + 1)


def test_too_many_keys_refuse_the_file(tmp_path: Path) -> None:
    lines = [json.dumps({"id": "1", f"k{at}": 1}) for at in range(json_scan.MAX_KEYS + 1)]
    with pytest.raises(FileRefused, match="too_many_keys"):
        found_of(tmp_path, *lines)


def test_a_line_too_long_costs_itself(tmp_path: Path) -> None:
    for size in (MAX_RECORD_BYTES + 10, 3 * json_scan.PIECE_BYTES):
        long = json.dumps({"id": "x" * size})
        rows, rejects, _ = found_of(tmp_path, '{"id": "1"}', long, '{"id": "3"}', long)
        assert [row[:2] for row in rows] == [(1, "1"), (3, "3")]
        assert rejects == [(2, None, "record_too_long"), (4, None, "record_too_long")]


def test_deep_nesting_does_no_harm(tmp_path: Path) -> None:
    deep = '{"id": ' + "[" * 200_000 + "]" * 200_000 + "}"
    rows, rejects, _ = found_of(tmp_path, '{"id": "1"}', deep, "[" * 500_000)
    assert len(rows) == 1
    assert rejects == [(2, "id", "nested_value"), (3, None, "broken_json")]


def test_pieces_do_not_change_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        json.dumps({"id": str(at), "value": at / 7, "note": 'a"\\' * (at % 5)}) for at in range(300)
    ]
    lines[100] = "broken"
    whole = found_of(tmp_path, *lines)
    monkeypatch.setattr(json_scan, "PIECE_BYTES", 1_997)
    assert found_of(tmp_path, *lines) == whole


def _random_value(chance: random.Random, depth: int) -> object:
    kind = chance.randrange(8 if depth else 6)
    if kind == 6:
        return [_random_value(chance, depth - 1) for _ in range(chance.randrange(3))]
    if kind == 7:
        return {str(at): _random_value(chance, depth - 1) for at in range(chance.randrange(3))}
    text = "".join(chance.choices(string.printable + 'ễ"\\,]}:0123', k=chance.randrange(6)))
    return (text, chance.randrange(-99, 99), chance.random(), None, True, text + "5")[kind]


def test_the_scan_agrees_with_the_parser_of_the_standard_library(tmp_path: Path) -> None:
    """Half of 2,000 lines are damaged by one character: both parsers accept the same ones."""

    def no_constant(text: str) -> object:
        raise ValueError(text)

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len({key for key, _ in pairs}) < len(pairs):
            raise ValueError("twice")
        return dict(pairs)

    chance = random.Random(36)
    lines = []
    for at in range(2_000):
        line = json.dumps({"id": str(at), "note": _random_value(chance, 2)}, ensure_ascii=False)
        if at % 2:
            place = chance.randrange(len(line))
            line = line[:place] + chance.choice('{}[]",:0159eE-+. \\nafN') + line[place + 1 :]
        lines.append(line)
    expected = {}
    for number, line in enumerate(lines, start=1):
        try:
            document = json.loads(line, parse_constant=no_constant)
            json.loads(line, object_pairs_hook=lambda pairs: None)
        except ValueError:
            continue
        outer = json.JSONDecoder(object_pairs_hook=list).decode(line)
        if isinstance(document, dict) and len(dict(outer)) == len(outer):
            expected[number] = document
    rows, rejects, _ = found_of(tmp_path, '{"id": "first"}', *lines)
    read_lines = {row[0] - 1: row for row in rows[1:]}
    nested = {line - 1 for line, column, _ in rejects if column is not None}
    # A NUL is valid JSON and no text of ours.
    with_nul = {number for number, line in enumerate(lines, start=1) if "\\u0000" in line}
    assert read_lines.keys() | nested == expected.keys() - with_nul
    assert 300 < len(lines) - len(expected) < 1_000  # the control: damage is really there
    for number, row in read_lines.items():
        note = expected[number].get("note")
        if isinstance(note, str):
            assert row[4] == (note or None), number
        elif isinstance(note, int | float) and not isinstance(note, bool):
            assert json.loads(row[4]) == note, number
