"""`generate`: write the deliveries of some days, and apart from them the truth about what was
planted.

Add here a file of the delivery set. Keep out: what the rows look like (parcel_rows.py,
declarations.py), how many there are (plan.py), which faults rows have (mess.py), and the delivery
itself (ingest reads these files like anybody's).

Determinism: rows are pure functions of (seed, day, row number). A day is cut into slices; threads
make slices in any order, one writer appends them in order. Memory stays that of a few slices
whatever the day's size.
"""

import datetime as dt
import os
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

from contracts.catalogue import CONTRACTS
from foundation.errors import UsageError
from synthetic.arrays import strings
from synthetic.files import DayFiles, DeliveryTruth, FileFormat, TextFile
from synthetic.listings import PROMOTION_LABELS, count_of
from synthetic.mess import FAULT_COLUMNS, Mess
from synthetic.mess_plan import MessParameters, day_mess
from synthetic.parameters import (
    DEFAULT_FIRST_DAY,
    DEFAULT_SEED,
    DocumentedNumber,
    SyntheticParameters,
    documented,
)
from synthetic.parcel_rows import DayTexts
from synthetic.parcels import Day
from synthetic.plan import plan_day
from synthetic.reference_files import StateFile, state_files
from synthetic.slices import DAILY_SOURCES, KNOWN_LATER, DayWork, Made
from synthetic.text_columns import Rows, csv_lines, csv_record
from synthetic.truth import LABEL_COLUMNS

__all__ = ["DEFAULT_FIRST_DAY", "DEFAULT_SEED", "GeneratedFile", "GenerationReport", "generate"]

Progress = Callable[[str, int, int], None]

SLICE_ROWS = 32_768
MOST_PARCELS = 40_000_000  # of one day: declaration numbers have room for as many
_KNOWN_AFTER = dt.timedelta(days=4)  # the last inspection result of a day
_TRUTH_README = """This data set is synthetic. No row describes a real person, firm or parcel.

planted_typologies.csv says which rows the generator made suspicious on purpose, one row per
parcel or declaration line: day, source, its number, the typology and its variant, the cluster it
belongs to, what was done, and the true value where the declared one was lowered. Honest rows also
trigger red flags (second parcels, households, missing ids, vague names, lawful promotions): they
are not listed here.
planted_promotions.csv says which listings showed an unlawful promotion, one row per sight: a list
price raised before the discount, a discount deeper than the law allows, or one that lasts longer;
with the usual price, which is the price before. Lawful promotions are not listed.
deliveries.csv says what a delivery desk should make of every file, in the order of receipt.
delivery_faults.csv (only with --mess) says which rows were broken, repeated, amended, cancelled or
sent in the wrong order, with file, line and the reason code that the desk should give.
parameters.csv lists every number behind the flow with its grade and source; OWN means that no
source supports it.

None of this is a delivery: never load it into a warehouse whose scores it shall judge.
"""


@dataclass(frozen=True)
class GeneratedFile:
    """One file of the set; path relative to the output folder; rows without the header."""

    path: str
    source: str
    rows: int


@dataclass(frozen=True)
class GenerationReport:
    """What was written; planted = labelled rows per typology over all days.

    deliveries: what the delivery desk should make of every file, in the order of receipt.
    """

    out: Path
    seed: int
    first_day: dt.date
    days: int
    files: tuple[GeneratedFile, ...]
    planted: tuple[tuple[str, int], ...]
    deliveries: tuple[DeliveryTruth, ...]

    @property
    def rows(self) -> int:
        """Rows of all deliveries, truth apart."""
        return sum(file.rows for file in self.files if file.source != "truth")


