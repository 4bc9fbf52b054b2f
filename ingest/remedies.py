"""What to do about a quarantined row: by its reason code, one sentence in Vietnamese and English.

Add here the remedy of a new row reason (reasons.ROW_REASONS; a test compares the two).
Keep out: what the reason says (reasons.py) and doing it.
"""

from types import MappingProxyType

_Texts = tuple[str, str]

_FILL_IN: _Texts = (
    "Bên gửi bổ sung giá trị và gửi lại dòng trong tệp mới",
    "The sender fills the value in and sends the row again in a new file",
)
_CORRECT: _Texts = (
    "Bên gửi sửa giá trị và gửi lại dòng trong tệp mới",
    "The sender corrects the value and sends the row again in a new file",
)
_MAP: _Texts = (
    "Nếu mã đúng: thêm mã vào [outputs.codes] của hồ sơ bên gửi rồi chạy `quarantine replay`; "
    "nếu sai: bên gửi sửa và gửi lại",
    "If the code is right, add it to [outputs.codes] of the sender profile and run `quarantine "
    "replay`; if not, the sender corrects it and sends it again",
)
_FORMAT: _Texts = (
    "Nếu mọi dòng đều viết như vậy: sửa định dạng trong hồ sơ bên gửi rồi chạy `quarantine "
    "replay`; nếu chỉ vài dòng: bên gửi sửa và gửi lại",
    "If every row is written like this, state the format in the sender profile and run "
    "`quarantine replay`; if a few are, the sender corrects them and sends them again",
)
_EXPORT_AGAIN: _Texts = (
    "Bên gửi xuất lại tệp: cấu trúc dòng bị hỏng khi xuất hoặc truyền",
    "The sender exports the file again: the record was damaged by the export or on the way",
)
_ZERO_PAD: _Texts = (
    "Nếu mã có độ dài cố định: nêu [outputs.zero_pad] trong hồ sơ bên gửi rồi chạy `quarantine "
    "replay`; nếu không: bên gửi lưu cột dưới dạng văn bản",
    "If the code has a fixed length, state it in [outputs.zero_pad] of the sender profile and run "
    "`quarantine replay`; if not, the sender stores the column as text",
)
_AS_TEXT: _Texts = (
    "Chữ số đã mất trong bảng tính: bên gửi lưu cột dưới dạng văn bản và gửi lại",
    "Digits were lost in the spreadsheet: the sender stores the column as text and sends it again",
)
_AS_VALUES: _Texts = (
    "Bên gửi bỏ gộp ô, lưu giá trị thay cho công thức và gửi lại",
    "The sender unmerges the cells, saves values instead of formulas and sends the file again",
)
_NOTHING: _Texts = (
    "Không cần làm gì: bản ghi không thuộc loại dữ liệu này",
    "Nothing: the record is of another kind",
)
_TOO_EARLY: _Texts = (
    "Nếu ngày sai: bên gửi sửa và gửi lại; nếu đúng: không cần làm gì, kho không giữ ngày này",
    "If the day is wrong, the sender corrects it and sends the row again; if it is right, nothing: "
    "the warehouse does not keep that day",
)
_NO_OFFER: _Texts = (
    "Không cần làm gì: trang không chào bán gì vào lúc đó",
    "Nothing: the page offered nothing at that moment",
)
_NUMBER_FORMAT: _Texts = (
    "Nếu bên gửi luôn viết như vậy: nêu decimal_separator và thousands_separator trong hồ sơ bên "
    "gửi rồi chạy `quarantine replay`; nếu không: bên gửi viết số không có dấu nhóm",
    "If the sender always writes so, state decimal_separator and thousands_separator in the sender "
    "profile and run `quarantine replay`; if not, the sender writes numbers without grouping",
)
_DEFAULT: _Texts = (
    "Hỏi bên gửi; nếu giá trị đúng, sửa hồ sơ bên gửi rồi chạy `quarantine replay`",
    "Ask the sender; if the value is right, correct the sender profile and run `quarantine replay`",
)

REMEDIES: MappingProxyType[str, _Texts] = MappingProxyType(
    {
        "required": _FILL_IN,
        "code_not_mapped": _MAP,
        "not_in_code_list": _MAP,
        "too_long": _CORRECT,
        "below_minimum": _CORRECT,
        "above_maximum": _CORRECT,
        "precision_exceeded": _CORRECT,
        "decimal_format": _FORMAT,
        "integer_format": _FORMAT,
        "date_format": _FORMAT,
        "timestamp_format": _FORMAT,
        "boolean_format": _MAP,
        "in_the_future": _CORRECT,
        "before_first_day": _TOO_EARLY,
        "codes_contradict": _CORRECT,
        "before_other_time": _CORRECT,
        "too_few_fields": _EXPORT_AGAIN,
        "too_many_fields": _EXPORT_AGAIN,
        "nul_byte": _EXPORT_AGAIN,
        "broken_quote": _EXPORT_AGAIN,
        "record_too_long": _EXPORT_AGAIN,
        "broken_json": _EXPORT_AGAIN,
        "not_an_object": _EXPORT_AGAIN,
        "duplicate_key": _EXPORT_AGAIN,
        "not_a_number": _EXPORT_AGAIN,
        "nested_value": _EXPORT_AGAIN,
        "json_too_deep": _EXPORT_AGAIN,
        "no_product": _NO_OFFER,
        "no_offer": _NO_OFFER,
        "too_many_offers": _EXPORT_AGAIN,
        "price_range": _NO_OFFER,
        "ambiguous_price": _NUMBER_FORMAT,
        "several_prices": _CORRECT,
        "price_currencies_differ": _CORRECT,
        "leading_zeros_lost": _ZERO_PAD,
        "digits_lost": _AS_TEXT,
        "turned_into_date": _AS_TEXT,
        "error_cell": _CORRECT,
        "formula_without_value": _AS_VALUES,
        "merged_cells": _AS_VALUES,
        "s10_format": _CORRECT,
        "s10_check_digit": _CORRECT,
        "vnaccs_number_format": _CORRECT,
        "gtin_format": _CORRECT,
        "gtin_check_digit": _CORRECT,
        "lifecycle_notification": _NOTHING,
        "presentation_notice": _NOTHING,
        "export_declaration": _NOTHING,
        "report_without_goods_items": _NOTHING,
    }
)


def remedy(code: str) -> _Texts:
    """(Vietnamese, English) of what to do about a row with this reason."""
    return REMEDIES.get(code, _DEFAULT)
