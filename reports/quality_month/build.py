"""The data quality report of a month: gates, senders, rows set aside, statements that differ.

Defines: `build`. Add here a table from a mart of quality. Keep out: texts of senders and single
records (the quality page of a run shows them, inside the house), and judging.
"""

from collections.abc import Sequence
from typing import Any

from contracts.catalogue import CONTRACTS
from contracts.facts import Words
from foundation.errors import UsageError
from reports.impact.control import plain_control
from reports.impact.model import (
    Cell,
    Chart,
    Column,
    Measure,
    Report,
    Section,
    Sentence,
    Status,
    Table,
)
from reports.impact.sections import parts
from reports.impact.source import Source
from reports.quality_month.gates import Gates, gates
from reports.quality_page.evidence import RunEvidence

_MOST_ROWS = 25
_DELIVERIES = "quality.fct_delivery_outcomes"
_OF_MONTH = "received_date between $month and last_day($month::date)"
_SUMS = """
    count(*) as files, count(*) filter (where status = 'refused') as refused,
    count(*) filter (where status = 'duplicate') as duplicates,
    coalesce(sum(rows_in) filter (where status <> 'duplicate'), 0)::bigint as rows_in,
    coalesce(sum(rows_quarantined) filter (where status <> 'duplicate'), 0)::bigint as set_aside,
    (100.0 * sum(rows_quarantined) filter (where status <> 'duplicate')
        / nullif(sum(rows_in) filter (where status <> 'duplicate'), 0))::decimal(9, 4) as share,
    max(received_date) as last_day
"""
_TOTAL = f"""
select {_SUMS}, (
    select count(distinct day) from quality.fct_reconciliation
    where day between $month and last_day($month::date)
) as days
from {_DELIVERIES} where {_OF_MONTH}
"""
_SENDERS = f"""
select sender, source_name, {_SUMS} from {_DELIVERIES} where {_OF_MONTH}
group by sender, source_name
order by set_aside desc, refused desc, sender, source_name
limit {_MOST_ROWS}
"""
_BY_SENDER = f"""
select sender, {_SUMS} from {_DELIVERIES} where {_OF_MONTH}
group by sender order by set_aside desc, sender limit 12
"""
_REASONS = f"""
with files as (
    select distinct source_name, source_sha256, sender from {_DELIVERIES}
    where {_OF_MONTH} and status <> 'duplicate'
)
select files.sender, source_name, reasons.column_name, reasons.reason_code,
    sum(reasons.row_count)::bigint as row_count, count(*) as files
from quality.fct_quarantine_reasons as reasons
inner join files using (source_name, source_sha256)
group by all
order by row_count desc, files.sender, source_name, column_name, reason_code
limit {_MOST_ROWS}
"""
_REFUSALS = f"""
select sender, source_name, reason, count(*) as files from {_DELIVERIES}
where {_OF_MONTH} and status = 'refused'
group by all order by files desc, sender, source_name, reason limit {_MOST_ROWS}
"""
_CONFLICTS = f"""
select source_name, conflict_kind, resolution, count(*) as pairs,
    count(distinct record_key) as records
from quality.fct_record_conflicts
where day between $month and last_day($month::date)
group by all order by pairs desc, source_name, conflict_kind, resolution limit {_MOST_ROWS}
"""
_ACCOUNTED = (
    "raw_rows", "superseded_rows", "set_aside_rows", "waiting_rows", "describing_rows",
    "consignments",
)  # fmt: skip
_RECONCILED = f"""
select source_name, {", ".join(f"sum({name})::bigint as {name}" for name in _ACCOUNTED)}
from quality.fct_reconciliation
where day between $month and last_day($month::date)
group by source_name order by source_name
"""
_SENDER = Words("Bên gửi", "Sender")
_SOURCE = Words("Nguồn", "Source")
_FILES = Words("Tệp", "Files")
_REFUSED = Words("Từ chối", "Refused")
_ROWS_IN = Words("Dòng nhận", "Rows received")
_SET_ASIDE = Words("Dòng cách ly", "Rows set aside")
_SHARE = Words("Tỷ lệ cách ly", "Share set aside")
_NO_FILE = Words("Không có tệp nào trong tháng.", "No file in the month.")


