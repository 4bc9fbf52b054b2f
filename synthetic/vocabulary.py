"""Words of invented people, firms, places and codes; every synthetic name is built from these
alone.

Add here a name part, a street, a province, an office or a platform. Keep out: goods (goods.py),
shares (parameters.py) and any name or address taken from a record. Given and family names are
the most common ones of the language, so combinations may coincide with living persons by chance
only.
"""

from dataclasses import dataclass

FAMILY_NAMES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Đinh",
    "Trịnh",
    "Mai",
    "Lương",
)
MIDDLE_NAMES = (
    "Thị",
    "Văn",
    "Minh",
    "Ngọc",
    "Thanh",
    "Đức",
    "Hữu",
    "Quang",
    "Thu",
    "Hồng",
    "Kim",
    "Xuân",
    "Gia",
    "Bảo",
    "Khánh",
    "Phương",
)
GIVEN_NAMES = (
    "Anh",
    "Bình",
    "Châu",
    "Chi",
    "Cường",
    "Dung",
    "Dũng",
    "Giang",
    "Hà",
    "Hải",
    "Hạnh",
    "Hiền",
    "Hiếu",
    "Hoa",
    "Hùng",
    "Hương",
    "Huy",
    "Khoa",
    "Lan",
    "Linh",
    "Loan",
    "Long",
    "Ly",
    "Mai",
    "Nam",
    "Nga",
    "Ngân",
    "Nhung",
    "Oanh",
    "Phúc",
    "Phượng",
    "Quân",
    "Quỳnh",
    "Sơn",
    "Thảo",
    "Thắng",
    "Trang",
    "Tuấn",
    "Vy",
    "Yến",
)
STREETS = (
    "Trần Phú",
    "Lê Lợi",
    "Nguyễn Trãi",
    "Hai Bà Trưng",
    "Quang Trung",
    "Lý Thường Kiệt",
    "Hùng Vương",
    "Trần Hưng Đạo",
    "Lê Duẩn",
    "Phan Chu Trinh",
    "Nguyễn Huệ",
    "Bà Triệu",
    "Ngô Quyền",
    "Hoàng Diệu",
    "Điện Biên Phủ",
    "Cách Mạng Tháng Tám",
    "Nguyễn Văn Cừ",
    "Lạc Long Quân",
    "Võ Thị Sáu",
    "Tôn Đức Thắng",
    "Phan Đình Phùng",
    "Nguyễn Du",
    "Lê Hồng Phong",
    "Trường Chinh",
    "Âu Cơ",
    "Đinh Tiên Hoàng",
    "Hoàng Hoa Thám",
    "Lê Văn Sỹ",
    "Nguyễn Thái Học",
    "Phạm Văn Đồng",
    "Giải Phóng",
    "Xuân Thủy",
)
WARDS = (
    "An Bình",
    "An Phú",
    "Bình Minh",
    "Đông Hòa",
    "Đông Sơn",
    "Đồng Tâm",
    "Hòa Bình",
    "Hòa Hiệp",
    "Long Thạnh",
    "Nam Sơn",
    "Phú Hòa",
    "Phú Thịnh",
    "Quảng Phú",
    "Quang Trung",
    "Tân An",
    "Tân Hưng",
    "Tân Lập",
    "Tân Phong",
    "Tân Tiến",
    "Thạnh Mỹ",
    "Thành Công",
    "Thắng Lợi",
    "Trung Tâm",
    "Vĩnh Phúc",
)


@dataclass(frozen=True)
class Province:
    """A province of the 34 (codes of 2025); birth_prefixes: first three digits of personal ids."""

    weight: int
    code: str
    name: str
    birth_prefixes: tuple[str, ...]


PROVINCES: tuple[Province, ...] = (
    Province(210, "01", "Thành phố Hà Nội", ("001",)),
    Province(6, "04", "Tỉnh Cao Bằng", ("004",)),
    Province(10, "08", "Tỉnh Tuyên Quang", ("002", "008")),
    Province(5, "11", "Tỉnh Điện Biên", ("011",)),
    Province(4, "12", "Tỉnh Lai Châu", ("012",)),
    Province(8, "14", "Tỉnh Sơn La", ("014",)),
    Province(12, "15", "Tỉnh Lào Cai", ("010", "015")),
    Province(18, "19", "Tỉnh Thái Nguyên", ("006", "019")),
    Province(12, "20", "Tỉnh Lạng Sơn", ("020",)),
    Province(22, "22", "Tỉnh Quảng Ninh", ("022",)),
    Province(34, "24", "Tỉnh Bắc Ninh", ("024", "027")),
    Province(26, "25", "Tỉnh Phú Thọ", ("017", "025", "026")),
    Province(44, "31", "Thành phố Hải Phòng", ("030", "031")),
    Province(28, "33", "Tỉnh Hưng Yên", ("033", "034")),
    Province(30, "37", "Tỉnh Ninh Bình", ("035", "036", "037")),
    Province(26, "38", "Tỉnh Thanh Hoá", ("038",)),
    Province(24, "40", "Tỉnh Nghệ An", ("040",)),
    Province(10, "42", "Tỉnh Hà Tĩnh", ("042",)),
    Province(12, "44", "Tỉnh Quảng Trị", ("044", "045")),
    Province(12, "46", "Thành phố Huế", ("046",)),
    Province(32, "48", "Thành phố Đà Nẵng", ("048", "049")),
    Province(12, "51", "Tỉnh Quảng Ngãi", ("051", "062")),
    Province(20, "52", "Tỉnh Gia Lai", ("052", "064")),
    Province(18, "56", "Tỉnh Khánh Hoà", ("056", "058")),
    Province(18, "66", "Tỉnh Đắk Lắk", ("054", "066")),
    Province(22, "68", "Tỉnh Lâm Đồng", ("060", "067", "068")),
    Province(46, "75", "Thành phố Đồng Nai", ("070", "075")),
    Province(300, "79", "Thành phố Hồ Chí Minh", ("074", "077", "079")),
    Province(24, "80", "Tỉnh Tây Ninh", ("072", "080")),
    Province(20, "82", "Tỉnh Đồng Tháp", ("082", "087")),
    Province(20, "86", "Tỉnh Vĩnh Long", ("083", "084", "086")),
    Province(24, "91", "Tỉnh An Giang", ("089", "091")),
    Province(24, "92", "Thành phố Cần Thơ", ("092", "093", "094")),
    Province(12, "96", "Tỉnh Cà Mau", ("095", "096")),
)


