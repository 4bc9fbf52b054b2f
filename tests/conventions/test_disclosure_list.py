"""Who reads what outside customs is listed, dated, and true; claims nothing about content.

The list is disclosure/inventory.py. A register is checked by what its model is made of: no
consignment, but for the day that the warehouse has come to.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest

from contracts.catalogue import CONTRACTS
from disclosure.inventory import INVENTORY, require_listed
from expectations.suites.disclosure import COUNTED_TABLES, MINISTRY_TABLES, disclosure_suite
from foundation.errors import UsageError
from runs.dbt_project import manifest, published_nodes, release_plan
from serving.plan import EVIDENCE_TABLES, PUBLISHED_TABLES

# A model that asks it reads consignments for their last day alone.
LAST_DAY = "last_day_held"


def read_outside_customs(nodes: list[dict[str, Any]]) -> set[str]:
    return {
        f"{node['schema']}.{node['name']}"
        for node in nodes
        if set(node["config"]["meta"]["audiences"]) != {"customs"}
    }


def sources_of(name: str, graph: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Names of the raw tables that the figures of `schema.table` come from."""
    (start,) = (uid for uid, node in graph.items() if f"{node['schema']}.{node['name']}" == name)
    seen, left = {start}, [start]
    while left:
        depends = graph[left.pop()].get("depends_on", {})
        asks_day = any(macro.endswith(f".{LAST_DAY}") for macro in depends.get("macros", ()))
        for other in depends.get("nodes", ()):
            if asks_day and graph[other]["name"] in {"fct_consignments", "int_calendar__days"}:
                continue
            if other not in seen:
                seen.add(other)
                left.append(other)
    return {graph[uid]["name"] for uid in seen if graph[uid]["schema"] == "raw"}


def of_consignments() -> set[str]:
    """Raw tables whose rows are consignments, or tell of single ones."""
    public = {"platform_registry", "market_reference"}
    return set(CONTRACTS) - public


def test_every_table_that_is_read_outside_customs_is_listed() -> None:
    marts = {name for name, listed in INVENTORY.items() if listed.is_mart}
    assert read_outside_customs(published_nodes()) == marts == set(MINISTRY_TABLES)
    assert {name for name, listed in INVENTORY.items() if not listed.is_mart} == set(
        EVIDENCE_TABLES
    )
    assert {n for n, listed in INVENTORY.items() if listed.kind == "treated"} == set(
        PUBLISHED_TABLES
    )


def test_the_list_is_dated_and_says_what_was_seen() -> None:
    for name, listed in INVENTORY.items():
        assert dt.date(2026, 11, 30) <= listed.since <= dt.date.today(), name
        assert len(listed.why) > 8, name


def test_a_table_that_is_not_listed_stops_the_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    require_listed("core.dim_office")
    with pytest.raises(UsageError, match="fct_platform_flows"):
        require_listed("compliance.fct_platform_flows")
    nodes = published_nodes()
    (office,) = (node for node in nodes if node["name"] == "dim_office")
    opened = {**office, "schema": "compliance", "name": "fct_platform_flows"}
    monkeypatch.setattr("runs.dbt_project.published_nodes", lambda: [*nodes, opened])
    assert "compliance.fct_platform_flows" in read_outside_customs([*nodes, opened])
    with pytest.raises(UsageError, match="nobody has looked at"):
        release_plan(1)


def test_a_register_is_made_of_no_consignment() -> None:
    graph = manifest()["nodes"] | manifest()["sources"]
    for name, listed in INVENTORY.items():
        if listed.is_mart and listed.kind == "not_an_aggregate":
            assert sources_of(name, graph) & of_consignments() == set(), name
    # Negative controls: what was withdrawn is made of them.
    for name in (
        "compliance.fct_platform_flows", "compliance.fct_tax_gap_daily",
        "impact.fct_apparent_consumption", "impact.fct_retail_share_monthly",
        "reporting.rpt_daily_summary", "reporting.rpt_monthly_impact", "reporting.rpt_platforms",
    ):  # fmt: skip
        assert "parcel_manifest" in sources_of(name, graph) & of_consignments(), name


def test_every_table_that_counts_its_contributors_is_looked_at() -> None:
    """Of the tables whose models describe such a column."""
    counting = {
        f"{node['schema']}.{node['name']}"
        for node in published_nodes()
        if "contributor_count" in node["columns"]
    }
    assert set(COUNTED_TABLES) == counting


def test_no_rule_that_the_ministry_reads_tells_a_limit_of_disclosure_control() -> None:
    """Titles and what to do stand in its file; the number of operators that makes a cell small."""
    for rule in disclosure_suite().rules:
        told = (rule.title_vi, rule.title_en, rule.what_to_do_vi, rule.what_to_do_en)
        assert not any(any(letter.isdigit() for letter in text) for text in told), rule.rule_id
