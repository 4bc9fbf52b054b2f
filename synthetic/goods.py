"""The goods templates of the synthetic flow, and the words of the goods typologies.

Add here a template, a prohibited item or a vague name. Keep out: people and places (vocabulary.py),
watched brands (disguises.py) and shares (parameters.py). Values and masses are invented levels
[OWN]; HS codes are lines of the Vietnamese tariff of 2026. Weights of the groups follow the mix of
domain handbook 5.2 [S]: see GROUP_SHARES.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Good:
    """One kind of goods; weight = relative frequency; value per kg and piece mass are medians."""

    weight: int
    hs8: str
    name_vi: str
    name_en: str
    value_per_kg_vnd: int
    piece_grams: int
    duty_percent: int


GOODS: tuple[Good, ...] = (
    # apparel (61, 62)
    Good(40, "61091020", "Áo thun nữ cotton", "Women cotton T-shirt", 240_000, 220, 20),
    Good(20, "62044300", "Váy liền nữ vải polyester", "Women polyester dress", 270_000, 320, 20),
    Good(18, "62034290", "Quần bò nam", "Men denim trousers", 190_000, 520, 20),
    Good(16, "62121099", "Áo lót nữ", "Women bra", 330_000, 110, 20),
    Good(16, "61159600", "Tất sợi tổng hợp", "Synthetic socks", 220_000, 90, 20),
    Good(16, "61103000", "Áo len sợi nhân tạo", "Acrylic sweater", 210_000, 400, 20),
    # footwear (64)
    Good(28, "64041190", "Giày thể thao", "Sports shoes", 210_000, 700, 30),
    Good(22, "64022000", "Dép quai kẹp", "Flip-flops", 120_000, 380, 30),
    Good(14, "64039990", "Giày da nam", "Men leather shoes", 280_000, 800, 30),
    # bags (42)
    Good(22, "42029290", "Ba lô vải", "Textile backpack", 220_000, 480, 25),
    Good(24, "42022210", "Túi xách nữ giả da", "Women PU handbag", 270_000, 420, 25),
    Good(20, "42023200", "Ví nữ giả da", "Women PU wallet", 330_000, 120, 25),
    # cosmetics (33)
    Good(30, "33041000", "Son môi dạng thỏi", "Lipstick", 820_000, 60, 20),
    Good(30, "33049930", "Kem dưỡng da mặt", "Face cream", 620_000, 120, 18),
    Good(20, "33051090", "Dầu gội đầu", "Shampoo", 180_000, 420, 15),
    Good(20, "33042000", "Chuốt mi, kẻ mắt", "Mascara and eyeliner", 780_000, 50, 22),
    Good(16, "33030000", "Nước hoa", "Eau de toilette", 900_000, 140, 18),
    # electronics (85)
    Good(58, "85183020", "Tai nghe không dây", "Wireless earphones", 900_000, 90, 15),
    Good(40, "85044090", "Bộ sạc điện thoại 20W", "Phone charger 20W", 480_000, 110, 0),
    Good(36, "85444299", "Cáp sạc USB-C", "USB-C charging cable", 420_000, 60, 10),
    Good(36, "85076039", "Pin sạc dự phòng 10000mAh", "Power bank 10000mAh", 520_000, 260, 0),
    Good(34, "85395210", "Bóng đèn LED", "LED bulb", 300_000, 90, 0),
    Good(26, "85163100", "Máy sấy tóc", "Hair dryer", 290_000, 620, 25),
    Good(16, "85102000", "Tông đơ cắt tóc", "Hair clipper", 420_000, 300, 20),
    Good(14, "85131090", "Đèn pin cầm tay", "Hand torch", 360_000, 180, 20),
    # toys (95)
    Good(30, "95030050", "Đồ chơi lắp ráp", "Construction toy set", 240_000, 450, 20),
    Good(26, "95030060", "Thú nhồi bông", "Stuffed toy", 220_000, 260, 20),
    Good(18, "95030021", "Búp bê", "Doll", 260_000, 250, 10),
    Good(14, "95030070", "Tranh ghép hình", "Jigsaw puzzle", 200_000, 300, 10),
    # furniture and lamps (94)
    Good(14, "94017100", "Ghế xếp khung kim loại", "Folding chair, metal frame", 75_000, 2_800, 25),
    Good(14, "94032090", "Kệ kim loại nhiều tầng", "Metal shelf", 70_000, 2_600, 10),
    Good(16, "94054290", "Đèn bàn LED", "LED desk lamp", 240_000, 520, 10),
    # household (39, 73)
    Good(44, "39249090", "Hộp nhựa gia dụng", "Plastic storage box", 110_000, 350, 22),
    Good(28, "39269099", "Ốp lưng điện thoại", "Phone case", 520_000, 50, 12),
    Good(26, "39241099", "Hộp cơm nhựa", "Plastic lunch box", 130_000, 380, 22),
    Good(30, "73239310", "Bình giữ nhiệt thép không gỉ", "Stainless vacuum cup", 230_000, 380, 30),
    Good(16, "73239990", "Giá treo đồ bằng thép", "Steel hanger rack", 120_000, 500, 20),
    # food supplement (21)
    Good(
        20,
        "21069072",
        "Thực phẩm bổ sung vitamin tổng hợp",
        "Multivitamin food supplement",
        720_000,
        200,
        15,
    ),
    Good(10, "21069071", "Thực phẩm bổ sung nhân sâm", "Ginseng food supplement", 880_000, 250, 15),
    # accessories (71, 90, 91)
    Good(26, "71171920", "Vòng cổ trang sức mỹ ký", "Fashion necklace", 950_000, 40, 25),
    Good(24, "90041000", "Kính râm", "Sunglasses", 780_000, 70, 20),
    Good(12, "91021100", "Đồng hồ đeo tay dây da", "Wrist watch", 1_100_000, 110, 15),
)

# Preferences under which a line is not free of duty: tariff file of 2026-01 (AKFTA, ACFTA) [M].
PREFERENTIAL_PERCENT = {
    "B06": {
        "33030000": 5, "33041000": 5, "33042000": 5, "33049930": 5, "39241099": 5,
        "39249090": 5, "85163100": 5, "85444299": 5,
    },
    "B05": {"94032090": 5},
}  # fmt: skip

COLOURS_VI = ("đen", "trắng", "hồng", "xanh", "be", "nâu", "đỏ", "xám")
COLOURS_EN = ("black", "white", "pink", "blue", "beige", "brown", "red", "grey")
# Invented house brands, and details with the characters that quoting must survive.
BRANDS = ("Lanmeo", "Hoayuki", "Zintora", "Qiloma", "Vitasen", "Moriluna", "Kepato", "Sunveli")
DETAILS_VI = ("", "", "", " size M", " size L", " (bộ 2 cái)", ", hàng mới 100%", ' cỡ 6.5"')
DETAILS_EN = ("", "", "", " size M", " size L", " (set of 2)", ", new", ' 6.5" size')

PROHIBITED_NAMES = (
    "Thuốc lá điện tử dùng một lần",
    "Pod system kèm tinh dầu",
    "Máy vape và đầu pod thay thế",
    "Tinh dầu thuốc lá điện tử 30ml",
    "Pháo nổ mini",
    "Pháo hoa nổ 36 quả",
    "Súng đồ chơi bắn đạn nhựa",
    "Kiếm đồ chơi kim loại sắc cạnh",
)
VAGUE_NAMES = ("quà tặng", "hàng hóa", "đồ dùng cá nhân", "gift", "goods", "hàng mẫu", "Quà Tặng")

# The mix of domain handbook 5.2 [S, "unreliable but usable as a synthetic mix"], in percent, and
# the chapters that we count to each group [OWN]; every other chapter is "other".
GROUP_SHARES = {"electronics": 26, "clothing": 19, "household": 16, "other": 39}
GROUP_CHAPTERS = {"electronics": ("85",), "clothing": ("61", "62", "64"), "household": ("73", "94")}
GROUP_LINES = {"39249090": "household", "39241099": "household"}

# A false name replaces dear goods by cheap ones: VND per kg of the template.
DEAR_VND_PER_KG = 500_000
CHEAP_VND_PER_KG = 200_000


def group_of(good: Good) -> str:
    """The group of GROUP_SHARES that a template counts to."""
    chapter = good.hs8[:2]
    named = (name for name, chapters in GROUP_CHAPTERS.items() if chapter in chapters)
    return GROUP_LINES.get(good.hs8, next(named, "other"))
