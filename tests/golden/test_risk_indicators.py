"""Each indicator fires above its threshold and not at it, on consignments small enough to check by
hand. Not claimed: that the thresholds are well chosen (grade U in seeds/rules/risk_parameters.csv).
"""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.golden.price_rows import price_rows
from tests.golden.risk_case import (
    Facts,
    Row,
    consignment,
    facts,
    prepare,
    priced,
    put_consignments,
    run_risk,
    set_window,
)
from tests.support.dbt_run import rows_of

DAY = dt.date(2026, 11, 10)


def days_before(count: int) -> dt.date:
    return DAY - dt.timedelta(days=count)


def address_and_id_rows() -> list[Row]:
    return [
        consignment("addr-missing", DAY, consignee_address_status="missing"),
        consignment("addr-part", DAY, consignee_address_status="incomplete"),
        consignment("addr-full", DAY),
        consignment("id-missing", DAY, consignee_id_status="missing", consignee_id_token=None),
        consignment("id-filled-in", DAY, consignee_id_status="placeholder"),
        consignment("id-odd", DAY, consignee_id_status="unrecognised"),
        consignment("id-foreign", DAY, consignee_id_status="missing", importing_country_code="LA"),
        consignment("id-cancelled", DAY, consignee_id_status="missing", is_active=False),
    ]


def value_rows() -> list[Row]:
    """0.01 is a value; what the low-value declaration of the day states is one, 0 there is none."""
    told = {
        "missing": {"declared_value": None},
        "zero": {"declared_value": 0, "value_vnd": 0},
        "unrated": {"declared_value": 0},
        "cent": {"declared_value": "0.01", "value_vnd": 0},
        "dong": {"declared_value": None, "value_vnd": 1},
        "told": {"declared_value": None, "low_value_declared_value_vnd": 1},
        "twice": {"declared_value": 0, "low_value_declared_value_vnd": 0},
        "foreign": {"declared_value": None, "importing_country_code": "LA"},
        "cancelled": {"declared_value": None, "is_active": False},
    }
    return [consignment(f"value-{name}", DAY, **columns) for name, columns in told.items()]


def receipt_rows() -> list[Row]:
    """Limit: more than 1 receipt a day."""
    lines = [
        consignment(
            f"one-declaration-{line}",
            DAY,
            consignment_kind="declaration_line",
            house_waybill_number=None,
            declaration_number="100",
            line_number=line,
            consignee_party_id="declarant",
        )
        for line in (1, 2, 3)
    ]
    return [
        *lines,
        consignment("twice-1", DAY, consignee_party_id="twice"),
        consignment("twice-2", DAY, consignee_party_id="twice"),
        consignment("next-day-1", days_before(1), consignee_party_id="daily"),
        consignment("next-day-2", DAY, consignee_party_id="daily"),
        consignment("nobody-1", DAY, consignee_party_id=None, consignee_party_key="none"),
        consignment("nobody-2", DAY, consignee_party_id=None, consignee_party_key="none"),
        consignment("unnamed-1", DAY, consignee_party_id="unnamed", consignee_party_key="none"),
        consignment("unnamed-2", DAY, consignee_party_id="unnamed", consignee_party_key="none"),
    ]  # fmt: skip


