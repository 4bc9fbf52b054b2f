"""Offices beside each other on like consignments, and what moved between them: by hand.

Not claimed: that a cell holds equal risks (its columns are all that is compared).
"""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from tests.golden.risk_case import prepare, run_risk
from tests.golden.test_feedback import DAY, KNOWN, OUTCOMES, SEEDS, again, case_rows
from tests.support.dbt_run import rows_of

OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)
CELLS = "intermediate.int_risk__comparison_cells"
SHIRTS, PHONES = "'61', 'CN', 'eligible'", "'85', 'CN', 'below'"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("offices")
    prepare(root, case_rows(), (DAY, KNOWN), {"inspection_outcome": OUTCOMES}, SEEDS)
    run_risk(root)
    return root


def flow(day: dt.date, cell: str, **counts: int) -> list[str]:
    """Consignments of a cell on a day, by office."""
    return [
        f"insert into {CELLS} select date '{day}', '{office}', {cell}, {count}"
        for office, count in counts.items()
    ]


def checked(office: str, cell: str, selected: int, inspected: int, found: int) -> list[str]:
    """Selections of an office, the first of them inspected, the first of those with a finding."""
    name = f"'{office}-' || n as consignment_id, date '{DAY}' as "
    return [
        f"insert into risk.fct_selections by name select {name} day, '{office}' as "
        "customs_office_code, 'red' as lane, 'score' as selection_method, 1 as "
        f"selection_probability from range({selected}) as of_(n)",
        f"insert into intermediate.int_risk__selected_cells select date '{DAY}', '{office}-' || n, "
        f"'{office}', {cell} from range({selected}) as of_(n)",
        f"insert into intermediate.int_risk__inspected_consignments by name select {name} "
        f"consignment_day, date '{KNOWN}' as day, 'targeted' as stratum, "
        f"case when n < {found} then 'finding' else 'no_finding' end as result, "
        f"'none' as finding_type from range({inspected}) as of_(n)",
    ]


def comparison(home: Path, columns: str) -> dict[tuple[object, ...], tuple[object, ...]]:
    query = f"select month, customs_office_code, {columns} from risk.fct_office_comparison"
    return {row[:2]: row[2:] for row in map(tuple, rows_of(home, query))}


def test_a_cell_counts_what_is_alike_and_whether_points_reach_a_queue(home: Path) -> None:
    """Five of a suspended platform have the 60 points that are needed; October is not computed."""
    query = f"select * exclude (hs_chapter, origin_country_code) from {CELLS} order by all"
    assert rows_of(home, query) == [
        (DAY, "DRAW", "below", 6), (DAY, "OTHER", "below", 1), (DAY, "QUEUE", "eligible", 5),
    ]  # fmt: skip
    selected = "select customs_office_code, score_band, count(*) from "
    selected += "intermediate.int_risk__selected_cells group by all order by all"
    assert rows_of(home, selected) == [("DRAW", "below", 6), ("QUEUE", "eligible", 5)]


def test_an_office_is_held_against_the_others_on_the_same_cells(home: Path) -> None:
    """Shirts in November: A 100 (10 selected), B 50 (20), C 50 (10). The rest of A selects 30 of
    100, of B 20 of 150, of C 30 of 150. Checked: A 1 of 4, B 4 of 8, C none, so A and B are held
    against each other and C has no rate. Phones come to A alone: they are compared with nothing.
    October had A 20, B 60, C 20 shirts of 100. Of 200 that would be 40, 120, 40: 60 moved to A, 10
    to C. Nobody knew phones in October."""
    changes = [
        f"delete from {CELLS}",
        "delete from risk.fct_selections",
        "delete from intermediate.int_risk__selected_cells",
        *flow(dt.date(2026, 10, 31), SHIRTS, A=20, B=60, C=20),
        *flow(DAY, SHIRTS, A=70, B=50, C=50),
        *flow(DAY + dt.timedelta(days=1), SHIRTS, A=30),
        *flow(DAY, PHONES, A=40),
        *checked("A", SHIRTS, 10, 4, 1),
        *checked("B", SHIRTS, 20, 8, 4),
        *checked("C", SHIRTS, 10, 0, 0),
    ]
    again(home, "fct_office_comparison", *changes)
    selected = comparison(
        home,
        "consignment_count, comparable_consignment_count, selected_percent, "
        "expected_selected_percent",
    )
    assert selected == {
        (OCTOBER, "A"): (20, 20, Decimal(0), Decimal(0)),
        (OCTOBER, "B"): (60, 60, Decimal(0), Decimal(0)),
        (OCTOBER, "C"): (20, 20, Decimal(0), Decimal(0)),
        (NOVEMBER, "A"): (140, 100, Decimal(10), Decimal(30)),
        (NOVEMBER, "B"): (50, 50, Decimal(40), Decimal("13.3333")),
        (NOVEMBER, "C"): (50, 50, Decimal(20), Decimal(20)),
    }
    found = comparison(
        home, "compared_inspected_count, hit_rate_percent, expected_hit_rate_percent"
    )
    assert [found[NOVEMBER, office] for office in "ABC"] == [
        (4, Decimal(25), Decimal(50)), (8, Decimal(50), Decimal(25)), (0, None, None),
    ]  # fmt: skip
    moved = comparison(
        home, "followed_count, shifted_in_percent, shifted_in_count, eligible_shifted_in_count"
    )
    assert moved[OCTOBER, "A"] == (None, None, None, None)
    assert [moved[NOVEMBER, office] for office in "ABC"] == [
        (100, Decimal(60), 60, 60), (50, Decimal(0), 0, 0), (50, Decimal(20), 10, 10),
    ]  # fmt: skip
