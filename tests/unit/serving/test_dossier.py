"""A dossier repeats stored rows, cuts its lists and says so, and is shown only after its record.

Claims nothing about the marts themselves (golden tests do).
"""

import json
from dataclasses import replace

import pytest

from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from serving.dossier import ConsignmentDossier, dossier
from serving.entity import EntityDossier
from serving.explain import explain
from serving.looks import looks
from tests.support.cli import ImportRisk
from tests.unit.serving.conftest import Publish
from tests.unit.serving.dossier_work import C1, C2, DAYS, DOSSIER_PLAN, S1, STATEMENTS
from tests.unit.serving.fake_work import DAY, NEXT_DAY, OLD_DAY, publish_work

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("dossiers") / "home")
    publish_work(made, STATEMENTS, days=DAYS, plan=DOSSIER_PLAN)
    return made


def _consignment(home: Home, name: str) -> ConsignmentDossier:
    found = dossier(home, "consignment", name)
    assert isinstance(found, ConsignmentDossier)
    return found


def _entity(home: Home, name: str) -> EntityDossier:
    found = dossier(home, "entity", name)
    assert isinstance(found, EntityDossier)
    return found


def test_a_consignment_has_its_explanation_reasons_decisions_and_past(published: Home) -> None:
    found = _consignment(published, "P-1")
    assert found.explanation == explain(published, "P-1")
    assert [row["sentence_vi"] for row in found.reasons.rows] == ["khai thấp", "chia nhỏ"]
    assert [row["finding_type"] for row in found.inspections.rows] == [
        "splitting", "undervaluation",
    ]  # fmt: skip
    assert [row["cluster_id"] for row in found.clusters.rows] == ["large"]
    # the highest rate first, and no key: that of an address is a token
    assert [tuple(row.values()) for row in found.profiles.rows] == [
        ("seller", 12, 4, 270_000, 50_000, "4 trong 12", "4 in 12"),
        ("address", 0, 0, 50_000, 50_000, "địa chỉ mới", "new"),
    ]
    assert "4 trong 12" in "\n".join(found.lines())
    consignee, consignor = found.earlier
    # Of c1 only P-OLD is earlier: P-D is of the same day.
    assert (consignee.party_id, consignee.consignments, consignee.value_vnd) == (C1, 1, "10.00")
    assert (consignee.first_day, consignee.selected) == (OLD_DAY.isoformat(), 0)
    assert (consignee.findings.inspected, consignee.findings.with_finding) == (1, 0)
    assert consignee.findings.rate_percent == "0.00"
    assert [row["consignment_id"] for row in consignor.last.rows] == ["P-OLD"]
    assert consignor.party_id == S1


def test_an_entity_counts_each_consignment_once(published: Home) -> None:
    found = _entity(published, C1)
    assert (found.first_day, found.last_day) == (OLD_DAY.isoformat(), NEXT_DAY.isoformat())
    # P-1, P-OLD and P-D; not the declaration about P-D, nor what was cancelled.
    (role,) = found.roles.rows
    assert (role["role"], role["consignments"], role["cancelled"]) == ("consignee", 3, 1)
    assert str(role["value_vnd"]) == "990015.75"
    assert [(row["day"], row["consignments"]) for row in found.days.rows] == [
        (NEXT_DAY, 0), (DAY, 2), (OLD_DAY, 1),
    ]  # fmt: skip
    assert [row["platform_code"] for row in found.platforms.rows] == ["san-a"]
    # c2 received at the same address, at another phone.
    assert [(row["contact"], row["distinct_tokens"], row["other_parties"])
            for row in found.contacts.rows] == [("address", 1, 1), ("phone", 1, 0)]  # fmt: skip
    assert [
        (row["other_party_id"], row["link_reason"], row["first_day"], row["days"])
        for row in found.links.rows
    ] == [(S1, "address_name", OLD_DAY, 1), (C2, "phone_name", DAY, 2)]
    assert [(row["identity_count"], row["finding_count"]) for row in found.owner_profiles.rows] == [
        (2, 4)
    ]
    # on the day on which it received there; a warehouse of the same name is another place
    assert [
        (row["day"], row["point_kind"], row["rank_in_day"]) for row in found.gathering_points.rows
    ] == [(DAY, "address", 3), (DAY, "phone", None)]
    assert [(row["window_days"], row["consignments"]) for row in found.gathering_windows.rows] == [
        (1, 50),
        (7, 90),
    ]
    assert [row["cluster_id"] for row in found.clusters.rows] == ["large", "small"]
    assert [row["growth_percent"] for row in found.velocity.rows] == [300]
    assert [(row["risk_type"], row["highest_points"]) for row in found.risk.rows] == [
        ("splitting", 4), ("undervaluation", 8),
    ]  # fmt: skip
    assert [row["consignments"] for row in found.selections.rows] == [1]
    # Three of its consignments have a known result, one of them a finding of two kinds.
    facts = found.findings
    assert (facts.inspected, facts.with_finding, facts.pending) == (3, 1, 1)
    assert facts.rate_percent == "33.33"
    last = found.last.rows[1]
    assert (last["consignment_id"], last["inspection_result"]) == ("D-D-1", "pending")


