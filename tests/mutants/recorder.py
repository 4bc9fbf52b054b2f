"""Records what dbt does for the golden tests: the statements of each model, the warehouse after.

Add here what a replay must know of a call of dbt. Keep out: replaying (replay.py), and hearing
what dbt sends (tests/support/dbt_listener.py).
"""

import json
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.support import dbt_listener
from tests.support.dbt_listener import Node
from tests.support.dbt_run import dbt_process


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
        dbt_process(home, args, entry=("-m", dbt_listener.__name__, str(listing)))
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
    """The models and unit tests of the call of dbt that a listener wrote to `listing`."""
    heard = dbt_listener.read(listing)
    nodes = [node for node in heard.nodes if node.resource_type in ("model", "unit_test")]
    known = {node.unique_id for node in nodes}
    children = {
        parent: [child for child in found if child in known]
        for parent, found in heard.children.items()
        if parent in known
    }
    return Call(tuple(args), nodes, children)


def write(recording: Recording, path: Path) -> None:
    """Keep `recording` for another process."""
    path.write_text(json.dumps(asdict(recording)))


def read(path: Path) -> Recording:
    """What `write` kept."""
    found = json.loads(path.read_text())
    calls = [
        Call(
            tuple(call["args"]),
            [dbt_listener.node_of(node) for node in call["nodes"]],
            call["children"],
            call["warehouse"],
        )
        for call in found["calls"]
    ]
    return Recording(found["module"], calls, found["seeds"])
