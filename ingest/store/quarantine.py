"""Why rows were set aside: counts, rows and a spreadsheet for the sender, read from quarantine/.

What stands is what counts: a discarded delivery, and the rows a later replay replaced, are left
out. Texts were masked when they were set aside; this module shows nothing that is not there.
Add here a question about quarantined rows. Keep out: setting rows aside (landing.py), replaying
them (replay.py) and how an answer is printed (cli/quarantine.py).
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from ingest.readers.base import literal
from ingest.reasons import sentence
from ingest.remedies import remedy
from ledger.chain import Ledger
from ledger.entries import Entry, standing_deliveries

_SHA256_BEGINNING = re.compile(r"[0-9a-f]{6,64}")
# RE2 classes of characters that steer a screen; foundation.visible has the same in Python.
_STEERING = r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]"

EXPORT_TITLES: Mapping[str, str] = {
    "file": "Tệp | File",
    "source": "Loại dữ liệu | Source",
    "received_date": "Ngày nhận | Received",
    "line": "Dòng | Line",
    "column_name": "Cột | Column",
    "reason_code": "Mã lý do | Reason code",
    "reason_vi": "Lý do",
    "reason_en": "Reason",
    "remedy_vi": "Cần làm",
    "remedy_en": "What to do",
    "raw_text": "Giá trị (đã che nếu là dữ liệu cá nhân) | Value (masked where personal)",
}


@dataclass(frozen=True)
class Selection:
    """Which quarantined rows are asked for; None asks for all. Days are days of receipt, inclusive.

    delivery: a sha256 or its first six or more digits.
    """

    sender: str | None = None
    source: str | None = None
    reason: str | None = None
    from_day: dt.date | None = None
    to_day: dt.date | None = None
    delivery: str | None = None

    def takes(self, body: Mapping[str, Any]) -> bool:
        """Whether a delivery entry is asked for, its rows' reasons aside."""
        day = dt.date.fromisoformat(body["received_date"])
        return (
            self.sender in (None, body["sender"])
            and self.source in (None, body["source"])
            and (self.from_day is None or self.from_day <= day)
            and (self.to_day is None or day <= self.to_day)
            and str(body["sha256"]).startswith(self.delivery or "")
        )


@dataclass(frozen=True)
class Violations:
    """What was found. rows: records concerned; a record may break several rules.

    shown: dicts of seq, sender, source, sha256, file, received_date, line, column_name (None: the
    whole record), reason_code, raw_text, reason_vi, reason_en, remedy_vi, remedy_en.
    """

    rows: int
    violations: int
    shown: list[dict[str, Any]]


def counts(home: Home, selection: Selection) -> list[dict[str, Any]]:
    """One dict per sender, source, reason and delivery: these, rows, violations, both sentences."""
    with _chosen(home, selection) as connection:
        return _dicts(
            connection,
            """
            select sender, source, reason_code, received_date, file, sha256,
                count(distinct line) as "rows", count(*) as violations,
                any_value(reason_vi) as reason_vi, any_value(reason_en) as reason_en
            from chosen
            group by all
            order by sender, source, "rows" desc, reason_code, received_date, sha256
            """,
        )


def refused_files(home: Home, selection: Selection) -> list[dict[str, Any]]:
    """Files refused whole that were not accepted since: dicts, latest first.

    Keys: sender, source, reason_code, received_date, file, sha256, detail, both sentences.
    """
    entries = Ledger(home.ledger).entries()
    standing = {item.body["sha256"] for item in standing_deliveries(entries)}
    latest = {
        (entry.body["sha256"], entry.body["source"]): _refused(entry)
        for entry in entries
        if entry.kind == "delivery"
        and entry.body["status"] == "refused"
        and entry.body["sha256"] not in standing
        and selection.takes(entry.body)
    }
    return [
        file
        for file in reversed(latest.values())
        if selection.reason in (None, file["reason_code"])
    ]


