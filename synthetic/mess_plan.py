"""When deliveries go wrong and how often: the calendar and the shares of `--mess`.

Add here a kind of fault's share or its day. Keep out: how a fault looks in a file (mess.py). Every
number carries its grade, like those of parameters.py.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from contracts.catalogue import CONTRACTS
from synthetic.parameters import OWN, stated

WEEK = 7
SOURCES_WITH_VERSIONS = tuple(
    source for source, contract in CONTRACTS.items() if contract.versions is not None
)


@dataclass(frozen=True)
class MessParameters:
    """Shares are per million honest rows: planted rows stay whole, so that their truth does."""

    broken_rows: int = stated(3_000, OWN, "rows that break the contract in one place")
    repeated_rows: int = stated(1_000, OWN, "rows that stand twice in one file")
    rows_in_two_files: int = stated(1_000, OWN, "rows sent again, unchanged, in a later file")
    amended_rows: int = stated(5_000, OWN, "version 2 with another value, one day later")
    cancelled_rows: int = stated(2_000, OWN, "version 2 that cancels, one day later")
    out_of_order_rows: int = stated(1_000, OWN, "version 3 received a day before version 2")
    amended_value_percent: int = stated(125, OWN, "value of version 2, of that of version 1")
    late_value_percent: int = stated(150, OWN, "value of version 3, of that of version 1")
    outage_hours: int = stated(
        16, "V1", "VNACCS outage of 6-7 August 2024, about 16 hours; reliability handbook, part A"
    )
    outage_from_hour: int = stated(8, OWN, "the outage ends at midnight")
    back_load_days: int = stated(3, OWN, "what arrived in the outage comes in this many files")
    outage_day_index: int = stated(2, OWN, "the third day; once per run")
    busy_day_index: int = stated(4, OWN, "the fifth day; once per run")
    busy_day_factor: int = stated(10, OWN, "reliability handbook, row 55: 10x the usual day")
    late_file_days: int = stated(3, OWN, "low-value lists of the first day of every week")


@dataclass(frozen=True)
class DayMess:
    """What goes wrong on one day. Dates of receipt; the usual one is the day after.

    kinds: source -> what its daily file is called in the truth.
    outage: seconds of the day [from, to) whose rows wait for the back-load dates; None without.
    sent_again: source -> date on which the whole file comes a second time.
    """

    parameters: MessParameters
    received: Mapping[str, dt.date]
    kinds: Mapping[str, str]
    amendments: dt.date
    late_versions: dt.date
    outage: tuple[int, int] | None
    back_loads: tuple[dt.date, ...]
    sent_again: Mapping[str, dt.date]
    factor: int


def day_mess(
    parameters: MessParameters, *, first_day: dt.date, days: int, day_index: int
) -> DayMess:
    """The faults of the day `first_day + day_index`; one outage and one busy day per run."""
    day = first_day + dt.timedelta(days=day_index)

    def later(number: int) -> dt.date:
        return day + dt.timedelta(days=number)

    is_outage = day_index == min(parameters.outage_day_index, days - 1)
    is_busy = day_index == min(parameters.busy_day_index, days - 1)
    usual = "outage_day" if is_outage else "busy_day" if is_busy else "daily"
    received = dict.fromkeys(SOURCES_WITH_VERSIONS, later(1))
    received["inspection_outcome"] = later(4)  # the last result of the day is known by then
    received["listing_observation"] = later(1)
    kinds = dict.fromkeys(SOURCES_WITH_VERSIONS, usual)
    kinds |= {"inspection_outcome": "daily", "listing_observation": "daily"}
    if day_index % WEEK == 0:
        received["low_value_declaration"] = later(1 + parameters.late_file_days)
        kinds["low_value_declaration"] = "late"
    start = parameters.outage_from_hour * 3_600
    return DayMess(
        parameters=parameters,
        received=received,
        kinds=kinds,
        amendments=later(2),
        late_versions=later(3),
        outage=(start, start + parameters.outage_hours * 3_600) if is_outage else None,
        back_loads=tuple(later(2 + number) for number in range(parameters.back_load_days)),
        sent_again=(
            {"customs_declaration": later(2)} if day_index % WEEK == min(1, days - 1) else {}
        ),
        factor=parameters.busy_day_factor if is_busy else 1,
    )
