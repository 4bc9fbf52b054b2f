"""Gate 1, fit to load? Suites on schema raw: one for the run, one per source.

Add here a rule on delivery shape, volume or drift of every source. Keep out: what is particular to
one source (its contract), numbers (thresholds.py) and truths inside the models (dbt tests).
A source without deliveries is legal: its rules record "nothing to check".
"""

from collections.abc import Sequence

from contracts.base import Contract
from contracts.catalogue import CONTRACTS
from contracts.facts import Agreed
from expectations import thresholds as limits
from expectations.lists.holidays import Calendar, load_calendar
from expectations.rules import NotNull, RowsThatFail, Rule, Suite
from expectations.suites.freshness import freshness_suite
from expectations.suites.references import reference_suite
from expectations.suites.run import run_suite
from expectations.suites.senders import sender_suite
from expectations.suites.volume import volume_rules

_RESEND_VI = "Liên hệ bên gửi, yêu cầu gửi lại tệp; loại bỏ lần gửi lỗi bằng lệnh discard."
_RESEND_EN = "Ask the sender to deliver again; discard the faulty delivery."
_DEFECT_VI = "Lỗi của kho dữ liệu: không công bố, báo bộ phận kỹ thuật dữ liệu."
_DEFECT_EN = "A defect of the warehouse: do not publish, call data engineering."


def suites(calendar: Calendar | None = None) -> tuple[Suite, ...]:
    """Everything gate 1 demands: the run and its reference data first, then every source.

    calendar: days off, the shipped ones unless a home corrects them.
    """
    days_off = calendar or load_calendar()
    return (
        run_suite(days_off),
        reference_suite(),
        freshness_suite(
            [source for source, contract in CONTRACTS.items() if contract.windowed],
            [source for source, contract in CONTRACTS.items() if not contract.windowed],
            days_off,
        ),
        *(suite_for(source, days_off) for source in CONTRACTS),
        sender_suite(),
    )


def suite_for(source: str, calendar: Calendar | None = None) -> Suite:
    """The rules of one source on view raw.<source>. Raises KeyError for an unknown source."""
    contract = CONTRACTS[source]
    rules = (*_row_rules(contract), *_delivery_rules(contract))
    if contract.watched_codes:
        rules += (_codes_stated(contract.watched_codes),)
    rules += tuple(_agreed(agreed) for agreed in contract.agreed)
    if contract.has("customs_office_code"):
        rules += (_offices_known(),)
    if contract.windowed:
        rules += volume_rules(source, calendar or load_calendar())
    return Suite(source, f"select * from raw.{source}", rules)


def _row_rules(contract: Contract) -> tuple[Rule, ...]:
    shown = ("_src_sha", "_src_line")
    present = tuple(
        Rule(
            f"{column}_present",
            f"Mọi dòng có giá trị khóa: {column}",
            f"Every row has its key value: {column}",
            "critical",
            "data_engineering",
            _DEFECT_VI,
            _DEFECT_EN,
            NotNull(column, shown),
        )
        for column in (*contract.key, "day")
    )
    dated = ", ".join(f'"{column}"' for column in (*contract.key, "day", "_received_date", *shown))
    return (
        *present,
        Rule(
            "lineage_present",
            "Mọi dòng chỉ rõ tệp, dòng và ngày nhận",
            "Every row names its file, line and day of receipt",
            "critical",
            "data_engineering",
            _DEFECT_VI,
            _DEFECT_EN,
            RowsThatFail(
                "select day, _src_sha, _src_line, _received_date from subject "
                "where _src_sha is null or _src_line is null or _received_date is null"
            ),
        ),
        Rule(
            "day_not_in_future",
            f"Ngày nghiệp vụ không quá {limits.FUTURE_DAYS} ngày sau ngày nhận",
            f"Business day at most {limits.FUTURE_DAYS} day(s) after receipt",
            # Announced events and figures (the rates of the coming week) may lie ahead of receipt,
            # and no day reads them before their own; records of what happened may not.
            "warning" if contract.may_lie_ahead else "critical",
            "ingest_operations",
            "Kiểm tra đồng hồ và định dạng ngày của bên gửi. " + _RESEND_VI,
            "Check the sender's clock and date format. " + _RESEND_EN,
            RowsThatFail(
                f"select {dated} from subject where day > _received_date + {limits.FUTURE_DAYS}"
            ),
        ),
        Rule(
            "day_not_long_before_receipt",
            f"Ngày nghiệp vụ không quá {limits.LATE_DAYS} ngày trước ngày nhận",
            f"Business day at most {limits.LATE_DAYS} days before receipt",
            # States are legitimately old: a series of ten years, a platform registered in 2019.
            "warning" if contract.windowed else "info",
            "ingest_operations",
            "Xác nhận với bên gửi rằng đây là dữ liệu cũ, không phải ngày bị đảo.",
            "Have the sender confirm old data, not swapped dates.",
            RowsThatFail(
                f"select {dated} from subject where day < _received_date - {limits.LATE_DAYS}"
            ),
        ),
        Rule(
            "no_unknown_columns",
            "Tệp không có cột ngoài hợp đồng dữ liệu",
            "No columns beyond the contract",
            "warning",
            "ingest_operations",
            "Xem cột mới trong _extra; bổ sung hợp đồng dữ liệu nếu có ích.",
            "Look at the new columns in _extra; extend the contract if they are useful.",
            RowsThatFail(
                "select _src_sha, count(*) as rows_with_unknown_columns from subject "
                "where _extra is not null group by _src_sha"
            ),
            examined_sql="select count(distinct _src_sha) from subject",
        ),
    )


