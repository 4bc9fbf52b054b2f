"""What readers see keeps its promises: contracts, keys and references of every final model.

Read from the manifest; that dbt and the engine hold them is tests/golden/test_promises.py.
Every test lists its offenders, and each rule is shown one that it finds.
"""

import copy
import re
from typing import Any

import pytest

from runs.dbt_project import manifest

# Spelled as both engines read them.
TYPES = re.compile(r"string|bigint|integer|date|boolean|timestamp|decimal\(\d+, ?\d+\)")
# A column of this name, or with something before it, names a row of that table.
KEYS = {
    "consignment_id": "fct_consignments",
    "hs_chapter": "dim_commodity",
    "duty_id": "dim_duty",
    "legal_instrument_id": "dim_legal_instrument",
    "customs_office_code": "dim_office",
    "party_id": "dim_party",
    "platform_code": "dim_platform",
    "province_code": "dim_province",
}
# A view of another final, row by row: keys and references are tested there.
VIEWS = {"fct_consignment_items": "fct_consignments"}
# Columns that may name something that no row stands for -> why. "": in every table.
OPEN = {
    ("", "customs_office_code"): "deliveries name offices that no list has",
    ("", "platform_code"): "deliveries name platforms that the registry does not know",
    ("fct_inspection_outcomes", "consignment_id"): "a result may come before its consignment",
    ("fct_selection_overrides", "consignment_id"): "a decision may be about goods nobody declared",
    ("fct_consignments", "consignor_party_id"): "dim_party has the parties of the queue only",
    ("fct_consignments", "consignee_party_id"): "dim_party has the parties of the queue only",
    **{
        (table, column): "dim_party has the parties of the queue only"
        for table in ("fct_splitting_clusters", "fct_splitting_cluster_members")
        for column in ("consignor_party_id", "consignee_party_id")
    },
    ("fct_party_links", "party_id"): "dim_party has the parties of the queue only",
    ("fct_party_links", "other_party_id"): "dim_party has the parties of the queue only",
    ("fct_owner_profiles", "owner_party_id"): "dim_party has the parties of the queue only",
    ("fct_substitutable_goods_monthly", "province_code"): "all is the whole country",
}
# Final models that read another without naming its rows -> why.
NAMES_NO_ROW = {
    "dim_party": "a party is the consignee or the consignor of a consignment",
    "fct_party_links": "a pair of consignees is no consignment",
    "dim_platform": "reads consignments for their last day only",
    "fct_violations_monthly": "counts results by month, office and kind",
    "fct_selection_overrides": "keeps decisions about goods that nobody declared, too",
    "fct_revenue_gap_monthly": "a month without random draws is in no sample",
    "fct_substitutable_goods_monthly": "goods that no listing matches have no margin",
    "rpt_platforms": "lists platforms that only deliveries name, too",
}
Node = dict[str, Any]


def final_models(found: dict[str, Any]) -> list[Node]:
    return [
        n
        for n in found["nodes"].values()
        if n["resource_type"] == "model" and "final" in n["fqn"][1:-1]
    ]


def generic_tests(found: dict[str, Any], name: str) -> dict[str, list[dict[str, Any]]]:
    """Unique id of a model -> the arguments of its generic tests of this name."""
    arguments: dict[str, list[dict[str, Any]]] = {}
    for node in found["nodes"].values():
        if node.get("test_metadata", {}).get("name") == name:
            arguments.setdefault(node["attached_node"], []).append(node["test_metadata"]["kwargs"])
    return arguments


def without_contract(found: dict[str, Any]) -> list[str]:
    return [
        f"{n['name']}.{name}: {column['data_type']}"
        for n in final_models(found)
        for name, column in n["columns"].items()
        if not TYPES.fullmatch(column["data_type"] or "")
    ] + [n["name"] for n in final_models(found) if not n["contract"]["enforced"]]


def without_key(found: dict[str, Any]) -> list[str]:
    keys = generic_tests(found, "unique_combination")
    return [
        n["name"]
        for n in final_models(found)
        if n["unique_id"] not in keys and n["name"] not in VIEWS
    ]


def referred(found: dict[str, Any], node: Node) -> set[str]:
    """Columns of a model that stand in a test of references."""
    return {
        column
        for arguments in generic_tests(found, "foreign_keys").get(node["unique_id"], [])
        for reference in arguments["references"]
        for column in reference["columns"]
    }


