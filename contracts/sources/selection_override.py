"""The selection override contract: an officer takes a consignment into inspection, or out of it.

Add here a fact of such a decision. Keep out: who decided (a unit answers for it, no name is asked
for or kept) and what the inspection found (inspection_outcome.py).
"""

from contracts import shared_fields as shared
from contracts.base import Contract, Field
from contracts.facts import SpeaksOf, Staging, Words

CONTRACT = Contract(
    source="selection_override",
    name=Words("Quyết định thay lựa chọn", "Selection overrides"),
    grain_vi="Một dòng cho mỗi quyết định của một cơ quan về một lô hàng",
    grain_en="One row per decision of an office about a consignment",
    key=("consignment_id", "decided_at", "office_code", "override"),
    day_field="decided_at",
    windowed=False,
    staging=Staging(folder="enforcement"),
    # It counts for the consignments of its own day; what a later day's selection reads of it is
    # found when it comes late (dbt: int_risk__stale_days).
    speaks_of=SpeaksOf(until="its_day"),
    fields=(
        Field(
            "consignment_id",
            "code",
            "Mã lô hàng như trong danh sách lựa chọn",
            "Consignment id as the list of selections shows it",
            required=True,
            max_length=80,
        ),
        Field(
            "risk_type",
            "code",
            "Loại rủi ro; trống khi không nêu",
            "Risk type; empty when not stated",
            codes=shared.RISK_TYPES,
        ),
        Field(
            "override",
            "code",
            "Chọn kiểm tra hay bỏ chọn",
            "Select for inspection, or release from selection",
            required=True,
            codes=("select", "release"),
        ),
        Field("reason", "text", "Lý do", "Reason", required=True, max_length=600),
        Field(
            "decided_at",
            "timestamp",
            "Thời điểm quyết định",
            "When it was decided",
            required=True,
            has_happened=True,
        ),
        Field(
            "office_code",
            "code",
            "Mã cơ quan hải quan quyết định",
            "Customs office that decided",
            required=True,
            max_length=10,
        ),
        Field("unit", "text", "Đơn vị trong cơ quan", "Unit of the office", max_length=200),
    ),
)
