"""The inspection outcome contract: what was inspected, how it was chosen, what was found and when
that was known.

Add here an outcome field. Keep out: consignments that were not inspected (unlabelled, never 0).
"""

from contracts import shared_fields as shared
from contracts.base import Agreeing, Contract, Field
from contracts.facts import Agreed, Reference, SpeaksOf, Staging, Words

CONTRACT = Contract(
    source="inspection_outcome",
    name=Words("Kết quả kiểm tra", "Inspection outcomes"),
    grain_vi="Một dòng cho mỗi lần kiểm tra, lô hàng và phát hiện",
    grain_en="One row per inspection, consignment and finding",
    key=("inspection_id", "consignment_reference", "finding_type"),
    day_field="known_at",
    windowed=False,
    staging=Staging(folder="enforcement"),
    references=(
        Reference("consignment_reference", "parcel_manifest", "house_waybill_number"),
        Reference("consignment_reference", "customs_declaration", "declaration_number"),
        Reference("line_number", "customs_declaration", "line_number"),
    ),
    # A result is known on its day, and takes the place of what was known of that inspection before.
    speaks_of=SpeaksOf(until="its_day", takes_place_of=("inspection_id",)),
    agreed=(
        Agreed(
            ("inspection_id",),
            "consignment_reference",
            Words("mọi kết quả đều được tính", "every result counts"),
        ),
        Agreed(
            ("inspection_id", "consignment_reference", "line_number"),
            "result",
            Words("phát hiện được tính", "the finding counts"),
            codes=("no_finding", "finding"),
        ),
    ),
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
            codes=("none", *shared.RISK_TYPES),
            agreeing=(
                Agreeing("result", "no_finding", ("none",)),
                Agreeing("result", "finding", shared.RISK_TYPES),
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
            not_before="inspected_at",
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