def generate(
    out: Path,
    *,
    first_day: dt.date = DEFAULT_FIRST_DAY,
    days: int,
    parcels_per_day: int,
    seed: int = DEFAULT_SEED,
    on_progress: Progress | None = None,
    parameters: SyntheticParameters | None = None,
    threads: int | None = None,
    file_format: FileFormat = "csv",
    mess: bool = False,
) -> GenerationReport:
    """Write `days` daily file sets and the state files into `out`, the truth into out/truth.

    Same arguments, same bytes, whatever `threads` (default: the processors of this process).
    mess: deliveries as they come in the real world, in folders named by day of receipt.
    Files of the same name are replaced. on_progress(step, done, total) is called after every
    slice. Raises UsageError for counts below one or above MOST_PARCELS a day.
    """
    settings, faults = parameters or SyntheticParameters(), MessParameters()
    most = parcels_per_day * (faults.busy_day_factor if mess else 1)
    if days < 1 or parcels_per_day < 1 or most > MOST_PARCELS:
        raise UsageError(
            "cannot generate that many: days and parcels per day must be at least 1, the largest "
            f"day at most {MOST_PARCELS:,} parcels",
            where=f"days={days}, parcels_per_day={parcels_per_day}, largest day {most:,}",
            remedy="ask for another number of parcels",
        )
    run = _Run(out, first_day, days, parcels_per_day, seed, settings, file_format)
    run.report_progress = on_progress or run.report_progress
    workers = threads or len(os.sched_getaffinity(0))
    with ThreadPoolExecutor(workers) as pool:
        run.pool, run.window = (pool, workers + 1) if workers > 1 else (None, 1)
        return run.write(faults if mess else None)


