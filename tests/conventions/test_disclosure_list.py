"""Gate 2 watches exactly the tables that the ministry reads; claims nothing about their content."""

from expectations.suites.disclosure import COUNTED_TABLES, MINISTRY_TABLES
from runs.dbt_project import published_nodes


def test_the_disclosure_rules_look_at_every_table_of_the_ministry() -> None:
    read = {
        f"{node['schema']}.{node['name']}"
        for node in published_nodes()
        if "ministry" in node["config"]["meta"]["audiences"]
    }
    assert set(MINISTRY_TABLES) == read


def test_every_table_that_counts_its_contributors_is_looked_at() -> None:
    """Of the tables whose models describe such a column."""
    counting = {
        f"{node['schema']}.{node['name']}"
        for node in published_nodes()
        if "contributor_count" in node["columns"]
    }
    assert set(COUNTED_TABLES) == counting
