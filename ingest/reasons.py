"""Every reason code of ingest with one sentence in Vietnamese and in English.

Codes are stable: analysts, senders and stored quarantine files use them. Add here a code together
with the code that raises it (a test finds every one). Keep out: details of a single case, which
stand beside the code in the outcome.
"""

from types import MappingProxyType

from ingest.refusals import FILE_REASONS

# Why one row is quarantined.
ROW_REASONS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "required": ("Thiếu giá trị bắt buộc", "A required value is missing"),
        "code_not_mapped": (
            "Mã không có trong bảng quy đổi của hồ sơ bên gửi",
            "The code is not in the sender profile's code map",
        ),
        "not_in_code_list": (
            "Mã không thuộc danh mục cho phép",
            "The code is not in the list of allowed codes",
        ),
        "too_long": (
            "Văn bản dài hơn mức cho phép của cột",
            "The text is longer than its column allows",
        ),
        "below_minimum": ("Số nhỏ hơn mức tối thiểu", "The number is below the minimum"),
        "above_maximum": ("Số lớn hơn mức tối đa", "The number is above the maximum"),
        "precision_exceeded": (
            "Số có nhiều chữ số hơn mức cho phép",
            "The number has more digits than its column holds",
        ),
        "decimal_format": (
            "Không phải số theo định dạng đã nêu",
            "Not a number in the stated format",
        ),
        "integer_format": (
            "Không phải số nguyên theo định dạng đã nêu",
            "Not a whole number in the stated format",
        ),
        "date_format": (
            "Không phải ngày hợp lệ theo định dạng đã nêu",
            "Not a valid date in the stated format",
        ),
        "timestamp_format": (
            "Không phải thời điểm hợp lệ theo định dạng đã nêu",
            "Not a valid time in the stated format",
        ),
        "boolean_format": ("Không phải giá trị đúng/sai", "Not a true or false value"),
        "in_the_future": (
            "Thời điểm muộn hơn thời điểm nhận quá một giờ",
            "More than one hour after the moment of receipt",
        ),
        "before_first_day": (
            "Ngày trước ngày đầu tiên mà kho dữ liệu giữ (01/01/2015)",
            "Before the first day that the warehouse keeps (2015-01-01)",
        ),
        "codes_contradict": (
            "Mã mâu thuẫn với mã của cột khác trong cùng dòng",
            "The code contradicts the code of another column of the row",
        ),
        "before_other_time": (
            "Ngày sớm hơn ngày phải có trước nó, như kết quả có trước ngày kiểm tra",
            "On an earlier day than what comes first, such as a result before its inspection",
        ),
        "too_few_fields": ("Dòng thiếu trường", "The record has too few fields"),
        "too_many_fields": ("Dòng thừa trường", "The record has too many fields"),
        "nul_byte": ("Dòng chứa byte rỗng (NUL)", "The record holds a NUL byte"),
        "broken_quote": (
            "Dấu ngoặc kép không đóng hoặc sai chỗ",
            "A quotation mark is not closed or stands in the wrong place",
        ),
        "record_too_long": (
            "Dòng dài hơn giới hạn đọc được",
            "The record is longer than can be read",
        ),
        "s10_format": (
            "Không phải số bưu gửi quốc tế dạng S10 (2 chữ, 9 số, 2 chữ)",
            "Not a postal item identifier of the S10 form (2 letters, 9 digits, 2 letters)",
        ),
        "s10_check_digit": (
            "Số kiểm tra của số bưu gửi S10 sai",
            "The check digit of the postal item identifier (S10) is wrong",
        ),
        "vnaccs_number_format": (
            "Số tờ khai không có đúng 12 chữ số",
            "The declaration number does not have exactly 12 digits",
        ),
        "gtin_format": (
            "Không phải mã vạch GTIN (8, 12, 13 hoặc 14 chữ số)",
            "Not a GTIN (8, 12, 13 or 14 digits)",
        ),
        "gtin_check_digit": (
            "Số kiểm tra của mã vạch GTIN sai",
            "The check digit of the GTIN is wrong",
        ),
        "lifecycle_notification": (
            "Thông báo của cơ quan hải quan về một tờ khai, không phải tờ khai",
            "A notification of the authority about a declaration, not a declaration",
        ),
        "presentation_notice": (
            "Thông báo xuất trình hàng, không phải tờ khai",
            "A notice that goods are presented, not a declaration",
        ),
        "export_declaration": (
            "Tờ khai xuất khẩu: kho dữ liệu chỉ nhận hàng nhập khẩu",
            "An export declaration: this warehouse takes imports",
        ),
        "report_without_goods_items": (
            "Báo cáo không có dòng hàng",
            "The report has no goods items",
        ),
        "digits_lost": (
            "Bảng tính đã làm mất chữ số của mã hoặc số dài",
            "A spreadsheet has lost digits of a code or long number",
        ),
        "leading_zeros_lost": (
            "Mã được lưu như số: có thể mất số 0 ở đầu, hồ sơ không nêu zero_pad",
            "A code was stored as a number: leading zeros may be lost and no zero_pad is stated",
        ),
        "turned_into_date": (
            "Bảng tính đã biến mã hoặc văn bản thành ngày",
            "A spreadsheet has turned a code or text into a date",
        ),
        "error_cell": (
            "Ô chứa lỗi (như #N/A) hoặc ngày không tồn tại",
            "The cell holds an error such as #N/A, or a date that no calendar has",
        ),
        "formula_without_value": (
            "Công thức không có giá trị đã tính",
            "A formula has no stored value",
        ),
        "merged_cells": (
            "Ô bị gộp: chỉ ô đầu giữ giá trị",
            "Merged cells: only the first one holds the value",
        ),
        "broken_json": (
            "Dòng không phải JSON đúng cú pháp",
            "The line is not valid JSON",
        ),
        "not_a_number": (
            "Dòng chứa NaN hoặc Infinity, không phải số JSON",
            "The line holds NaN or Infinity, which is no JSON number",
        ),
        "not_an_object": (
            "Dòng JSON không phải một đối tượng",
            "The JSON of the line is not one object",
        ),
        "json_too_deep": (
            "JSON lồng quá sâu",
            "The JSON is nested too deeply",
        ),
        "no_product": (
            "Trang không có sản phẩm theo schema.org",
            "The page holds no schema.org Product",
        ),
        "no_offer": (
            "Sản phẩm không có lời chào bán, ví dụ đã hết hàng",
            "The product has no offer, as when it is sold out",
        ),
        "too_many_offers": (
            "Trang có quá nhiều lời chào bán",
            "The page holds too many offers",
        ),
        "price_range": (
            "Khoảng giá, không phải giá của một lời chào bán",
            "A range of prices, not the price of an offer",
        ),
        "ambiguous_price": (
            "Giá đọc được theo hai cách, ví dụ 199.000",
            "The price can be read in two ways, such as 199.000",
        ),
        "several_prices": (
            "Một lời chào bán nêu nhiều giá khác nhau",
            "One offer states several prices",
        ),
        "price_currencies_differ": (
            "Giá niêm yết theo đồng tiền khác giá bán",
            "The list price is in another currency than the price",
        ),
        "duplicate_key": (
            "Đối tượng JSON có khóa trùng tên",
            "The JSON object names a key twice",
        ),
        "nested_value": (
            "Giá trị lồng nhau ở chỗ cần giá trị đơn, hoặc ngược lại",
            "A value is nested where a single one is expected, or the other way round",
        ),
    }
)

