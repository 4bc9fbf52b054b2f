"""Compliance levels and risk ranks of declarants, by hand, on the first and last day of 365.

Not claimed: that the numbers are the circular's (grade U: it was not read that far).
"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.golden.risk_case import Row, consignment, prepare, run_risk
from tests.support.dbt_run import rows_of

DAY = dt.date(2026, 11, 10)
NEXT = DAY + dt.timedelta(days=1)
WINDOW = 365  # COMPLIANCE_WINDOW
# Parameter -> a value that changes a level or a rank of the world.
OF_COMPLIANCE = {
    "COMPLIANCE_LEVEL5_FINDINGS": "4",
    "COMPLIANCE_LEVEL5_CRITICAL": "2",
    "COMPLIANCE_LEVEL4_FINDINGS": "2",
    "COMPLIANCE_LEVEL3_DECLARATIONS": "11",
    "COMPLIANCE_LEVEL2_DECLARATIONS": "101",
    "COMPLIANCE_LEVEL2_CHECKS": "6",
    "RISK_RANK6_CRITICAL": "2",
}


def before(days: int) -> dt.date:
    return DAY - dt.timedelta(days=days)


def declared(who: str, day: dt.date, count: int = 1, first: int = 0) -> list[Row]:
    """Declarations of two lines each: a declaration counts once."""
    return [
        consignment(
            f"{who}-{day:%y%m%d}-{n}-{line}", day, consignment_kind="declaration_line",
            house_waybill_number=None, declaration_number=f"{who}-{day:%y%m%d}-{n}",
            line_number=line, declarant_id_token=who,
        )
        for n in range(first, first + count)
        for line in (1, 2)
    ]  # fmt: skip


def checked(who: str, declared_on: dt.date, known: dt.date, n: int, severity: str) -> Row:
    """The result of the first line of declaration `n`; severity none: nothing found."""
    reference = f"{who}-{declared_on:%y%m%d}-{n}"
    return {
        "inspection_id": f"I-{reference}",
        "consignment_reference": reference,
        "line_number": 1,
        "selection_method": "risk_based",
        "result": "no_finding" if severity == "none" else "finding",
        "finding_type": "none" if severity == "none" else "undervaluation",
        "finding_severity": severity,
        "known_date": known,
        "day": known,
        "_sender": "standard",
        "_received_date": known,
        "_src_sha": "d" * 64,
        "_src_line": 1,
    }


def world() -> tuple[list[Row], list[Row]]:
    """Consignments and results. Every declarant but the idle ones declares 10 times on day -10."""
    rows, results = [], []
    active = before(10)

    def found(who: str, known: dt.date, severity: str, number: int = 0) -> None:
        results.append(checked(who, known - dt.timedelta(days=1), known, number, severity))
        rows.extend(declared(who, known - dt.timedelta(days=1), 1, number))

    rows += declared("fresh", DAY)
    rows += declared("nine", active, 9)
    rows += declared("ten", active, 10)
    # the tenth declaration is as old as the window: it counts on DAY and no more on the day after
    rows += [*declared("old", active, 9), *declared("old", before(WINDOW), 1)]
    for who, checks in (("very high", 5), ("four checks", 4)):
        rows += declared(who, active, 100)
        results += [checked(who, active, before(1), n, "none") for n in range(checks)]
    rows += declared("almost", active, 99)
    results += [checked("almost", active, before(1), n, "none") for n in range(5)]
    for who, findings in (("one", 1), ("two", 2), ("three", 3)):
        rows += declared(who, active, 10)
        results += [checked(who, active, before(5), n, "ordinary") for n in range(findings)]
    # what becomes known on the day itself is not known when it begins
    rows += declared("today", active, 10)
    results += [checked("today", active, DAY, n, "ordinary") for n in range(3)]
    rows += declared("critical", active, 10)
    found("critical", before(WINDOW), "critical")
    # three findings within 365 days until day -300 made it level 5; two of them have left since
    rows += declared("spread", active, 10)
    for days in (500, 400, 300):
        found("spread", before(days), "ordinary")
    # three findings, never within 365 days of the last: day -700 is 366 before day -334
    rows += declared("wide", active, 10)
    for days in (699, 500, 334):
        found("wide", before(days), "ordinary")
    rows += declared("idle", before(WINDOW + 1))
    found("idle found", before(WINDOW + 1), "ordinary")
    found("idle critical", before(WINDOW + 1), "critical")
    return rows, results


def built(home: Path, changes: Sequence[str] = ()) -> Path:
    rows, results = world()
    window = (before(720), NEXT)
    # a day of its own for NEXT, so that the mart has it
    rows += declared("other", NEXT)
    prepare(home, rows, window, raw={"inspection_outcome": results}, seed_changes=changes)
    run_risk(home)
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("compliance"))


def levels(home: Path, day: dt.date) -> dict[str, tuple[int, int]]:
    """Declarant -> level and rank."""
    rows = rows_of(
        home,
        "select declarant_id_token, compliance_level, risk_rank from risk.fct_declarant_compliance "
        f"where day = date '{day}'",
    )
    return {who: (level, rank) for who, level, rank in rows}


def test_levels_and_ranks_at_each_limit(home: Path) -> None:
    assert levels(home, DAY) == {
        "fresh": (4, 7),  # nothing known before today
        "nine": (4, 4),
        "ten": (3, 3),
        "old": (3, 3),  # 9 + 1 of day -365
        "very high": (2, 2),
        "four checks": (3, 3),
        "almost": (3, 3),  # 99 declarations
        "one": (4, 4),
        "two": (4, 4),
        "three": (5, 5),
        "today": (3, 3),
        "critical": (5, 6),  # known on day -365, the first of the window
        "spread": (5, 5),  # one finding is left in the window, that of the day that counts
        "wide": (4, 4),
        "idle": (4, 7),
        "idle found": (4, 8),
        "idle critical": (4, 9),
    }


def test_the_day_after_the_last_of_365(home: Path) -> None:
    found = levels(home, NEXT)
    assert found["old"] == (4, 4)  # nine are left
    assert found["critical"] == (3, 3)  # ten declarations; the finding has left
    assert found["today"] == (5, 5)  # three findings, known the day before
    assert found["fresh"] == (4, 4)
    assert "other" in found


def test_the_counts_behind_a_level(home: Path) -> None:
    assert rows_of(
        home,
        "select declaration_count, inspection_count, finding_count, critical_count, "
        "noncompliant_day from risk.fct_declarant_compliance where declarant_id_token in "
        f"('critical', 'spread') and day = date '{DAY}' order by declarant_id_token",
    ) == [(10, 1, 1, 1, before(WINDOW)), (11, 1, 1, 0, before(300))]


@pytest.mark.parametrize("parameter", OF_COMPLIANCE)
def test_a_parameter_changes_a_level_or_a_rank(home: Path, tmp_path: Path, parameter: str) -> None:
    change = (
        f"update seeds.risk_parameters set value = '{OF_COMPLIANCE[parameter]}' "
        f"where parameter_id = '{parameter}'"
    )
    assert levels(built(tmp_path, [change]), DAY) != levels(home, DAY)
