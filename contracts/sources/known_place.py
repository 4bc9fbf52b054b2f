"""The known place contract: warehouses and addresses where the site knows why parcels gather.

Add here a kind of known place. Keep out: which places are suspected (dbt compliance).
"""

from contracts import shared_fields as shared
from contracts.base import Contract, Field
from contracts.facts import SpeaksOf, Staging, Words

CONTRACT = Contract(
    source="known_place",
    name=Words("Địa điểm đã biết", "Known places"),
    grain_vi="Một dòng cho mỗi địa điểm và ngày bắt đầu",
    grain_en="One row per place and first day",
    key=("place_id", "valid_from"),
    day_field="valid_from",
    windowed=False,
    staging=Staging(folder="places"),
    # A place is known from its first day on.
    speaks_of=SpeaksOf(until="for_ever"),
    may_lie_ahead=True,
    fields=(
        Field(
            "place_id",
            "code",
            "Mã do đơn vị đặt cho địa điểm",
            "The site's own id of the place",
            required=True,
            max_length=40,
        ),
        Field(
            "place_type",
            "code",
            "Loại: kho, địa điểm kiểm tra tập trung; bưu cục; tủ nhận hàng; ký túc xá; "
            "tòa văn phòng; khác",
            "Type: official warehouse or centralised checking place, post office, parcel locker, "
            "dormitory, office building, other",
            required=True,
            codes=(
                "official_warehouse",
                "post_office",
                "parcel_locker",
                "dormitory",
                "office_building",
                "other",
            ),
        ),
        shared.WAREHOUSE_CODE,
        Field(
            "place_address",
            "text",
            "Địa chỉ như trên bưu gửi; nếu không nêu thì phải có mã kho",
            "Address as parcels state it; without one the warehouse code names the place",
            personal="address",
            max_length=600,
        ),
        Field("valid_from", "date", "Ngày đầu được biết", "First day known", required=True),
        Field(
            "valid_to",
            "date",
            "Ngày cuối được biết; trống là chưa hết",
            "Last day known; empty while it is",
        ),
        Field("instrument", "text", "Văn bản, nguồn", "Instrument or source", max_length=300),
    ),
)