def untested_references(found: dict[str, Any]) -> list[str]:
    offenders = []
    for node in final_models(found):
        if node["name"] in VIEWS:
            continue
        tested = referred(found, node)
        for column in node["columns"]:
            names = [key for key in KEYS if column == key or column.endswith(f"_{key}")]
            is_own = any(KEYS[key] == node["name"] for key in names)
            is_open = (node["name"], column) in OPEN or any(("", key) in OPEN for key in names)
            if names and not is_own and not is_open and column not in tested:
                offenders.append(f"{node['name']}.{column}")
        reads = [r for r in node["depends_on"]["nodes"] if r.startswith("model.")]
        reads_final = any("final" in found["nodes"][r]["fqn"][1:-1] for r in reads)
        if reads_final and not tested and node["name"] not in NAMES_NO_ROW:
            offenders.append(node["name"])
    return offenders


def test_every_final_model_has_an_enforced_contract_with_portable_types() -> None:
    assert without_contract(manifest()) == []


def test_every_final_model_is_tested_for_its_key() -> None:
    assert without_key(manifest()) == []


def test_every_reference_to_another_final_model_is_tested() -> None:
    assert untested_references(manifest()) == []


def test_what_is_excused_from_references_is_there() -> None:
    nodes = {n["name"]: n for n in final_models(manifest())}
    assert NAMES_NO_ROW.keys() <= nodes.keys()
    assert [f"{t}.{c}" for t, c in OPEN if t and c not in nodes[t]["columns"]] == []


def changed() -> dict[str, Any]:
    return {"nodes": copy.deepcopy(manifest()["nodes"])}


def test_a_model_without_contract_or_type_would_be_found() -> None:
    found = changed()
    found["nodes"]["model.import_risk.dim_duty"]["contract"]["enforced"] = False
    found["nodes"]["model.import_risk.dim_office"]["columns"]["name_vi"]["data_type"] = "varchar"
    assert without_contract(found) == ["dim_office.name_vi: varchar", "dim_duty"]


def test_a_final_without_references_of_its_own_is_a_view_of_one_that_has_them() -> None:
    found = manifest()
    named = {node["name"]: node for node in final_models(found)}
    for view, shown in VIEWS.items():
        assert named[view]["config"]["materialized"] == "view"
        assert named[view]["depends_on"]["nodes"] == [named[shown]["unique_id"]]


@pytest.mark.parametrize(
    ("test", "offences"),
    [
        ("unique_combination", (["fct_risk_scores"], [])),
        ("foreign_keys", ([], ["fct_risk_scores.consignment_id", "fct_risk_scores"])),
    ],
)
def test_a_model_without_key_or_references_would_be_found(
    test: str, offences: tuple[list[str], list[str]]
) -> None:
    found = changed()
    model = "model.import_risk.fct_risk_scores"
    for name, node in list(found["nodes"].items()):
        is_of_model = node.get("attached_node") == model
        if is_of_model and node["test_metadata"]["name"] == test:
            del found["nodes"][name]
    assert (without_key(found), untested_references(found)) == offences


def materialisations(found: dict[str, Any]) -> dict[str, set[str]]:
    """Package -> names of its materialisations."""
    named: dict[str, set[str]] = {}
    for macro in found["macros"].values():
        if match := re.fullmatch(r"materialization_(\w+)_(default|duckdb|spark)", macro["name"]):
            named.setdefault(macro["package_name"], set()).add(match.group(1))
    return named


def test_no_materialisation_takes_a_name_of_dbt() -> None:
    named = materialisations(manifest())
    own = named.pop("import_risk")
    assert own == {"day_window", "published_once", "replaced_view", "whole_table"}
    assert {"table", "incremental"} <= set().union(*named.values())
    assert own & set().union(*named.values()) == set()


def kept_without_columns(found: dict[str, Any]) -> list[str]:
    """Models that keep earlier days and do not state their columns: the next run, which compares
    the tables with the models (runs/working_schema.py), would refuse the home."""
    return [
        node["name"]
        for node in found["nodes"].values()
        if node["resource_type"] == "model"
        and node["config"]["materialized"] == "day_window"
        and not node["columns"]
    ]


def test_every_table_that_keeps_days_states_its_columns() -> None:
    assert kept_without_columns(manifest()) == []


def test_a_kept_table_without_columns_would_be_found() -> None:
    found = changed()
    found["nodes"]["model.import_risk.int_risk__goods_days"]["columns"] = {}
    assert kept_without_columns(found) == ["int_risk__goods_days"]
