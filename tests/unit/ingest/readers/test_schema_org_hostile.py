"""Pages that are broken, hostile or no offer: each is set aside with its reason, the others stay.

Add here a way in which a line can be wrong. Keep out: what sound pages mean (test_schema_org.py).
"""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.outcomes import FileRefused
from ingest.readers import schema_org_parts
from ingest.readers.schema_org import read
from tests.unit.ingest.readers.pages import (
    CONTRACT,
    LAYOUT,
    OFFER,
    PRODUCT,
    lines_of,
    page,
    product,
    reading,
)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"platform_code": "plx",', "broken_json"),
        (b"[1, 2]", "not_an_object"),
        (b'"text"', "not_an_object"),
        (b'{"a": 1, "a": 2}', "duplicate_key"),
        (b'{"a": {"b": 1, "b": 2}}', "duplicate_key"),
        (b'{"a": NaN}', "not_a_number"),
        (b'{"a": -Infinity}', "not_a_number"),
        (b'{"a": "\\u0000"}', "nul_byte"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "json_too_deep"),
        (b'{"a": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001, "json_too_deep"),
        (b'{"a": "' + b"x" * 2_000_000 + b'"}', "record_too_long"),
        (page({"@type": "WebPage", "name": "x"}), "no_product"),
        (page({"@graph": [{"@type": "Organization"}]}), "no_product"),
        (page(PRODUCT), "no_offer"),
        (page(product(offers=[])), "no_offer"),
        (page(product(offers="199000")), "nested_value"),
        (page(product(offers={"@type": "AggregateOffer", "lowPrice": 1, "highPrice": 2})),
         "price_range"),
        (page(product(offers={"@type": "AggregateOffer",
                              "offers": {"@type": "AggregateOffer", "offers": OFFER}})),
         "nested_value"),
        (page(product(), platform_code={"a": 1}), "nested_value"),
        (page('{"@type": "Product"'), "broken_json"),
        (page(product(name="\ud800")), "broken_json"),
    ],
)  # fmt: skip
def test_hostile_lines_are_set_aside_with_their_reason(
    tmp_path: Path, line: Any, code: str
) -> None:
    if isinstance(line, dict) and line["jsonld"] == product(name="\ud800"):
        line = json.dumps(line).encode()  # JSON can say half a pair, UTF-8 cannot
    rows, rejects, _ = reading(tmp_path, line, page(product()))
    assert [found[1] for found in rejects] == [code]
    assert len(rows) == 1
    assert len(rejects[0][3] or "") <= 1_000


def test_a_reference_to_itself_and_a_product_of_offers_come_to_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    circle = {"@graph": [{"@id": "#a", "@type": "WebPage", "mainEntity": {"@id": "#a"}}]}
    monkeypatch.setattr(schema_org_parts, "MAXIMUM_OFFERS", 30)
    # few bytes, many offers: ten products that share an aggregate of ten
    shared = {"@id": "#all", "@type": "AggregateOffer", "offers": [OFFER] * 10}
    many = {"@graph": [shared, *({**PRODUCT, "offers": {"@id": "#all"}} for _ in range(10))]}
    rows, rejects, _ = reading(tmp_path, page(circle), page(many), page(product()))
    assert [found[1] for found in rejects] == ["no_product", "too_many_offers"]
    assert len(rows) == 1


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    for content, code in (
        (b"", "empty_file"),
        (b"\n \n", "empty_file"),
        (b"a,b\n1,2\n", "not_json_lines"),
        (b"\xff\xfe\n", "encoding_mismatch"),
        (b'{"a": "\xff"}\n', "encoding_mismatch"),
    ):
        path = tmp_path / "pages.jsonl"
        path.write_bytes(content)
        with duckdb.connect() as connection:
            connection.execute(f"set temp_directory = '{tmp_path / 'scratch'}'")
            with pytest.raises(FileRefused) as caught:
                read(connection, path, CONTRACT, LAYOUT)
        assert caught.value.reason_code == code


def test_warnings_name_what_was_not_asked_for_and_a_cut_end(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_bytes(b"\n" + lines_of(page(product(), Phone="0912345678")).rstrip())
    with duckdb.connect() as connection:
        connection.execute(f"set temp_directory = '{tmp_path / 'scratch'}'")
        outcome = read(connection, path, CONTRACT, LAYOUT)
        [(extra,)] = connection.execute(f"select _extra from {outcome.rows}").fetchall()
    assert [warning.split(":")[0] for warning in outcome.warnings] == [
        "unknown_columns", "no_final_newline", "blank_lines",
    ]  # fmt: skip
    # lengths only: nobody vouches that an unknown key is not personal
    assert json.loads(extra) == {"Phone": 10}


def test_rows_are_the_same_however_they_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [page(product(sku=f"P{n}")) for n in range(50)]
    whole = reading(tmp_path, *lines)
    monkeypatch.setattr("ingest.readers.schema_org_rows._ROWS_PER_WRITE", 7)
    monkeypatch.setattr("ingest.readers.json_scan.PIECE_BYTES", 300)
    assert reading(tmp_path, *lines)[:2] == whole[:2]
    assert len(whole[0]) == 50
