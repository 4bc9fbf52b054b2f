"""The platform registry contract: dated status events of e-commerce platforms.

Add here a registry field. Keep out: how events read as a status (dbt, int_platforms__status).
"""

from contracts.base import Contract, Field

CONTRACT = Contract(
    source="platform_registry",
    grain_vi="Một dòng cho mỗi sự kiện trạng thái của một sàn",
    grain_en="One row per platform status event",
    key=("platform_code", "event_type", "event_date"),
    version_field=None,
    day_field="event_date",
    windowed=False,
    fields=(
        Field(
            "platform_code",
            "code",
            "Mã sàn",
            "Platform code",
            required=True,
            folded=True,
            max_length=40,
        ),
        Field("platform_name", "text", "Tên sàn", "Platform name", required=True, max_length=200),
        Field(
            "legal_type",
            "code",
            "Loại sàn theo Luật 122/2025/QH15; hoặc chưa xác định",
            "Platform type under Law 122/2025/QH15; or not determined",
            codes=("direct", "intermediary", "social_network", "integrated", "undetermined"),
        ),
        Field("is_foreign", "boolean", "Sàn nước ngoài", "Foreign platform", required=True),
        Field(
            "event_type",
            "code",
            "Loại sự kiện",
            "Event type",
            required=True,
            codes=(
                "observed_operating",
                "named_unregistered",
                "application_filed",
                "registered",
                "suspended",
                "reinstated",
                "deregistered",
                "note",
            ),
        ),
        Field("event_date", "date", "Ngày sự kiện", "Date of the event", required=True),
        Field("instrument", "text", "Văn bản, nguồn", "Instrument or source", max_length=300),
        Field(
            "evidence_grade",
            "code",
            "Mức kiểm chứng: V2, V1, S, U, hoặc SYN cho dữ liệu tổng hợp",
            "Verification grade: V2, V1, S, U, or SYN for synthetic",
            codes=("V2", "V1", "S", "U", "SYN"),
        ),
    ),
)