def _refused(entry: Entry) -> dict[str, Any]:
    code, _, detail = str(entry.body["reason"]).partition(": ")
    vi, en = sentence(code)
    return {
        **{name: entry.body[name] for name in ("sender", "source")},
        "reason_code": code,
        "received_date": dt.date.fromisoformat(entry.body["received_date"]),
        "file": entry.body["file"],
        "sha256": entry.body["sha256"],
        "detail": detail,
        "reason_vi": vi,
        "reason_en": en,
    }


def violations(home: Home, selection: Selection, limit: int | None = None) -> Violations:
    """The violations asked for, in file order; `limit` cuts what is shown, never the counts.

    Raises UsageError when `selection.delivery` names no standing delivery with quarantined rows.
    """
    with _chosen(home, selection) as connection:
        ((rows, total),) = connection.execute(
            "select count(distinct (seq, line)), count(*) from chosen"
        ).fetchall()
        cut = "" if limit is None else f"limit {int(limit)}"
        shown = _dicts(
            connection, f"select * from chosen order by seq, line, column_name nulls first {cut}"
        )
    return Violations(rows, total, shown)


def export(home: Home, selection: Selection, target: Path) -> int:
    """Write the violations asked for to a .csv or .xlsx for the sender; returns how many.

    No text in it can act in a spreadsheet program (foundation/spreadsheet.py) or steer a screen.
    UsageError when there is nothing to export or the file type is another one.
    """
    from foundation.spreadsheet import write_spreadsheet

    columns = ", ".join(
        f"{_visible_sql(name)} as {name}" if name in ("file", "column_name", "raw_text") else name
        for name in EXPORT_TITLES
    )
    with _chosen(home, selection) as connection:
        table = connection.execute(
            f"select {columns} from chosen order by seq, line, column_name nulls first"
        ).to_arrow_table()
    if not table.num_rows:
        raise UsageError(
            "no quarantined row matches",
            where=str(target),
            remedy="see `import-risk quarantine list`; nothing was written",
        )
    write_spreadsheet(table, target, EXPORT_TITLES)
    return int(table.num_rows)


def delivery_named(home: Home, beginning: str, source: str | None = None) -> list[Entry]:
    """The standing deliveries whose sha256 begins so: one file, an entry per source it yielded.

    UsageError when there is none, when it names several files, or when it is no sha256.
    """
    if not _SHA256_BEGINNING.fullmatch(beginning):
        raise _unknown(beginning, "is not a sha256 or its first six or more digits")
    entries = Ledger(home.ledger).entries()
    found = [
        entry
        for entry in standing_deliveries(entries)
        if entry.body["sha256"].startswith(beginning) and source in (None, entry.body["source"])
    ]
    if len({entry.body["sha256"] for entry in found}) > 1:
        raise _unknown(beginning, "begins the sha256 of several deliveries: give more digits")
    if found:
        return found
    refused = [
        entry
        for entry in entries
        if entry.kind == "delivery" and str(entry.body["sha256"]).startswith(beginning)
    ]
    if refused:
        body = refused[-1].body
        raise _unknown(beginning, f"is no delivery that counts today; last {body['status']}: "
                       f"{body['reason'] or 'discarded since'}")  # fmt: skip
    raise _unknown(beginning, "begins no sha256 of a delivery")


def sha256_named(home: Home, beginning: str) -> str:
    """The one sha256, of any delivery that ever came, that begins so; else UsageError."""
    if not _SHA256_BEGINNING.fullmatch(beginning):
        raise _unknown(beginning, "is not a sha256 or its first six or more digits")
    found = {
        str(entry.body["sha256"])
        for entry in Ledger(home.ledger).entries()
        if entry.kind == "delivery" and str(entry.body["sha256"]).startswith(beginning)
    }
    if len(found) != 1:
        what = "begins the sha256 of several deliveries" if found else "begins no sha256"
        raise _unknown(beginning, what)
    return found.pop()


def standing_of(home: Home, sha256: str) -> dict[str, dict[str, Any]]:
    """Source -> {sender, rows_in, accepted, quarantined, duplicates, reasons: {code: rows}}.

    Of one file as it counts now; empty when it was refused or discarded. A replay is told by
    comparing what it was with what it is.
    """
    names = ("sender", "rows_in", "accepted", "quarantined", "duplicates")
    standing = {
        str(entry.body["source"]): {**{name: entry.body[name] for name in names}, "reasons": {}}
        for entry in Ledger(home.ledger).deliveries()
        if entry.body["sha256"] == sha256
    }
    if standing:
        for row in counts(home, Selection(delivery=sha256)):
            standing[row["source"]]["reasons"][row["reason_code"]] = row["rows"]
    return standing


