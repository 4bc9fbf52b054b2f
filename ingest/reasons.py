"""Every reason code of ingest with one sentence in Vietnamese and in English.

Codes are stable: analysts, senders and stored quarantine files use them. Add here a code together
with the code that raises it (a test finds every one). Keep out: details of a single case, which
stand beside the code in the outcome.
"""

from types import MappingProxyType

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

# Why a whole file is refused.
FILE_REASONS: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "file_not_found": ("Không tìm thấy tệp", "There is no such file"),
        "not_a_plain_file": (
            "Không phải tệp thường (liên kết, thư mục, thiết bị)",
            "Not a plain file (a link, folder or device)",
        ),
        "empty_file": ("Tệp rỗng, 0 byte", "The file is empty, 0 bytes"),
        "format_not_stated": (
            "Hồ sơ bên gửi không mô tả tệp có tên này",
            "The sender profile describes no file with this name",
        ),
        "source_not_stated": (
            "Không rõ tệp thuộc nguồn dữ liệu nào",
            "Neither the name nor the document says which source this is",
        ),
        "not_readable_as_stated": (
            "Không đọc được tệp theo định dạng đã nêu",
            "The file cannot be read in the stated format",
        ),
        "encoding_mismatch": (
            "Bảng mã của tệp không đúng như đã nêu",
            "The file is not in the stated character encoding",
        ),
        "header_unreadable": ("Không đọc được dòng tiêu đề", "The header cannot be read"),
        "duplicate_column": ("Tiêu đề có cột trùng tên", "The header names a column twice"),
        "missing_column": ("Thiếu cột bắt buộc", "A required column is missing"),
        "delimiter_not_as_stated": (
            "Dấu phân cách của tệp khác với hồ sơ bên gửi",
            "The file has another delimiter than the sender profile states",
        ),
        "quoting_not_as_stated": (
            "Quá nhiều dòng có dấu ngoặc kép sai",
            "Too many records have broken quotation marks",
        ),
        "no_line_ends": ("Tệp không có dấu xuống dòng", "The file has no line ends"),
        "ambiguous_number": (
            "Có số đọc được theo hai cách mà hồ sơ không nêu định dạng số",
            "A number can be read in two ways and the profile states no number format",
        ),
        "date_order_contradicted": (
            "Có ngày trái với thứ tự ngày, tháng đã nêu",
            "A date contradicts the stated order of day and month",
        ),
        "manifest_missing": (
            "Thiếu bảng kê kiểm soát bắt buộc",
            "The required control manifest is missing",
        ),
        "manifest_unreadable": (
            "Không đọc được bảng kê kiểm soát",
            "The control manifest cannot be read",
        ),
        "not_in_manifest": (
            "Bảng kê kiểm soát không nêu tệp này",
            "The control manifest does not name this file",
        ),
        "control_sha256_mismatch": (
            "Mã băm sha256 khác bảng kê",
            "The sha256 differs from the manifest",
        ),
        "control_rows_mismatch": (
            "Số dòng khác bảng kê",
            "The number of rows differs from the manifest",
        ),
        "control_sum_mismatch": ("Tổng số khác bảng kê", "A sum differs from the manifest"),
        "file_not_readable": ("Không mở được tệp để đọc", "The file cannot be opened for reading"),
        "archive_truncated": ("Tệp nén bị cắt, thiếu phần cuối", "The archive ends too early"),
        "archive_corrupt": ("Tệp nén hỏng", "The archive is damaged"),
        "archive_empty": ("Tệp nén không chứa tệp nào", "The archive holds no file"),
        "archive_too_large": ("Nội dung giải nén quá lớn", "The archive unpacks to too many bytes"),
        "archive_ratio_exceeded": (
            "Tỷ lệ nén bất thường (bom nén)",
            "The archive unpacks to suspiciously many bytes (a bomb)",
        ),
        "archive_too_many_members": ("Tệp nén có quá nhiều tệp", "The archive has too many files"),
        "archive_nested": ("Tệp nén nằm trong tệp nén", "The archive holds another archive"),
        "archive_encrypted": ("Tệp nén có mật khẩu", "The archive is locked with a password"),
        "archive_member_not_plain": (
            "Tệp nén chứa liên kết hoặc thiết bị",
            "The archive holds a link or device",
        ),
        "archive_name_unsafe": (
            "Tên tệp trong tệp nén trỏ ra ngoài hoặc quá dài",
            "A name in the archive leads out of it or is too long",
        ),
        "archive_duplicate_name": (
            "Tệp nén có hai tệp cùng tên",
            "The archive holds two files of one name",
        ),
        "archive_method_unsupported": (
            "Phương pháp nén không được hỗ trợ",
            "The archive uses a compression that is not read",
        ),
        "reader_crashed": (
            "Chương trình đọc tệp bị dừng đột ngột",
            "The process that read the file died",
        ),
        "reader_timed_out": ("Đọc tệp quá thời gian cho phép", "Reading took longer than allowed"),
        "reader_out_of_memory": (
            "Đọc tệp cần nhiều bộ nhớ hơn mức cho phép",
            "Reading needs more memory than allowed",
        ),
        "output_too_large": (
            "Kết quả đọc lớn hơn mức cho phép",
            "What was read is larger than allowed",
        ),
        "corrupt_parquet": ("Tệp Parquet hỏng", "The Parquet file is damaged"),
        "no_declaration": ("Tài liệu không có tờ khai", "The document holds no declaration"),
        "waybill_without_consignment": (
            "Vận đơn không có lô hàng",
            "The waybill holds no consignment",
        ),
        "xml_document_unknown": (
            "Loại tài liệu XML không có bộ đọc nào nhận",
            "An XML document of a kind that no reader takes",
        ),
        "entry_summary": (
            "Tờ khai tóm tắt trước khi hàng đến: chưa có hợp đồng dữ liệu",
            "An entry summary: there is no contract for it yet",
        ),
        "xml_doctype_forbidden": (
            "Tệp XML khai báo DTD, không được phép",
            "The XML declares a document type, which is forbidden",
        ),
        "xml_not_well_formed": ("Tệp XML sai cú pháp", "The XML is not well-formed"),
        "xml_too_deep": ("Tệp XML lồng quá sâu", "The XML is nested too deeply"),
        "xml_too_large": ("Tệp XML quá lớn", "The XML is too large"),
        "corrupt_workbook": (
            "Tệp bảng tính hỏng",
            "The workbook is damaged",
        ),
        "workbook_encrypted": (
            "Bảng tính có mật khẩu hoặc ở định dạng cũ",
            "The workbook has a password or is in the format before 2007",
        ),
        "workbook_too_large": (
            "Bảng tính quá lớn khi giải nén hoặc trải quá rộng",
            "The workbook is too large unpacked or spans too many cells",
        ),
        "sheet_not_found": (
            "Không có trang tính cần đọc",
            "The sheet to read is not there",
        ),
        "several_sheets": (
            "Nhiều trang tính có dữ liệu mà hồ sơ không nêu trang nào",
            "Several sheets hold data and the profile names none",
        ),
        "merged_header": (
            "Dòng tiêu đề có ô gộp",
            "The header row has merged cells",
        ),
        "not_json_lines": (
            "Tệp không phải mỗi dòng một đối tượng JSON",
            "The file is not one JSON object a line",
        ),
        "too_many_keys": (
            "Các đối tượng JSON có quá nhiều khóa khác nhau",
            "The JSON objects have too many different keys",
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
