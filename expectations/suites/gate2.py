"""Gate 2, fit to publish? Suites on the marts, restricted to the window of the run.

Add here a rule on reconciliation, distribution or freshness of a mart. Keep out: numbers
(thresholds.py) and what only a model's author needs to know (dbt tests). Key and identity rules
stand here although dbt tests them too: only this verdict is bound to the bytes that are published.
"""

from expectations import thresholds as limits
from expectations.rules import (
    Between,
    Check,
    InSet,
    NotNull,
    Owner,
    RowsThatFail,
    Rule,
    Severity,
    Suite,
)
from expectations.suites.codes import code_suite
from expectations.suites.disclosure import disclosure_suite
from expectations.suites.distributions import distribution_suite
from expectations.suites.inspections import inspection_suite
from expectations.suites.reconciliation import reconciliation_suite
from expectations.suites.records import record_suite

PLATFORM_STATUSES = (
    "registered",
    "suspended",
    "deregistered",
    "applying",
    "unregistered",
    "unstated",
)
LANES = ("red", "yellow", "post_clearance")
SELECTION_METHODS = ("mandatory", "manual", "score", "random")

_DEFECT_VI = "Lỗi của mô hình: không công bố, báo bộ phận kỹ thuật dữ liệu."
_DEFECT_EN = "A defect of the models: do not publish, call data engineering."


def suites() -> tuple[Suite, ...]:
    """Everything gate 2 demands."""
    return (
        consignment_suite(),
        reconciliation_suite(),
        record_suite(),
        score_suite(),
        selection_suite(),
        tax_suite(),
        code_suite(),
        inspection_suite(),
        distribution_suite(),
        disclosure_suite(),
    )


def _in_window(table: str) -> str:
    # The window only: a day must cost the same in year two as in week two.
    return f"select * from {table} where day in (select day from raw.run_day)"


def _identity(rule_id: str, title_vi: str, title_en: str, check: Check) -> Rule:
    """A critical rule that only a defect of the models can break."""
    return Rule(
        rule_id, title_vi, title_en, "critical", "data_engineering", _DEFECT_VI, _DEFECT_EN, check
    )


def _share(
    rule_id: str,
    titles: tuple[str, str],
    remedies: tuple[str, str],
    population: str,
    counted: str,
    fails: str,
    minimum_rows: limits.Threshold,
    *,
    severity: Severity = "warning",
    owner: Owner = "data_engineering",
) -> Rule:
    """A rule on counted / total over `population` (a select); `fails` reads both counts."""
    shares = f"select count(*) as total, {counted} as counted from ({population}) as population"
    enough = f"total >= {minimum_rows}"
    return Rule(
        rule_id,
        titles[0],
        titles[1],
        severity,
        owner,
        remedies[0],
        remedies[1],
        RowsThatFail(
            f"select total, counted from ({shares}) as shares where {enough} and ({fails})"
        ),
        examined_sql=f"select case when {enough} then total else 0 end from ({shares}) as shares",
        measure_sql="select cast(counted as varchar) || ' / ' || cast(total as varchar) "
        f"from ({shares}) as shares",
    )


