"""Which consignees are one, by hand: reasons, the limit of a shared contact, chains over days.

Names of parties are ordered as their ids: the smallest of a component stands for it. Not claimed:
that the look-backs and the limit are well chosen (grade U).
"""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.golden.risk_case import Row, consignment, prepare, run_risk, set_window
from tests.support.dbt_run import rows_of

DAY = dt.date(2026, 11, 10)
NEXT = DAY + dt.timedelta(days=1)
LIMIT = 10  # PARTY_FAN_IN_LIMIT
# Parameter -> a value that changes what `world` gives.
OF_PARTIES = {
    "PARTY_STATE_RECEIPTS": "1",
    "PARTY_CONTACT_LOOKBACK_DAYS": "13",
    "PARTY_FAN_IN_LIMIT": "9",
    "PARTY_COMPONENT_LOOKBACK_DAYS": "0",
}


def before(days: int) -> dt.date:
    return DAY - dt.timedelta(days=days)


def of(party: str, day: dt.date, number: int = 0, **contacts: str) -> Row:
    """A receipt of `party`: its own name, phone and address but for those given."""
    tokens = {f"consignee_{kind}_token": token for kind, token in contacts.items()}
    name = f"{party}-{day:%d}-{number}"
    return consignment(name, day, consignee_party_id=party, **tokens)


def reasons_rows() -> list[Row]:
    """Two receipts each on one day: what links and what does not."""
    rows = [
        of("name-1", DAY, phone="p name", name="n name"),
        of("name-2", DAY, phone="p name", name="n name"),
        of("home-1", DAY, phone="p home", address="a home"),
        of("home-2", DAY, phone="p home", address="a home"),
        of("moved-1", DAY, address="a moved", name="n moved"),
        of("moved-2", DAY, address="a moved", name="n moved"),
        of("phone-1", DAY, phone="p phone"),  # a phone alone
        of("phone-2", DAY, phone="p phone"),
        of("house-1", DAY, address="a house"),  # an address alone
        of("house-2", DAY, address="a house"),
        of("called-1", DAY, name="n called"),  # a name alone
        of("called-2", DAY, name="n called"),
        of("zero-1", DAY, phone="p zero", name="n zero"),  # no phone of anybody
        of("zero-2", DAY, phone="p zero", name="n zero"),
        of("city-1", DAY, address="a city", name="n city"),  # a bare city
        of("city-2", DAY, address="a city", name="n city"),
        of("gone-1", DAY, phone="p gone", name="n gone"),
        of("gone-2", DAY, phone="p gone", name="n gone") | {"is_active": False},
        of("self", DAY, 1, phone="p self", name="n self"),  # one party, twice
        of("self", DAY, 2, phone="p self", name="n self"),
    ]
    for row in rows:
        if row["consignee_party_id"].startswith("zero"):
            row["consignee_phone_status"] = "invalid"
        if row["consignee_party_id"].startswith("city"):
            row["consignee_address_status"] = "incomplete"
    return rows


def locker(kind: str, names: int, day: dt.date = DAY, first: int = 0) -> list[Row]:
    """So many names at one phone and address, a party each."""
    shared = {"phone": f"p {kind}", "address": f"a {kind}"}
    return [
        of(f"{kind}-{n:02}", day, name=f"n {kind} {n}", **shared)
        for n in range(first, first + names)
    ]