def _in_scope(contract: Contract) -> str:
    """Deliveries that concern this run: of whose days it computes one (windowed) or all (states).

    A delivery that loaded nothing has no days and concerns every run that starts by its receipt.
    """
    if not contract.windowed:
        return f"select * from raw.delivery_outcome where source = '{contract.source}'"
    return (
        "select delivery.* from raw.delivery_outcome as delivery cross join raw.run_window "
        f"where delivery.source = '{contract.source}' "
        "and case when delivery.day_min is null then delivery.received_date >= from_day "
        "else exists (select 1 from raw.run_day as computed "
        "where computed.day between delivery.day_min and delivery.day_max) end"
    )


def _delivery_rules(contract: Contract) -> tuple[Rule, ...]:
    scope = _in_scope(contract)
    deliveries = f"select count(*) from ({scope}) as scope"
    accepted = f"select * from ({scope}) as scope where status = 'accepted'"
    named = "delivery_sequence, file_name, sender, sha256"
    share_text = (
        "select cast(coalesce(max(quarantined * 1000000 // nullif(rows_in, 0)), 0) as varchar) "
        f"|| ' phần triệu | ppm' from ({accepted}) as scope"
    )
    return (
        Rule(
            "rows_conserved",
            "Mỗi lần gửi: dòng nhận = dòng chấp nhận + dòng cách ly + dòng trùng",
            "Every delivery: rows in = accepted + quarantined + duplicates",
            "critical",
            "data_engineering",
            _DEFECT_VI,
            _DEFECT_EN,
            RowsThatFail(
                f"select {named}, status, rows_in, accepted, quarantined, duplicates "
                # Discarded or set aside later: what was counted at the door still adds up.
                f"from ({scope}) as scope where case "
                "when status in ('accepted', 'discarded', 'set_aside') "
                "then rows_in is distinct from accepted + quarantined + duplicates "
                "or least(accepted, quarantined, duplicates) < 0 "
                "else coalesce(accepted, 0) <> 0 end"
            ),
            examined_sql=deliveries,
        ),
        Rule(
            "ledger_matches_raw",
            "Mỗi lần gửi: số dòng chấp nhận trong sổ bằng số dòng trong kho thô",
            "Every delivery: accepted rows in the ledger equal the rows in raw",
            "critical",
            "data_engineering",
            _DEFECT_VI,
            _DEFECT_EN,
            RowsThatFail(
                "select coalesce(ledger.sha256, stored.sha256) as sha256, ledger.accepted, "
                "stored.stored_rows from (select sha256, sum(accepted) as accepted "
                f"from ({accepted}) as scope group by sha256) as ledger full outer join "
                "(select _src_sha as sha256, count(*) as stored_rows from subject "
                # Single rows of files outside the window, read because their records lie inside.
                "where not exists (select 1 from raw.linked_record as linked where "
                f"linked.source = '{contract.source}' and linked.sha256 = subject._src_sha "
                "and linked.source_line = subject._src_line and linked.day = subject.day) "
                "group by _src_sha) as stored on ledger.sha256 = stored.sha256 "
                "where coalesce(ledger.accepted, 0) <> coalesce(stored.stored_rows, 0)"
            ),
            # Rows without any ledger entry must count as something that was examined.
            examined_sql=f"select greatest(({deliveries}), "
            "(select count(distinct _src_sha) from subject))",
        ),
        Rule(
            "quarantined_share_bearable",
            f"Mỗi lần gửi: không quá {limits.QUARANTINED_SHARE_CRITICAL} % dòng bị cách ly",
            f"Every delivery: at most {limits.QUARANTINED_SHARE_CRITICAL} % of rows quarantined",
            "critical",
            "ingest_operations",
            "Xem lý do trong raw.quarantine_reason. " + _RESEND_VI,
            "Read the reasons in raw.quarantine_reason. " + _RESEND_EN,
            RowsThatFail(
                f"select {named}, rows_in, quarantined from ({accepted}) as scope "
                f"where quarantined * 100 > rows_in * {limits.QUARANTINED_SHARE_CRITICAL} "
                f"and quarantined >= {limits.QUARANTINED_ROWS_CRITICAL}"
            ),
            examined_sql=deliveries,
            measure_sql=share_text,
        ),
        Rule(
            "quarantined_share_low",
            f"Mỗi lần gửi: không quá {limits.QUARANTINED_SHARE_WARNING} % dòng bị cách ly",
            f"Every delivery: at most {limits.QUARANTINED_SHARE_WARNING} % of rows quarantined",
            "warning",
            "ingest_operations",
            "Gửi bên gửi danh sách lý do cách ly.",
            "Send the sender the list of quarantine reasons.",
            RowsThatFail(
                f"select {named}, rows_in, quarantined from ({accepted}) as scope "
                f"where quarantined * 100 > rows_in * {limits.QUARANTINED_SHARE_WARNING}"
            ),
            examined_sql=deliveries,
            measure_sql=share_text,
        ),
        Rule(
            "quarantine_has_reasons",
            "Mỗi dòng bị cách ly có ít nhất một lý do",
            "Every quarantined row has at least one reason",
            "warning",
            "data_engineering",
            _DEFECT_VI,
            _DEFECT_EN,
            RowsThatFail(
                f"select {named}, quarantined, reason_rows from ({accepted}) as scope "
                "left join (select sha256 as reason_sha, sum(row_count) as reason_rows "
                f"from raw.quarantine_reason where source = '{contract.source}' group by sha256) "
                "as reasons on scope.sha256 = reasons.reason_sha "
                "where quarantined > coalesce(reason_rows, 0)"
            ),
            examined_sql=f"select count(*) from ({scope}) as scope where quarantined > 0",
        ),
        Rule(
            "no_refused_delivery",
            "Không có tệp bị từ chối",
            "No refused file",
            "warning",
            "ingest_operations",
            _RESEND_VI,
            _RESEND_EN,
            RowsThatFail(
                f"select {named}, reason from ({scope}) as scope where status = 'refused'"
            ),
            examined_sql=deliveries,
        ),
        Rule(
            "expected_delivery_arrived",
            "Mọi lần gửi theo lịch của bên gửi đã đến đúng ngày",
            "Every delivery that a sender's calendar announces came on its day",
            "warning",
            "ingest_operations",
            "Hỏi bên gửi vì sao thiếu; đọc số liệu của ngày đó một cách thận trọng.",
            "Ask the sender why it is missing; read that day's figures with care.",
            RowsThatFail(
                f"select sender, source, day from ({_expected(contract)}) as expected "
                "where not exists (select 1 from raw.delivery_outcome as came "
                "where came.source = expected.source and came.sender = expected.sender "
                "and came.received_date = expected.day and came.status <> 'refused')"
            ),
            examined_sql=f"select count(*) from ({_expected(contract)}) as expected",
        ),
    )


