"""How a dbt node becomes a Dagster asset: key, group, owner, kinds, freshness.

Add here a property every dbt asset must have. Keep out: a property of one model (its YAML).
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject

DAILY_FRESHNESS = dg.FreshnessPolicy.time_window(
    fail_window=dt.timedelta(hours=36), warn_window=dt.timedelta(hours=26)
)
DEFAULT_OWNER = "team:data-engineering"


class WarehouseTranslator(DagsterDbtTranslator):
    """Asset key = model name; sources of schema `raw` keep the key of the asset that lands them."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True))

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """The spec dagster-dbt builds, with our key, group, owner and kinds."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = self.get_resource_props(manifest, unique_id)
        if node["resource_type"] == "source":
            return spec.replace_attributes(key=raw_key(node["name"]))
        meta = node.get("config", {}).get("meta", {})
        return spec.replace_attributes(
            key=dg.AssetKey(node["name"]),
            group_name=_group(node),
            owners=[f"team:{meta['owner']}" if "owner" in meta else DEFAULT_OWNER],
            kinds={"dbt", "duckdb"},
            freshness_policy=DAILY_FRESHNESS,
        )


def raw_key(source: str) -> dg.AssetKey:
    """The asset that lands the raw rows of a source."""
    return dg.AssetKey(["raw", source])


def _group(node: Mapping[str, Any]) -> str:
    """seeds, staging, or the subject: its steps and what it publishes are one group."""
    return "seeds" if node["resource_type"] == "seed" else node["fqn"][1]