def limit_rows() -> list[Row]:
    """Ten people at one phone and address, eleven, eleven over two days; eleven of one name."""
    at, above = locker("at", LIMIT), locker("above", LIMIT + 1)
    slow = [*locker("slow", 6, before(1)), *locker("slow", 5, DAY, first=6)]
    # too many the day before, so its parties are not remembered: two today are not linked either
    full = [*locker("full", LIMIT + 1, before(1)), *locker("full", 2, DAY, first=20)]
    for row in full[-2:]:
        row["consignee_name_token"] = "n full"
    # who states no name is one of the people: ten of them and a name
    unnamed = [row | {"consignee_name_token": None} for row in locker("unnamed", LIMIT)]
    unnamed += locker("unnamed", 1, DAY, first=LIMIT)
    # a splitter: many identities, one name, one address; and one more the day after
    shared = {"phone": "p split", "name": "n split", "address": "a split"}
    split = [of(f"split-{n:02}", before(1), **shared) for n in range(2 * LIMIT + 2)]
    split.append(of("split-new", DAY, **shared))
    return [*at, *above, *slow, *full, *unnamed, *split]


def remembered_rows() -> list[Row]:
    """Look-back: 14 days; remembered from two receipts a day on."""
    rows = []
    for party, days, receipts in (("edge", 14, 2), ("late", 15, 2), ("once", 1, 1)):
        shared = {"phone": f"p {party}", "name": f"n {party}"}
        rows += [of(f"{party}-1", before(days), n, **shared) for n in range(receipts)]
        rows.append(of(f"{party}-2", DAY, **shared))
    return rows


def chain_rows() -> list[Row]:
    """a - b the day before, b - c today; and d - e, then e with one that is smaller than both."""
    return [
        of("chain-a", before(1), phone="p ab", name="n b"),
        of("chain-b", before(1), phone="p ab", name="n b"),
        of("chain-b", DAY, phone="p bc", name="n b"),
        of("chain-c", DAY, phone="p bc", name="n b"),
        of("fall-d", before(1), phone="p de", name="n e"),
        of("fall-e", before(1), phone="p de", name="n e"),
        of("fall-e", DAY, phone="p ec", name="n e"),
        of("fall-c", DAY, phone="p ec", name="n e"),
    ]


def long_rows(day: dt.date, parties: int) -> list[Row]:
    """A chain of one day: each shares a phone and the name with the next."""
    rows = []
    for n in range(parties - 1):
        shared = {"phone": f"p long {n}", "name": "n long"}
        rows += [of(f"long-{m:02}", day, 10 * n + m, **shared) for m in (n, n + 1)]
    return rows


def owner_rows() -> list[Row]:
    """Two receipts of 600,000 of one sender each: one person's identities, and two persons'."""
    rows = []
    for party, shared in (("owner", {"phone": "p owner", "name": "n owner"}), ("couple", {})):
        contacts = {"phone": f"p {party}"} | shared
        rows += [of(f"{party}-{n}", DAY, **contacts) for n in (1, 2)]
    return [row | {"consignor_party_id": "shop", "value_vnd": 600_000} for row in rows]


WORLD = [*reasons_rows(), *limit_rows(), *remembered_rows(), *chain_rows(), *owner_rows()]
FIRST = before(15)


