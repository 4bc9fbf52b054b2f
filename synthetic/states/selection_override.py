"""Decisions of officers to select or release: invented, about a few parcels a day.

Add here a decision of another kind. Keep out: inspections and what they find (inspections.py).
"""

import datetime as dt

from synthetic.mixing import constant
from synthetic.parameters import SyntheticParameters

_OFFICE, _UNIT = "02DS", "Đội giám sát (synthetic)"
_INFORMED = "tin báo của cơ quan phối hợp (synthetic)"
_PAPERS = "đã kiểm tra chứng từ (synthetic)"


def _parcel(day: dt.date, position: int) -> str:
    """The consignment id of the parcel at a position of the day's manifest."""
    return f"P-SX{day:%y%m%d}{position:08d}"


def known(
    parameters: SyntheticParameters, *, seed: int, first_day: dt.date, days: int
) -> list[tuple[dt.date, tuple[object, ...]]]:
    """(day on which it became known, row in contract field order).

    The first day has a decision about goods that nobody declared; every later one a selection, a
    release, two decisions that contradict each other, and one that comes after its goods' day.
    """
    rows: list[tuple[dt.date, tuple[object, ...]]] = []

    def decide(
        day: dt.date, hour: int, parcel: str, risk_type: str, override: str, why: str
    ) -> None:
        row = (parcel, risk_type, override, why, f"{day} {hour:02d}:30:00", _OFFICE, _UNIT)
        rows.append((day, row))

    for offset in range(days):
        day = first_day + dt.timedelta(days=offset)
        start = constant(seed, 9, day.toordinal()) % 900
        if offset == 0:
            decide(day, 9, _parcel(day, 90_000_000 + start), "", "select", _INFORMED)
            continue
        decide(day, 9, _parcel(day, start), "undervaluation", "select", _INFORMED)
        decide(day, 10, _parcel(day, start + 1), "", "release", _PAPERS)
        decide(day, 11, _parcel(day, start + 2), "", "release", _PAPERS)
        decide(day, 15, _parcel(day, start + 2), "splitting", "select", _INFORMED)
        decide(day, 16, _parcel(day - dt.timedelta(days=1), start + 3), "", "select", _INFORMED)
    return rows