def _expected(contract: Contract) -> str:
    """Announced deliveries up to the last day on which anything was received: no clock is read."""
    return (
        f"select sender, source, day from raw.expected_delivery where source = '{contract.source}' "
        "and day <= (select max(received_date) from raw.delivery_outcome)"
    )


_ENOUGH = f"count(*) >= {limits.SHARE_MINIMUM_ROWS}"


def _codes_stated(columns: Sequence[str]) -> Rule:
    counted = ", ".join(f'count(*) - count("{column}") as "{column}"' for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    return Rule(
        "key_codes_stated",
        f"Mỗi mã chính thiếu ở không quá {limits.MISSING_CODE_SHARE} % số dòng",
        f"Each key code missing on at most {limits.MISSING_CODE_SHARE} % of rows",
        "warning",
        "ingest_operations",
        "Trao đổi với bên gửi về các mã bị thiếu; đọc số liệu theo mã đó một cách thận trọng.",
        "Talk to the sender about the missing codes; read figures by that code with care.",
        RowsThatFail(
            "select code_column, missing_rows, total_rows from (unpivot (select "
            f"count(*) as total_rows, {counted} from subject having {_ENOUGH}) "
            f"on {names} into name code_column value missing_rows) as shares "
            f"where missing_rows * 100 > total_rows * {limits.MISSING_CODE_SHARE}"
        ),
        examined_sql=f"select case when {_ENOUGH} then count(*) else 0 end from subject",
    )


def _agreed(agreed: Agreed) -> Rule:
    """Of records with a row on a day of the run: the whole past is not warned of again."""
    of, field = ", ".join(agreed.of), agreed.field
    codes = ", ".join(f"'{code}'" for code in agreed.codes)
    compared = f"where {field} in ({codes}) " if codes else ""
    stated = f"select * from subject {compared}"
    today = f"select {agreed.of[0]} from subject inner join raw.run_day as computed using (day)"
    return Rule(
        f"{field}_agrees",
        f"Các dòng có cùng {of} nêu một {field}; nếu khác nhau: {agreed.kept.vi}",
        f"Rows of one {of} state one {field}; where they differ: {agreed.kept.en}",
        "warning",
        "ingest_operations",
        "Hỏi bên gửi dòng nào đúng; loại bỏ lần gửi sai bằng lệnh discard.",
        "Ask the sender which row is right; discard the delivery that is wrong.",
        RowsThatFail(
            f"select {of}, min({field}) as one, max({field}) as other, min(_src_sha) as one_file, "
            f"max(_src_sha) as other_file, max(day) as day from ({stated}) as stated "
            f"where {agreed.of[0]} in ({today}) "
            f"group by {of} having count(distinct {field}) > 1"
        ),
    )


def _offices_known() -> Rule:
    return Rule(
        "office_codes_known",
        f"Không quá {limits.UNKNOWN_OFFICE_SHARE} % số dòng có mã hải quan ngoài danh mục",
        f"At most {limits.UNKNOWN_OFFICE_SHARE} % of rows name an office beyond the list",
        "warning",
        "ingest_operations",
        "Nạp danh mục cơ quan hải quan mới nhất; kiểm tra mã với bên gửi.",
        "Load the newest list of customs offices; check the codes with the sender.",
        RowsThatFail(
            "select count(*) as stated_rows, count(*) - count(known_code) as unknown_rows, "
            "min(case when known_code is null then customs_office_code end) as one_code "
            f"from ({_OFFICES}) as offices having {_ENOUGH} and (count(*) - count(known_code)) "
            f"* 100 > count(*) * {limits.UNKNOWN_OFFICE_SHARE}"
        ),
        examined_sql=f"select case when {_ENOUGH} then count(*) else 0 end "
        f"from ({_OFFICES}) as offices",
    )


# Without a loaded list there is nothing to compare with, and the rule says so.
_OFFICES = (
    "select subject.customs_office_code, known.customs_office_code as known_code from subject "
    "left join (select distinct customs_office_code from raw.reference_customs_office) as known "
    "on subject.customs_office_code = known.customs_office_code "
    "where subject.customs_office_code is not null "
    "and exists (select 1 from raw.reference_customs_office)"
)
