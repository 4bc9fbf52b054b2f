"""Why a whole file is refused: every reason code with one sentence in Vietnamese and in English.

Add here a code together with the FileRefused that carries it (a test finds every one). Keep out:
reasons of rows and warnings, and the look-up of any code (reasons.py).
"""

from types import MappingProxyType

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
