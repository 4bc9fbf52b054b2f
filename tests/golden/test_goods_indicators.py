"""Indicators that read goods, routes and platforms: each fires above its threshold and not at it.

Like test_risk_indicators.py; not claimed: that the thresholds are well chosen (grade U).
"""

import datetime as dt
from pathlib import Path

import pytest

from tests.golden.risk_case import Facts, Row, consignment, facts, prepare, priced, run_risk
from tests.support.dbt_run import rows_of

DAY = dt.date(2026, 11, 10)


def preference_rows() -> list[Row]:
    """B05 is ACFTA (China, ASEAN), B06 AKFTA (Korea, ASEAN), B01 no preference, B99 not known."""

    def claim(name: str, schedule: str, origin: str, start: str | None, **columns: object) -> Row:
        stated = {"tariff_schedule_code": schedule, "origin_country_code": origin}
        rest = {"departure_country_code": start, "declared_duty_rate_percent": 5}
        return consignment(f"claim-{name}", DAY, **stated, **rest, **columns)

    return [
        claim("own", "B05", "CN", "CN"),
        claim("wrong", "B06", "CN", "CN"),
        claim("wrong-silent", "B06", "CN", None) | {"declared_duty_rate_percent": None},
        claim("shared", "B05", "TH", "TH"),  # Thailand is a party of ACFTA too
        claim("none", "B01", "CN", "CN"),
        claim("unlisted", "B99", "CN", "HK"),
        claim("no-origin", "B06", "unknown", "CN"),
        claim("abroad", "B06", "CN", "CN", importing_country_code="LA"),
        claim("party", "B05", "CN", "SG"),  # by way of another party
        claim("hub", "B05", "CN", "HK"),
        claim("start-unknown", "B05", "CN", None),
        claim("both", "B06", "CN", "HK"),  # wrong is enough: no second reason
    ]


def box(name: str, parcels: int, lot_kg: float, each_kg: float, **lot: object) -> list[Row]:
    """A firm's lot and parcels of the same master bill, sender and heading."""
    shared = {
        "master_waybill_number": f"M-{name}", "consignor_party_id": f"s-{name}",
        "hs_heading": "6109", "hs_chapter": "61",
    }  # fmt: skip
    of_firm = {"consignment_kind": "declaration_line", "consignee_id_status": "tax_code"}
    return [
        consignment(f"box-{name}-lot", DAY, **shared | of_firm | {"mass_kg": lot_kg} | lot),
        *[consignment(f"box-{name}-{n}", DAY, mass_kg=each_kg, **shared) for n in range(parcels)],
    ]


def box_rows() -> list[Row]:
    """At least 5 consignees whose parcels weigh 50 to 125 percent of the lot."""
    one_person = {"consignee_party_id": "one"}
    return [
        *box("five", 5, 10, 2),
        *box("four", 4, 10, 2.5),
        *box("light", 5, 10, 1),  # 5 of 10 kg: at the lower limit
        *box("too-light", 5, 10.001, 1),
        *box("heavy", 5, 4, 1),  # 5 of 4 kg: at the upper limit
        *box("too-heavy", 5, 3.999, 1),
        *box("person", 5, 10, 2, consignee_id_status="personal_id"),
        *box("goods", 5, 10, 2, hs_heading="6110"),
        *box("bill", 5, 10, 2, master_waybill_number="other"),
        *box("sender", 5, 10, 2, consignor_party_id="other"),
        *box("mass", 5, 10, 2, mass_kg=None),
        *[row | one_person for row in box("one", 5, 10, 2)],
        *unknown("named", "kinh"),  # 6404 at one half, the limit itself
        *unknown("doubtful", "gan du"),  # 6404 just below it
        *unknown("other-goods", "kinh", lot_heading="6402"),
    ]


