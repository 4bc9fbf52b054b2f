"""Later days are made again from what is kept: nothing that risk reads for them holds other days.

A run sets `raw.run_day` to the later days and builds the selection of `runs.days.later_days`. A
whole table that is made of the run's own days and is not in that selection would hold no row of
them, and an inner join with it would find nothing. NOT claimed: what the models make of it
(tests/faults/test_54_late_rows.py).
"""

from collections.abc import Mapping
from typing import Any

from runs.days.later_days import RISK
from runs.dbt_project import manifest

# Raw tables of a run's own days; what a run is told of parties, law and results is whole.
WINDOWED = frozenset(
    {
        "run_day", "run_window", "item_text", "item_spelling", "linked_record", "parcel_manifest",
        "low_value_declaration", "customs_declaration", "listing_observation",
    }
)  # fmt: skip
# Why a table may stand although it is made of the run's days.
ALLOWED = {"int_risk__limit_window": "the last day held, whichever days are computed"}
_KEPT = ("day_window", "published_once")
Nodes = Mapping[str, Any]


def stale_tables(nodes: Nodes, names: set[str]) -> set[str]:
    """Tables of the run's own days that models of `names` (and all after int_risk__parameters) read
    and that are not made again."""
    models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
    again = {key for key, node in models.items() if node["name"] in names}
    waiting = [key for key, node in models.items() if node["name"] == "int_risk__parameters"]
    while waiting:
        key = waiting.pop()
        again.add(key)
        waiting += [
            child for child, node in models.items()
            if key in node["depends_on"]["nodes"] and child not in again
        ]  # fmt: skip

    def is_windowed(key: str) -> bool:
        if key not in models:
            return key.startswith("source.") and key.rsplit(".", maxsplit=1)[-1] in WINDOWED
        if models[key]["config"]["materialized"] in _KEPT:
            return False
        return any(is_windowed(parent) for parent in models[key]["depends_on"]["nodes"])

    def tables(key: str) -> set[str]:
        if key not in models or key in again or models[key]["config"]["materialized"] in _KEPT:
            return set()
        if models[key]["config"]["materialized"] in ("replaced_view", "view", "ephemeral"):
            return set().union(*(tables(parent) for parent in models[key]["depends_on"]["nodes"]))
        return {models[key]["name"]} if is_windowed(key) else set()

    read = (parent for key in again for parent in models[key]["depends_on"]["nodes"])
    return set().union(*(tables(parent) for parent in read))


def selected() -> set[str]:
    return {name.rstrip("+") for name in RISK[RISK.index("--select") + 1 :]}


def test_risk_of_later_days_reads_no_table_of_the_runs_own_days() -> None:
    assert stale_tables(manifest()["nodes"], selected()) == set(ALLOWED)


def test_a_table_that_is_not_made_again_would_be_found() -> None:
    left_out = selected() - {"int_consignments__repeated_contacts"}
    found = stale_tables(manifest()["nodes"], left_out)
    assert found == {*ALLOWED, "int_consignments__repeated_contacts"}
