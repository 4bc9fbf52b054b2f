"""The inspection outcome contract: what was inspected, how it was chosen, what was found and when
that was known.

Add here an outcome field. Keep out: consignments that were not inspected (unlabelled, never 0).
"""

from ingest.contracts import shared_fields as shared
from ingest.contracts.base import Contract, Field

CONTRACT = Contract(
    source="inspection_outcome",
    grain_vi="Một dòng cho mỗi lần kiểm tra và phát hiện",
    grain_en="One row per inspection and finding",
    key=("inspection_id", "finding_type"),
    version_field=None,
    day_field="known_at",
    windowed=False,
    fields=(
        Field(
            "inspection_id",
            "code",
            "Mã lần kiểm tra",
            "Inspection id",
            required=True,
            max_length=60,
        ),
        Field(
            "consignment_reference",
            "code",
            "Số vận đơn thứ cấp hoặc số tờ khai được kiểm tra",
            "House waybill or declaration number inspected",
            required=True,
            max_length=60,
        ),
        Field(
            "line_number",
            "integer",
            "Dòng hàng được kiểm tra, nếu có",
            "Declaration line inspected, if any",
            minimum=1,
            maximum=shared.MAXIMUM_COUNT,
        ),
        Field(
            "selection_method",
            "code",
            "Cách lựa chọn",
            "How it was selected",
            required=True,
            codes=("rule", "score", "random", "manual", "intelligence", "mandatory", "unknown"),
        ),
        Field(
            "selection_probability",
            "decimal",
            "Xác suất được chọn",
            "Probability of selection",
            precision=12,
            scale=9,
            minimum=0,
            maximum=1,
        ),
        Field(
            "result",
            "code",
            "Kết quả",
            "Result",
            required=True,
            codes=("no_finding", "finding", "pending"),
        ),
        Field(
            "finding_type",
            "code",
            "Loại rủi ro phát hiện; none khi không có",
            "Risk type found; none when nothing was found",
            required=True,
            codes=(
                "none",
                "undervaluation",
                "misclassification",
                "origin",
                "ip_counterfeit",
                "prohibited_conditional",
                "splitting",
                "unregistered_platform",
                "product_safety",
                "unspecified",
            ),
        ),
        Field(
            "finding_severity", "code", "Mức độ", "Severity", codes=("none", "ordinary", "critical")
        ),
        Field(
            "found_value",
            "decimal",
            "Trị giá xác định lại",
            "Value found",
            minimum=0,
            maximum=shared.MAXIMUM_AMOUNT,
        ),
        Field("currency_code", "code", "Đồng tiền", "Currency", max_length=3),
        Field(
            "inspected_at",
            "timestamp",
            "Thời điểm kiểm tra",
            "When it was inspected",
            has_happened=True,
        ),
        Field(
            "known_at",
            "timestamp",
            "Thời điểm biết kết quả",
            "When the result was known",
            required=True,
            has_happened=True,
        ),
        Field(
            "inspector_id_number",
            "text",
            "Mã công chức kiểm tra",
            "Inspector id",
            personal="identifier",
            max_length=40,
        ),
    ),
)
