"""Faults of deliveries: broken and repeated rows, versions, back-loading, each with its label.

Add here a fault of rows. Keep out: when and how often (mess_plan.py), and faults of whole files
that need no row (generate.py). Only honest rows are hurt, so that what is planted stays true.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from contracts.base import Contract
from synthetic.arrays import array_of, constant_text
from synthetic.files import (
    FaultLabels,
    FileFormat,
    FileKey,
    Payload,
    Piece,
    contract_columns,
    rendered,
)
from synthetic.mess_plan import DayMess
from synthetic.mixing import Draws, Numbers
from synthetic.text_columns import (
    Column,
    Form,
    Pick,
    Rows,
    column_text,
    csv_lines,
    taken,
    texts,
)

FAULT_COLUMNS = (
    "kind",
    "source",
    "file",
    "line",
    "house_waybill_number",
    "declaration_number",
    "line_number",
    "version_number",
    "reason_code",
)
NONE, BROKEN, REPEATED, IN_TWO_FILES, AMENDED, CANCELLED, OUT_OF_ORDER = range(7)
KINDS = (
    "", "broken_row", "repeated_row", "row_in_two_files", "amendment", "cancellation",
    "out_of_order_version",
)  # fmt: skip
_KIND_TEXTS = texts(KINDS)
_VERSIONS = texts(["1", "2", "3"])
_STATUSES = texts(["original", "amended", "cancelled"])

TOO_FEW, TOO_MANY = "too_few_fields", "too_many_fields"
_FIELDS_LEFT_OUT = 5


@dataclass(frozen=True)
class Break:
    """One way to break a row: the text that stands in a column, and what the door calls it.

    column "": the record as a whole has too few or too many fields. in_csv: raw text, unquoted.
    """

    reason_code: str
    column: str = ""
    in_csv: str = ""
    in_csv_only: bool = False


def breaks(contract: Contract, file_format: FileFormat) -> list[Break]:
    """The ways in which rows of a source are broken; each gives exactly this reason code."""
    day = contract.field(contract.day_field)
    listed = [
        Break("required", contract.key[0], ""),
        Break("not_in_code_list", "record_status", "nháp"),
        Break("too_long", "consignor_country_code", "CHN"),
        Break("below_minimum", "package_count", "-1"),
        Break("integer_format", "package_count", "hai"),
        Break("decimal_format", "declared_value", "12 USD"),
        Break("precision_exceeded", "gross_weight_kg", "1.23456"),
        Break(f"{day.type}_format", day.name, "32/13/2026"),
        Break("nul_byte", "item_description", "a\0b", in_csv_only=True),
        Break("broken_quote", "item_description", 'cỡ 6" đen', in_csv_only=True),
        Break(TOO_FEW, in_csv_only=True),
        Break(TOO_MANY, in_csv_only=True),
    ]
    return [item for item in listed if file_format == "csv" or not item.in_csv_only]


@dataclass(frozen=True)
class Subject:
    """The rows of one slice of one source, and what faults need to know of them.

    seconds: of the day, when each row came into being. amended: given numbers of rows and a
    percentage per row, the columns that an amendment changes.
    """

    source: str
    rows: Rows
    seconds: Numbers
    draws: Draws
    is_honest: Numbers
    amended: Callable[[Numbers, Numbers], dict[str, Column]]


class Mess:
    """The faults of one day in one file format."""

    def __init__(
        self, day: DayMess, contracts: Mapping[str, Contract], file_format: FileFormat
    ) -> None:
        self.day = day
        self.contracts = contracts
        self.format: FileFormat = file_format
        self.breaks = {
            source: breaks(contracts[source], file_format)
            for source in day.received
            if contracts[source].version_field
        }
        self._reasons = {
            source: texts(item.reason_code for item in listed)
            for source, listed in self.breaks.items()
        }
        settings = day.parameters
        shares = (
            settings.broken_rows, settings.repeated_rows, settings.rows_in_two_files,
            settings.amended_rows, settings.cancelled_rows, settings.out_of_order_rows,
        )  # fmt: skip
        self._limits = (np.cumsum(shares).astype(np.uint64) << np.uint64(32)) // np.uint64(10**6)

    def daily(self, source: str) -> FileKey:
        """The file of a source that comes every day."""
        return FileKey(source, "", self.day.received[source], self.day.kinds[source])

    def pieces(self, subject: Subject) -> list[Piece]:
        """The rows, each in the files that it reaches, in row order within every file."""
        kind = 1 + np.searchsorted(self._limits, subject.draws.of("mess"), side="right")
        kind = np.where(subject.is_honest & (kind < len(KINDS)), kind, NONE)
        made: list[Piece] = []
        for key, chosen in self._routes(subject):
            numbers = np.flatnonzero(chosen)
            if len(numbers):
                made += self._first_versions(subject, key, numbers, kind[numbers])
        made += self._later_versions(subject, kind)
        return made

    def _routes(self, subject: Subject) -> list[tuple[FileKey, Numbers]]:
        """The day's file, and where the outage holds rows back the files of the back-load."""
        key = self.daily(subject.source)
        if self.day.outage is None:
            return [(key, np.ones(subject.rows.count, dtype=bool))]
        start, end = self.day.outage
        waits = (subject.seconds >= start) & (subject.seconds < end)
        batch = subject.draws.below("mess_batch", len(self.day.back_loads))
        return [
            (key, ~waits),
            *(
                (
                    FileKey(subject.source, f"_back_load_{number + 1}", date, "back_load"),
                    waits & (batch == number),
                )
                for number, date in enumerate(self.day.back_loads)
            ),
        ]

    def _first_versions(
        self, subject: Subject, key: FileKey, numbers: Numbers, kind: Numbers
    ) -> list[Piece]:
        rows = taken(subject.rows, numbers)
        is_broken = kind == BROKEN
        how = Draws(subject.draws.keys[numbers]).below(
            "mess_kind", len(self.breaks[subject.source])
        )
        payload = self._broken(subject.source, rows, np.where(is_broken, how, -1))
        broken, repeated = np.flatnonzero(is_broken), np.flatnonzero(kind == REPEATED)
        reasons = self._reasons[subject.source]
        made = [
            Piece(
                key,
                payload,
                quarantined=len(broken),
                labels=(
                    self._labels(
                        subject.source, rows, broken, kind, {"reason_code": (Pick(reasons, how),)}
                    ),
                ),
            )
        ]
        if len(repeated):
            again = taken(rows, repeated)
            labels = self._labels(
                subject.source, again, np.arange(len(repeated)), kind[repeated], {}
            )
            made.append(
                Piece(
                    key,
                    rendered(again, self.contracts[subject.source], self.format, typed=False),
                    duplicates=len(repeated),
                    at_end=True,
                    labels=(labels,),
                )
            )
        return made

    def _later_versions(self, subject: Subject, kind: Numbers) -> list[Piece]:
        """Amendments, cancellations and rows sent again; version 2 after version 3."""
        settings = self.day.parameters
        made = []
        for suffix, date, chosen, version in (
            ("_amendments", self.day.amendments, kind >= IN_TWO_FILES, None),
            ("_late_versions", self.day.late_versions, kind == OUT_OF_ORDER, 2),
        ):
            numbers = np.flatnonzero(chosen)
            if not len(numbers):
                continue
            what = kind[numbers]
            versions = np.choose(what - IN_TWO_FILES, (1, 2, 2, version or 3))
            is_new_value = (what == AMENDED) | (what == OUT_OF_ORDER)
            percent = np.where(is_new_value, settings.amended_value_percent, 100)
            percent = np.where(versions == 3, settings.late_value_percent, percent)
            status = np.where(is_new_value, 1, np.where(what == CANCELLED, 2, 0))
            rows = taken(subject.rows, numbers)
            rows = Rows(
                {
                    **rows.columns,
                    **subject.amended(numbers, percent),
                    "version_number": (Pick(_VERSIONS, (versions - 1).astype(np.int32)),),
                    "record_status": (Pick(_STATUSES, status.astype(np.int32)),),
                },
                len(numbers),
            )
            key = FileKey(subject.source, suffix, date, suffix.strip("_"))
            payload = rendered(rows, self.contracts[subject.source], self.format, typed=False)
            labels = self._labels(subject.source, rows, np.arange(len(numbers)), what, {})
            made.append(Piece(key, payload, labels=(labels,)))
        return made

    def _labels(
        self, source: str, rows: Rows, numbers: Numbers, kind: Numbers, more: dict[str, Column]
    ) -> FaultLabels:
        identifying = (*self.contracts[source].key, "version_number")
        columns = {name: rows.columns[name] for name in identifying}
        columns |= {"kind": (Pick(_KIND_TEXTS, kind.astype(np.int32)),), **more}
        chosen = taken(Rows(columns, rows.count), numbers)
        return FaultLabels(numbers, Rows({**chosen.columns, "source": (source,)}, len(numbers)))

    def _broken(self, source: str, rows: Rows, how: Numbers) -> Payload:
        """The rows with some broken; how: number of the break per row, or -1."""
        form: Form = "csv" if self.format == "csv" else "plain"
        columns = dict(rows.columns)
        whole: list[tuple[str, Numbers]] = []
        for number, item in enumerate(self.breaks[source]):
            hit = how == number
            if not hit.any():
                continue
            if not item.column:
                whole.append((item.reason_code, hit))
                continue
            column = columns.get(item.column, ("",))
            text = column_text(column, rows.count, form)
            columns[item.column] = (pc.if_else(array_of(hit), constant_text(item.in_csv), text),)
        changed = Rows(columns, rows.count)
        payload = rendered(changed, self.contracts[source], self.format, typed=False)
        names = contract_columns(self.contracts[source])
        for reason_code, hit in whole:
            few = reason_code == TOO_FEW
            kept = names[:-_FIELDS_LEFT_OUT] if few else (*names, "one_more")
            hurt = taken(changed, np.flatnonzero(hit))
            records = csv_lines(Rows({**hurt.columns, "one_more": ("x",)}, hurt.count), kept)
            payload = pc.replace_with_mask(payload, array_of(hit), records)
        return payload
