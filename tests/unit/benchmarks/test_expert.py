"""The expert's short cuts give what the product's long ways give, and large money is exact.

The marts as a whole: tests/integration/test_expert_agrees.py.
"""

import itertools
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from benchmarks import baseline, odd_rows
from ingest.places.completeness import address_statuses
from ingest.places.spelling import address_form
from ingest.text import normalise
from ingest.text.name_spelling import name_form
from synthetic.generate import DEFAULT_FIRST_DAY as DAY
from synthetic.generate import generate
from tests.golden.address_rules import FILES, key, read_cases

PROJECT = Path(__file__).resolve().parents[3]
SQL = PROJECT / "benchmarks" / "national_day"
SEEDS = PROJECT / "dbt" / "seeds"
CENT = Decimal("0.01")
# Every character of the basic plane but the large uniform blocks (Han, Hangul) and surrogates.
POINTS = (*range(1, 0x3400), *range(0xA000, 0xAC00), *range(0xF900, 0x10000))


@pytest.fixture(scope="module")
def rules() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the macros of the script."""
    with duckdb.connect() as connection:
        connection.execute("set variable seeds = ?", [str(SEEDS)])
        connection.execute("set variable day = ?", [DAY])
        connection.execute((SQL / "expert" / "1_rules.sql").read_text(encoding="utf-8"))
        letters = pa.table({"c": list(map(chr, POINTS))})
        connection.register("letters", letters)
        yield connection


def differing(rules: duckdb.DuckDBPyConnection, texts: str, theirs: str, ours: str) -> list[Any]:
    """Texts (SQL: one column `v`) for which two expressions over `v` differ."""
    query = f"select v, {theirs}, {ours} from ({texts}) where ({theirs}) is distinct from ({ours})"
    return rules.execute(query).fetchall()


@pytest.mark.parametrize("around", ["v", "v || v", "'Số' || v || 'ngõ'"])
def test_folding_is_the_products_for_every_character(
    rules: duckdb.DuckDBPyConnection, around: str
) -> None:
    texts = f"select {around} as v from (select c as v from letters)"
    product = normalise.fold(normalise.clean_text("v"))
    assert differing(rules, texts, "fold(v, plain(v))", product) == []
    assert differing(rules, texts, "cleaned(v)", normalise.clean_text("v")) == []


TEXTS = [
    value
    for change in (*odd_rows.SPELLINGS, {"": "  "}, {"": "\u00a0"}, {"": "+"}, {"": "00"})
    for value in change.values()
] + [
    "0912345678", "0912 345 678", "84912345678", "+840912345678", "0084912345678", "02438252711",
    "+8412345678", "+81234567", "0081234567", "(+44) 2079460958", "+123456789012345",
    "+1234567890123456", "12345678", "0100109106", "0100109107", "0100109106001", "0100109106000",
    "0000000000", "079157031843", "097157031843", "b 123-45/6", "Số 5, Hà Nội", "ngo 5; phuong 3",
    "Quận 1, TP HCM", "thon 3, ", "12", ",,12 , a", "0999999999", "0912345687", "0909090909",
    "+8613800000000", "+123456789", "001000000000", "001199123456", "001199123465", "079079079079",
    "010101010101", "012301230123", "2222222222", "2222222222001",
]  # fmt: skip


@pytest.mark.parametrize(
    ("ours", "product"),
    [
        ("phone(v)", normalise.phone("c")),
        ("phone_status(v, phone(v))", normalise.phone_status("c", normalise.phone("c"))),
        ("identifier(v)", normalise.identifier("c")),
        (
            "identifier_status(identifier(v))",
            normalise.identifier_status(normalise.identifier("c")),
        ),
    ],
)
def test_contacts_are_read_as_the_product_reads_them(
    rules: duckdb.DuckDBPyConnection, ours: str, product: str
) -> None:
    rules.execute("create or replace temp table texts (v varchar)")
    rules.executemany("insert into texts values (?)", [[text] for text in (*TEXTS, None)])
    texts = f"select v, {normalise.clean_text('v')} as c from texts"
    assert differing(rules, texts, ours, product) == []


PIECES = (
    "so ", "5", "12a", ",", ";", " ", "phuong ", "q", "le loi", "thon ", " - ", ".", " ha noi",
    "hue", " tp. ", "viet nam", "100000",
)  # fmt: skip


def exact(amount: Decimal, *factors: Decimal) -> Decimal:
    for factor in factors:
        amount *= factor
    return amount.quantize(CENT, ROUND_HALF_UP)


@pytest.fixture(scope="module")
def large_day(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The odd parcels of a tiny day, as the script assesses them."""
    folder = tmp_path_factory.mktemp("large")
    generate(folder, first_day=DAY, days=1, parcels_per_day=200, seed=7)
    odd_rows.add(folder, DAY, odd_rows.LARGE)
    database = folder / "marts.duckdb"
    baseline.build([SQL / "files.sql", SQL / "expert"], folder, SEEDS, DAY, DAY, database, "1GB")
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = connection.execute(
            "from core.fct_consignments inner join core.fct_tax_assessments"
            " using (consignment_id, day) where consignment_id like 'P-ODD%'"
            " order by consignment_id"
        )
        names = [column[0] for column in rows.description]
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def test_addresses_have_the_products_form(rules: duckdb.DuckDBPyConnection) -> None:
    cases = [case["address"] for file in FILES for case in read_cases(file)]
    texts = [key(text).strip() for text in cases] + ["phuong", "12", "12 q", "kp 5, ql 13, hn"]
    ours = address_form(pa.array(texts))
    rules.register("addresses", pa.table({"v": texts, "ours": ours}))
    differing = "select v, address_form(v), ours from addresses where address_form(v) <> ours"
    assert rules.execute(differing).fetchall() == []