def test_a_sender_is_an_entity_too(published: Home) -> None:
    found = _entity(published, S1)
    assert [(row["role"], row["consignments"]) for row in found.roles.rows] == [("consignor", 2)]
    # contacts and gathering points are about where it received
    assert [row["distinct_tokens"] for row in found.contacts.rows] == [0, 0]
    assert (found.gathering_points.total, found.gathering_windows.total) == (0, 0)
    assert [row["cluster_id"] for row in found.clusters.rows] == ["large", "small"]
    assert [row["growth_percent"] for row in found.velocity.rows] == [5]


def test_no_token_and_exact_text(published: Home) -> None:
    for kind, name in (("consignment", "P-1"), ("entity", C1)):
        found = dossier(published, kind, name)
        document = found.to_json()
        text = json.dumps(document, ensure_ascii=False)
        assert "k1:" not in text
        assert "k1:" not in "\n".join(found.lines())
        assert "990000.50" in text or "990015.75" in text
        assert document["kind"] == kind
    assert document["days"] == {
        "total": 3,
        "rows": [
            {"day": "2026-03-11", "role": "consignee", "consignments": 0, "value_vnd": "0.00"},
            {"day": "2026-03-10", "role": "consignee", "consignments": 2, "value_vnd": "990005.75"},
            {"day": "2026-01-30", "role": "consignee", "consignments": 1, "value_vnd": "10.00"},
        ],
    }


def test_a_list_is_cut_and_says_so(home: Home, publish_once: Publish) -> None:
    many = (
        "insert into core.fct_consignments (consignment_id, day, consignee_party_id, platform_code)"
        f" select 'P-M' || n, date '{DAY}' - cast(n % 40 as integer), '{C1}', 's' || n % 30"
        " from range(5000) as t(n)"
    )
    publish_once([*STATEMENTS, many], plan=replace(DOSSIER_PLAN, detail_rows=10_000))
    found = _entity(home, C1)
    assert (found.days.total, len(found.days.rows)) == (41, 31)
    assert (found.platforms.total, len(found.platforms.rows)) == (31, 20)
    assert (found.last.total, len(found.last.rows)) == (5005, 10)
    assert any("(31 / 41)" in line for line in found.lines())


def test_each_look_is_recorded_also_of_what_is_not_there(home: Home, publish_once: Publish) -> None:
    publish_once(STATEMENTS, plan=DOSSIER_PLAN)
    explain(home, "P-1")
    assert not home.looks.exists()
    _consignment(home, "P-1")
    _entity(home, C2)
    for kind, unknown in (("consignment", "P-9"), ("entity", "ff" * 16), ("entity", "P-1")):
        with pytest.raises(UsageError, match="not in the current release"):
            dossier(home, kind, unknown)
    assert [
        (entry.body["subject_kind"], entry.body["subject_id"], entry.body["found"])
        for entry in looks(home)
    ] == [
        ("consignment", "P-1", True),
        ("entity", C2, True),
        ("consignment", "P-9", False),
        ("entity", "ff" * 16, False),
        ("entity", "x-x", False),
    ]


def test_a_look_that_fails_later_is_recorded_all_the_same(
    home: Home, publish_once: Publish
) -> None:
    publish_once(
        [*STATEMENTS, "update risk.fct_risk_scores set score_points = 7"], plan=DOSSIER_PLAN
    )
    with pytest.raises(WarehouseError, match="do not use this score"):
        dossier(home, "consignment", "P-1")
    assert [entry.body["found"] for entry in looks(home)] == [True]


def test_what_cannot_be_recorded_is_not_shown(home: Home, publish_once: Publish) -> None:
    publish_once(STATEMENTS, plan=DOSSIER_PLAN)
    run = ImportRisk(home.root)
    assert run("dossier", "entity", C1, "--json").json["entity_id"] == C1
    assert run("dossier", "entity", "ff" * 16, code=2).out == ""
    assert [look["found"] for look in run("looks", "--json").json] == [True, False]
    home.looks.unlink()
    home.looks.mkdir()
    for words in (["consignment", "P-1"], ["entity", C1], ["entity", C1, "--json"]):
        done = run("dossier", *words, code=1)
        assert done.out == ""
        assert "nothing is shown" in done.err
