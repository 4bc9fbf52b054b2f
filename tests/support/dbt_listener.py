"""dbt with a listener: which statements it sends for each node.

Started as a process (`python -m tests.support.dbt_listener <file> <dbt arguments>`) it is dbt, and
writes what it heard to the file. Add here what a replay must know of a node. Keep out: replaying.
"""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_CHANGES = ("create", "insert", "delete", "drop", "alter", "update", "copy", "truncate")
# What the statement that answers a test names.
_ANSWERS = {"test": "should_error", "unit_test": "actual_or_expected"}


@dataclass(frozen=True)
class Node:
    """One node that a call of dbt ran; `statements`: those of a model or seed that change data, and
    of a test the question alone. relation: of a model or seed. warns: a test that only warns."""

    unique_id: str
    resource_type: str
    name: str
    relation: str | None
    schema: str
    compiled: str
    statements: tuple[str, ...]
    warns: bool = False


@dataclass(frozen=True)
class Heard:
    """The nodes of one call in the order in which dbt began them; children: unique id to ids."""

    nodes: list[Node]
    children: dict[str, list[str]]


def read(path: Path) -> Heard:
    """What a listener wrote."""
    found = json.loads(path.read_text())
    return Heard([node_of(entry) for entry in found["nodes"]], found["children"])


def node_of(entry: dict[str, Any]) -> Node:
    """The node that `dataclasses.asdict` made an entry of."""
    return Node(**entry | {"statements": tuple(entry["statements"])})


def body(statement: str) -> str:
    """`statement` without the comment that dbt writes before it."""
    text = statement.strip()
    return text.split("*/", 1)[1].strip() if text.startswith("/*") else text


def _main() -> None:
    import gc

    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    from runs import dbt_invocation

    statements: dict[str, list[str]] = {}

    def listen(event: Any) -> None:
        if event.info.name == "SQLQuery" and event.data.node_info.unique_id:
            statements.setdefault(event.data.node_info.unique_id, []).append(body(event.data.sql))

    target, arguments = Path(sys.argv[1]), sys.argv[2:]
    manifest = dbt_invocation.parse(write_json=False)
    gc.disable()
    done = dbtRunner(manifest, callbacks=[listen]).invoke(arguments)
    DuckDBConnectionManager.close_all_connections()
    if done.result is None:
        raise SystemExit(str(done.exception))
    nodes = [
        _heard(result.node, statements.get(result.node.unique_id, []))
        for result in sorted(done.result.results, key=_started)
        if result.node.resource_type in ("model", "seed", *_ANSWERS)
    ]
    listing = {"nodes": [asdict(node) for node in nodes], "children": _children(manifest, nodes)}
    target.write_text(json.dumps(listing))
    raise SystemExit(0 if done.success else 1)


def _heard(node: Any, sent: list[str]) -> Node:
    kind = str(node.resource_type)
    if kind in _ANSWERS:
        kept = [text for text in sent if _ANSWERS[kind] in text]
    else:
        kept = [text for text in sent if text.split(None, 1)[0].lower() in _CHANGES]
    is_unit_test = kind == "unit_test"  # unit_test.<project>.<model>.<name>
    return Node(
        node.unique_id,
        kind,
        node.unique_id.split(".")[2] if is_unit_test else node.name,
        node.relation_name if kind in ("model", "seed") else None,
        node.schema,
        getattr(node, "compiled_code", None) or "",
        tuple(kept),
        warns=kind == "test" and node.config.severity.lower() == "warn",
    )


def _started(result: Any) -> str:
    times = [step.started_at.isoformat() for step in result.timing if step.name == "execute"]
    return times[0] if times else ""


def _children(manifest: Any, nodes: list[Node]) -> dict[str, list[str]]:
    manifest.build_parent_and_child_maps()
    known = {node.unique_id for node in nodes}
    return {
        parent: [child for child in children if child in known]
        for parent, children in manifest.child_map.items()
        if parent in known
    }


if __name__ == "__main__":
    _main()