def test_names_have_the_products_form(rules: duckdb.DuckDBPyConnection) -> None:
    words = ("nguyen", "le", "mai", "van", "thi", "an", "anh", "mr", "ong", "minh.")
    texts = [
        *(" ".join(some) for n in (1, 2, 3, 4) for some in itertools.product(words, repeat=n)),
        "...", "o'brien-smith (pat)", "cong ty tnhh tran", "nguyen-van an.", "广州 nguyen",
    ]  # fmt: skip
    ours = name_form(pa.array(texts))
    rules.register("names", pa.table({"v": texts, "ours": ours}))
    differing = "select v, name_form(v), ours from names where name_form(v) <> ours"
    assert rules.execute(differing).fetchall() == []


def test_addresses_are_as_complete_as_the_products(rules: duckdb.DuckDBPyConnection) -> None:
    cases = [case["address"] for file in FILES for case in read_cases(file)]
    texts = [
        *(key(text).strip() for text in (*cases, *TEXTS)),
        *("".join(some) for some in itertools.product(PIECES, repeat=4)),
    ]
    ours = address_statuses(pa.array(texts))
    rules.register("judged", pa.table({"v": texts, "ours": ours}))
    differing = "select v, address_status(v), ours from judged where address_status(v) <> ours"
    assert rules.execute(differing).fetchall() == []
    assert set(ours.to_pylist()) == {"complete", "incomplete"}


def test_large_money_is_exact(large_day: list[dict[str, Any]]) -> None:
    for row, change in zip(large_day, odd_rows.LARGE, strict=False):
        value = exact(Decimal(change["declared_value"]), row["exchange_rate_vnd"])
        duty = exact(value, row["duty_rate_percent"], CENT)
        assert row["value_vnd"] == row["customs_value_vnd"] == value
        assert (row["duty_due_vnd"], row["duty_relieved_vnd"]) == (duty, 0)
        assert row["vat_due_vnd"] == exact(value + duty, row["vat_rate_percent"], CENT)
    amounts = [row["value_vnd"] for row in large_day[: len(odd_rows.LARGE)]]
    assert min(amounts) < 10_000_000_000 < max(amounts)


def test_what_states_no_day_is_of_the_day_of_receipt(large_day: list[dict[str, Any]]) -> None:
    undated = large_day[len(odd_rows.LARGE) :]
    assert len(undated) == 3
    assert {row["day"] for row in undated} == {DAY}