def split_rows() -> list[Row]:
    """Limit: 1,000,000 VND a receipt and together."""

    def part(name: str, party: str, value: float | None, **columns: object) -> Row:
        return consignment(name, DAY, consignee_party_id=party, value_vnd=value, **columns)

    same = {"master_waybill_number": "M1"}
    return [
        part("at-1", "at", 500_000, **same),
        part("at-2", "at", 500_000, **same),  # exactly 1,000,000: not above
        part("above-1", "above", 500_000, **same),
        part("above-2", "above", 500_000.01, **same),  # 1,000,000.01
        # 1,000,000.00 is within the limit, 0.01 too, and together they are above it
        part("limit-1", "limit", 1_000_000, **same),
        part("limit-2", "limit", 0.01, **same),
        part("big-1", "big", 1_000_000.01, **same),  # above the limit by itself: dutiable, no split
        part("big-2", "big", 900_000, **same),
        part("apart-1", "apart", 900_000, master_waybill_number="M1", consignor_party_id="s1"),
        part("apart-2", "apart", 900_000, master_waybill_number="M2", consignor_party_id="s2"),
        part("sender-1", "sender", 900_000, master_waybill_number="M1", consignor_party_id="s1"),
        part("sender-2", "sender", 900_000, master_waybill_number="M2", consignor_party_id="s1"),
        # 1,100,000 in all, but one bill has exactly 1,000,000 and the other 100,000
        part("edge-1", "edge", 500_000, **same),
        part("edge-2", "edge", 500_000, **same),
        part("edge-3", "edge", 100_000, master_waybill_number="M2"),
        # one bill is split, the receipt of the other bill is none of it
        part("two-1", "two", 600_000, **same),
        part("two-2", "two", 600_000, **same),
        part("two-3", "two", 100_000, master_waybill_number="M2"),
        # two consignors are stated, so nothing links the receipts
        part("stated-1", "stated", 600_000, consignor_party_id="s1"),
        part("stated-2", "stated", 600_000, consignor_party_id="s2"),
        part("unknown-1", "unknown", 600_000, consignee_party_key="none"),
        part("unknown-2", "unknown", 600_000, consignee_party_key="none"),
        # a line without a value adds nothing and is not flagged with its receipt
        part("partly-1", "partly", 600_000, house_waybill_number="partly", line_number=1, **same),
        part("partly-2", "partly", None, house_waybill_number="partly", line_number=2, **same),
        part("partly-3", "partly", 600_000, **same),
        part("silent-1", "silent", 600_000),
        part("silent-2", "silent", 600_000),
        # The parcel and the declaration line of one house bill are the same 600,000 VND.
        part("both", "both", 600_000, **same),
        part("both-line", "both", 600_000, consignment_kind="declaration_line", **same)
        | {"house_waybill_number": "both"},
        # Two lines of 600,000 are one receipt of 1,200,000: dutiable, no split.
        *[
            part(f"lines-{n}", "lines", 600_000, house_waybill_number="lines", line_number=n,
                 consignment_kind="declaration_line", **same)
            for n in (1, 2)
        ],
    ]  # fmt: skip


def shared(prefix: str, count: int, day: dt.date, **columns: object) -> list[Row]:
    return [consignment(f"{prefix}-{day.day}-{n}", day, **columns) for n in range(count)]


def contact_rows() -> list[Row]:
    """Thresholds: 5 names today; or 3 names today and on 3 of the 14 days before."""
    rows = shared("five", 5, DAY, consignee_address_token="a5")
    rows += shared("four", 4, DAY, consignee_address_token="a4")
    vague = {"consignee_address_token": "city", "consignee_address_status": "incomplete"}
    rows += shared("vague", 6, DAY, **vague)
    rows += shared("zero", 6, DAY, consignee_phone_token="0", consignee_phone_status="invalid")
    rows += shared("onename", 6, DAY, consignee_id_token="i1", consignee_name_token="same name")
    history = {"regular": (1, 2, 14), "aged": (1, 2, 15), "rare": (1, 2)}
    for prefix, days in history.items():
        for count in (0, *days):
            phone = {"consignee_phone_token": f"tel {prefix}"}
            rows += shared(prefix, 3, days_before(count), **phone)
    return rows


def platform_rows() -> list[Row]:
    statuses = ("registered", "applying", "unstated", "suspended", "unregistered", "deregistered")
    return [
        consignment(f"platform-{status}", DAY, platform_code="temu", platform_status=status)
        for status in statuses
    ]


def term_rows() -> list[Row]:
    texts = {
        "word": "may vape, mini",
        "part": "vaped pineapple nikeland",
        "dots": "giay n.i.k.e den",
        "two": "vape nike",
        "phrase": "thuoc la dien tu",
        "broken": "thuoc la va dien tu",
        "chained": "x/vape-pod",
    }
    return [
        consignment(f"term-{name}", DAY, item_description_folded=text)
        for name, text in texts.items()
    ]