def consignment_suite() -> Suite:
    """core.fct_consignments: one row each, traceable, plausible, valued."""
    shown = ("consignment_id", "day")
    negative = "value_vnd < 0 or declared_value < 0 or low_value_declared_value_vnd < 0"
    return Suite(
        "consignments",
        _in_window("core.fct_consignments"),
        (
            _identity(
                "consignment_id_present",
                "Mọi lô hàng có mã",
                "Every consignment has an id",
                NotNull("consignment_id", ("source", "source_line", "day")),
            ),
            _identity(
                "consignment_id_unique",
                "Mỗi lô hàng trong khoảng ngày có đúng một dòng",
                "Every consignment of the window has exactly one row",
                RowsThatFail(
                    "select consignment_id, count(*) as row_count from subject "
                    "where consignment_id is not null "
                    "group by consignment_id having count(*) > 1"
                ),
            ),
            _identity(
                "consignment_traceable",
                "Mọi lô hàng chỉ rõ tệp và dòng nguồn",
                "Every consignment names its source file and line",
                RowsThatFail(
                    "select consignment_id, day, source, source_sha256, source_line from subject "
                    "where source is null or source_sha256 is null or source_line is null"
                ),
            ),
            _identity(
                "platform_status_present",
                "Mọi lô hàng có trạng thái sàn ('unstated' khi không nêu)",
                "Every consignment has a platform status ('unstated' when none is named)",
                NotNull("platform_status", shown),
            ),
            _identity(
                "platform_status_known",
                "Trạng thái sàn thuộc danh mục",
                "Platform status is one of the known values",
                InSet("platform_status", PLATFORM_STATUSES, (*shown, "platform_code")),
            ),
            _identity(
                "consignment_money_not_negative",
                "Không có trị giá âm",
                "No negative value",
                RowsThatFail(
                    "select consignment_id, day, declared_value, value_vnd, "
                    f"low_value_declared_value_vnd from subject where {negative}"
                ),
            ),
            _share(
                "exchange_rate_known",
                (
                    f"Không quá {limits.NO_EXCHANGE_RATE_SHARE} % lô hàng thiếu tỷ giá",
                    f"At most {limits.NO_EXCHANGE_RATE_SHARE} % of consignments lack a rate",
                ),
                (
                    "Nạp tỷ giá còn thiếu (market_reference, exchange_rate) và chạy lại.",
                    "Deliver the missing rates (market_reference, exchange_rate) and run again.",
                ),
                "select value_vnd from subject where is_active and declared_value > 0",
                "count(*) - count(value_vnd)",
                f"counted * 100 > total * {limits.NO_EXCHANGE_RATE_SHARE}",
                limits.SHARE_MINIMUM_ROWS,
                owner="customs_valuation",
            ),
            _share(
                "chapter_known_on_declarations",
                (
                    f"Không quá {limits.UNKNOWN_CHAPTER_SHARE} % dòng tờ khai không rõ chương HS",
                    f"At most {limits.UNKNOWN_CHAPTER_SHARE} % of lines lack a chapter",
                ),
                (
                    "Xem mã HS của bên gửi; số liệu theo chương cần đọc thận trọng.",
                    "Look at the sender's HS codes; read figures by chapter with care.",
                ),
                "select hs_chapter from subject "
                "where is_active and consignment_kind = 'declaration_line'",
                "coalesce(sum(case when hs_chapter = 'unknown' then 1 else 0 end), 0)",
                f"counted * 100 > total * {limits.UNKNOWN_CHAPTER_SHARE}",
                limits.SHARE_MINIMUM_ROWS,
                owner="risk_management",
            ),
            _share(
                "province_known_on_parcels",
                (
                    f"Không quá {limits.UNKNOWN_PROVINCE_SHARE} % mã tỉnh nêu ra là không rõ",
                    f"At most {limits.UNKNOWN_PROVINCE_SHARE} % of stated provinces are unknown",
                ),
                (
                    "Hỏi bên gửi dùng danh mục tỉnh nào; các mã này nằm ở nhóm 'unknown'.",
                    "Ask the sender which list of provinces they use; these are in 'unknown'.",
                ),
                "select province.province_code from raw.parcel_manifest as parcel "
                "left join (select distinct province_code from core.dim_province) as province "
                "on parcel.consignee_province_code = province.province_code "
                "where parcel.consignee_province_code is not null and day "
                "in (select day from raw.run_day)",
                "count(*) - count(province_code)",
                f"counted * 100 > total * {limits.UNKNOWN_PROVINCE_SHARE}",
                limits.SHARE_MINIMUM_ROWS,
                owner="ingest_operations",
            ),
        ),
    )