def _unknown(beginning: str, what: str) -> UsageError:
    return UsageError(
        f"{beginning!r} {what}",
        where="DELIVERY",
        remedy="take the sha256 from `import-risk quarantine list --json`",
    )


@contextmanager
def _chosen(home: Home, selection: Selection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the view `chosen`: one row per violation, as Violations.shown."""
    if selection.delivery is not None:
        delivery_named(home, selection.delivery, selection.source)
    reason, files = selection.reason, list[dict[str, Any]]()
    for entry in Ledger(home.ledger).deliveries():
        body = entry.body
        if body["quarantine_file"] is None or not selection.takes(body):
            continue
        path = home.root / body["quarantine_file"]
        if not path.is_file():
            raise WarehouseError(
                "a quarantine file is missing",
                where=str(path),
                remedy="restore it from the backup; the rows it lists stay in inputs/",
            )
        files.append({"seq": entry.seq, "path": str(path), **_named(body)})
    with duckdb.connect() as connection:
        connection.register("files", pa.Table.from_pylist(files, schema=_FILES))
        connection.execute(f"create temp table kept as {_kept(files)}")
        reasons = connection.execute("select distinct reason_code from kept").fetchall()
        connection.register("reasons", _reasons([code for (code,) in reasons]))
        asked = "true" if reason is None else f"reason_code = {literal(reason)}"
        connection.execute(
            f"""
            create temp view chosen as
            select seq, sender, files.source, files.sha256, file, received_date, line, column_name,
                reason_code, raw_text, reason_vi, reason_en, remedy_vi, remedy_en
            from kept join files using (path) join reasons using (reason_code)
            where {asked}
            """
        )
        yield connection


_FILES = pa.schema(
    [
        ("seq", pa.int64()), ("path", pa.string()), ("sender", pa.string()),
        ("source", pa.string()), ("sha256", pa.string()), ("file", pa.string()),
        ("received_date", pa.date32()),
    ]
)  # fmt: skip


def _named(body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: body[name] for name in ("sender", "source", "sha256", "file")},
        "received_date": dt.date.fromisoformat(body["received_date"]),
    }


def _kept(files: list[dict[str, Any]]) -> str:
    """SQL of the violations in these files, with the `path` each came from."""
    columns = "line, column_name, reason_code, raw_text"
    if not files:
        return (
            "select ''::varchar as path, 0::bigint as line, ''::varchar as column_name, "
            "''::varchar as reason_code, ''::varchar as raw_text where false"
        )
    listed = ", ".join(literal(file["path"]) for file in files)
    return (
        f"select filename as path, {columns} "
        f"from read_parquet([{listed}], hive_partitioning=false, filename=true)"
    )


def _reasons(codes: list[str]) -> pa.Table:
    """reason_code, reason_vi, reason_en, remedy_vi, remedy_en of each code."""
    texts = [(*sentence(code), *remedy(code)) for code in codes]
    names = ("reason_vi", "reason_en", "remedy_vi", "remedy_en")
    return pa.table(
        {"reason_code": pa.array(codes, pa.string())}
        | {
            name: pa.array([text[place] for text in texts], pa.string())
            for place, name in enumerate(names)
        }
    )


def _visible_sql(column: str) -> str:
    """SQL of a text with steering characters as \\uXXXX."""
    return (
        f"case when regexp_matches({column}, '{_STEERING}') then list_aggregate("
        f"list_transform(regexp_extract_all({column}, '(?s).'), lambda letter: "
        f"case when regexp_matches(letter, '{_STEERING}') "
        "then '\\u' || lpad(lower(hex(unicode(letter))), 4, '0') else letter end), "
        f"'string_agg', '') else {column} end"
    )


def _dicts(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    return connection.execute(sql).to_arrow_table().to_pylist()
