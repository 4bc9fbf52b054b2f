"""Several identities that are taken for one: what was found of one counts for all, by hand.

Names of parties are ordered as their ids: the smallest of a component stands for it. Not claimed:
that they are one (test_parties.py).
"""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.golden.risk_case import Row, prepare, run_risk, set_window
from tests.golden.test_parties import DAY, of
from tests.golden.test_risk_models import outcome
from tests.support.dbt_run import rows_of

BEFORE = DAY - dt.timedelta(days=1)
# b is found, a is not and names them; d and e are one, of whom d is found, then c names all three
CONSIGNMENTS = [
    of("pair-a", BEFORE, phone="p ab", name="n ab"),
    of("pair-b", BEFORE, phone="p ab", name="n ab"),
    of("trio-d", BEFORE, phone="p de", name="n de"),
    of("trio-e", BEFORE, phone="p de", name="n de"),
    of("trio-e", DAY, phone="p ec", name="n de"),
    of("trio-c", DAY, phone="p ec", name="n de"),
    of("alone", BEFORE),
    of("unseen-1", DAY, phone="p un", name="n un"),
    of("unseen-2", DAY, phone="p un", name="n un"),
]
OUTCOMES = [
    outcome(f"pair-a-{BEFORE:%d}-0", BEFORE, None),
    outcome(f"pair-b-{BEFORE:%d}-0", DAY, "undervaluation"),
    outcome(f"trio-d-{BEFORE:%d}-0", BEFORE, "origin"),
    outcome(f"alone-{BEFORE:%d}-0", BEFORE, None),
]
Told = tuple[Any, ...]


def built(home: Path, consignments: list[Row] = CONSIGNMENTS, *changes: str) -> Path:
    raw = {"inspection_outcome": OUTCOMES}
    prepare(home, consignments, (BEFORE, DAY), raw, changes)
    run_risk(home)
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("owners"))


def told(home: Path) -> list[Told]:
    return rows_of(
        home,
        "select owner_party_id, risk_type, identity_count, inspected_identity_count, "
        "inspected_count, finding_count, rate_micro, base_rate_micro, last_day "
        "from risk.fct_owner_profiles order by all",
    )


def test_what_was_found_of_one_identity_counts_for_all_of_its_owner(home: Path) -> None:
    """Of four inspected two were findings: (2 + 1) / (4 + 2) = .5, of each type (1 + 1) / 6. Five
    inspections weigh as much as the base: a and b (1 + 2.5) / (2 + 5) = .5. Of d, e and c one was
    inspected and found: (1 + 2.5) / 6. Who is alone is no owner of several, of whom nothing was
    inspected has no row."""
    assert told(home) == [
        ("pair-a", "any", 2, 2, 2, 1, 500_000, 500_000, DAY),
        ("pair-a", "undervaluation", 2, 2, 2, 1, 380_952, 333_333, DAY),
        ("trio-c", "any", 3, 1, 1, 1, 583_333, 500_000, DAY),
        ("trio-c", "origin", 3, 1, 1, 1, 444_444, 333_333, DAY),
    ]


def test_days_in_any_order_say_the_same(home: Path, tmp_path: Path) -> None:
    prepare(tmp_path, CONSIGNMENTS, (DAY, DAY), {"inspection_outcome": OUTCOMES})
    for day in (DAY, BEFORE, DAY):
        set_window(tmp_path, day, day)
        run_risk(tmp_path)
    assert told(tmp_path) == told(home)


@pytest.mark.parametrize(("days", "is_kept"), [(2, True), (1, False)])
def test_a_result_counts_as_long_as_the_look_back_says(
    tmp_path: Path, days: int, is_kept: bool
) -> None:
    """The last day held is DAY: two days back from it hold results known the day before."""
    change = (
        f"update seeds.risk_parameters set value = '{days}' "
        "where parameter_id = 'PROFILE_LOOKBACK_DAYS'"
    )
    inspected = {row[4] for row in told(built(tmp_path, CONSIGNMENTS, change))}
    assert (2 in inspected) == is_kept
