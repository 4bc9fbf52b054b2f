"""Rows that a generator of ordinary days does not make, added to the files of a generated day.

They keep a fast script honest: a short cut that is right for ordinary text and ordinary money only
must not pass. All of them are accepted by the product. Add here another kind of row that a day of
millions holds. Keep out: rows that break the contract (the baseline takes what was accepted).
"""

import csv
import datetime as dt
from collections.abc import Mapping
from pathlib import Path

# Each changes one ordinary parcel. Spellings of one value must give the value of the ordinary one.
SPELLINGS: tuple[Mapping[str, str], ...] = (
    {"item_description": "Giày thể thao Νіке ｓｉｚｅ ４２"},  # Greek, Cyrillic, full width
    {"item_description": "Gia\u0300y the\u0302\u0309 thao"},  # decomposed
    {"item_description": "  Son  môi   dạng thỏi "},
    {"item_description": "Túi xách đầm ﬁne ½ ™"},  # nothing to strip, not ASCII
    {"item_description": ""},
    {"consignee_name": "NGUYỄN\u00a0VĂN\u200bAN", "consignee_id_number": "", "consignee_phone": ""},
    {"consignee_phone": "+84 (0)912-345-678", "consignee_id_number": "passport C1234567"},
    {"consignee_phone": "0084912345678", "consignee_id_number": "0100.109.106"},
    {"consignee_phone": "02438252711", "consignee_id_number": "0100109106-001"},
    {"consignee_phone": "+44 20 7946 0958", "consignee_id_number": "079 157 031 843"},
    {"consignee_phone": "8123-4567", "consignee_id_number": "000000000000"},
    {"consignor_phone": "00 86 139 3835 2775"},
    {"consignor_phone": ""},
    {"consignor_phone": "", "consignor_address": ""},
    {"consignee_address": "Hà Nội", "consignee_province_code": ""},
    {
        "consignee_address": "SỐ 5；ngõ 7, phường Tân Lập, Tỉnh Nghệ An",
        "consignee_province_code": "",
    },
    {"consignee_address": "Phường Bình Minh, Thành phố Đồng Nai"},
    {"consignee_address": ""},
    {"platform_code": " Shopee.VN "},
    {"platform_code": ""},
    {"hs_code": "6403.99"},
    {"hs_code": "99"},
    {"gross_weight_kg": "", "declared_value": ""},
    {"currency_code": "XXX"},
    {"importing_country_code": "", "consignee_country_code": ""},
    {"importing_country_code": "LA"},
    {"record_status": "cancelled"},
    {"record_status": "", "version_number": "", "channel": "", "customs_office_code": ""},
    {"waybill_level": "master"},
    {"waybill_level": "manifest_line"},
)
# Values that no 64-bit product of money holds: above 10 billion VND, and duty above 100 billion.
LARGE: tuple[Mapping[str, str], ...] = tuple(
    {"declared_value": value, "currency_code": currency, "hs_code": "640399"}
    for value, currency in (
        ("500000.00", "USD"), ("393700.79", "USD"), ("9999999999.99", "VND"),
        ("10000000000.00", "VND"), ("80000000.00", "USD"), ("99999999999999.00", "VND"),
    )
)  # fmt: skip
_FIRST = "ODD00000"


def add(
    deliveries: Path, day: dt.date, changes: tuple[Mapping[str, str], ...], prefix: str = _FIRST
) -> int:
    """Append a changed copy of an ordinary parcel of the day's manifest for each of `changes`, and
    three that state no time of arrival; returns how many rows.

    Waybill numbers begin with `prefix`: no low-value declaration knows them.
    """
    path = deliveries / f"parcel_manifest_{day.isoformat()}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        names = list(reader.fieldnames or ())
        ordinary = next(row for row in reader if row["waybill_level"] == "house")
    undated = tuple({"arrived_at": "", "consignee_name": f"Trần Thị {name}"} for name in "ABC")
    with path.open("a", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, lineterminator="\n")
        for number, change in enumerate((*changes, *undated)):
            unknown = change.keys() - set(names)
            assert not unknown, unknown
            writer.writerow({**ordinary, "house_waybill_number": f"{prefix}{number:03}", **change})
    return len(changes) + len(undated)