def unknown(name: str, text: str, lot_heading: str = "6404") -> list[Row]:
    """A box whose parcels state a name and no code, beside a lot with one."""
    lot, *parcels = box(name, 5, 10, 2)
    silent = {"hs_heading": "unknown", "hs_chapter": "unknown", "item_description_folded": text}
    return [lot | {"hs_heading": lot_heading}, *[row | silent for row in parcels]]


def stated(name: str, count: int, platform: str, before: int = 1, **columns: object) -> list[Row]:
    """Parcels that state their platform."""
    day = DAY - dt.timedelta(days=before)
    return [
        consignment(f"{name}-{before}-{n}", day, **{"platform_code": platform} | columns)
        for n in range(count)
    ]


def hidden(name: str, **columns: object) -> Row:
    """A parcel of DAY that states no platform."""
    silent = {"platform_code": "unstated", "platform_status": "unstated"}
    return consignment(f"hidden-{name}", DAY, **silent | columns)


def likeness_rows() -> list[Row]:
    """20 parcels of the platform, 95 of 100 that state one, 80 of 100 of a sender's; 14 days."""

    def sender(name: str, before: int = 1, **counts: int) -> list[Row]:
        party = {"consignor_party_id": name}
        groups = (stated(name, n, p, before, **party) for p, n in counts.items())
        return [row for group in groups for row in group] + [hidden(name, **party)]

    def numbers(order: str | None, seller: str | None) -> dict[str, object]:
        return {"platform_order_id": order, "seller_id_platform": seller}

    rows = sender("twenty", temu=20) + sender("nineteen", temu=19)
    rows += sender("shared", temu=95, shop=5) + sender("mixed", temu=94, shop=6)
    rows += sender("usual", temu=20, unstated=5) + sender("seldom", temu=20, unstated=6)
    rows += sender("aged", 15, temu=20) + sender("oldest", 14, temu=20) + sender("now", 0, temu=20)
    rows += sender("few-a-day", temu=2) + sender("lawful", registered_one=20)
    rows += [
        *stated("numbered", 20, "temu", **numbers("TMU-1234", "TES01")),
        *stated("alike", 20, "shop", **numbers("SHP-1234", "SHS01")),
        hidden("numbers", **numbers("TMU-9999", "TES77")),
        hidden("one-number", **numbers("TMU-9999", None)),
        hidden("longer", **numbers("TMU-99999", "TES777")),
        hidden("two-platforms", **numbers("TMU-9999", "SHS77")),
        hidden("sender-and-other", consignor_party_id="twenty", **numbers("SHP-9999", None)),
        hidden("sender-and-own", consignor_party_id="twenty", **numbers("TMU-9999", "TES77")),
        consignment("hidden-line", DAY, consignor_party_id="twenty", platform_code="unstated",
                    consignment_kind="low_value_declaration"),
    ]  # fmt: skip
    return rows


def name_rows() -> list[Row]:
    texts = {
        "gift": "qua tang", "counted": "2 set gift, 3 pcs", "order": "tang qua",
        "sample": "(hang mau)", "chinese": "礼品", "goods": "goods 100% new",
        "paper": "qua tang giay goi", "red": "hang mau do", "box": "gift box set lipstick",
        "number": "100 200", "filler": "set 2 pcs", "none": None,
    }  # fmt: skip
    rows = [
        consignment(f"name-{name}", DAY, item_description_folded=text)
        for name, text in texts.items()
    ]
    codes = {
        "shoes": ("64", "giay the thao nam"), "toys": ("95", "giay the thao nam"),
        "stand-in": ("90", "giay the thao nam"), "knitted": ("61", "vay lien"),
        "silent": ("95", "xyz abc"), "even": ("95", "kinh"), "second": ("90", "kinh"),
        "below": ("85", "gan du"), "third": ("95", "ba loai"),
        "trace": ("95", "mot phan"), "faint": ("95", "mo nhat"),
    }  # fmt: skip
    for name, (chapter, text) in codes.items():
        stated = {"hs_chapter": chapter, "hs_heading": f"{chapter}01", "hs_basis": "declared"}
        rows.append(consignment(f"code-{name}", DAY, item_description_folded=text, **stated))
    read = {"hs_chapter": "95", "hs_basis": "classified"}
    return [*rows, consignment("code-read", DAY, item_description_folded="giay the thao", **read)]


