"""The dbt models stand by subject and read one way; the picture of their groups in Dagster too.

Read from the manifest and the asset graph; claims nothing about results. Every test lists its
offenders, and each rule is shown one that it finds.
"""

import copy
from graphlib import CycleError, TopologicalSorter
from typing import Any

import pytest

from dagster_project.definitions import defs
from runs.dbt_project import manifest

# A subject reads what stands before it.
SUBJECTS = ("core", "risk", "impact", "compliance", "quality", "reporting")
LAYERS = ("intermediate", "final")
WINDOW = {"source.import_risk.raw.run_window", "source.import_risk.raw.run_day"}
Node = dict[str, Any]


def models(found: dict[str, Any]) -> list[Node]:
    return [n for n in found["nodes"].values() if n["resource_type"] == "model"]


def place(node: Node) -> tuple[str, str]:
    """(staging, source) or (subject, layer): the first two folders of a model."""
    folders = node["fqn"][1:-1]
    return folders[0], folders[1] if len(folders) > 1 else ""


def misplaced(found: dict[str, Any]) -> list[str]:
    return [
        f"{n['name']} stands in {'/'.join(place(n))}"
        for n in models(found)
        if place(n)[0] != "staging"
        and (place(n)[0] not in SUBJECTS or place(n)[1] not in LAYERS or len(n["fqn"]) != 4)
    ]


def is_read_rightly(reader: Node, read: str, nodes: dict[str, Node]) -> bool:
    """Whether a model may read this node (dbt/README.md states the rule)."""
    subject, layer = place(reader)
    if read.startswith("source."):
        return read in WINDOW or subject == "staging"
    if read.startswith("seed."):
        return True
    other_subject, other_layer = place(nodes[read])
    if subject == "staging" or other_subject == "staging":
        return other_subject == "staging" and (subject == "staging" or layer == "intermediate")
    if subject == other_subject:
        return True
    is_before = SUBJECTS.index(other_subject) < SUBJECTS.index(subject)
    return is_before and (other_layer == "final" or is_shared(nodes[read]))


def is_shared(node: Node) -> bool:
    """Whether other subjects may read this step: a step of core that says so in its YAML."""
    return place(node)[0] == "core" and node["access"] != "private"


def wrong_readings(found: dict[str, Any]) -> list[str]:
    nodes = found["nodes"]
    return [
        f"{'/'.join(place(n))}/{n['name']} reads {read}"
        for n in models(found)
        for read in n["depends_on"]["nodes"]
        if not is_read_rightly(n, read, nodes)
    ]


def test_every_model_stands_in_staging_or_in_a_layer_of_a_subject() -> None:
    assert misplaced(manifest()) == []


def test_a_subject_reads_itself_and_what_subjects_before_it_publish() -> None:
    assert wrong_readings(manifest()) == []


def test_steps_are_private_but_for_those_that_core_shares() -> None:
    offenders = [
        n["name"]
        for n in models(manifest())
        if place(n)[1] == "intermediate" and n["access"] != "private" and not is_shared(n)
    ]
    assert offenders == []


@pytest.mark.parametrize(
    ("reader", "read"),
    [
        ("fct_consignments", "model.import_risk.fct_risk_scores"),  # a subject that comes later
        (
            "fct_selections",
            "model.import_risk.fct_import_flows_daily",
        ),  # the same, between neighbours
        ("rpt_risk_queue", "model.import_risk.int_risk__subjects"),  # another subject's step
        (
            "rpt_daily_summary",
            "model.import_risk.int_tariff__rates",
        ),  # a step that core does not share
        (
            "fct_record_versions",
            "model.import_risk.stg_manifests__parcel_ranks",
        ),  # staging, not from a step
        ("stg_manifests__parcels", "model.import_risk.dim_office"),  # staging reads raw only
        ("fct_quarantine_reasons", "source.import_risk.raw.quarantine_reason"),  # raw, not staging
    ],
)
def test_the_rule_would_find_an_offender(reader: str, read: str) -> None:
    changed = copy.deepcopy({"nodes": manifest()["nodes"]})
    key = f"model.import_risk.{reader}"
    changed["nodes"][key]["depends_on"]["nodes"].append(read)
    assert [line.rpartition("/")[2] for line in wrong_readings(changed)] == [
        f"{reader} reads {read}"
    ]


def group_arrows() -> dict[str, set[str]]:
    """Dagster's picture with its groups closed: group -> the groups whose assets it reads."""
    graph = defs().resolve_asset_graph()
    arrows: dict[str, set[str]] = {}
    for key in graph.get_all_asset_keys():
        asset = graph.get(key)
        read = {str(graph.get(parent).group_name) for parent in asset.parent_keys}
        arrows.setdefault(str(asset.group_name), set()).update(read - {asset.group_name})
    return arrows


def circle(arrows: dict[str, set[str]]) -> list[str]:
    """The groups of a circle, none when the picture runs one way."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


def test_the_groups_run_from_left_to_right_without_a_circle() -> None:
    arrows = group_arrows()
    assert circle(arrows) == []
    drawn = ("raw", "seeds", "staging", *SUBJECTS, "release")
    assert set(arrows) == set(drawn)
    back = [
        f"{read} -> {group}"
        for group, others in arrows.items()
        for read in others
        if drawn.index(read) > drawn.index(group)
    ]
    assert back == []


def test_a_circle_of_groups_would_be_found() -> None:
    arrows = group_arrows()
    arrows["core"].add("risk")
    assert set(circle(arrows)) == {"core", "risk"}
