"""Records what dbt does for the golden tests: the statements of each model, the warehouse after.

Started as a process (`python -m tests.mutants.recorder <file> <dbt arguments>`) it is dbt with a
listener. Add here what a replay must know of a call of dbt. Keep out: replaying (replay.py).
"""

import json
import os
import shutil
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.support.dbt_run import dbt_process

_CHANGES = ("create", "insert", "delete", "drop", "alter", "update")


@dataclass(frozen=True)
class Node:
    """One model or unit test that a call of dbt ran; `statements` are those that change data.

    The last statement of a unit test is its question, which changes nothing.
    """

    unique_id: str
    name: str
    relation: str | None
    schema: str
    compiled: str
    statements: tuple[str, ...]


@dataclass
class Call:
    """One call of dbt. `warehouse` is a copy of the file after the first call on a home."""

    args: tuple[str, ...]
    nodes: list[Node]
    children: dict[str, list[str]]
    warehouse: str | None = None


@dataclass
class Recording:
    """The calls of one golden module in their order; seeds apart, since they hold no rule."""

    module: str
    calls: list[Call] = field(default_factory=list)
    seeds: dict[str, str] = field(default_factory=dict)

    def models(self) -> dict[str, Node]:
        """The models that the module builds, by name."""
        nodes = [node for call in self.calls for node in call.nodes]
        return {node.name: node for node in nodes if node.unique_id.startswith("model.")}


class Recorder:
    """Stands in for `run_dbt`: runs dbt with a listener, and keeps what it did in `folder`."""

    def __init__(self, module: str, folder: Path) -> None:
        self.recording = Recording(module)
        self._folder = folder
        self._homes: set[Path] = set()

    def __call__(self, home: Path, args: tuple[str, ...]) -> None:
        listing = self._folder / "call.json"
        dbt_process(home, args, entry=("-m", __name__, str(listing)))
        call = read_call(args, listing)
        if args[0] == "seed":
            self.recording.seeds[" ".join(args)] = self._kept(home)
            return
        if home not in self._homes:
            self._homes.add(home)
            call.warehouse = self._kept(home)
        self.recording.calls.append(call)

    def _kept(self, home: Path) -> str:
        number = len(list(self._folder.glob("*.duckdb")))
        copy = self._folder / f"{number}.duckdb"
        shutil.copy(home / "work" / "warehouse.duckdb", copy)
        return str(copy)


def read_call(args: tuple[str, ...], listing: Path) -> Call:
    """The call of dbt that a listener wrote to `listing`."""
    found = json.loads(listing.read_text())
    nodes = [Node(**node | {"statements": tuple(node["statements"])}) for node in found["nodes"]]
    return Call(tuple(args), nodes, found["children"])


def write(recording: Recording, path: Path) -> None:
    """Keep `recording` for another process."""
    path.write_text(json.dumps(asdict(recording)))


def read(path: Path) -> Recording:
    """What `write` kept."""
    found = json.loads(path.read_text())
    calls = [
        Call(
            tuple(call["args"]),
            [Node(**node | {"statements": tuple(node["statements"])}) for node in call["nodes"]],
            call["children"],
            call["warehouse"],
        )
        for call in found["calls"]
    ]
    return Recording(found["module"], calls, found["seeds"])


def body(statement: str) -> str:
    """`statement` without the comment that dbt writes before it."""
    text = statement.strip()
    return text.split("*/", 1)[1].strip() if text.startswith("/*") else text


def _main() -> None:
    from dbt.cli.main import dbtRunner

    statements: dict[str, list[str]] = {}

    def listen(event: Any) -> None:
        if event.info.name == "SQLQuery" and event.data.node_info.unique_id:
            statements.setdefault(event.data.node_info.unique_id, []).append(body(event.data.sql))

    target, arguments = Path(sys.argv[1]), sys.argv[2:]
    done = dbtRunner(callbacks=[listen]).invoke(arguments)
    if done.result is None:
        raise SystemExit(str(done.exception))
    nodes = []
    for result in sorted(done.result.results, key=_started):
        node, sent = result.node, statements.get(result.node.unique_id, [])
        if node.resource_type == "model":
            kept = [text for text in sent if text.split(None, 1)[0].lower() in _CHANGES]
            name, relation = node.name, node.relation_name
        elif node.resource_type == "unit_test":
            kept = [text for text in sent if "actual_or_expected" in text]
            name, relation = (
                node.unique_id.split(".")[2],
                None,
            )  # unit_test.<project>.<model>.<name>
        else:
            continue
        schema, compiled = node.schema, node.compiled_code or ""
        nodes.append(Node(node.unique_id, name, relation, schema, compiled, tuple(kept)))
    listing = {"nodes": [asdict(node) for node in nodes], "children": _children(nodes)}
    target.write_text(json.dumps(listing))
    raise SystemExit(0 if done.success else 1)


def _started(result: Any) -> str:
    times = [step.started_at.isoformat() for step in result.timing if step.name == "execute"]
    return times[0] if times else ""


def _children(nodes: list[Node]) -> dict[str, list[str]]:
    manifest = json.loads((Path(os.environ["DBT_TARGET_PATH"]) / "manifest.json").read_text())
    known = {node.unique_id for node in nodes}
    return {
        parent: [child for child in children if child in known]
        for parent, children in manifest["child_map"].items()
        if parent in known
    }


if __name__ == "__main__":
    _main()
