"""Every fixed word of the quality page, Vietnamese and English side by side.

Add here a label before using it in the template. Keep out: texts of rules (their verdict carries
them), of sources (their contracts) and of owners (owners.toml).
"""

from types import MappingProxyType

from contracts.catalogue import CONTRACTS
from contracts.facts import Words

OUTCOMES = MappingProxyType(
    {
        "stop": Words("Chặn công bố", "Stops publishing"),
        "warn": Words("Cảnh báo", "Warning"),
        "note": Words("Lưu ý", "Note"),
        "waived": Words("Được miễn trừ", "Waived"),
        "ok": Words("Đạt", "Passed"),
        "none": Words("Không có gì để kiểm", "Nothing to check"),
    }
)
SEVERITIES = MappingProxyType(
    {
        "critical": Words("nghiêm trọng", "critical"),
        "warning": Words("cảnh báo", "warning"),
        "info": Words("thông tin", "info"),
    }
)
GATES = MappingProxyType(
    {
        "gate1": Words("Cửa 1: dữ liệu nhận về", "Gate 1: what was delivered"),
        "gate2": Words("Cửa 2: số liệu sẽ công bố", "Gate 2: what is to be published"),
    }
)
# Headline, and what it means for whoever reads the figures.
BANNERS = MappingProxyType(
    {
        "published": (
            Words("Đã công bố", "Published"),
            Words(
                "Mọi quy tắc đều đạt. Người đọc dùng bản phát hành {release}.",
                "Every rule passed. Readers use release {release}.",
            ),
        ),
        "published_with_warnings": (
            Words("Đã công bố, có cảnh báo", "Published, with warnings"),
            Words(
                "Người đọc dùng bản phát hành {release}. Hãy xem các cảnh báo dưới đây.",
                "Readers use release {release}. Please look at the warnings below.",
            ),
        ),
        "refused": (
            Words("Không công bố: cửa chất lượng từ chối", "Not published: a gate refused"),
            Words(
                "Không có số liệu nào của lần chạy này được công bố. {base}",
                "Nothing of this run was published. {base}",
            ),
        ),
        "partial": (
            Words("Lần chạy từng phần, không công bố", "A partial run, nothing published"),
            Words(
                "Lần chạy chỉ gồm một số bước, hoặc đã được dừng trước bước công bố. {base}",
                "The run had some of the steps only, or was stopped before publishing. {base}",
            ),
        ),
        "failed": (
            Words("Không công bố: lần chạy bị lỗi", "Not published: the run failed"),
            Words(
                "Không có số liệu nào của lần chạy này được công bố. {base}",
                "Nothing of this run was published. {base}",
            ),
        ),
    }
)
NO_RELEASE = Words("Chưa có bản phát hành nào để đọc.", "There is no release to read yet.")
EARLIER_RELEASE = Words(
    "Người đọc vẫn dùng bản phát hành trước, {release}.",
    "Readers still use the release before, {release}.",
)