def build(source: Source, status: Status, runs: Sequence[RunEvidence]) -> Report:
    """The report of `source.month`. runs: the evidence of those over its days, oldest first.

    Raises UsageError when nothing was delivered in the month and nothing ran over its days.
    """
    total = source.row(_TOTAL)
    assert total is not None, "a sum is one row"
    if not total["files"] and not runs:
        raise UsageError(
            f"nothing was delivered in {source.month:%Y-%m}, and nothing ran over its days",
            where=source.release_id,
            remedy="choose a month with deliveries",
        )
    judged = gates(runs)
    sections = (
        judged.section,
        Section(2, Words("Bên gửi", "Senders"), (*_by_sender(source), _senders(source))),
        Section(3, Words("Tệp bị từ chối và dòng cách ly", "Refused files, rows set aside"),
                (_refusals(source), _reasons(source))),
        Section(4, Words("Các bên nói khác nhau", "Statements that differ"), (_conflicts(source),)),
        Section(5, Words("Từ dòng gốc đến lô hàng", "From raw rows to consignments"),
                (_reconciled(source),)),
        _methods(),
    )  # fmt: skip
    return Report(
        source.month, "internal", status,
        plain_control(source, status, data_to=total["last_day"], days_covered=total["days"]),
        _headlines(total, judged), sections,
        kind="quality", measures=_measures(total, judged),
    )  # fmt: skip


def _headlines(total: dict[str, Any], judged: Gates) -> tuple[Sentence, ...]:
    return (
        Sentence(
            Words(
                "{runs} lần chạy qua các ngày của tháng; {refused} lần bị cửa kiểm soát từ chối.",
                "{runs} runs over the days of the month; {refused} refused by a gate.",
            ),
            {"runs": parts.count(judged.runs), "refused": parts.count(judged.refused)},
        ),
        Sentence(
            Words(
                "{files} tệp nhận trong tháng, {refused} tệp bị từ chối; {rows} dòng, {aside} dòng "
                "cách ly ({share} %).",
                "{files} files received in the month, {refused} refused; {rows} rows, {aside} set "
                "aside ({share} %).",
            ),
            {
                "files": parts.count(total["files"]),
                "refused": parts.count(total["refused"]),
                "rows": parts.count(total["rows_in"]),
                "aside": parts.count(total["set_aside"]),
                "share": parts.percent(total["share"], 2),
            },
        ),
    )


def _measures(total: dict[str, Any], judged: Gates) -> tuple[Measure, ...]:
    found = (
        ("rows_in", _ROWS_IN, parts.NUMBER, parts.count(total["rows_in"])),
        ("share_set_aside", _SHARE, parts.PERCENT, parts.percent(total["share"], 2)),
        ("files_refused", _REFUSED, parts.NUMBER, parts.count(total["refused"])),
        ("runs_refused", Words("Lần chạy bị từ chối", "Runs refused"), parts.NUMBER,
         parts.count(judged.refused)),
    )  # fmt: skip
    return tuple(
        Measure(name, label, unit, figure)
        for name, label, unit, figure in found
        if figure is not None
    )


def _by_sender(source: Source) -> tuple[Chart | Table]:
    """The table, under a chart where there is something to draw."""
    found = source.rows(_BY_SENDER)
    columns = (
        Column("sender", _SENDER),
        Column("files", _FILES, parts.NUMBER),
        Column("rows_in", _ROWS_IN, parts.NUMBER),
        Column("set_aside", _SET_ASIDE, parts.NUMBER),
        Column("share", _SHARE, parts.PERCENT),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            row["sender"],
            *(parts.count(row[name]) for name in ("files", "rows_in", "set_aside")),
            parts.percent(row["share"], 2),
        )
        for row in found
    )
    table = Table(
        "senders_all", Words("Tỷ lệ dòng cách ly theo bên gửi", "Share set aside by sender"),
        columns, rows, _DELIVERIES,
        Words(
            "Trên số dòng nhận, không tính tệp trùng. Mười hai bên gửi nhiều dòng cách ly nhất.",
            "Of rows received, duplicate files apart. The twelve with most rows set aside.",
        ),
        missing=_NO_FILE,
    )  # fmt: skip
    alt = Sentence(
        Words("Tỷ lệ dòng cách ly của mỗi bên gửi", "Share of rows set aside of each sender")
    )
    is_clean = all(not row["set_aside"] for row in found)
    return (table if is_clean else Chart("senders_all", "bar", table, "sender", "share", alt),)


def _senders(source: Source) -> Table:
    columns = (
        Column("sender", _SENDER),
        Column("source", _SOURCE),
        Column("files", _FILES, parts.NUMBER),
        Column("refused", _REFUSED, parts.NUMBER),
        Column("duplicates", Words("Trùng", "Duplicates"), parts.NUMBER),
        Column("rows_in", _ROWS_IN, parts.NUMBER),
        Column("set_aside", _SET_ASIDE, parts.NUMBER),
        Column("share", _SHARE, parts.PERCENT),
        Column("last_day", Words("Nhận lần cuối", "Last received")),
    )
    names = ("files", "refused", "duplicates", "rows_in", "set_aside")
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            row["sender"],
            _source(row["source_name"]),
            *(parts.count(row[name]) for name in names),
            parts.percent(row["share"], 2),
            row["last_day"],
        )
        for row in source.rows(_SENDERS)
    )
    return Table(
        "senders", Words("Bên gửi và nguồn", "Senders and sources"), columns, rows, _DELIVERIES,
        missing=_NO_FILE,
    )  # fmt: skip