def unsure_price_rows() -> list[Row]:
    """30 peers at 100,000 a kilogram whose name suggests 6404 and no more: limit 73,130.4."""

    def unsure(name: str, text: str, value: int, before: int = 0, heading: str = "unknown") -> Row:
        day = DAY - dt.timedelta(days=before)
        own = {"item_description_folded": text}
        if heading == "unknown":
            own["hs_chapter"] = "unknown"
        return priced(f"unsure-{name}", day, heading, "CN", value, **own)

    return [
        *[unsure(f"peer-{number}", "kinh ram", 100_000, before=1) for number in range(30)],
        unsure("low", "kinh mat", 73_130),  # another name that suggests the same
        unsure("at", "kinh mat", 73_131),
        unsure("other", "dong ho", 1),  # suggests 9004, which has no peers
        unsure("nothing", "xyz abc", 1),
        unsure("declared", "kinh mat", 1, heading="6404"),  # no declared goods to compare with
    ]


def residue_rows() -> list[Row]:
    """60 days since the suspension; 3 percent of the consignments of the day."""
    suspended = {"platform_status": "suspended"}
    rows = []
    for platform in ("sixty", "sixty_one", "again", "back"):
        rows.append(consignment(f"rest-{platform}", DAY, platform_code=platform, **suspended))
    return rows


def event(code: str, kind: str, before: int) -> dict[str, object]:
    """Of the platform registry."""
    return {
        "platform_code": code, "platform_name": code, "legal_type": "direct", "is_foreign": True,
        "event_type": kind, "event_date": DAY - dt.timedelta(days=before), "instrument": "x",
        "evidence_grade": "U",
    }  # fmt: skip


# Of a name `none of these` weighs nothing here: shares are of its own headings alone.
ITEM_PERIOD = {
    "period_no": 1, "model_version": "by hand", "valid_from": dt.date(2015, 1, 1),
    "temperature": 1000, "none_score": -20_000, "bound_micro": 800_000,
}  # fmt: skip
ITEM_POINTS = [
    {"period_no": 1, "term": term, "hs4": hs4, "points": points}
    for term, headings in {
        "": {"6204": 0, "6404": 0, "9004": 0, "9503": 0},
        "giay_the": {"6404": 5_000},
        "vay_lien": {"6204": 5_000},
        "kinh": {"6404": 3_000, "9004": 3_000},
        "gan_du": {"6404": 13_000, "9004": 13_000, "9503": 6_000},
        "ba_loai": {"6404": 13_000, "9004": 11_000, "9503": 9_000},
        "mot_phan": {"6404": 13_000, "9503": 8_405},
        "mo_nhat": {"6404": 13_000, "9503": 8_404},
        "dong_ho": {"9004": 3_500, "6404": 3_000},
    }.items()
    for hs4, points in headings.items()
]
EVENTS = [
    event("temu", "suspended", 300), event("registered_one", "registered", 300),
    event("sixty", "suspended", 60), event("sixty_one", "suspended", 61),
    event("again", "suspended", 300), event("again", "reinstated", 9),
    event("again", "suspended", 3), event("back", "suspended", 9), event("back", "reinstated", 3),
    event("three", "suspended", 1), event("more", "suspended", 1),
]  # fmt: skip


def filled_up(rows: list[Row]) -> list[Row]:
    """With others to 400 consignments on DAY: 12 are 3 percent of them."""
    suspended = {"platform_status": "suspended"}
    for platform, count in (("three", 12), ("more", 13)):
        rows += [
            consignment(f"rest-{platform}-{n}", DAY, platform_code=platform, **suspended)
            for n in range(count)
        ]
    held = sum(row["day"] == DAY and row["importing_country_code"] == "VN" for row in rows)
    return rows + [consignment(f"filler-{n}", DAY) for n in range(400 - held)]