def score_suite() -> Suite:
    """risk.fct_risk_scores: the sum of stored indicators, for consignments that exist."""
    consignments = _in_window("core.fct_consignments")
    indicators = _in_window("risk.fct_risk_indicators")
    return Suite(
        "risk_scores",
        _in_window("risk.fct_risk_scores"),
        (
            Rule(
                "score_is_sum_of_indicators",
                "Điểm rủi ro bằng điểm gốc cộng điểm đặc trưng và các chỉ dấu đã lưu",
                "A score is its intercept, its features and the sum of its stored indicators",
                "critical",
                "data_engineering",
                _DEFECT_VI,
                _DEFECT_EN,
                RowsThatFail(
                    "select coalesce(score.consignment_id, fired.consignment_id) "
                    "as consignment_id, coalesce(score.risk_type, fired.risk_type) as risk_type, "
                    "score.score_points, fired.points, score.indicator_count, fired.fired_count "
                    "from subject as score full outer join (select consignment_id, risk_type, "
                    "sum(points) as points, count(*) as fired_count "
                    f"from ({indicators}) as indicators group by consignment_id, risk_type) "
                    "as fired on score.consignment_id = fired.consignment_id "
                    "and score.risk_type = fired.risk_type "
                    "where coalesce(score.score_points - score.intercept_points "
                    "- score.feature_points, 0) <> coalesce(fired.points, 0) "
                    "or coalesce(score.indicator_count, 0) <> coalesce(fired.fired_count, 0)"
                ),
                examined_sql="select greatest((select count(*) from subject), "
                f"(select count(*) from ({indicators}) as indicators))",
            ),
            _identity(
                "score_unique",
                "Mỗi lô hàng và loại rủi ro có nhiều nhất một điểm",
                "At most one score per consignment and risk type",
                RowsThatFail(
                    "select consignment_id, risk_type, count(*) as row_count from subject "
                    "group by consignment_id, risk_type having count(*) > 1"
                ),
            ),
            _identity(
                "score_has_consignment",
                "Mọi điểm thuộc về một lô hàng cùng ngày",
                "Every score belongs to a consignment of the same day",
                RowsThatFail(_without_consignment("risk_type, score_points")),
            ),
            _share(
                "scored_share_usual",
                (
                    f"Tỷ lệ lô hàng có điểm trong khoảng {limits.SCORED_SHARE_LOW}-"
                    f"{limits.SCORED_SHARE_HIGH} phần nghìn",
                    f"Scored consignments within {limits.SCORED_SHARE_LOW}-"
                    f"{limits.SCORED_SHARE_HIGH} per 1,000",
                ),
                (
                    "Kiểm tra dữ liệu tham chiếu và trọng số chỉ dấu trước khi dùng điểm.",
                    "Check reference data and indicator weights before using the scores.",
                ),
                f"select fact.consignment_id, scored.scored_id from ({consignments}) as fact "
                "left join (select distinct consignment_id as scored_id from subject) as scored "
                "on fact.consignment_id = scored.scored_id where fact.is_active",
                "count(scored_id)",
                f"counted * 1000 < total * {limits.SCORED_SHARE_LOW} "
                f"or counted * 1000 > total * {limits.SCORED_SHARE_HIGH}",
                limits.SCORED_MINIMUM_CONSIGNMENTS,
                owner="risk_management",
            ),
        ),
    )


def _without_consignment(columns: str) -> str:
    return (
        f"select consignment_id, day, {columns} from subject where not exists "
        f"(select 1 from ({_in_window('core.fct_consignments')}) as fact "
        "where fact.consignment_id = subject.consignment_id and fact.day = subject.day)"
    )


