"""The deliveries of a parity run: a full build, a new day, and late corrections.

Every row is synthetic (synthetic) or a changed copy of such a row.
Add here another kind of late news. Keep out: engines, and what a mart should hold.
"""

import csv
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from foundation.errors import WarehouseError
from foundation.home import Home
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from synthetic.generate import DEFAULT_FIRST_DAY, generate

FULL_DAYS = 2
STEPS = ("full", "new day", "corrections")
# Inspection results of the last generated day are known by then.
_RECEIVED = dt.timedelta(days=10)
_EMPTIED_PARCELS = 3

Row = dict[str, str]


@dataclass(frozen=True)
class Step:
    """What is delivered, and the days that are built afterwards (both ends included)."""

    name: str
    from_day: dt.date
    to_day: dt.date
    bring: Callable[[Home], None]


def steps(folder: Path, *, parcels_per_day: int, seed: int) -> tuple[Step, ...]:
    """Write the files below `folder`; the steps in their order.

    1. full: two days, and the day before them with three parcels of its own.
    2. new day: one more day, built alone.
    3. corrections: an amendment that moves a parcel to another day, amendments that move every
       parcel of the first day (it becomes empty), a cancelled parcel, a changed and a cancelled
       declaration line, a cancelled low-value declaration, two rows that contradict each other
       and one that cannot be read; the days before the new one are built.
    """
    first = DEFAULT_FIRST_DAY
    emptied, last_full = emptied_day(), first + dt.timedelta(days=FULL_DAYS - 1)
    new_day = last_full + dt.timedelta(days=1)
    report = generate(
        folder / "generated", days=FULL_DAYS + 1, parcels_per_day=parcels_per_day, seed=seed
    )
    files = [folder / "generated" / file.path for file in report.files if file.source != "truth"]
    late = [file for file in files if str(new_day) in file.name]
    extra = _early_parcels(folder, files, emptied)
    corrections = _corrections(folder, files, extra, first, last_full)
    early = [file for file in files if file not in late]
    return (
        Step(STEPS[0], emptied, last_full, _delivering([*early, extra], new_day + _RECEIVED)),
        Step(STEPS[1], new_day, new_day, _delivering(late, new_day + _RECEIVED)),
        Step(
            STEPS[2],
            emptied,
            last_full,
            _delivering(corrections, new_day + _RECEIVED + dt.timedelta(days=1)),
        ),
    )


def emptied_day() -> dt.date:
    """The day that has parcels after the first step and none after the last."""
    return DEFAULT_FIRST_DAY - dt.timedelta(days=1)


def _delivering(files: Sequence[Path], received: dt.date) -> Callable[[Home], None]:
    def bring(home: Home) -> None:
        key = PseudonymKey.demonstration()
        for outcome in deliver(home, files, received_date=received, key=key):
            if outcome.status != "accepted":
                raise WarehouseError(
                    f"a delivery of the comparison was {outcome.status}: {outcome.reason}",
                    where=outcome.file,
                    remedy="mend benchmarks/parity/scenario.py: every file must be accepted",
                )

    return bring


def _early_parcels(folder: Path, files: Sequence[Path], day: dt.date) -> Path:
    """Copies of some parcels under other numbers, arrived on `day`."""
    rows = _read(_file(files, "parcel_manifest", DEFAULT_FIRST_DAY))[:_EMPTIED_PARCELS]
    changed = [
        row | {"house_waybill_number": f"EARLY{number}", "arrived_at": f"{day} 10:00:00"}
        for number, row in enumerate(rows)
    ]
    return _write(folder / "early" / "parcel_manifest_early.csv", changed)


def _corrections(
    folder: Path, files: Sequence[Path], extra: Path, first: dt.date, second: dt.date
) -> list[Path]:
    amended = {"version_number": "2", "record_status": "amended"}
    cancelled = {"version_number": "2", "record_status": "cancelled"}
    moved = amended | {"arrived_at": f"{first} 11:00:00"}
    second_day = _read(_file(files, "parcel_manifest", second))
    first_day = _read(_file(files, "parcel_manifest", first))
    parcels = [
        *(row | moved for row in _read(extra)),
        second_day[0] | moved,
        first_day[-1] | amended | {"declared_value": "1.00"},
        first_day[1] | cancelled,
        second_day[1] | amended | {"declared_value": "3.00"},
        second_day[1] | amended | {"declared_value": "4.00"},
        second_day[2] | amended | {"declared_value": "unreadable"},
        # products beyond 64 bits, up to the largest amount, and one that is no value
        second_day[3] | amended | {"declared_value": "500000.00", "currency_code": "USD"},
        second_day[4] | amended | {"declared_value": "99999999999999", "currency_code": "VND"},
        second_day[5] | amended | {"declared_value": "99999999999999", "currency_code": "USD"},
    ]
    lines = _read(_file(files, "customs_declaration", first))
    lows = _read(_file(files, "low_value_declaration", second))
    return [
        _write(folder / "late" / "parcel_manifest_late.csv", parcels),
        _write(
            folder / "late" / "customs_declaration_late.csv",
            [lines[0] | amended | {"declared_value": "2.00"}, lines[-1] | cancelled],
        ),
        _write(folder / "late" / "low_value_declaration_late.csv", [lows[0] | cancelled]),
    ]


def _file(files: Sequence[Path], source: str, day: dt.date) -> Path:
    (found,) = [file for file in files if file.name.startswith(source) and str(day) in file.name]
    return found


def _read(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _write(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path
