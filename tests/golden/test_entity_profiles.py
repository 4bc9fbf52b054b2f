"""Profiles of entities by hand: whoever is new starts from its cohort, and nothing is known early.

Add here a kind of entity. Keep out: profiles of goods (test_risk_models.py).
"""

import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.golden.risk_case import Row, consignment, prepare, run_risk, set_window, warehouse
from tests.golden.test_risk_models import outcome
from tests.support.dbt_run import rows_of

DAY = dt.date(2026, 11, 10)
BEFORE = DAY - dt.timedelta(days=1)
CAME = DAY - dt.timedelta(days=2)
STALE = "select day from intermediate.int_risk__stale_days where reason = 'entities'"


def sold(name: str, day: dt.date, seller: str | None, platform: str, chapter: str) -> Row:
    """A parcel of a seller from CN to province 01, by one operator and office."""
    return consignment(
        name, day, platform_code=platform, seller_id_platform=seller, hs_chapter=chapter,
        origin_country_code="CN", operator_code="fast", consignee_province_code="01",
        consignor_party_id=f"sender of {name.split('-', maxsplit=1)[0]}",
    )  # fmt: skip


CONSIGNMENTS = [
    *[sold(f"bad-{n}", CAME, "7", "temu", "61") for n in (1, 2, 3)],
    sold("good", CAME, "8", "temu", "61"),
    *[sold(f"other-{n}", CAME, "7", "shop", "61") for n in (1, 2)],
    sold("bad-again", DAY, "7", "temu", "61"),
    sold("bad-elsewhere", DAY, "7", "temu", "85"),
    sold("new", DAY, "9", "temu", "61"),
    sold("nowhere", DAY, "7", "fresh", "61"),
    sold("silent", DAY, None, "shop", "61"),
    sold("declared", DAY, "7", "shop", "61") | {"seller_id_token": "temu|8"},
    # the same party received two of them, one with a finding
    sold("thrice", DAY, "7", "shop", "61") | {"consignee_party_id": "party bad-1"},
    sold("unreached", DAY, "7", "shop", "61")
    | {"consignee_address_token": "address bad-1", "consignee_address_status": "incomplete"},
]
OUTCOMES = [
    outcome("bad-1", BEFORE, "undervaluation"),
    outcome("bad-2", BEFORE, "origin"),
    outcome("bad-3", BEFORE, None),
    outcome("good", BEFORE, None),
    outcome("other-1", BEFORE, None),
    outcome("other-2", BEFORE, None),
]
CHOSEN = [
    {
        "consignment_id": f"P-{name}", "override": "select", "reason": "told",
        "decided_at": dt.datetime.combine(BEFORE, dt.time(9)), "decided_date": BEFORE,
        "office_code": "15BB",
    }
    for name in ("bad-again", "new")
]  # fmt: skip
Profile = tuple[int, int, int, int]


def built(home: Path, outcomes: list[Row], *changes: str) -> Path:
    prepare(home, CONSIGNMENTS, (CAME, DAY), raw_of(outcomes), changes)
    run_risk(home)
    return home


def raw_of(outcomes: list[Row]) -> dict[str, list[Row]]:
    return {"inspection_outcome": outcomes, "selection_override": CHOSEN}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("entities"), OUTCOMES)


def everything(home: Path) -> list[tuple[Any, ...]]:
    return rows_of(home, f"from risk.fct_entity_profiles where day = date '{DAY}' order by all")


def of_kind(home: Path, kind: str, risk_type: str = "any") -> dict[tuple[str, str], Profile]:
    """(entity, cohort) -> inspected, found, rate and that of the cohort, in millionths."""
    found = rows_of(
        home,
        "select entity_key, cohort_key, inspected_count, finding_count, rate_micro, "
        f"cohort_rate_micro from risk.fct_entity_profiles where entity_kind = '{kind}' "
        f"and risk_type = '{risk_type}' and day = date '{DAY}'",
    )
    return {(key, cohort): rest for key, cohort, *rest in found for rest in [tuple(rest)]}


def micro(rate: Fraction) -> int:
    return int(rate * 1_000_000 + Fraction(1, 2))


# 2 of 6 were findings; one of each is assumed. Wider cells count 20 inspections, the others 5.
ALL = Fraction(2 + 1, 6 + 2)
TEMU = (2 + 20 * ALL) / 24
SHOP = (20 * ALL) / 22
TEMU_SHIRTS = (2 + 20 * TEMU) / 24