class _Run:
    """One call of `generate`."""

    def __init__(
        self, out: Path, first_day: dt.date, days: int, parcels: int, seed: int,
        settings: SyntheticParameters, file_format: FileFormat,
    ) -> None:  # fmt: skip
        self.out, self.first_day, self.days, self.parcels = out, first_day, days, parcels
        self.seed, self.settings = seed, settings
        self.format: FileFormat = file_format
        self.pool: ThreadPoolExecutor | None = None
        self.window = 1
        self.report_progress: Progress = lambda step, done, total: None
        self.deliveries: list[DeliveryTruth] = []
        # What each day adds rows to; only sets without faults have such files.
        self.shared = DayFiles(
            out, None, CONTRACTS, file_format=file_format, typed=True, received=self._known()
        )
        self.planted: Counter[str] = Counter()

    def write(self, faults: MessParameters | None) -> GenerationReport:
        truth = self.out / "truth"
        truth.mkdir(parents=True, exist_ok=True)
        (truth / "README.txt").write_text(_TRUTH_README, encoding="utf-8")
        labels = TextFile(truth / "planted_typologies.csv", LABEL_COLUMNS)
        promotions = TextFile(truth / "planted_promotions.csv", PROMOTION_LABELS)
        told = [labels, promotions]
        fault_labels, fault_file = None, truth / "delivery_faults.csv"
        fault_file.unlink(missing_ok=True)  # of an earlier set in the same folder
        if faults is not None:
            fault_labels = TextFile(fault_file, FAULT_COLUMNS)
            told.append(fault_labels)
        for day_index in range(self.days):
            for faulty in self._day(day_index, faults, labels, promotions):
                if fault_labels is not None:
                    fault_labels.append(csv_lines(faulty, FAULT_COLUMNS))
        if faults is None:
            self.deliveries += [told for _, told, _ in self.shared.close()]
        for file in state_files(
            self.settings, seed=self.seed, first_day=self.first_day, days=self.days,
            by_receipt=faults is not None,
        ):  # fmt: skip
            self._state_file(file)
        self.deliveries.sort(key=lambda item: (item.received_date, item.file))
        told.append(_table(truth / "deliveries.csv", DeliveryTruth, self.deliveries))
        numbers = [*documented(self.settings), *(documented(faults, "mess.") if faults else ())]
        told.append(_table(truth / "parameters.csv", DocumentedNumber, numbers))
        for table in told:
            table.close()
        files = [
            *(GeneratedFile(item.file, item.source, item.rows_in) for item in self.deliveries),
            *(GeneratedFile(f"truth/{table.path.name}", "truth", table.rows) for table in told),
        ]
        return GenerationReport(
            out=self.out,
            seed=self.seed,
            first_day=self.first_day,
            days=self.days,
            files=tuple(files),
            planted=tuple(sorted(self.planted.items())),
            deliveries=tuple(self.deliveries),
        )

    def _day(
        self, day_index: int, faults: MessParameters | None, labels: TextFile, promotions: TextFile
    ) -> list[Rows]:
        """Write one day; the labels of its faulty rows."""
        wrong = None
        if faults is not None:
            wrong = day_mess(faults, first_day=self.first_day, days=self.days, day_index=day_index)
        plan = plan_day(
            self.settings, seed=self.seed, first_day=self.first_day, days=self.days,
            day_index=day_index, parcels=self.parcels, factor=wrong.factor if wrong else 1,
        )  # fmt: skip
        day = Day(plan, self.settings)
        work = DayWork(
            day=day,
            lists=DayTexts(day),
            contracts=CONTRACTS,
            file_format=self.format,
            mess=Mess(wrong, CONTRACTS, self.format) if wrong else None,
        )
        files = DayFiles(
            self.out, plan.day, CONTRACTS, file_format=self.format, typed=wrong is None,
            received=self._known(),
        )  # fmt: skip
        for source in DAILY_SOURCES:
            if wrong is not None or source not in KNOWN_LATER:
                files.open(work.key(source))
        step = f"parcels {plan.day.isoformat()}"
        for made, done in self._in_order(work.parcels, plan.parcels):
            self._take(made, files, labels)
            self.report_progress(step, done, plan.parcels)
        for made, _ in self._in_order(work.lines, plan.lines):
            self._take(made, files, labels)
        for made, _ in self._in_order(work.listings, count_of(day)):
            self._take(made, files, promotions)
        faulty: list[Rows] = []
        for key, told, rows in files.close():
            self.deliveries.append(told)
            faulty += rows
            if wrong and not key.suffix and key.source in wrong.sent_again:
                date = wrong.sent_again[key.source]
                self.deliveries.append(files.again(told, "_sent_again", date))
        return faulty

    def _take(self, made: Made, files: DayFiles, labels: TextFile) -> None:
        for piece in made.pieces:
            (files if piece.key.day is None else self.shared).write(piece)
        labels.append(made.truth)
        self.planted.update(made.planted)

    def _known(self) -> dt.date:
        """When everything about the days is known: the day of receipt of a set without faults."""
        return self.first_day + dt.timedelta(days=self.days - 1) + _KNOWN_AFTER

    def _in_order(self, make: Callable[[int, int], Made], rows: int) -> Iterator[tuple[Made, int]]:
        """Slices in order, with the number of rows done; a few are made ahead."""
        ranges = deque(
            (start, min(start + SLICE_ROWS, rows)) for start in range(0, rows, SLICE_ROWS)
        )
        if self.pool is None:
            for start, stop in ranges:
                yield make(start, stop), stop
            return
        running: deque[tuple[Future[Made], int]] = deque()
        while ranges or running:
            while ranges and len(running) < self.window:
                start, stop = ranges.popleft()
                running.append((self.pool.submit(make, start, stop), stop))
            made, stop = running.popleft()
            yield made.result(), stop

    def _state_file(self, file: StateFile) -> None:
        received = file.received or self._known()
        folder = f"received_{received.isoformat()}/" if file.received else ""
        name = f"{folder}{file.name}.csv"
        path = self.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        columns = tuple(item.name for item in CONTRACTS[file.source].fields)
        records = (csv_record(map(_shown, row)) for row in file.rows)
        path.write_text(csv_record(columns) + "".join(records), encoding="utf-8")
        count = len(file.rows)
        self.deliveries.append(
            DeliveryTruth(received, name, file.source, "state", "accepted", count, count, 0, 0)
        )


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _table(path: Path, kind: type, rows: Sequence[Any]) -> TextFile:
    file = TextFile(path, [item.name for item in fields(kind)])
    records = [csv_record(map(str, astuple(row))) for row in rows]
    file.append(strings(records))
    return file
