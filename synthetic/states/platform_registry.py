"""The platform registry: known events of real platforms, and those of the invented ones.

Add here a registry event. Keep out: which platform a parcel comes from (vocabulary.py).
"""

import datetime as dt

from synthetic import vocabulary
from synthetic.parameters import SyntheticParameters
from synthetic.plan import suspension_day

_PRESS = "press and directives of 2024-2025 (domain handbook 4.3)"
_NO_DATE = "registered; date of registration not known to us, 2022-01-01 is a placeholder"

RegistryRow = tuple[str, str, str, bool, str, dt.date, str, str]

# What is known about real platforms: facts of the handbook, with the grade they have there. A month
# or a year alone is written as its first day, and the instrument says so.
KNOWN_EVENTS: tuple[RegistryRow, ...] = (
    (
        "temu",
        "Temu",
        "undetermined",
        True,
        "observed_operating",
        dt.date(2024, 10, 1),
        f"opened to users in Viet Nam in 2024-10 (month only); {_PRESS}",
        "V2",
    ),
    (
        "temu",
        "Temu",
        "undetermined",
        True,
        "note",
        dt.date(2024, 11, 30),
        f"deadline of the Ministry of Industry and Trade to register; {_PRESS}",
        "V2",
    ),
    (
        "temu",
        "Temu",
        "undetermined",
        True,
        "suspended",
        dt.date(2024, 12, 5),
        f"Vietnamese removed; customs does not clear without the ministry's licence; {_PRESS}",
        "V2",
    ),
    (
        "temu",
        "Temu",
        "undetermined",
        True,
        "note",
        dt.date(2025, 2, 10),
        f"still waiting for a licence; {_PRESS}",
        "V2",
    ),
    (
        "shein",
        "Shein",
        "undetermined",
        True,
        "observed_operating",
        dt.date(2022, 1, 1),
        f"selling to Viet Nam since about 2022 (year only); {_PRESS}",
        "V2",
    ),
    (
        "shein",
        "Shein",
        "undetermined",
        True,
        "application_filed",
        dt.date(2024, 12, 5),
        f"site unavailable in Viet Nam; registration in progress; {_PRESS}",
        "V2",
    ),
    (
        "1688",
        "1688",
        "undetermined",
        True,
        "named_unregistered",
        dt.date(2024, 10, 1),
        "dispatch 8598/BCT-TMDT of 2024-10 (month only)",
        "V2",
    ),
    (
        "taobao",
        "Taobao",
        "undetermined",
        True,
        "observed_operating",
        dt.date(2024, 11, 1),
        f"increased presence in 2024-11 (month only); {_PRESS}",
        "V1",
    ),
    ("shopee", "Shopee", "intermediary", False, "registered", dt.date(2022, 1, 1), _NO_DATE, "U"),
    (
        "tiktokshop",
        "TikTok Shop",
        "social_network",
        False,
        "registered",
        dt.date(2022, 1, 1),
        _NO_DATE,
        "U",
    ),
    ("lazada", "Lazada", "intermediary", False, "registered", dt.date(2022, 1, 1), _NO_DATE, "U"),
    ("tiki", "Tiki", "integrated", False, "registered", dt.date(2022, 1, 1), _NO_DATE, "U"),
)


def _rows(first_day: dt.date, days: int) -> list[RegistryRow]:
    """The known events and those of the invented platforms; contract field order."""
    invented = "invented for synthetic data"
    suspended = (vocabulary.SYNTHETIC_SUSPENDED, "Sàn tổng hợp B (synthetic)", "intermediary", True)
    return [
        *KNOWN_EVENTS,
        (
            vocabulary.SYNTHETIC_REGISTERED,
            "Sàn tổng hợp A (synthetic)",
            "direct",
            True,
            "registered",
            dt.date(2026, 7, 1),
            invented,
            "SYN",
        ),
        (*suspended, "registered", dt.date(2026, 7, 1), invented, "SYN"),
        (*suspended, "suspended", suspension_day(first_day, days), invented, "SYN"),
    ]


def known(
    parameters: SyntheticParameters, *, seed: int, first_day: dt.date, days: int
) -> list[tuple[dt.date, RegistryRow]]:
    """(day on which it became known, row): an event is known on its day."""
    return [(row[5], row) for row in _rows(first_day, days)]