def all_rows() -> list[Row]:
    return filled_up(
        [
            *preference_rows(), *box_rows(), *likeness_rows(), *name_rows(), *residue_rows(),
            *unsure_price_rows(),
        ]
    )  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("goods")
    window = (DAY - dt.timedelta(days=31), DAY)
    rows = all_rows()
    names = sorted({row["item_description_folded"] or "" for row in rows})
    stated = [
        {"item_description_folded": name} for name in names
    ]  # what headings are looked up for
    raw = {
        "platform_registry": EVENTS, "parcel_manifest": stated, "item_name_period": [ITEM_PERIOD],
        "item_name_point": ITEM_POINTS,
    }  # fmt: skip
    prepare(root, rows, window, raw)
    run_risk(root)
    return root


def fired(home: Path, indicator: str) -> dict[str, Facts]:
    """Evidence by consignment name, for those of DAY on which `indicator` fired."""
    found = rows_of(
        home,
        "select substr(consignment_id, 3), evidence from risk.fct_risk_indicators "
        f"where indicator_id = '{indicator}' and day = date '{DAY}'",
    )
    return {name: facts(text) for name, text in found}


def test_a_preference_fires_for_an_origin_or_a_route_outside_its_agreement(home: Path) -> None:
    wrong = {"schedule": "B06", "agreement": "AKFTA", "origin": "CN"}
    assert fired(home, "wrong_tariff_preference") == {
        "claim-wrong": wrong | {"rate_percent": "5.000"},
        "claim-wrong-silent": wrong,
        "claim-both": wrong | {"rate_percent": "5.000"},
    }
    assert fired(home, "preference_indirect_route") == {
        "claim-hub": {"schedule": "B05", "agreement": "ACFTA", "origin": "CN", "departure": "HK"}
    }


def test_a_firm_s_lot_fires_with_the_parcels_that_it_is_made_of(home: Path) -> None:
    def evidence(parcels: int, lot: int) -> Facts:
        five = {"consignees": 5, "fewest_consignees": 5, "parcels": 5}
        return five | {"parcels_mass_g": parcels, "lot_mass_g": lot}

    boxes = {"five": evidence(10_000, 10_000), "light": evidence(5_000, 10_000)}
    boxes |= {"heavy": evidence(5_000, 4_000), "named": evidence(10_000, 10_000)}
    assert fired(home, "box_fan_out") == {
        f"box-{name}-{part}": known
        for name, known in boxes.items()
        for part in ("lot", 0, 1, 2, 3, 4)
    }


def test_a_parcel_that_looks_like_a_flagged_platform_s_fires(home: Path) -> None:
    def sender(parcels: int, share: int = 1_000_000) -> Facts:
        return {"consignor_parcels": parcels, "consignor_share_micro": share}

    numbers: Facts = {}
    for kind in ("order", "seller"):
        numbers |= {f"{kind}_parcels": 20, f"{kind}_share_micro": 1_000_000}
    found = {
        "twenty": (1, sender(20)), "shared": (1, sender(95, 950_000)), "usual": (1, sender(20)),
        "oldest": (1, sender(20)), "now": (1, sender(20)), "numbers": (2, numbers),
        "sender-and-own": (3, sender(20) | numbers),
    }  # fmt: skip
    assert fired(home, "platform_hidden") == {
        f"hidden-{name}": {"likely_platform": "temu", "status": "suspended", "signs": signs} | rest
        for name, (signs, rest) in found.items()
    }
    # the more signs agree, the stronger; a model may tell them apart
    strengths = rows_of(
        home,
        "select substr(consignment_id, 10), strength_milli from risk.fct_risk_indicators "
        f"where indicator_id = 'platform_hidden' and day = date '{DAY}'",
    )
    assert dict(strengths) == {name: 1000 * signs for name, (signs, _) in found.items()}


