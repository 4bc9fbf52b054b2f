"""What a reader hands on, and how a delivery ends: rows read, rows rejected, files refused.

Add here a status or a count that every delivery must report. Keep out: how values are typed
(conform.py) and where rows come to rest (landing.py).
"""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any, Literal

# A reader's warning that a file may have lost its end; a manifest can disprove it.
CUT_WARNING = "no_final_newline"
Status = Literal["accepted", "refused", "duplicate"]

# Conditions over delivered rows.
ALL, NONE = "true", "false"


@dataclass(frozen=True)
class ReadOutcome:
    """Rows of one file inside the reader's DuckDB connection.

    rows: name of a view or table with `_src_line` BIGINT, `_extra` VARCHAR (JSON or null) and every
    field of the contract as VARCHAR (null when the file has no such column), in file order.
    rejected: name of a table (line BIGINT, column_name VARCHAR, reason_code VARCHAR,
    raw_text VARCHAR) of records that could not be split into fields. warnings: for the sender.
    header: the file's column names in order, () for formats without columns (XML).
    encoding: the character encoding that was used; "" for formats that bring their own.
    may_hide_characters: whether a text can hold a control or invisible character; None: unknown.
    tidy: condition over `rows` that holds where no text has anything that cleaning changes: ALL,
    NONE (when that is not known of any), or one that tells for each row.
    """

    rows: str
    rejected: str
    warnings: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    encoding: str = ""
    may_hide_characters: bool | None = None
    tidy: str = NONE


class FileRefused(Exception):
    """The file as a whole cannot be trusted; it is kept, and loads nothing.

    reason_code: snake_case, stable. detail: what is wrong and where, without personal data.
    """

    def __init__(self, reason_code: str, detail: str) -> None:
        super().__init__(f"{reason_code}: {detail}")
        self.reason_code = reason_code
        self.detail = detail


@dataclass(frozen=True)
class DeliveryOutcome:
    """The fate of one file for one source; rows_in = accepted + quarantined + duplicates."""

    file: str
    source: str
    sha256: str
    status: Status
    rows_in: int
    accepted: int
    quarantined: int
    duplicates: int
    reason: str | None
    sender: str | None = None
    received_date: dt.date | None = None
    day_min: dt.date | None = None
    day_max: dt.date | None = None
    warnings: tuple[str, ...] = ()
    encoding: str | None = None

    def to_json(self) -> dict[str, Any]:
        """JSON-ready, dates as ISO text."""
        document = asdict(self)
        for name in ("received_date", "day_min", "day_max"):
            value = document[name]
            document[name] = None if value is None else value.isoformat()
        document["warnings"] = list(self.warnings)
        return document
