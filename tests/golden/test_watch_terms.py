"""Watched terms: found however they are spelt, silenced by the words next to them, nowhere else.

Each name of goods stands with what it must give, worked out by hand. Not claimed: that the lists
are complete (grade U), or that a disguise nobody has thought of is found.
"""

import csv
import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest

from ingest.items.folded import folded
from ingest.items.spelling import spellings
from tests.golden.risk_case import Facts, Row, consignment, facts, prepare
from tests.support.dbt_run import rows_of, run_dbt

PROJECT = Path(__file__).resolve().parents[2]
DAY = dt.date(2026, 11, 10)
# Days of a row of the lists that holds on the middle two.
EDGES = [DAY + dt.timedelta(days=n) for n in range(1, 5)]
MODELS = (
    "int_calendar__days", "stg_ingest__site_parameters", "int_rules__in_force",
    "fct_consignment_items", "stg_items__spellings", "int_risk__parameters", "int_risk__items",
    "int_risk__watched_words", "int_risk__description_terms", "int_risk__description_contexts",
    "int_risk__watched_descriptions", "int_risk__indicator_prohibited_goods_term",
)  # fmt: skip

# Name of goods -> terms that are written openly.
OPEN = {
    "Giày Nike nam size 42": ["nike"],
    "giày-nike-nam": ["nike"],
    "NIKE/ADIDAS socks": ["adidas", "nike"],
    "Thuốc lá điện tử": ["thuoc la dien tu"],
    "thuoc la dien tu": ["thuoc la dien tu"],
    "Кроссовки Nike": ["nike"],  # another script beside it disguises nothing
    "Túi Hermès": ["hermes"],
    "V\u200bA\u200bP\u200bE": ["vape"],  # what cannot be seen is gone before anything is read
    "一次性电子烟 草莓味": ["一次性电子烟", "电子烟"],
    "儿童鞭炮": ["鞭炮"],
    "电 子 烟": ["电子烟"],
    "新款耐克运动鞋": ["耐克"],
    "三星 充电器": ["三星"],
    "Pháo hoa giấy": ["phao hoa"],
    # Words next to a term that do not silence it.
    "Shoes for Nike fans": ["nike"],  # a seller can write for before every brand
    "Vỏ máy vape": ["vape"],
    "case for vape": ["vape"],
    "vape for iPhone users": ["vape"],
    "Bộ sạc điện thoại Samsung": ["samsung"],  # chargers with a brand are copied
    "Điện thoại iPhone 15 kèm ốp lưng": ["iphone"],
    "iPhone 15 with case": ["iphone"],
    "iPhone 15 (case, cable)": ["iphone"],
    "Charger for car, iPhone 15": ["iphone"],
    "cho a b iphone": ["iphone"],  # three words away
    "Tai nghe không dây Samsung": ["samsung"],  # wireless: no strap
    "Điện thoại bảo hành 12 tháng iPhone": ["iphone"],
    "Tai nghe cho nam, Samsung Galaxy": ["samsung", "samsung galaxy"],
    "Gucci phone case": ["gucci"],
    "Electronic cigarettes": ["electronic cigarettes"],
    "two iphones": ["iphones"],
    # goods and what comes with them: the goods are there
    "iPhone 15 and case": ["iphone"],
    "iPhone 15 Pro Max và case": ["iphone"],
    "case and iPhone 15": ["iphone"],
    "ốp lưng và iPhone": ["iphone"],
    "iPhone kèm ốp lưng": ["iphone"],
    "iPhone 15 + case": ["iphone"],
    "iPhone with case": ["iphone"],
    "iPhone tặng ốp lưng": ["iphone"],
    "苹果手机和手机壳": ["苹果手机"],
    "túi quà gồm iPhone": ["iphone"],
    "iPhone15 Pro Max 256GB": ["iphone"],  # the number of a model is a word of its own
    "VAPE5000 puffs": ["vape"],
}
# Name of goods -> terms that are found in disguise alone.
DISGUISED = {
    "V.A.P.E": ["vape"], "v-a-p-e bar": ["vape"], "v_a_p_e": ["vape"], "v·a·p·e": ["vape"],
    "v*a*p*e": ["vape"], "may v a p e mini": ["vape"], "va.pe": ["vape"], "v@pe": ["vape"],
    "VAPPE": ["vape"], "v4pe": ["vape"], "giay n i k e nam": ["nike"], "n i ke": ["nike"],
    "giay-n.i.k.e-nam": ["nike"], "N1KE": ["nike"], "nlke": ["nike"], "n!ke": ["nike"],
    "NIIKKEE": ["nike"], "áo adida$ mới": ["adidas"], "$amsung": ["samsung"],
    "sam sung": ["samsung"], "S.a.m.s.u.n.g": ["samsung"], "adi das": ["adidas"],
    "gvcci": ["gucci"], "purna": ["puma"], "PVMA": ["puma"], "5amsung": ["samsung"],
    "ｎｉｋｅ shoes": ["nike"], "𝓷𝓲𝓴𝓮": ["nike"], "ⓝⓘⓚⓔ": ["nike"], "🅽🅸🅺🅴": ["nike"],
    "giày Nіkе": ["nike"],  # Cyrillic i and e
    "αdidαs": ["adidas"], "l0uis vuitt0n": ["louis vuitton"], "louisvuitton": ["louis vuitton"],
    "l o u i s v u i t t o n": ["louis vuitton"], "thuoclaDientu": ["thuoc la dien tu"],
    "t.h.u.o.c l.a d.i.e.n t.u": ["thuoc la dien tu"], "f1recracker": ["firecracker"],
    "i.q.o.s": ["iqos"],
    "e-c1garette": ["e cigarette", "ecigarette"], "con verse": ["converse"], "n1k3": ["nike"],
    "cnaneI chane1": ["chanel"],
    "Giày N.I.K.E và Adidas": ["nike"], "smsng charger": ["samsung", "sumsung"],
    "CNVRS": ["converse"],
    "LsVttn": ["louis vuitton", "luis vuitton"], "App1e": ["apple"], "A.p.p.l.e": ["apple"],
    "app le": ["apple"], "tai nghe appie": ["apple"],
}  # fmt: skip
# Names that hold no watched goods.
CLEAN = [
    "Ốp lưng cho iPhone", "Ốp lưng iPhone 15 Pro Max chống sốc", "phone case for iPhone",
    "iPhone 15 Pro Max silicone case", "Case for iPhone 14, Samsung Galaxy S23, AirPods",
    "Ốp điện thoại dành cho Samsung", "Kính cường lực iPhone 13", "Dây đeo Apple Watch 44mm",
    "strap compatible with Apple Watch", "Sạc tương thích với iPhone", "适用于 iPhone 手机壳",
    "苹果手机壳", "ốp lưng cho i-phone", "Dây giày cho Nike", "cho a iphone",
    "Pin cho iPhone 14, Samsung và AirPods",
    "túi đựng iPhone", "Túi vải chống sốc đựng AirPods", "iPhone and AirPods case", "iPhone pouch",
    "Case for Samsung and iPhone", "hộp nhựa đựng AirPods", "ba lô đựng Samsung Galaxy",
    "pumar", "vapeur", "nikel", "scape V A P", "N 1 K", "P U M A R", "iqosmic", "Pha cà phê",
    "giay da PU ma 123", "tui ni long va PE", "ke go ni ke", "4 channel amplifier",
    "air soft pillow", "fire works lighter", "hàng SL 5", "mat hang s1", "mat hang 51",
    "sung 88 bi", "phao 81", "size S M L X L", "vitamin B 1 2 A", "o to y te a b c",
    "model 4d1d45 v4p3r 1234", "烟灰缸", "三星级酒店拖鞋",
    "花 烟 火", "烟花图案连衣裙", "Váy hoạ tiết pháo hoa",
    "fireworks print dress", "quả táo apple", "apple vinegar", "ABS plastic", "API adds ads",
    "2 channels", "công tắc 220 V A B PE",
    "v.a.t 8%", "USB-C PD 65W", "t-shirt e-book", "3.5mm jack 10.5cm", "A.B.C D-E-F",
    # Without accents these hold a watched word: pháo hoa, pháo dây, đạn nhựa, roi điện ...
    "áo phao dày mùa đông", "áo phao hoa nữ", "keo dán nhựa PVC", "dàn nhựa trồng rau",
    "giá đỡ chống rơi điện thoại", "bán hàng sỉ lẻ", "dao bằm thịt", "kịch điện ảnh",
    "clock second hand", "kim giây second hand",
    "100% cotton, 2 cái/bộ", "nắp 3M 4L 5S 6XL", "email a@b.com $5 $s", "..!!..", "-", "@$",
]  # fmt: skip
# Name of goods -> (terms, of them disguised, silenced).
MIXED = {
    "Ốp lưng cho iPhone, in logo Nike": (["nike"], [], ["iphone"]),
    "for iPhone, with Nike logo": (["nike"], [], ["iphone"]),
    "case for iPhone with AirPods": (["airpods"], [], ["iphone"]),
    "Nike và N1KE": (["nike"], [], []),  # once open is open
    "nike, ad1das": (["adidas", "nike"], ["adidas"], []),
    "iPhone 15, case for iPhone": (["iphone"], [], []),  # one of the two is heard
    "iPhone 15 and case for Samsung": (["iphone"], [], ["samsung"]),
}
# More words than the lists hold, so that keys of SQL and Python are compared where they differ.
ODD_WORDS = [
    "n1ke", "vvv", "vvvv", "rrnn", "aabb1", "x9y8", "1a2b", "12ab3", "lllloooo", "vuvu", "rnrn",
    "ab1", "a1b2c3", "corner", "q6g9", "mmnnrn", "zz22", "uuvvww",
]  # fmt: skip


