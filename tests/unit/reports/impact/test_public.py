"""The public tables from treated cells, by hand: what is hidden has no figure, rounding is told.

NOT claimed: that the cells are safe (tests/unit/disclosure, tests/unit/serving).
"""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import duckdb
import polars as pl
import pytest

from disclosure import monthly
from disclosure.tidy import Edition
from reports.impact import build, public
from reports.impact.figures import Language, shown, told
from reports.impact.model import Cell, Figure, Section, Sentence
from reports.impact.source import Source
from tests.unit.reports.impact.made import report
from tests.unit.reports.marts import PROVINCES

AXES = [f"d_{axis}" for axis in dict.fromkeys(monthly.AXES.values())]
Told = dict[str, tuple[float | str | None, float | str | None]]
# Channel (_T: the month) -> what is told of value and of parcels: a figure or why it is hidden.
CHANNELS: Told = {
    "_T": (5_000_000_000, 1235),
    "cargo": ("c", "c"),
    "express": ("d", "d"),
    "postal": (2_500_000_000, 0),
    "rail": (None, 15),
}


def edition(told_of: Told, base: int = 5) -> Edition:
    rows = []
    for channel, figures in told_of.items():
        for measure, figure in zip((monthly.VALUE, monthly.PARCELS), figures, strict=True):
            if figure is not None:
                is_hidden = isinstance(figure, str)
                rows.append(
                    {
                        "period": "2026-11",
                        "measure": measure,
                        **dict.fromkeys(AXES, "_T"),
                        "d_channel": channel,
                        "value": None if is_hidden else float(figure),
                        "status": figure if is_hidden else "",
                        "rounding": base if measure == monthly.PARCELS else 0,
                    }
                )
    cells = pl.DataFrame(rows, infer_schema_length=None)
    return Edition(cells, monthly.hierarchies_of(cells), monthly.MEASURES)


@pytest.fixture(scope="module")
def source() -> Source:
    connection = duckdb.connect()
    connection.execute(
        "create schema core; "
        "create table core.dim_commodity (commodity_code text, name_vi text, name_en text); "
        "create table core.dim_province (province_code text, name_vi text, name_en text); "
        "create table core.dim_platform (platform_code text, platform_name text)"
    )
    connection.execute("insert into core.dim_province from read_csv(?)", [str(PROVINCES)])
    return Source(connection, dt.date(2026, 11, 1), "r", "r")


def channels(section: Section) -> list[tuple[Cell, ...]]:
    (table,) = [one for one in section.tables if one.table_id == "flows_channel"]
    assert len(table.columns) == len(table.rows[0])
    return [row[1:] for row in table.rows]


def notes(section: Section, lang: Language) -> list[str]:
    return [told(part, lang) for part in section.parts if isinstance(part, Sentence)]


def test_parcels_stand_beside_value_and_both_are_hidden_alike(source: Source) -> None:
    section = public.flows(source, edition(CHANNELS))
    cargo, express, postal, rail = channels(section)
    hidden = [shown(cell, "en") for cell in (*cargo, *express)]
    assert hidden == ["[c]", "[c]", "[d]", "[d]"]
    # No row is zero; a count that rounds to zero is one.
    assert postal == (Figure(Decimal("2.5"), 1), Figure(0))
    assert rail == (Figure(Decimal(0), 1), Figure(15))
    vi, en = notes(section, "vi")[1], notes(section, "en")[1]
    assert "bội số của 5" in vi
    assert "multiple of 5, so that they need not add up" in en


@pytest.mark.parametrize(
    ("told_of", "said"),
    [
        (CHANNELS, []),
        ({"_T": (5e9, 1235), "rail": ("c", 15)}, []),
        ({"_T": (5e9, 1235), "cargo": ("c", "c"), "rail": ("d", "d")}, ["Nothing of this table"]),
    ],
)
def test_a_table_that_tells_nothing_says_why(
    source: Source, told_of: Told, said: list[str]
) -> None:
    section = public.flows(source, edition(told_of))
    (table,) = [one for one in section.tables if one.table_id == "flows_channel"]
    assert [told(note, "en").split(" can be")[0] for note in table.notes] == said


def test_a_month_told_before_parcels_were_has_no_column_of_them(source: Source) -> None:
    before = edition({channel: (value, None) for channel, (value, _) in CHANNELS.items()})
    section = public.flows(source, before)
    assert [len(row) for row in channels(section)] == [1, 1, 1]
    assert len(notes(section, "en")) == 1
    assert (public.total(before), public.total_parcels(before)) == (5e9, None)


def test_exact_counts_need_no_word_on_rounding(source: Source) -> None:
    assert len(notes(public.flows(source, edition(CHANNELS, base=0)), "en")) == 1


def test_the_whole_month_is_told_where_it_is_not_hidden() -> None:
    assert public.total_parcels(edition(CHANNELS)) == 1235
    hidden = edition({**CHANNELS, "_T": ("d", "d")})
    assert (public.total(hidden), public.total_parcels(hidden)) == (None, None)


def test_cells_that_stand_have_no_headline_once_other_data_are_held() -> None:
    control = replace(report().control, grade="A")
    now, stands = (build._as_told(control, 5e9, held) for held in (Decimal(5_000_000_000), 9e9))
    assert now == control
    assert stands.grade == "D"
    [line] = build._public_headlines(stands, edition(CHANNELS))
    assert "came later" in told(line, "en")


def test_the_headline_quotes_treated_cells_and_says_where_they_are_hidden() -> None:
    control = replace(report().control, grade="B")
    said = [
        told(build._public_headlines(control, edition(cells))[0], "en")
        for cells in (CHANNELS, {"_T": ("c", "c"), "rail": (1, 5)}, {"_T": (5e9, None)})
    ]
    assert said == [
        "Cross-border e-commerce imports: VND 5.0 bn, about 1,235 consignments; confidence B.",
        "The total of the month is confidential: no headline.",
        "Cross-border e-commerce imports: VND 5.0 bn; confidence B.",
    ]
    kept = [(one.name, one.figure) for one in build._public_measures(edition(CHANNELS))]
    assert kept == [("customs_value", Figure(Decimal(5), 1)), ("consignments", Figure(1235))]
