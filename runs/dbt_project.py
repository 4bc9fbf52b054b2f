"""The dbt project as Dagster and the release see it: manifest, code hash, release plan.

Add here what must be read from the manifest. Keep out: running dbt (defs/transform/dbt.py).
"""

import csv
import hashlib
import json
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from disclosure.inventory import require_listed
from foundation.files import sha256_file, write_atomically
from runs.settings import DBT_PROJECT, PROJECT_ROOT
from scoring.multipliers import INDICATOR_PREFIX
from serving.plan import ReleasePlan, TablePlan

_SOURCE_SUFFIXES = {".sql", ".yml", ".yaml", ".csv", ".md"}
_CODE_SUFFIXES = {".py", ".toml", ".jinja", ".css", *_SOURCE_SUFFIXES}
_TARGET = DBT_PROJECT / "target"
MANIFEST = _TARGET / "manifest.json"


def tree_hash(folders: tuple[Path, ...], suffixes: set[str]) -> str:
    """SHA-256 over names and bytes of the files with these suffixes, generated folders left out."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder).parts
            if path.suffix in suffixes and "target" not in inside and "logs" not in inside:
                digest.update(f"{folder.name}/{'/'.join(inside)}\0".encode())
                digest.update(sha256_file(path).encode())
    return digest.hexdigest()


def code_hash() -> str:
    """What a release names as its code: every module, model, seed and profile."""
    project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rooms = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    return tree_hash(tuple(PROJECT_ROOT / name for name in (*rooms, "dbt")), _CODE_SUFFIXES)


def seeds_hash() -> str:
    """What a release names as its rules and reference seeds (values and column types)."""
    return tree_hash((DBT_PROJECT / "seeds",), {".csv", ".yml"})


def overridable_parameters() -> frozenset[str]:
    """Ids of the parameters that a site may set: those that no official text fixes (grade U) in
    any of their periods."""
    grades: dict[str, set[str]] = {}
    for name in ("rule_parameters", "risk_parameters"):
        path = DBT_PROJECT / "seeds" / "rules" / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                grades.setdefault(row["parameter_id"], set()).add(row["evidence_grade"])
    return frozenset(name for name, of in grades.items() if of == {"U"})


def model_features() -> frozenset[str]:
    """Features that a risk model may read: those of their own seed, and every indicator."""
    rules = DBT_PROJECT / "seeds" / "rules"
    found: set[str] = set()
    for seed, column, prefix in (
        ("risk_model_features", "feature", ""),
        ("risk_indicators", "indicator_id", INDICATOR_PREFIX),
    ):
        with (rules / f"{seed}.csv").open(encoding="utf-8", newline="") as stream:
            found |= {prefix + row[column] for row in csv.DictReader(stream)}
    return frozenset(found)


def lock_hash() -> str:
    """What a release names as its dependencies."""
    return sha256_file(PROJECT_ROOT / "requirements" / "base.txt")


def code_commit() -> str | None:
    """The commit, when this is a checkout in which nothing was changed; else None."""
    git = ("git", "-C", str(PROJECT_ROOT))
    try:
        changed = subprocess.run(
            [*git, "status", "--porcelain"], capture_output=True, text=True, check=True
        )
        commit = subprocess.run(
            [*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return None if changed.stdout.strip() else commit.stdout.strip()


@cache
def ensure_manifest() -> Path:
    """The manifest of the dbt project as it is on disk; parses when a source file changed.

    Raises DbtFailed with dbt's own words when the project does not parse.
    """
    stamp = _TARGET / "manifest.sources.sha256"
    wanted = tree_hash((DBT_PROJECT,), _SOURCE_SUFFIXES)
    if MANIFEST.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return MANIFEST
    # Imported here: dbt takes seconds that reading a manifest should not cost.
    from runs import dbt_invocation

    dbt_invocation.parse(write_json=True)
    write_atomically(stamp, wanted)
    return MANIFEST


@cache
def manifest() -> dict[str, Any]:
    """The parsed manifest."""
    return json.loads(ensure_manifest().read_text(encoding="utf-8"))


def raw_sources() -> list[dict[str, Any]]:
    """Tables of schema `raw` that models read, by name."""
    sources = [node for node in manifest()["sources"].values() if node["schema"] == "raw"]
    return sorted(sources, key=lambda node: node["name"])


def published_nodes() -> list[dict[str, Any]]:
    """The marts: what some audience reads, by schema and name."""
    nodes = [
        node
        for node in manifest()["nodes"].values()
        if node["resource_type"] == "model" and "final" in node["fqn"]
    ]
    return sorted(nodes, key=lambda node: (node["schema"], node["name"]))


def release_plan(detail_rows: int) -> ReleasePlan:
    """Which tables a release holds, for whom, in which order, with which comments.

    Raises UsageError for a table that readers outside customs would get and nobody looked at.
    """
    tables = []
    for node in published_nodes():
        meta = node["config"]["meta"]
        if set(meta["audiences"]) != {"customs"}:
            require_listed(f"{node['schema']}.{node['name']}")
        window_column = meta.get("window_column")
        tables.append(
            TablePlan(
                schema=node["schema"],
                table=node["name"],
                audiences=tuple(meta["audiences"]),
                order_by=tuple(meta["order_by"]),
                window_column=None if window_column in (None, "none") else window_column,
                comment=node["description"],
                column_comments={
                    name: column["description"] for name, column in node["columns"].items()
                },
                is_detail=meta.get("is_detail", False),
                is_cumulative=meta.get("is_cumulative", False),
                forgets=meta.get("forgets", False),
                is_queue=meta.get("is_queue", False),
            )
        )
    return ReleasePlan(tables=tuple(tables), detail_rows=detail_rows)