def all_rows() -> list[Row]:
    return [
        *address_and_id_rows(), *value_rows(), *receipt_rows(), *split_rows(), *contact_rows(),
        *platform_rows(), *term_rows(), *price_rows(DAY),
        # what fires before DAY: an address of five names, a price far below 9202's of day -30
        *shared("early", 5, days_before(1), consignee_address_token="early"),
        priced("early-low", days_before(1), "9202", "CN", 1),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("risk")
    prepare(root, all_rows(), (days_before(31), DAY))
    run_risk(root)
    return root


def fired(home: Path, indicator: str, prefix: str = "") -> dict[str, Facts]:
    """Evidence by consignment name, for those of DAY on which `indicator` fired."""
    found = rows_of(
        home,
        "select substr(consignment_id, 3), evidence from risk.fct_risk_indicators "
        f"where indicator_id = '{indicator}' and day = date '{DAY}' "
        f"and consignment_id like 'P-{prefix}%'",
    )
    return {name: facts(text) for name, text in found}


def test_an_address_that_is_missing_or_incomplete_fires(home: Path) -> None:
    assert fired(home, "consignee_address_incomplete", "addr") == {
        "addr-missing": {"address_status": "missing"},
        "addr-part": {"address_status": "incomplete"},
    }


def test_an_id_that_is_missing_or_names_nobody_fires_for_active_imports(home: Path) -> None:
    assert fired(home, "consignee_id_missing") == {
        "id-missing": {"id_status": "missing"}, "id-filled-in": {"id_status": "placeholder"},
    }  # fmt: skip


def test_a_value_that_is_missing_or_zero_is_asked_for_and_is_no_low_price(home: Path) -> None:
    missing, zero = ({"value_status": status} for status in ("missing", "zero"))
    assert fired(home, "value_not_stated") == {
        "value-missing": missing, "value-zero": zero, "value-unrated": zero, "value-twice": zero,
    }  # fmt: skip
    assert fired(home, "undervaluation", "value") == {}


def test_receipts_above_the_limit_fire_and_lines_of_one_declaration_are_one(home: Path) -> None:
    names = ("twice", "one-declaration", "next-day", "nobody", "unnamed")
    found = {
        name: evidence
        for name, evidence in fired(home, "multiple_receipts_per_day").items()
        if name.startswith(names)
    }
    twice = {"receipts": 2, "receipts_limit": 1}
    assert found == {"twice-1": twice, "twice-2": twice}


def test_small_receipts_that_together_pass_the_limit_fire(home: Path) -> None:
    def split(link: str, sum_vnd: str) -> Facts:
        return {"receipts": 2, "sum_vnd": sum_vnd, "limit_vnd": "1000000.00", "links": [link]}

    by_bill, two = (split("master_waybill", vnd) for vnd in ("1000000.01", "1200000.00"))
    by_sender = split("consignor", "1800000.00")
    by_day = split("same_day", "1200000.00")
    assert fired(home, "split_under_relief") == {
        "above-1": by_bill, "above-2": by_bill, "limit-1": by_bill, "limit-2": by_bill,
        "two-1": two, "two-2": two, "partly-1": two, "partly-3": two,
        "sender-1": by_sender, "sender-2": by_sender,
        "silent-1": by_day, "silent-2": by_day,
    }  # fmt: skip


def test_a_contact_fires_for_many_names_today_or_for_several_names_regularly(home: Path) -> None:
    five = {"address_consignees": 5, "address_earlier_days": 0}
    regular = {"phone_consignees": 3, "phone_earlier_days": 3}
    expected = {f"five-10-{n}": five for n in range(5)}
    expected |= {f"regular-10-{n}": regular for n in range(3)}
    assert fired(home, "shared_contact") == expected


def test_the_contact_state_keeps_only_contacts_above_its_threshold(home: Path) -> None:
    fewest = rows_of(home, "select min(consignee_count) from intermediate.int_risk__contact_days")
    assert fewest == [(3,)]


def test_flagged_platform_statuses_fire_and_the_others_do_not(home: Path) -> None:
    assert fired(home, "platform_not_registered") == {
        f"platform-{status}": {"platform": "temu", "status": status}
        for status in ("suspended", "unregistered", "deregistered")
    }


def test_terms_match_whole_words_only_and_name_their_risk_type_and_law(home: Path) -> None:
    found = rows_of(
        home,
        "select substr(consignment_id, 3), risk_type, evidence, legal_instrument_id "
        "from risk.fct_risk_indicators where indicator_id = 'prohibited_goods_term' order by 1, 2",
    )
    ban, brand = "prohibited_conditional", "ip_counterfeit"
    dots = '{"terms":["nike"],"disguised":["nike"],"written":"giay n.i.k.e den"}'
    assert found == [
        ("term-chained", ban, '{"terms":["vape"]}', "NQ_173_2024"),
        ("term-dots", brand, dots, "LUAT_54_2014"),
        ("term-phrase", ban, '{"terms":["thuoc la dien tu"]}', "NQ_173_2024"),
        ("term-two", brand, '{"terms":["nike"]}', "LUAT_54_2014"),
        ("term-two", ban, '{"terms":["vape"]}', "NQ_173_2024"),
        ("term-word", ban, '{"terms":["vape"]}', "NQ_173_2024"),
    ]


def test_a_unit_value_below_the_peer_limit_fires_and_one_at_the_limit_does_not(home: Path) -> None:
    # exp(11.50) = 98,715.77 and exp(11) = 59,874.14 are the medians' bucket edges
    def price(amount: int, limit: int, median: int, peers: int, level: str, **other: Any) -> Facts:
        return {
            "measure": "per_kg",
            "unit_value_milli": amount * 1000,
            "limit_milli": limit,
            "peer_median_milli": median,
            "share_of_median_micro": (amount * 2_000_000_000 + median) // (2 * median),
            "currency": "VND",
            "peers": peers,
            "peer_level": level,
            "trade_level": "consumer",
        } | other

    flat = (73_130_442, 98_715_771, 30)

    near, origin, heading, chapter = (
        "hs_heading_origin_channel", "hs_heading_origin", "hs_heading_channel", "hs_chapter"
    )  # fmt: skip
    cheap: tuple[int, int] = (14_764_782, 19_930_370)
    assert fired(home, "undervaluation", "low") == {
        "low-8517-CN-73130": price(73_130, *flat, near),
        "low-8517-KR-73130": price(73_130, *flat, heading),
        "low-6404-CN-73130": price(73_130, *flat, heading),
        "low-6109-CN-73130": price(73_130, *flat, chapter),
        "low-9503-CN-2980": price(2_980, 2_980_958, 59_874_142, 30, near),
        "low-8471-KR-14764": price(14_764, 14_764_782, 19_930_370, 61, heading),
        "low-8473-CN-12088": price(12_088, 12_088_381, 98_715_771, 90, chapter),
        "low-9202-CN-1": price(1, *flat[:2], 31, near),
        "low-won-73130": price(73_130, *flat, near, currency="KRW"),
        "low-express-low": price(73_130, *flat, near),
        "low-cargo-low": price(14_764, *cheap, 30, near),
        "low-post-low": price(14_764, *cheap, 60, origin),
        "low-firm-low": price(73_130, *flat, near, trade_level="business"),
        "low-line-low": price(73_130, *flat, near, trade_level="business"),
        "low-person-low": price(14_764, *cheap, 30, near),
        "low-parcel-low": price(14_764, *cheap, 30, near),
        "low-piece-low": price(73_130, *flat, near, measure="per_piece"),
        "low-pair-low": price(9, 9_974, 9_897_129, 30, near),
    }


TABLES = ("fct_risk_indicators", "fct_risk_scores", "fct_selections")


def test_later_prices_and_labels_leave_every_earlier_day_as_it_was(
    home: Path, tmp_path: Path
) -> None:
    """The leakage property, and its counterpart: a day run again alone is the day of the range."""

    def contents(root: Path, days: str) -> list[list[tuple[object, ...]]]:
        return [rows_of(root, f"select * from risk.{t} where {days} order by all") for t in TABLES]

    earlier, today = f"day < date '{DAY}'", f"day = date '{DAY}'"
    rows = all_rows()
    late = [dict(row) for row in rows if row["day"] == DAY]
    prices = [row.get("value_vnd") for row in late]
    for position, row in enumerate(late):
        row["value_vnd"] = prices[-1 - position]
        row["consignee_name_token"] = f"permuted {position // 2}"
        row["consignee_id_status"] = "missing"
    prepare(tmp_path, [row for row in rows if row["day"] < DAY] + late, (days_before(31), DAY))
    run_risk(tmp_path)
    assert contents(tmp_path, earlier) == contents(home, earlier)
    assert {row[2] for row in contents(home, earlier)[0]} >= {"undervaluation", "shared_contact"}
    assert contents(tmp_path, today) != contents(home, today)  # the change was seen

    put_consignments(tmp_path, rows)
    set_window(tmp_path, DAY, DAY)
    run_risk(tmp_path)
    assert contents(tmp_path, today) == contents(home, today)