def test_a_small_flow_after_a_recent_suspension_fires(home: Path) -> None:
    def evidence(platform: str, days: int, count: int, share: int) -> Facts:
        since = {"platform": platform, "days_since_suspension": days}
        return since | {"consignments": count, "share_micro": share}

    assert fired(home, "residual_suspended_flow") == {
        "rest-sixty": evidence("sixty", 60, 1, 2_500),
        "rest-again": evidence("again", 3, 1, 2_500),
        **{f"rest-three-{n}": evidence("three", 1, 12, 30_000) for n in range(12)},
    }


def test_a_name_of_nothing_but_vague_words_asks_for_data(home: Path) -> None:
    named = {
        "gift": "qua tang", "order": "qua tang", "counted": "gift", "sample": "hang mau",
        "chinese": "礼品", "goods": "goods",
    }  # fmt: skip
    assert fired(home, "vague_description") == {
        f"name-{name}": {"term": term} for name, term in named.items()
    }


def test_a_name_of_another_chapter_fires_unless_names_cannot_tell_the_two_apart(
    home: Path,
) -> None:
    # toys: the only heading has the whole share; the same name stands for nothing of chapter 90,
    # which only fills a place. even: two headings of a half each, the limit itself; the lower code
    # is the first. faint: exp(-4.596) = 10,092 millionths of 1,010,092 is below one percent.
    # Silent: shoes (the chapter itself), knitted (a pair of the list), second and third (the
    # chapter is among the three; third with exp(-4) = 18,316 of 1,153,651), trace (10,102 of
    # 1,010,102: one percent, the limit itself), below (13,000, 13,000, 6,000: 1 / 2.000912).
    def evidence(declared: str, probability: int) -> Facts:
        named = {"named_chapter": "64", "named_heading": "6404", "named_micro": probability}
        return {"declared_chapter": declared} | named

    assert fired(home, "name_disagrees_with_hs") == {
        "code-toys": evidence("95", 1_000_000),
        "code-stand-in": evidence("90", 1_000_000),
        "code-even": evidence("95", 500_000),
        "code-faint": evidence("95", 990_008),
    }


def test_goods_of_an_unknown_heading_are_compared_by_what_their_names_suggest(home: Path) -> None:
    assert fired(home, "undervaluation") == {
        "unsure-low": {
            "measure": "per_kg", "unit_value_milli": 73_130_000, "limit_milli": 73_130_442,
            "peer_median_milli": 98_715_771, "share_of_median_micro": 740_814, "currency": "VND",
            "peers": 30, "peer_level": "named_heading_origin_channel", "trade_level": "consumer",
        }
    }  # fmt: skip


def test_three_headings_of_every_name_and_an_answer_only_at_the_bound(home: Path) -> None:
    # gan du: weights 1,000,000 twice and exp(-7) = 912 millionths of it; total 2,000,912.
    # vay lien: one heading; two with the largest base stand in.
    found = rows_of(
        home,
        "select item_description_folded, model_version, hs_heading, first_heading, "
        "first_probability_micro, second_heading, second_probability_micro, third_heading, "
        "third_probability_micro, item_count, undeclared_item_count from core.fct_item_names "
        "where item_description_folded in ('gan du', 'vay lien', 'kinh', 'giay the thao nam', "
        "'giay the thao') order by 1",
    )
    shoes = ("by hand", "6404", "6404", 1_000_000, "6204", 0, "9004", 0)
    assert found == [
        ("gan du", "by hand", "unknown", "6404", 499_772, "9004", 499_772, "9503", 455, 6, 0),
        ("giay the thao", *shoes, 1, 1),
        ("giay the thao nam", *shoes, 3, 0),
        ("kinh", "by hand", "unknown", "6404", 500_000, "9004", 500_000, "6204", 0, 12, 0),
        ("vay lien", "by hand", "6204", "6204", 1_000_000, "6404", 0, "9004", 0, 1, 0),
    ]
