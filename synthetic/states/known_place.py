"""Known places: the invented official warehouses that every parcel of the synthetic flow passes.

Add here a place that the office knows. Keep out: the planted gathering point (parcels.py).
"""

import datetime as dt

from synthetic import vocabulary
from synthetic.parameters import SyntheticParameters
from synthetic.parcel_rows import WAREHOUSES

PlaceRow = tuple[str, str, str, str, dt.date, str, str]

_SINCE = dt.date(2026, 1, 1)


def known(
    parameters: SyntheticParameters, *, seed: int, first_day: dt.date, days: int
) -> list[tuple[dt.date, PlaceRow]]:
    """(day on which it became known, row in contract field order)."""
    codes = [
        f"{office.code}W{number + 1}"
        for office in vocabulary.OFFICES
        for number in range(WAREHOUSES)
    ]
    return [
        (
            _SINCE,
            (f"KHO-{code}", "official_warehouse", code, "", _SINCE, "", "invented (synthetic)"),
        )
        for code in codes
    ]
