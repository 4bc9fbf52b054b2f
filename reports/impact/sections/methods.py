"""Section 14: how the figures come about, under the headings of the Eurostat metadata structure.

Add here a heading's text. Keep out: formulas of single marts (their documentation), rates of law.
Source of the headings: Single Integrated Metadata Structure (Eurostat), shortened.
"""

from contracts.facts import Words
from reports.impact.model import Cell, Column, Control, Section, Table

_HEADINGS = (
    (
        Words("Đầu mối", "Contact"),
        Words(
            "Đơn vị vận hành kho dữ liệu của Bộ.", "The ministry's unit that runs the warehouse."
        ),
    ),
    (
        Words("Nội dung số liệu", "Statistical presentation"),
        Words(
            "Hàng nhập khẩu qua thương mại điện tử xuyên biên giới: bưu gửi, tờ khai trị giá thấp "
            "và dòng tờ khai, mỗi lô đếm một lần.",
            "Cross-border e-commerce imports: parcels, low-value declarations and declaration "
            "lines, each consignment counted once.",
        ),
    ),
    (
        Words("Đơn vị tính", "Unit of measure"),
        Words(
            "Đồng Việt Nam theo tỷ giá tính thuế của ngày; tỷ đồng là 10^9 đồng. Số thành phần "
            "có thể không cộng đúng bằng tổng do làm tròn.",
            "Vietnamese dong at the customs exchange rate of the day; VND bn is 10^9 dong. "
            "Components may not add up to totals because of rounding.",
        ),
    ),
    (
        Words("Kỳ số liệu", "Reference period"),
        Words(
            "Tháng dương lịch theo ngày nghiệp vụ của lô hàng.",
            "The calendar month, by the business day of the consignment.",
        ),
    ),
    (
        Words("Bảo mật", "Confidentiality"),
        Words(
            "Bản nội bộ: không chuyển ra ngoài. Bản công khai chỉ gồm các ô đã qua kiểm soát "
            "tiết lộ.",
            "The internal edition is not passed on. The public edition holds only cells that "
            "passed disclosure control.",
        ),
    ),
    (
        Words("Công bố và sửa đổi", "Release and revision policy"),
        Words(
            "Ước tính sau 12 ngày, sơ bộ sau 45 ngày, chính thức vào tháng 6 năm sau. Số đã công "
            "bố được giữ lại, thay đổi được ghi cùng lý do.",
            "Estimates after 12 days, preliminary after 45, official in June of the next year. "
            "What was published is kept; a change is recorded with its reason.",
        ),
    ),
    (
        Words("Độ chính xác", "Accuracy"),
        Words(
            "Trị giá là trị giá khai báo, có thể thấp hơn thực tế. Lô chưa có trị giá không nằm "
            "trong các tổng tiền và được đếm riêng.",
            "Values are as declared and may be below what was paid. Consignments without a value "
            "are not in the money totals and are counted apart.",
        ),
    ),
    (
        Words("Tính so sánh được", "Comparability"),
        Words(
            "Chỉ tháng đủ ngày mới so với tháng khác hoặc với số của cả tháng.",
            "Only a complete month is compared with another, or with a figure of a whole month.",
        ),
    ),
)


def section(control: Control) -> Section:
    """The annex on methods."""
    columns = (
        Column("heading", Words("Mục", "Heading")),
        Column("text", Words("Nội dung", "Content")),
    )
    release = (
        Words("Bản phát hành", "Release"),
        f"{control.release_id} / {control.run_id}",
    )
    rows: tuple[tuple[Cell, ...], ...] = (*_HEADINGS, release)
    table = Table(
        "methods", Words("Siêu dữ liệu", "Metadata"), columns, rows, "reports/impact/methods"
    )
    return Section(14, Words("Phương pháp", "Methods"), (table,))
