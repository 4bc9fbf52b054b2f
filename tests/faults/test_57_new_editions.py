"""Row 57, a new edition of a list whose date lies in the published past: exactly the days since are
computed again, with the edition of each day; any order of arrival ends in the same content.

Which days are pending, and why, is tests/unit/runs/test_editions.py. Here the figures.
"""

import datetime as dt
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from ingest.store.exclusions import Exclusions
from ingest.store.landing import raw_files
from ledger.chain import Ledger
from runs.days import run_entries
from runs.days.day_set import Days
from runs.days.plan import pending_days
from runs.days.reading import read
from tests.faults.test_57_references import load_tariff
from tests.faults.tiny_home import TinyHome, parcel

BEFORE, DAY_OF, AFTER = (dt.date(2026, 3, day) for day in (9, 10, 20))
OLD, NEW = dt.date(2026, 1, 1), DAY_OF  # dates of the two editions
TAXES = ("run", "--select", "+fct_tax_assessments", "+fct_reference_versions", "+dim_office")
TAXES += ("--exclude", "resource_type:seed")
# 10,000,000 VND by express is above the relief. Duty: 20 % and, from the day of the new edition,
# 12 %. VAT 8 % (61 is not excluded from the reduction) of value and duty: 12,000,000 * 8 % and
# 11,200,000 * 8 %.
GOLDEN = [
    (BEFORE, 20, 2_000_000, 960_000),
    (DAY_OF, 12, 1_200_000, 896_000),
    (AFTER, 12, 1_200_000, 896_000),
]
OLD_RATE = [(day, 20, 2_000_000, 960_000) for day in (BEFORE, DAY_OF, AFTER)]
Step = Callable[[TinyHome], None]


def old_edition(home: TinyHome) -> None:
    load_tariff(home, 20, OLD)


def new_edition(home: TinyHome) -> None:
    load_tariff(home, 12, NEW)


def deliveries(home: TinyHome) -> None:
    for day in (BEFORE, DAY_OF, AFTER):
        row = parcel(f"P{day}", day, declared_value=10_000_000, hs_code="610910")
        home.deliver([row], day, name=str(day))


# Beside the two below. The second only in long runs (IMPORT_RISK_ORDERS): approximations first.
ORDERS = [(new_edition, deliveries, old_edition), (deliveries, new_edition, old_edition)]


def compute(home: TinyHome, days: Days) -> None:
    """A run over these days without gates and release files; the ledger says the same."""
    entries = Ledger(home.home.ledger).entries()
    run_id = f"run-{len(entries)}"
    run_entries.started(home.home, run_id, days, entries)
    home.register(days.from_day, days.to_day, Exclusions(days.skipped))
    home.build(TAXES)
    files = raw_files(home.home, "parcel_manifest", days.from_day, days.to_day)
    facts = {"run_id": run_id, "days": str(days), "to_day": days.to_day.isoformat()}
    Ledger(home.home.ledger).append("release", {**facts, "inputs": [f.stem for f in files]})


def through(home: TinyHome, steps: Sequence[Step]) -> list[tuple[dt.date, ...]]:
    """Each step, and after it a run of what is pending; the days of each run."""
    computed = []
    for step in steps:
        step(home)
        if days := pending_days(read(home.home)):
            compute(home, days)
            computed.append(tuple(days))
    assert not pending_days(read(home.home))
    return computed


def taxes(home: TinyHome) -> list[tuple[object, ...]]:
    return home.rows(
        "select day, cast(duty_rate_percent as integer), cast(duty_due_vnd as integer), "
        "cast(vat_due_vnd as integer) from core.fct_tax_assessments order by day"
    )


@pytest.fixture(scope="module")
def in_one_run(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> TinyHome:
    """Both editions are there before the first run, which covers days of both."""
    home = TinyHome(tmp_path_factory.mktemp("one") / "home", seeded)
    old_edition(home)
    new_edition(home)
    deliveries(home)
    compute(home, Days.between(BEFORE, AFTER))
    return home


def test_a_run_over_a_change_reads_the_edition_of_each_day(in_one_run: TinyHome) -> None:
    assert taxes(in_one_run) == GOLDEN


def test_a_late_edition_changes_exactly_the_days_since_its_date(
    seeded: Path, tmp_path: Path, in_one_run: TinyHome
) -> None:
    home = TinyHome(tmp_path / "home", seeded)
    assert through(home, [old_edition, deliveries]) == [(BEFORE, DAY_OF, AFTER)]
    assert taxes(home) == OLD_RATE
    assert through(home, [new_edition]) == [(DAY_OF, AFTER)]
    assert taxes(home) == GOLDEN
    assert home.content().by_table == in_one_run.content().by_table


@pytest.mark.parametrize(
    "steps",
    ORDERS[: int(os.environ.get("IMPORT_RISK_ORDERS", "1"))],
    ids=lambda order: "-".join(step.__name__ for step in order),
)
def test_any_order_of_arrival_ends_in_the_same_content(
    steps: Sequence[Step], seeded: Path, tmp_path: Path, in_one_run: TinyHome
) -> None:
    home = TinyHome(tmp_path / "home", seeded)
    through(home, steps)
    assert taxes(home) == GOLDEN
    assert home.content().by_table == in_one_run.content().by_table


def test_one_file_may_serve_under_two_dates(in_one_run: TinyHome, tmp_path: Path) -> None:
    """What is announced as unchanged for next year is no second copy that stops the run."""
    home = in_one_run.copy(tmp_path / "home")
    load_tariff(home, 12, dt.date(2027, 1, 1))
    assert not pending_days(read(home.home))
    home.register(BEFORE, AFTER)
    home.build(("build", "--select", "int_tariff__rates", "fct_reference_versions"))
    dates = home.rows("select as_of_date, is_in_use from quality.fct_reference_versions "
                      "where reference_kind = 'vn_tariff' order by 1")  # fmt: skip
    assert dates == [(OLD, False), (NEW, True), (dt.date(2027, 1, 1), False)]