def selection_suite() -> Suite:
    """risk.fct_selections: probabilities are probabilities, lanes and methods are known."""
    shown = ("consignment_id", "day")
    return Suite(
        "selections",
        _in_window("risk.fct_selections"),
        (
            _identity(
                "probability_present",
                "Mọi lựa chọn lưu xác suất",
                "Every selection stores its probability",
                NotNull("selection_probability", shown),
            ),
            _identity(
                "probability_in_unit_interval",
                "Xác suất lựa chọn nằm trong [0, 1]",
                "Selection probability lies in [0, 1]",
                Between("selection_probability", 0, 1, shown),
            ),
            _identity(
                "lane_known",
                "Luồng là đỏ, vàng hoặc kiểm tra sau thông quan",
                "Lane is red, yellow or post-clearance",
                InSet("lane", LANES, shown),
            ),
            _identity(
                "method_known",
                "Cách lựa chọn là bắt buộc, thủ công, theo điểm hoặc ngẫu nhiên",
                "Selection method is mandatory, manual, score or random",
                InSet("selection_method", SELECTION_METHODS, shown),
            ),
            _identity(
                "selection_has_consignment",
                "Mọi lựa chọn thuộc về một lô hàng cùng ngày",
                "Every selection belongs to a consignment of the same day",
                RowsThatFail(_without_consignment("lane, selection_method")),
            ),
        ),
    )


def tax_suite() -> Suite:
    """core.fct_tax_assessments: due and relieved amounts together are the full amount."""
    amounts = "duty_due_vnd, duty_relieved_vnd, vat_due_vnd, vat_relieved_vnd"
    # In doubles, which no amount overflows: at the largest ones they err by a third of a dong.
    value, due, relieved, vat_due, vat_relieved = (
        f"coalesce(cast({name}_vnd as double), 0)"
        for name in ("customs_value", "duty_due", "duty_relieved", "vat_due", "vat_relieved")
    )
    duty, vat = f"({due} + {relieved})", f"({vat_due} + {vat_relieved})"
    assessed = "select consignment_id, day, customs_value_vnd"
    return Suite(
        "tax_assessments",
        _in_window("core.fct_tax_assessments"),
        (
            _identity(
                "assessment_unique",
                "Mỗi lô hàng có nhiều nhất một lần tính thuế",
                "At most one assessment per consignment",
                RowsThatFail(
                    "select consignment_id, count(*) as row_count from subject "
                    "group by consignment_id having count(*) > 1"
                ),
            ),
            _identity(
                "tax_not_negative",
                "Không có số thuế hoặc trị giá âm",
                "No negative tax or value",
                RowsThatFail(
                    f"{assessed}, {amounts} from subject where customs_value_vnd < 0 "
                    "or least(duty_due_vnd, duty_relieved_vnd, vat_due_vnd, vat_relieved_vnd) < 0"
                ),
            ),
            _identity(
                "duty_due_and_relieved_add_up",
                "Thuế nhập khẩu phải nộp + được miễn = trị giá x thuế suất",
                "Duty due + relieved = value x rate",
                RowsThatFail(
                    f"{assessed}, duty_rate_percent, duty_due_vnd, duty_relieved_vnd from subject "
                    f"where customs_value_vnd is not null and abs({duty} - {value} "
                    f"* duty_rate_percent / 100) > {limits.TAX_ROUNDING_VND}"
                ),
            ),
            # The base of relieved VAT is read two ways (with duty due, or with the duty in full);
            # both are accepted, anything outside is not.
            _identity(
                "vat_due_and_relieved_add_up",
                "Thuế GTGT phải nộp + được miễn = (trị giá + thuế nhập khẩu) x thuế suất",
                "VAT due + relieved = (value + duty) x rate",
                RowsThatFail(
                    f"{assessed}, vat_rate_percent, {amounts} from subject "
                    f"where customs_value_vnd is not null and ({vat} < vat_rate_percent / 100 "
                    f"* ({value} + {due}) - {limits.TAX_ROUNDING_VND} or {vat} > "
                    f"vat_rate_percent / 100 * ({value} + {duty}) + {limits.TAX_ROUNDING_VND})"
                ),
            ),
        ),
    )
