"""The guide of market impact names every mart, and only things that are there.

Claims nothing about what the guide says of them.
"""

import csv
import re
from pathlib import Path

from contracts.catalogue import CONTRACTS
from runs.dbt_project import manifest
from serving.published_tables import TABLES


def quoted(project: Path) -> set[str]:
    text = (project / "docs" / "impact-guide.md").read_text(encoding="utf-8")
    return set(re.findall(r"`([^`]+)`", text))


def marts() -> dict[str, set[str]]:
    """Final models of the subject impact -> their columns."""
    return {
        node["name"]: set(node["columns"])
        for node in manifest()["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1:3] == ["impact", "final"]
    }


def reasons(project: Path) -> set[str]:
    """Every reason code that a model of impact, or a macro it uses, may give."""
    folders = (project / "dbt" / "models" / "impact", project / "dbt" / "macros")
    texts = [path.read_text(encoding="utf-8") for f in folders for path in f.rglob("*.sql")]
    return {code for text in texts for code in re.findall(r"(?:then|else) '([a-z_]+)'", text)}


def parameters(project: Path) -> set[str]:
    """Ids of dated parameters."""
    with (project / "dbt" / "seeds" / "rules" / "rule_parameters.csv").open(newline="") as stream:
        return {row["parameter_id"] for row in csv.DictReader(stream)}


def elsewhere() -> set[str]:
    """Final models of other subjects, with their schema."""
    return {
        f"{node['fqn'][1]}.{node['name']}"
        for node in manifest()["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][2] == "final"
    }


def treated() -> set[str]:
    """Tables that publishing writes, by their name and with their schema, and their columns."""
    columns = {column for table in TABLES.values() for column in table.columns}
    return {*TABLES, *(name.partition(".")[2] for name in TABLES), *columns}


# Joint cells and the daily flows are named where they belong; the rest must be in the guide.
def test_every_mart_of_impact_is_in_the_guide(project: Path) -> None:
    assert marts().keys() - quoted(project) == {"fct_import_flows_monthly"}


def test_what_the_guide_names_is_there(project: Path) -> None:
    series = {code for f in CONTRACTS["market_reference"].fields for code in f.codes}
    known = (
        set(marts())
        | {column for columns in marts().values() for column in columns}
        | reasons(project)
        | series
        | {"impact", "market_reference", "cross_border_*", "basis = delivered", "exact", "bound"}
        | {"days_covered = days_in_month", "month", "year", "VND", "import-risk calc hhi"}
        | treated()
        | {"calc.md", "disclosure.md", "price-index.md", "sources.md", "scenarios.md"}
        | {"policy", "compliance", "same_name", "similar_name"}
        | {"import-risk calc surge", "import-risk calc undercutting", "import-risk scenario"}
        | parameters(project)
        | elsewhere()
    )
    assert quoted(project) - known == set()


def test_every_reason_of_a_null_share_is_explained(project: Path) -> None:
    files = ("fct_retail_share_monthly", "fct_online_share_monthly", "fct_apparent_consumption")
    folder = project / "dbt" / "models" / "impact" / "final"
    given = {
        code
        for name in files
        for code in re.findall(r"then '([a-z_]+)'", (folder / f"{name}.sql").read_text())
    } - {"all", "platform_gmv", "total"}
    assert given - quoted(project) == set()
    assert "series_missing" in quoted(project)