def test_a_cohort_starts_from_the_wider_one(home: Path) -> None:
    assert of_kind(home, "platform") == {
        ("temu", ""): (4, 2, micro(TEMU), micro(ALL)),
        ("shop", ""): (2, 0, micro(SHOP), micro(ALL)),
        # nothing was ever inspected of it
        ("fresh", ""): (0, 0, micro(ALL), micro(ALL)),
    }
    assert of_kind(home, "platform_origin_chapter") == {
        ("temu|CN|61", "temu"): (4, 2, micro(TEMU_SHIRTS), micro(TEMU)),
        ("temu|CN|85", "temu"): (0, 0, micro(TEMU), micro(TEMU)),
        ("shop|CN|61", "shop"): (2, 0, micro(20 * SHOP / 22), micro(SHOP)),
        ("fresh|CN|61", "fresh"): (0, 0, micro(ALL), micro(ALL)),
    }
    for kind, key in (("operator", "fast"), ("office", "15BB"), ("province", "01")):
        assert of_kind(home, kind) == {
            (key, ""): (6, 2, micro((2 + 20 * ALL) / 26), micro(ALL)),
        }


def test_a_seller_starts_from_platform_origin_and_chapter(home: Path) -> None:
    """Seller 7 of temu is not seller 7 of shop; seller 9 is new and has no row: its cohort has, and
    no rate there is zero. A declaration names its seller itself."""
    found = of_kind(home, "seller")
    assert found == {
        ("temu|7", "temu|CN|61"): (3, 2, micro((2 + 5 * TEMU_SHIRTS) / 8), micro(TEMU_SHIRTS)),
        ("temu|7", "temu|CN|85"): (3, 2, micro((2 + 5 * TEMU) / 8), micro(TEMU)),
        ("temu|8", "shop|CN|61"): (1, 0, micro(5 * (20 * SHOP / 22) / 6), micro(20 * SHOP / 22)),
        ("shop|7", "shop|CN|61"): (2, 0, micro(5 * (20 * SHOP / 22) / 7), micro(20 * SHOP / 22)),
    }
    assert found["temu|7", "temu|CN|61"][2] == 508_247
    cohort = of_kind(home, "platform_origin_chapter")["temu|CN|61", "temu"]
    assert ("temu|9", "temu|CN|61") not in found
    assert cohort[2] == 413_194


def test_parties_and_addresses_have_their_own(home: Path) -> None:
    province = (2 + 20 * ALL) / 26
    one_finding = (1, 1, micro((1 + 5 * province) / 6), micro(province))
    assert of_kind(home, "consignee") == {("party bad-1", "01"): one_finding}
    assert of_kind(home, "address") == {}  # incomplete: it names no place
    origin = (2 + 20 * ALL) / 26
    assert of_kind(home, "sender") == {
        ("sender of bad", "CN"): (3, 2, micro((2 + 5 * origin) / 8), micro(origin)),
    }


def test_a_type_has_its_own_rate_where_it_was_found(home: Path) -> None:
    """1 of 6: all (1 + 1) / 8, temu (1 + 5) / 24 = .25, and so down to its goods."""
    assert of_kind(home, "seller", "undervaluation") == {
        ("temu|7", "temu|CN|61"): (3, 1, micro(Fraction(9, 32)), 250_000),
        ("temu|7", "temu|CN|85"): (3, 1, micro(Fraction(9, 32)), 250_000),
    }
    assert of_kind(home, "seller", "splitting") == {}


def told(home: Path, name: str) -> dict[str, tuple[Any, ...]]:
    """Kind -> key, inspected, found, rate, rate of the cohort and sentence of a chosen parcel."""
    found = rows_of(
        home,
        "select entity_kind, entity_key, inspected_count, finding_count, rate_micro, "
        "cohort_rate_micro, sentence_vi, sentence_en from risk.fct_consignment_profiles "
        f"where consignment_id = 'P-{name}'",
    )
    return {kind: tuple(rest) for kind, *rest in found}