@dataclass(frozen=True)
class Office:
    """Where parcels enter: customs office, its channel, VNACCS transport mode, operator code."""

    weight: int
    code: str
    channel: str
    transport_mode: str
    operator: str


OFFICES: tuple[Office, ...] = (
    Office(20, "02DS", "express", "1", "SYNEXP01"),
    Office(16, "01DD", "express", "1", "SYNEXP02"),
    Office(8, "01B2", "express", "1", "SYNEXP03"),
    Office(18, "15BB", "express", "4", "SYNEXP04"),
    Office(10, "20BB", "express", "4", "SYNEXP05"),
    Office(6, "13BB", "express", "4", "SYNEXP06"),
    Office(8, "01D1", "postal", "1", "SYNPOST1"),
    Office(4, "01D2", "postal", "1", "SYNPOST1"),
    Office(4, "02B1", "cargo", "1", "SYNCARGO1"),
    Office(6, "15BE", "cargo", "4", "SYNCARGO2"),
)

SYNTHETIC_REGISTERED = "syn_registered"
SYNTHETIC_SUSPENDED = "syn_suspended"
SYNTHETIC_UNLISTED = "syn_unlisted"


@dataclass(frozen=True)
class Platform:
    """How often a sender names it, its order and seller id patterns (ours), Chinese or not."""

    weight: int
    code: str | None
    order_prefix: str
    is_chinese: bool


# Per thousand parcels. Among the registered ones the shares follow the tracked turnover of the
# first half of 2025 (domain handbook 5.1, V2): Shopee 58 %, TikTok Shop 39 %, Lazada and Tiki
# together 3 %. How many parcels come over the others, or name no platform, is not known [OWN].
PLATFORMS: tuple[Platform, ...] = (
    Platform(302, None, "REF", False),
    Platform(60, "temu", "TMU", True),
    Platform(80, "shein", "SHN", True),
    Platform(95, "1688", "AL8", True),
    Platform(95, "taobao", "TBO", True),
    Platform(190, "shopee", "SPE", False),
    Platform(128, "tiktokshop", "TTS", False),
    Platform(8, "lazada", "LZD", False),
    Platform(2, "tiki", "TKI", False),
    Platform(20, SYNTHETIC_REGISTERED, "SYR", False),
    Platform(10, SYNTHETIC_SUSPENDED, "SYS", False),
    Platform(10, SYNTHETIC_UNLISTED, "SYU", False),
)


@dataclass(frozen=True)
class Country:
    """A country of origin: currency its senders invoice in, calling code, a city for addresses."""

    weight: int
    code: str
    currency: str
    calling_code: str
    city: str


# China first: index 0 is drawn by the share of China, the others by their weights.
COUNTRIES: tuple[Country, ...] = (
    Country(0, "CN", "CNY", "+8613", "Guangzhou"),
    Country(10, "KR", "KRW", "+8210", "Seoul"),
    Country(8, "JP", "JPY", "+8190", "Osaka"),
    Country(7, "US", "USD", "+1626", "Los Angeles"),
    Country(6, "TH", "USD", "+6681", "Bangkok"),
    Country(3, "HK", "USD", "+8526", "Kowloon"),
    Country(3, "DE", "EUR", "+4915", "Hamburg"),
    Country(2, "FR", "EUR", "+3360", "Lyon"),
    Country(2, "GB", "GBP", "+4477", "Leeds"),
)
# Every tariff schedule that each origin can claim, the usual one first (domain handbook 3.1, list
# of 2014, V1): ACFTA, AKFTA, VJEPA and AJCEP, ATIGA and ASEAN's agreements with its neighbours.
PREFERENCES = {
    "CN": ("B05",),
    "KR": ("B06",),
    "JP": ("B10", "B09"),
    "TH": ("B04", "B05", "B06", "B09"),
}
NO_PREFERENCE = "B01"
# Through which country goods come that do not come straight (a hub that no agreement covers).
HUB = "HK"

CHINESE_CITIES = (
    "Guangzhou",
    "Shenzhen",
    "Yiwu",
    "Dongguan",
    "Hangzhou",
    "Nanning",
    "Pingxiang",
    "Foshan",
    "Quanzhou",
    "Kunming",
)
FIRM_SYLLABLES = (
    "Lan",
    "Mei",
    "Hao",
    "Xin",
    "Yue",
    "Tai",
    "Bo",
    "Rui",
    "Feng",
    "Jia",
    "Nova",
    "Viet",
    "Sun",
    "Kim",
    "An",
    "Phu",
)
FIRM_KINDS = (
    "Trading",
    "E-Commerce",
    "Supply Chain",
    "Garment",
    "Electronics",
    "Houseware",
)
FOREIGN_ROADS = (
    "Xinhua Road",
    "Harbour Street",
    "Station Road",
    "Market Street",
    "Industrial Road",
)
