"""What every raw column of a source holds, in both languages: for dbt, Dagster and the pages.

Add here the words of a further column that a field becomes. Keep out: what a field means (its
contract) and which columns it becomes (base.py).
"""

from collections.abc import Iterator
from typing import NamedTuple

from contracts.base import LINEAGE_COLUMNS, Contract, Field
from contracts.facts import Words


class RawColumn(NamedTuple):
    """One raw column: its name, SQL type and meaning."""

    name: str
    sql_type: str
    meaning: Words


# What the suffix of a column adds to the meaning of its field.
_ADDED = {
    "token": Words(" (mã giả danh)", " (token)"),
    "status": Words(" (tình trạng)", " (status)"),
    "province_code": Words(": mã tỉnh 2025", ": 2025 province code"),
    "old_province_code": Words(": mã tỉnh trước 1/7/2025", ": province code before 1 July 2025"),
    "district_folded": Words(": quận, huyện cũ, không dấu", ": old district, folded"),
    "ward_folded": Words(": phường, xã, không dấu", ": ward, folded"),
}
_UTC = Words(" (UTC)", " (UTC)")
_LOCAL_DATE = Words(" (ngày, giờ Việt Nam)", " (date, Viet Nam time)")
_FOLDED_TEXT = Words(" (chữ thường không dấu)", " (folded: lower case, no accents)")
_FOLDED_CODE = Words(
    " (khóa so khớp: chữ thường, ký tự giả dạng đã quy về Latin)",
    " (match key: lower case, look-alike letters made Latin)",
)
_PLAIN = Words("", "")
_LINEAGE = {
    "day": Words(
        "Ngày nghiệp vụ: ngày của trường ngày, nếu thiếu thì ngày nhận",
        "Business day: the day field's local date, else the day of receipt",
    ),
    "_day_basis": Words(
        "Ngày lấy từ đâu: stated hoặc received", "Where the day comes from: stated or received"
    ),
    "_sender": Words("Bên gửi", "Sender"),
    "_received_date": Words("Ngày nhận tệp", "Day the file was received"),
    "_extra": Words(
        "JSON các cột ngoài hợp đồng, nếu có", "JSON of columns outside the contract, else null"
    ),
    "_src_sha": Words("SHA-256 của tệp đã nhận", "SHA-256 of the delivered file"),
    "_src_line": Words(
        "Dòng hoặc số thứ tự bản ghi trong tệp", "Line or record number within the file"
    ),
}


def raw_columns(contract: Contract) -> Iterator[RawColumn]:
    """The raw columns of a source in file order."""
    for field in contract.fields:
        for name, sql_type in field.raw_columns():
            added = _added(field, name)
            meaning = Words(field.meaning_vi + added.vi, field.meaning_en + added.en)
            yield RawColumn(name, sql_type, meaning)
    for name, sql_type in LINEAGE_COLUMNS:
        yield RawColumn(name, sql_type, _LINEAGE[name])


def _added(field: Field, column: str) -> Words:
    if field.personal is not None:
        return _ADDED[column.removeprefix(f"{field.name}_")]
    if field.type == "timestamp":
        return _UTC if column == field.name else _LOCAL_DATE
    if column == field.name:
        return _PLAIN
    return _FOLDED_CODE if field.type == "code" else _FOLDED_TEXT
