"""Codes of the marts as a reader says them.

Add here the words of a code that a table shows. Keep out: names that the release holds (goods,
provinces, platforms) and names of sources (their contracts).
"""

from types import MappingProxyType

from contracts.facts import Words

ALL = Words("Tổng", "Total")
CODES = MappingProxyType(
    {
        "all": ALL,
        "unknown": Words("Chưa rõ", "Unknown"),
        "unstated": Words("Không nêu", "Not stated"),
        "none": Words("Không có", "None"),
        # channels
        "express": Words("Chuyển phát nhanh", "Express"),
        "postal": Words("Bưu chính", "Postal"),
        "cargo": Words("Hàng hóa", "Cargo"),
        # registration of platforms
        "registered": Words("Đã đăng ký", "Registered"),
        "suspended": Words("Bị đình chỉ", "Suspended"),
        "deregistered": Words("Chấm dứt đăng ký", "Deregistered"),
        "applying": Words("Đang đăng ký", "Applying"),
        "unregistered": Words("Chưa đăng ký", "Not registered"),
        # types of platforms under Law 122/2025/QH15
        "direct": Words("Sàn trực tiếp", "Direct platform"),
        "intermediary": Words("Sàn trung gian", "Intermediary platform"),
        "social_network": Words("Mạng xã hội", "Social network"),
        "integrated": Words("Sàn tích hợp", "Integrated platform"),
        "undetermined": Words("Sàn chưa rõ loại", "Platform of no stated type"),
        # ways of selection
        "rule": Words("Theo quy tắc", "By rule"),
        "score": Words("Theo điểm rủi ro", "By risk score"),
        "random": Words("Ngẫu nhiên", "At random"),
        "manual": Words("Công chức chọn", "By an officer"),
        "intelligence": Words("Theo tin báo", "By intelligence"),
        "mandatory": Words("Bắt buộc", "Mandatory"),
        # risk types
        "undervaluation": Words("Khai thấp trị giá", "Undervaluation"),
        "misclassification": Words("Sai mã hàng", "Misclassification"),
        "origin": Words("Xuất xứ", "Origin"),
        "ip_counterfeit": Words("Hàng giả, sở hữu trí tuệ", "Counterfeit and IP"),
        "prohibited_conditional": Words("Hàng cấm, có điều kiện", "Prohibited or conditional"),
        "splitting": Words("Chia nhỏ lô hàng", "Splitting"),
        "unregistered_platform": Words("Sàn chưa đăng ký", "Unregistered platform"),
        "product_safety": Words("An toàn sản phẩm", "Product safety"),
        "unspecified": Words("Không nêu loại", "Not specified"),
    }
)
REASONS = MappingProxyType(
    {
        "incomplete_month": Words(
            "Tháng chưa đủ ngày: không so với số của cả tháng.",
            "The month is not complete: it is not compared with figures of a whole month.",
        ),
        "earlier_month_missing": Words(
            "Không có số của tháng được so.", "There is no figure of the month compared with."
        ),
        "earlier_month_incomplete": Words(
            "Tháng được so chưa đủ ngày.", "The month compared with is not complete."
        ),
        "commodity_unknown": Words(
            "Hàng chưa rõ nhóm không có mẫu số.", "Goods of no known group have no denominator."
        ),
        "member_unknown": Words(
            "Hàng không nêu sàn không có mẫu số.",
            "Goods that name no platform have no denominator.",
        ),
        "landed_value_missing": Words("Chưa có trị giá về đến nơi.", "No landed value is known."),
        "flows_incomplete": Words(
            "Kỳ chưa đủ tháng trọn vẹn.", "The period has months that are not complete."
        ),
        "output_missing": Words(
            "Chưa có sản lượng trong nước của kỳ.", "Domestic output of the period is not out."
        ),
        "earlier_output_missing": Words(
            "Chưa có sản lượng trong nước của cùng kỳ năm trước.",
            "Domestic output of the same period a year before is not out.",
        ),
        "no_production": Words(
            "Không có sản xuất trong nước: không có tỷ số nào trên sản lượng.",
            "Nothing is made at home: there is no ratio to output.",
        ),
        "no_warning": Words(
            "Không có cảnh báo nào trong các tháng được đếm.",
            "There was no warning in the months counted.",
        ),
        "no_action": Words(
            "Không có biện pháp nào trong thời hạn.", "There was no action within the horizon."
        ),
        "no_warning_followed": Words(
            "Không cảnh báo nào có biện pháp về sau.", "No warning was followed by an action."
        ),
        "earlier_amount_zero": Words(
            "Cùng kỳ năm trước không nhập khẩu: không có phần trăm tăng.",
            "Nothing was imported a year before: the increase has no percentage.",
        ),
    }
)
NOT_OUT = Words("Chưa có số liệu cần thiết ({reason}).", "What is needed is not out ({reason}).")