def vocabulary() -> list[str]:
    """The names of the shipped vocabulary of goods."""
    names = set()
    for path in sorted((PROJECT / "ingest" / "items" / "vocabulary").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                names |= {name.removeprefix("?") for name in row["terms"].split("|")}
    return sorted(names)


def named(names: list[str], day: dt.date) -> list[Row]:
    keys = folded(pa.array(names)).to_pylist()
    return [
        consignment(f"{day}-{n}", day, item_description=name, item_description_folded=key)
        for n, (name, key) in enumerate(zip(names, keys, strict=True))
        if key
    ]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("watched")
    first, last = EDGES[1], EDGES[2]
    changes = [
        f"insert into seeds.watch_term_contexts values ('mau', 'before', 2, 'ip_counterfeit', "
        f"'brand', date '{first}', date '{last}', 'U', 'test')",
        f"insert into seeds.watch_terms values ('zebra', 'ip_counterfeit', 'brand', 'any', "
        f"'LUAT_54_2014', date '{first}', date '{last}', 'U', 'test')",
        *(
            f"insert into seeds.watch_terms values ('{word}', 'ip_counterfeit', 'brand', 'any', "
            "'LUAT_54_2014', date '2099-01-01', null, 'U', 'test')"
            for word in ODD_WORDS
        ),
    ]
    titles = [*OPEN, *DISGUISED, *WRITTEN, *CLEAN, *MIXED, *vocabulary()]
    rows = named(titles, DAY)
    for day in EDGES:
        rows += named(["mau nike", "mau giay nike", "mau giay da nike", "z e b r a"], day)
    prepare(root, rows, (DAY, EDGES[-1]), seed_changes=changes)
    run_dbt(root, "run", "--select", *MODELS)
    return root


@pytest.fixture(scope="module")
def found(home: Path) -> dict[tuple[dt.date, str], list[Facts]]:
    """Evidence by day and name of goods."""
    rows = rows_of(
        home,
        "select fired.day, items.item_description, fired.evidence "
        "from intermediate.int_risk__indicator_prohibited_goods_term as fired "
        "inner join core.fct_consignments as items using (consignment_id, day) order by all",
    )
    evidence: dict[tuple[dt.date, str], list[Facts]] = {}
    for day, name, text in rows:
        evidence.setdefault((day, name), []).append(facts(text))
    return evidence


Found = dict[tuple[dt.date, str], list[Facts]]


@pytest.mark.parametrize("name", OPEN)
def test_a_term_that_is_written_openly_is_found_as_such(found: Found, name: str) -> None:
    evidence = found.get((DAY, name), [])
    assert sorted(term for one in evidence for term in one["terms"]) == sorted(OPEN[name])
    assert not any("disguised" in one for one in evidence)


@pytest.mark.parametrize("name", DISGUISED)
def test_a_term_in_disguise_is_found_and_says_so(found: Found, name: str) -> None:
    evidence = found.get((DAY, name), [])
    assert [term for one in evidence for term in one.get("disguised", [])] == DISGUISED[name]


# Name of goods -> what of it a sentence shows: no sign of a place or part, no number as long as one
# of a phone, 100 characters.
WRITTEN = {
    "{terms} ‹N.i.k.e› – x": " terms   N.i.k.e    x",
    "n.i.k.e 0912345678 a1234567b 123456": "n.i.k.e … a…b 123456",
    "n.i.k.e " + "x" * 93: "n.i.k.e " + "x" * 92,
}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_was_written_is_short_and_safe_in_a_sentence(found: Found, name: str) -> None:
    assert [one["written"] for one in found[(DAY, name)]] == [WRITTEN[name]]


@pytest.mark.parametrize("name", CLEAN)
def test_a_name_without_watched_goods_fires_nothing(found: Found, name: str) -> None:
    assert (DAY, name) not in found


@pytest.mark.parametrize("name", MIXED)
def test_words_silence_the_term_next_to_them_alone(found: Found, name: str) -> None:
    terms, disguised, silenced = MIXED[name]
    wanted: Facts = {"terms": terms}
    wanted |= {"disguised": disguised, "written": name} if disguised else {}
    wanted |= {"silenced": silenced} if silenced else {}
    assert found[(DAY, name)] == [wanted]


def test_no_ordinary_name_of_goods_holds_a_term_in_disguise(found: Found) -> None:
    """The 15,000 names of the vocabulary, written before this rule; some name watched goods."""
    names = set(vocabulary())
    disguised = {
        name for (_, name), evidence in found.items()
        if name in names and any("disguised" in one for one in evidence)
    }  # fmt: skip
    assert len(names) > 10_000
    assert disguised == set()
    assert len({name for _, name in found} & names) > 30  # the control: open terms are found there


def test_a_term_and_a_silencing_word_hold_from_their_first_to_their_last_day(found: Found) -> None:
    for day in EDGES:
        held = day in EDGES[1:3]
        assert ((day, "mau nike") in found) == (not held)
        assert ((day, "mau giay nike") in found) == (not held)  # two words away: at the limit
        assert (day, "mau giay da nike") in found
        assert ((day, "z e b r a") in found) == held


def test_keys_of_terms_are_those_of_names(home: Path) -> None:
    rows = rows_of(home, "select distinct word, word_key from intermediate.int_risk__watched_words")
    words, keys = (list(column) for column in zip(*rows, strict=True))
    assert {*ODD_WORDS} <= {*words}
    assert spellings(pa.array(words))[1].to_pylist() == keys


def test_terms_are_match_keys_and_contexts_are_too(home: Path) -> None:
    for seed, column in (("watch_terms", "term_folded"), ("watch_term_contexts", "context_folded")):
        stated = [row[0] for row in rows_of(home, f"select distinct {column} from seeds.{seed}")]
        assert folded(pa.array(stated)).to_pylist() == stated