def _source(name: str | None) -> Words | str | None:
    return CONTRACTS[name].name if name is not None and name in CONTRACTS else name


def _reasons(source: Source) -> Table:
    columns = (
        Column("sender", _SENDER),
        Column("source", _SOURCE),
        Column("column", Words("Cột", "Column")),
        Column("reason", Words("Lý do", "Reason")),
        Column("files", _FILES, parts.NUMBER),
        Column("rows", Words("Dòng", "Rows"), parts.NUMBER),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            row["sender"], _source(row["source_name"]), row["column_name"], row["reason_code"],
            parts.count(row["files"]), parts.count(row["row_count"]),
        )
        for row in source.rows(_REASONS)
    )  # fmt: skip
    return Table(
        "set_aside", Words("Vì sao dòng bị cách ly", "Why rows were set aside"), columns, rows,
        "quality.fct_quarantine_reasons",
        missing=Words("Không có dòng nào bị cách ly.", "No row was set aside."),
    )  # fmt: skip


def _refusals(source: Source) -> Table:
    columns = (
        Column("sender", _SENDER),
        Column("source", _SOURCE),
        Column("reason", Words("Lý do", "Reason")),
        Column("files", _FILES, parts.NUMBER),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (row["sender"], _source(row["source_name"]), row["reason"], parts.count(row["files"]))
        for row in source.rows(_REFUSALS)
    )
    return Table(
        "refused", Words("Vì sao tệp bị từ chối", "Why files were refused"), columns, rows,
        _DELIVERIES, missing=Words("Không có tệp nào bị từ chối.", "No file was refused."),
    )  # fmt: skip


def _conflicts(source: Source) -> Table:
    columns = (
        Column("source", _SOURCE),
        Column("kind", Words("Giữa", "Between")),
        Column("resolution", Words("Cách giải quyết", "Resolution")),
        Column("pairs", Words("Cặp dòng", "Pairs of rows"), parts.NUMBER),
        Column("records", Words("Bản ghi", "Records"), parts.NUMBER),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            _source(row["source_name"]),
            _CONFLICT_WORDS.get(row["conflict_kind"], row["conflict_kind"]),
            _CONFLICT_WORDS.get(row["resolution"], row["resolution"]),
            parts.count(row["pairs"]),
            parts.count(row["records"]),
        )
        for row in source.rows(_CONFLICTS)
    )
    return Table(
        "conflicts", Words("Mâu thuẫn giữa các dòng", "Rows that contradict each other"), columns,
        rows, "quality.fct_record_conflicts",
        missing=Words("Không có mâu thuẫn nào.", "No contradiction."),
    )  # fmt: skip


_CONFLICT_WORDS = {
    "same_version": Words("Cùng bên gửi và phiên bản", "One sender and version"),
    "between_senders": Words("Hai bên gửi", "Two senders"),
    "set_aside": Words("Cả hai để riêng", "Both set aside"),
    "later_version": Words("Phiên bản sau đứng", "The later version stands"),
    "precedence": Words("Bên gửi ưu tiên đứng", "The sender with precedence stands"),
    "latest_statement": Words("Lời khai sau cùng đứng", "The latest statement stands"),
}


def _reconciled(source: Source) -> Table:
    labels = (
        Words("Dòng gốc", "Raw rows"),
        Words("Bị thay thế", "Superseded"),
        Words("Để riêng", "Set aside"),
        Words("Đang chờ", "Waiting"),
        Words("Chỉ mô tả", "Describing"),
        Words("Lô hàng", "Consignments"),
    )
    columns = (
        Column("source", _SOURCE),
        *(
            Column(name, label, parts.NUMBER)
            for name, label in zip(_ACCOUNTED, labels, strict=True)
        ),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (_source(row["source_name"]), *(parts.count(row[name]) for name in _ACCOUNTED))
        for row in source.rows(_RECONCILED)
    )
    return Table(
        "reconciliation", Words("Đối chiếu của những ngày trong tháng", "Days of the month"),
        columns, rows, "quality.fct_reconciliation",
    )  # fmt: skip


def _methods() -> Section:
    words = Words(
        "Tệp được tính vào tháng nhận. Lần chạy được tính vào tháng của ngày cuối mà nó tính. Kết "
        "luận của cửa được nhắc lại như khi chạy; trang chất lượng của từng lần chạy nêu dòng "
        "không đạt và việc cần làm.",
        "A file belongs to the month of receipt, a run to that of the last day it computed. "
        "Verdicts are repeated as given; the quality page of each run shows failing rows and what "
        "to do.",
    )
    return Section(14, Words("Phương pháp", "Methods"), (Sentence(words),))