# What an accepted or repeated file is noted for.
WARNINGS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "already_delivered": ("Tệp này đã được nhận trước đó", "These bytes were delivered before"),
        "replay_unchanged": (
            "Đọc lại cho kết quả như cũ, không thay đổi gì",
            "Reading again gave the same rows; nothing was changed",
        ),
        "sources_no_longer_stated": (
            "Hồ sơ không còn nêu nguồn cũ; nguồn cũ vẫn được tính",
            "The profile no longer states an earlier source, which still counts",
        ),
        "no_final_newline": (
            "Dòng cuối không có dấu xuống dòng, có thể bị cắt",
            "The last record has no line end and may have been cut off",
        ),
        "blank_lines": ("Đã bỏ qua dòng trống", "Empty lines were skipped"),
        "unknown_columns": (
            "Có cột không thuộc hợp đồng dữ liệu; được giữ kèm dòng",
            "Columns that the contract does not know; kept beside the row",
        ),
        "encoding_not_as_stated": (
            "Bảng mã của tệp khác hồ sơ; đã đọc theo bảng mã thật",
            "The file has another encoding than the profile states; read by its own",
        ),
        "header_only": ("Tệp chỉ có tiêu đề, không có dòng nào", "A header and no rows"),
        "invisible_characters": (
            "Đã bỏ ký tự điều khiển hoặc ký tự ẩn",
            "Control or invisible characters were removed",
        ),
        "control_sum_not_comparable": (
            "Không so được tổng số vì có giá trị không đọc được",
            "A sum could not be compared because values could not be read",
        ),
        "unknown_date_format": ("Định dạng ngày lạ, không đọc", "Unknown date format, not read"),
        "item_count_mismatch": (
            "Số dòng hàng khác số đã nêu",
            "The number of items differs from the stated one",
        ),
        "unknown_purpose": ("Mục đích thông điệp lạ", "Unknown purpose of the message"),
        "several_currencies": (
            "Một dòng hàng có giá theo nhiều đồng tiền, không cộng",
            "An item has prices in several currencies, which were not added",
        ),
        "piece_count_mismatch": (
            "Số kiện nêu khác chi tiết của chính chứng từ",
            "The stated pieces differ from the document's own details",
        ),
        "manifest_lists_fewer": (
            "Bản kê nêu ít kiện hơn vận đơn chủ, có thể còn thông điệp khác",
            "The manifest lists fewer pieces than its master; there may be further messages",
        ),
        "description_cut": ("Tên hàng bị cắt bớt", "A goods description was cut"),
        "hidden_sheets": (
            "Có trang tính ẩn",
            "The workbook has hidden sheets",
        ),
        "formulas": (
            "Có công thức; đã dùng giá trị đã lưu",
            "There are formulas; their stored values were used",
        ),
        "unnamed_columns": (
            "Có cột không tên",
            "There are columns without a name",
        ),
        "bare_serial_dates": (
            "Số ngày không định dạng ngày được đọc là ngày",
            "Numbers of days without a date format were read as dates",
        ),
        "codes_as_numbers": (
            "Mã được gửi như số; có thể mất số 0 ở đầu",
            "Codes came as numbers; leading zeros may be lost",
        ),
    }
)

REASONS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {**ROW_REASONS, **FILE_REASONS, **WARNINGS}
)


def sentence(code: str) -> tuple[str, str]:
    """(Vietnamese, English) of a reason code; the code itself, twice, when it is not listed."""
    return REASONS.get(code, (code, code))