RUN_STATUSES = MappingProxyType(
    {
        "published": Words("đã công bố", "published"),
        "refused": Words("bị từ chối", "refused"),
        "failed": Words("bị lỗi", "failed"),
        "partial": Words("từng phần", "partial"),
    }
)
DELIVERY_STATUSES = MappingProxyType(
    {
        "accepted": Words("chấp nhận", "accepted"),
        "refused": Words("từ chối", "refused"),
        "duplicate": Words("gửi lại tệp đã nhận", "received before"),
        "discarded": Words("đã loại bỏ", "discarded"),
        "set_aside": Words("để riêng, chưa tính", "set aside, not computed yet"),
    }
)
SUITES = MappingProxyType(
    {
        "run": Words("Lần chạy", "The run"),
        "references": Words("Danh mục tham chiếu", "Reference data"),
        "senders": Words("Bên gửi so với chính mình", "Senders against themselves"),
        "freshness": Words("Độ mới của dữ liệu", "Freshness"),
        **{source: contract.name for source, contract in CONTRACTS.items()},
        "consignments": Words("Lô hàng", "Consignments"),
        "reconciliation": Words("Đối chiếu nguồn và kho", "Reconciliation"),
        "records": Words("Bản ghi trùng, mâu thuẫn", "Records that came twice"),
        "codes": Words("Mã ngoài danh mục", "Codes beyond the lists"),
        "distributions": Words("Phân bố so với những ngày trước", "Distributions"),
        "disclosure": Words("Điều kiện bảo mật thống kê", "Disclosure preconditions"),
        "risk_scores": Words("Điểm rủi ro", "Risk scores"),
        "selections": Words("Lựa chọn kiểm tra", "Selections"),
        "inspections": Words("Kết quả kiểm tra", "Inspection results"),
        "tax_assessments": Words("Tính thuế", "Tax assessments"),
        "waivers": Words("Miễn trừ", "Waivers"),
    }
)
LABELS = MappingProxyType(
    {
        "title": Words("Báo cáo chất lượng", "Quality report"),
        "system": Words("Kho dữ liệu rủi ro hàng nhập", "Import risk warehouse"),
        "language": Words("Ngôn ngữ", "Language"),
        "both": Words("Song ngữ", "Both"),
        "days": Words("Ngày nghiệp vụ", "Business days"),
        "written": Words("Lập lúc", "Written at"),
        "to_do": Words("Việc cần làm", "What to do"),
        "nothing_to_do": Words(
            "Không có việc gì: mọi quy tắc đã kiểm đều đạt.",
            "Nothing: every rule that was checked passed.",
        ),
        "rules": Words("quy tắc đã kiểm", "rules checked"),
        "stops": Words("chặn công bố", "stop publishing"),
        "warnings": Words("cảnh báo", "warnings"),
        "waived": Words("được miễn trừ", "waived"),
        "unjudged": Words("không có gì để kiểm", "with nothing to check"),
        "expected": Words("Mong đợi", "Expected"),
        "seen": Words("Thấy được", "Seen"),
        "act": Words("Cần làm", "What to do"),
        "owner": Words("Phụ trách", "Owner"),
        "steward": Words("Đầu mối nguồn", "Steward"),
        "trend": Words("30 lần chạy gần nhất", "Last 30 runs"),
        "examples": Words("Ví dụ (đã che)", "Examples (masked)"),
        "of_failing": Words("trong số {count} phát hiện", "of {count} findings"),
        "waivers": Words("Miễn trừ đã dùng", "Waivers that were used"),
        "reason": Words("Lý do", "Reason"),
        "signed": Words("Người ký", "Signed by"),
        "covers": Words("Cho các ngày", "For the days"),
        "deliveries": Words("Các lần gửi", "Deliveries"),
        "no_deliveries": Words(
            "Không có lần gửi nào cho các ngày này.", "No delivery concerns these days."
        ),
        "unknown_deliveries": Words(
            "Lần chạy dừng trước khi đọc các lần gửi.",
            "The run ended before it read the deliveries.",
        ),
        "conserved": Words(
            "Dòng nhận = chấp nhận + cách ly + trùng",
            "Rows in = accepted + quarantined + duplicates",
        ),
        "source": Words("Nguồn", "Source"),
        "sender": Words("Bên gửi", "Sender"),
        "file": Words("Tệp", "File"),
        "received": Words("Ngày nhận", "Received"),
        "state": Words("Trạng thái", "State"),
        "rows_in": Words("Dòng nhận", "Rows in"),
        "accepted": Words("Chấp nhận", "Accepted"),
        "quarantined": Words("Cách ly", "Quarantined"),
        "duplicates": Words("Trùng", "Duplicates"),
        "total": Words("Tổng cộng", "Total"),
        "more": Words("và {count} lần gửi khác", "and {count} more deliveries"),
        "all_rules": Words("Mọi quy tắc", "Every rule"),
        "rule": Words("Quy tắc", "Rule"),
        "outcome": Words("Kết quả", "Outcome"),
        "passed_of": Words("đạt", "passed"),
        "no_verdict": Words(
            "Cửa này chưa được chạy: không có kết quả nào để xem.",
            "This gate was not reached: it left no verdict.",
        ),
        "problems": Words("Cửa không đánh giá được", "The gate could not judge"),
        "incomplete": Words(
            "Chỉ {evaluated} trên {declared} quy tắc được đánh giá.",
            "Only {evaluated} of {declared} rules were evaluated.",
        ),
        "failure": Words("Lỗi làm dừng lần chạy", "What stopped the run"),
        "step": Words("Bước", "Step"),
        "where": Words("Nơi xảy ra", "Where"),
        "what": Words("Chuyện gì", "What"),
        "no_failure": Words(
            "Không có lời giải thích được lưu; xem run.log trong thư mục của lần chạy.",
            "No explanation was kept; read run.log in the folder of the run.",
        ),
        "unreadable": Words(
            "Không đọc được bằng chứng: {names}", "Evidence that cannot be read: {names}"
        ),
        "runs": Words("Các lần chạy gần đây", "Recent runs"),
        "facts": Words("Nguồn gốc", "Lineage"),
        "run": Words("Lần chạy", "Run"),
        "release": Words("Bản phát hành", "Release"),
        "base": Words("Dựa trên", "Built from"),
        "inputs": Words("Tệp đầu vào", "Input files"),
        "inputs_hash": Words("Mã băm đầu vào", "Hash of the inputs"),
        "code": Words("Mã băm mã nguồn", "Hash of the code"),
        "seeds": Words("Mã băm quy định", "Hash of the rules"),
        "lock": Words("Mã băm thư viện", "Hash of the libraries"),
        "verdict": Words("Mã băm kết luận", "Hash of the verdict"),
        "mask_note": Words(
            "Dữ liệu cá nhân đã được thay bằng mã và cắt ngắn; trang này không chứa tên, số điện "
            "thoại hay địa chỉ của ai.",
            "Personal data are replaced by tokens and cut short; no name, telephone number or "
            "address of a person is on this page.",
        ),
        "owners_unreadable": Words(
            "Không đọc được owners.toml của kho; đang hiện tên mặc định.",
            "The home's owners.toml cannot be read; default names are shown.",
        ),
    }
)