def built(
    home: Path,
    *windows: tuple[dt.date, dt.date],
    rows: Sequence[Row] = WORLD,
    changes: Sequence[str] = (),
) -> Path:
    """The world in a new home, computed window after window."""
    prepare(home, rows, windows[0], seed_changes=changes)
    for window in windows:
        set_window(home, *window)
        run_risk(home)
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Day after day: the days before in one window, then each."""
    root = tmp_path_factory.mktemp("parties")
    return built(root, (FIRST, before(2)), (before(1), before(1)), (DAY, DAY))


def links(home: Path, prefix: str, day: dt.date = DAY) -> list[tuple[object, ...]]:
    return rows_of(
        home,
        "select party_id, other_party_id, link_reason from risk.fct_party_links "
        f"where party_id like '{prefix}%' and day = date '{day}' order by all",
    )


def components(home: Path, prefix: str) -> list[tuple[object, ...]]:
    return rows_of(
        home,
        "select day, party_id, component_id from intermediate.int_parties__components "
        f"where party_id like '{prefix}%' order by all",
    )


def everything(home: Path) -> list[list[tuple[object, ...]]]:
    tables = ("risk.fct_party_links", "intermediate.int_parties__components", "risk.dim_party")
    return [rows_of(home, f"select * from {table} order by all") for table in tables]


def test_a_contact_and_one_check_link(home: Path) -> None:
    assert links(home, "name-") == [("name-1", "name-2", "phone_name")]
    assert links(home, "home-") == [("home-1", "home-2", "phone_address")]
    assert links(home, "moved-") == [("moved-1", "moved-2", "address_name")]


@pytest.mark.parametrize(
    "alone", ["phone-", "house-", "called-", "zero-", "city-", "gone-", "self"]
)
def test_one_of_them_alone_links_nobody(home: Path, alone: str) -> None:
    assert links(home, alone) == []
    assert components(home, alone) == []


def test_a_contact_of_as_many_as_the_limit_links_and_one_of_more_nobody(home: Path) -> None:
    # each with the first of them
    assert links(home, "at-") == [("at-00", f"at-{n:02}", "phone_address") for n in range(1, LIMIT)]
    assert {row[2] for row in components(home, "at-")} == {"at-00"}
    assert links(home, "above-") == []
    assert components(home, "above-") == []
    assert links(home, "unnamed-") == []


def test_one_name_at_one_address_is_one_however_many_identities_it_has(home: Path) -> None:
    """More identities than the limit; the next day any of them knows the rest."""
    others = [f"split-{n:02}" for n in range(1, 2 * LIMIT + 2)]
    reasons = ("address_name", "phone_address", "phone_name")
    found = links(home, "split-", before(1))
    assert found == [("split-00", other, reason) for other in others for reason in reasons]
    assert links(home, "split-") == [("split-00", "split-new", reason) for reason in reasons]
    assert {row[2] for row in components(home, "split-")} == {"split-00"}
    assert len(components(home, "split-")) == len(others) + 1


def test_remembered_are_the_people_of_a_contact_not_their_identities(home: Path) -> None:
    """So that a contact of a million identities costs later days as little as any."""
    remembered = rows_of(
        home,
        "select contact_kind, party_id, name_token from intermediate.int_parties__contact_days "
        "where contact_token in ('p split', 'a split') order by 1",
    )
    assert remembered == [(kind, "split-00", "n split") for kind in ("address", "phone")]


def test_people_of_days_before_count_towards_the_limit(home: Path) -> None:
    # six the day before are one household; with five more today they are eleven
    assert len(links(home, "slow-", before(1))) == 5
    assert links(home, "slow-") == []
    assert links(home, "full-", before(1)) == []
    assert links(home, "full-") == []


def test_a_contact_is_remembered_from_its_receipts_on_and_for_so_many_days(home: Path) -> None:
    assert links(home, "edge-") == [("edge-1", "edge-2", "phone_name")]
    assert links(home, "late-") == []
    assert links(home, "once-") == []


def test_identities_found_to_be_one_are_one_owner_of_split_receipts(home: Path) -> None:
    """1,200,000 together pass the relief of 1,000,000; two persons, one phone: two owners."""
    found = rows_of(
        home,
        "select substr(consignment_id, 3), evidence from risk.fct_risk_indicators "
        "where indicator_id = 'split_under_relief' order by 1",
    )
    told = (
        '{"receipts":2,"sum_vnd":1200000.00,"limit_vnd":1000000.00,"identities":2,'
        '"links":["consignor"]}'
    )
    assert found == [(f"owner-{n}-10-0", told) for n in (1, 2)]
    clusters = rows_of(
        home,
        "select consignee_party_id, receipts, distinct_consignees from risk.fct_splitting_clusters "
        "where cluster_kind = 'consignee_sender' and window_days = 1",
    )
    assert clusters == [("owner-1", 2, 2)]
    # opened together, under the name of the first
    units = rows_of(
        home,
        "select substr(consignment_id, 3), substr(selection_unit_id, 3), unit_consignments "
        "from risk.fct_selections where selection_unit_id is not null order by 1",
    )
    assert units == [(f"owner-{n}-10-0", "owner-1-10-0", 2) for n in (1, 2)]
    [(vi, en)] = rows_of(
        home,
        "select distinct sentence_vi, sentence_en from risk.fct_risk_reasons "
        "where reason_id = 'indicator_split_under_relief'",
    )
    assert vi.startswith("2 lần nhận của một chủ hàng dưới 2 mã người nhận, tổng 1.200.000")
    assert en.startswith("2 receipts of one owner under 2 identities, 1,200,000")


def test_a_chain_over_two_days_is_one_and_changes_no_earlier_day(home: Path) -> None:
    assert components(home, "chain-") == [
        (before(1), "chain-b", "chain-a"),
        (DAY, "chain-c", "chain-a"),
    ]
    # a smaller party found later takes its place from that day on
    assert components(home, "fall-") == [
        (before(1), "fall-e", "fall-d"),
        (DAY, "fall-d", "fall-c"),
        (DAY, "fall-e", "fall-c"),
    ]


def test_a_longer_chain_stays_in_parts_until_it_is_seen_again(tmp_path: Path) -> None:
    rows = [*long_rows(DAY, 8), *long_rows(NEXT, 8)]
    home = built(tmp_path, (DAY, DAY), (NEXT, NEXT), rows=rows)
    # Five steps a day: the seventh and the eighth are six and seven steps from the first.
    assert [row[1:] for row in components(home, "long-") if row[0] == DAY] == [
        *[(f"long-{n:02}", "long-00") for n in range(1, 6)],
        ("long-06", "long-01"),
        ("long-07", "long-02"),
    ]
    assert [row[1:] for row in components(home, "long-") if row[0] == NEXT] == [
        ("long-06", "long-00"),
        ("long-07", "long-00"),
    ]


def test_a_day_computed_again_gives_the_same(home: Path) -> None:
    first = everything(home)
    assert all(first[:2])
    run_risk(home)  # the last day
    assert everything(home) == first


def test_all_days_at_once_are_as_day_after_day(home: Path, tmp_path: Path) -> None:
    assert everything(built(tmp_path, (FIRST, DAY))) == everything(home)


def test_a_late_day_makes_the_later_day_stale_and_then_gives_the_same(
    home: Path, tmp_path: Path
) -> None:
    late = built(tmp_path, (FIRST, before(2)), (DAY, DAY), (before(1), before(1)))
    stale = "select day from intermediate.int_risk__stale_days where reason = 'parties' order by 1"
    assert rows_of(late, stale) == [(DAY,)]
    set_window(late, DAY, DAY)
    run_risk(late)
    assert rows_of(late, stale) == []
    assert everything(late) == everything(home)


def test_the_dimension_names_the_resolved_party(home: Path, tmp_path: Path) -> None:
    capacity = "update seeds.lane_capacities set random_share_basis_points = 10000"
    found = rows_of(
        built(tmp_path, (FIRST, DAY), changes=[capacity]),
        "select party_id, resolved_party_id, resolved_day from risk.dim_party "
        "where party_id like 'chain-%' or party_id like 'phone-%' order by 1",
    )
    assert found == [
        ("chain-a", "chain-a", None),
        ("chain-b", "chain-a", before(1)),
        ("chain-c", "chain-a", DAY),
        ("phone-1", "phone-1", None),
        ("phone-2", "phone-2", None),
    ]


@pytest.mark.parametrize("parameter", OF_PARTIES)
def test_a_parameter_changes_what_is_linked(home: Path, tmp_path: Path, parameter: str) -> None:
    change = (
        f"update seeds.risk_parameters set value = '{OF_PARTIES[parameter]}' "
        f"where parameter_id = '{parameter}'"
    )
    windows = ((FIRST, before(1)), (DAY, DAY))
    assert everything(built(tmp_path, *windows, changes=[change])) != everything(home)