def test_an_officer_reads_who_stands_behind_a_selected_parcel(home: Path) -> None:
    """Who is new has the rate of the cohort and says so; the others say their counts."""
    shirts = micro(TEMU_SHIRTS)
    found = told(home, "bad-again")
    assert found["seller"] == (
        "temu|7", 3, 2, 508_247, shirts,
        "Người bán này: 2 vi phạm trong 3 lần kiểm tra trước đây; sàn, xuất xứ và chương 41,3 %",
        "This seller: 2 findings in 3 earlier inspections; of its platform, origin and chapter"
        " 41.3 %",
    )  # fmt: skip
    new = told(home, "new")
    assert new["seller"] == (
        "temu|9", 0, 0, shirts, shirts,
        "Người bán này chưa được kiểm tra; sàn, xuất xứ và chương 41,3 %",
        "This seller was not inspected before; of its platform, origin and chapter 41.3 %",
    )  # fmt: skip
    assert new["operator"][:3] == ("fast", 6, 2)
    assert set(new) == {kind for kind in kinds(home) if kind != "declarant"}  # it names none


def kinds(home: Path) -> set[str]:
    return {kind for (kind,) in rows_of(home, "select entity_kind from seeds.entity_kinds")}


def test_every_kind_has_its_sentences(home: Path) -> None:
    columns = rows_of(
        home,
        "select column_name from duckdb_columns() where table_name = 'int_risk__entities' "
        "and suffix(column_name, '_key')",
    )
    assert kinds(home) == {name.removesuffix("_key") for (name,) in columns}


def test_what_is_known_on_the_day_or_later_changes_nothing_of_it(
    home: Path, tmp_path: Path
) -> None:
    late = [outcome(name, DAY, "origin") for name in ("new", "good", "other-1")]
    assert everything(built(tmp_path / "late", OUTCOMES + late)) == everything(home)
    early = [outcome("other-1", BEFORE, "origin")]
    assert everything(built(tmp_path / "early", OUTCOMES + early)) != everything(home)


def test_two_results_of_one_day_are_one_inspection_with_a_finding(tmp_path: Path) -> None:
    both = [*OUTCOMES, outcome("bad-1", BEFORE, None) | {"inspection_id": "again"}]
    found = of_kind(built(tmp_path, both), "seller")
    assert found["temu|7", "temu|CN|61"][:2] == (3, 2)


@pytest.mark.parametrize(
    ("parameter", "kind"), [("PROFILE_SHRINKAGE", "office"), ("PROFILE_SHRINKAGE_FINEST", "seller")]
)
def test_the_strength_of_a_cohort_is_a_dated_parameter(
    home: Path, tmp_path: Path, parameter: str, kind: str
) -> None:
    change = f"update seeds.risk_parameters set value = '9' where parameter_id = '{parameter}'"
    assert of_kind(built(tmp_path, OUTCOMES, change), kind) != of_kind(home, kind)


def test_the_look_back_ends_after_its_last_day(tmp_path: Path) -> None:
    change = "update seeds.risk_parameters set value = '{}' where parameter_id = '{}'"
    name = "PROFILE_LOOKBACK_DAYS"
    assert of_kind(built(tmp_path / "kept", OUTCOMES, change.format(1, name)), "seller") != {}
    assert everything(built(tmp_path / "gone", OUTCOMES, change.format(0, name))) == []


def test_a_result_that_comes_late_makes_later_days_stale_that_ask_for_it(tmp_path: Path) -> None:
    """Seller 9 was never inspected when DAY was computed; then an older parcel of it turns out to
    have been. Computed again without news, no day is stale."""
    older = sold("new-before", CAME, "9", "temu", "61") | {"consignor_party_id": None}
    prepare(tmp_path, [*CONSIGNMENTS, older], (CAME, DAY), raw_of(OUTCOMES))
    run_risk(tmp_path)
    set_window(tmp_path, BEFORE, BEFORE)
    run_risk(tmp_path)
    assert rows_of(tmp_path, STALE) == []
    with warehouse(tmp_path) as connection:
        row = outcome("new-before", BEFORE, None)
        connection.execute(
            f"insert into raw.inspection_outcome ({', '.join(row)}) "
            f"values ({', '.join('?' for _ in row)})",
            list(row.values()),
        )
    run_risk(tmp_path)
    assert rows_of(tmp_path, STALE) == [(DAY,)]
    set_window(tmp_path, DAY, DAY)
    run_risk(tmp_path)
    assert ("temu|9", "temu|CN|61") in of_kind(tmp_path, "seller")
    set_window(tmp_path, BEFORE, BEFORE)
    run_risk(tmp_path)
    assert rows_of(tmp_path, STALE) == []
