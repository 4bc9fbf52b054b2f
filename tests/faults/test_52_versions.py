"""Row 52, amended, cancelled, late declarations: "current view = highest version; cancel never
deletes; marts of past days recomputed".

Each step below is one run over the days that the product itself calls pending. Not claimed: that
the figures of two releases are compared (a later issue); records sent twice as originals with
different days, unless both days lie in one run (ingest/links.py says why).
"""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from runs.days.day_set import Days
from tests.faults.tiny_home import TinyHome, line, parcel

FIRST, SECOND, LATER = dt.date(2026, 3, 2), dt.date(2026, 3, 3), dt.date(2026, 3, 20)
LATE = dt.date(2026, 4, 11)  # 40 days after the first day
LINKED = "select source, day from raw.linked_record order by all"
ROWS = (
    "select consignment_id, day, record_status, is_active, declared_value "
    "from core.fct_consignments order by 1, 2"
)


def test_version_2_before_version_1_and_cancellation_before_creation(
    record_home: TinyHome,
) -> None:
    found = record_home.rows(
        "select consignment_id, day, record_status, is_active, declared_value, operator_code "
        "from core.fct_consignments where consignment_id in ('P-V2-FIRST', 'P-CANCEL-FIRST') "
        "order by 1"
    )
    assert found == [
        # The cancellation stated no value, no operator and no day of its own: nothing is lost.
        ("P-CANCEL-FIRST", FIRST, "cancelled", False, Decimal(33), "OP1"),
        ("P-V2-FIRST", FIRST, "original", True, Decimal(70), "OP1"),
    ]


@pytest.fixture(scope="module")
def story(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What the marts say after an ordinary day and after what came 40 days late."""
    home = TinyHome(tmp_path_factory.mktemp("late") / "home", seeded)
    home.deliver(
        [
            parcel("GONE", FIRST, version_number=1, declared_value=5),
            parcel("MOVED", FIRST, version_number=1, declared_value=6),
            parcel("STAYS", FIRST, version_number=1, declared_value=7),
        ],
        SECOND,
    )
    declarations = {"source": "customs_declaration"}
    home.deliver([line("D1", FIRST, declared_value=8)], SECOND, **declarations)
    story: dict[str, object] = {"first days": home.catch_up(), "first": home.rows(ROWS)}
    home.deliver(
        [
            # A cancellation without a day lies on its day of receipt.
            parcel("GONE", None, record_status="cancelled"),
            parcel("MOVED", LATER, version_number=2, record_status="amended", declared_value=9),
        ],
        LATE,
    )
    amendment = line("D1", None, record_status="amended", is_partial="true", declared_value=80)
    home.deliver([amendment | {"hs_code": "", "currency_code": ""}], LATE, **declarations)
    story |= {"late days": home.catch_up(), "late": home.rows(ROWS)}
    story["versions"] = home.rows(
        "select record_key, day, current_day, fate from quality.fct_record_versions order by all"
    )
    # Any choice of days must agree: the first day alone, then the day of receipt alone.
    home.run(Days([FIRST]))
    story |= {"first day again": home.rows(ROWS), "linked to first": home.rows(LINKED)}
    story["gate1"], story["gate1 examples"] = home.gate1().passed, home.gate1().failures()
    home.register(LATE, LATE)
    story["linked to late"] = home.rows(LINKED)
    return story


def test_an_ordinary_day_touches_its_own_day_only(story: dict[str, object]) -> None:
    assert story["first days"] == Days([FIRST])
    assert story["first"] == [
        ("D-D1-1", FIRST, "original", True, Decimal(8)),
        ("P-GONE", FIRST, "original", True, Decimal(5)),
        ("P-MOVED", FIRST, "original", True, Decimal(6)),
        ("P-STAYS", FIRST, "original", True, Decimal(7)),
    ]


def test_what_comes_40_days_late_recomputes_the_past_day(story: dict[str, object]) -> None:
    assert story["late days"] == Days([FIRST, LATER, LATE])
    assert story["late"] == [
        ("D-D1-1", FIRST, "amended", True, Decimal(80)),
        ("P-GONE", FIRST, "cancelled", False, Decimal(5)),
        # It stands once, on the day that its amendment states.
        ("P-MOVED", LATER, "amended", True, Decimal(9)),
        ("P-STAYS", FIRST, "original", True, Decimal(7)),
    ]


def test_every_version_stays_traceable(story: dict[str, object]) -> None:
    assert story["versions"] == [
        ("D1-1", FIRST, FIRST, "superseded"),
        ("D1-1", LATE, FIRST, "current"),
        ("GONE", FIRST, FIRST, "superseded"),
        ("GONE", LATE, FIRST, "current"),
        ("MOVED", FIRST, LATER, "superseded"),
        ("MOVED", LATER, LATER, "current"),
    ]


def test_the_choice_of_days_changes_nothing(story: dict[str, object]) -> None:
    """A run of the first day alone still sees what was said about it weeks later."""
    assert story["first day again"] == story["late"]
    assert story["linked to first"] == [
        ("customs_declaration", LATE),
        ("parcel_manifest", LATER),
        ("parcel_manifest", LATE),
    ]
    # And a run of the day of receipt alone sees the originals.
    assert story["linked to late"] == [
        ("customs_declaration", FIRST),
        ("parcel_manifest", FIRST),
        ("parcel_manifest", FIRST),
    ]
    assert story["gate1"], story["gate1 examples"]
