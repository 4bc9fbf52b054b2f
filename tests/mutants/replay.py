"""Stands in for dbt while golden tests run against a mutant: sends recorded statements again.

Add here what is needed so that a replay without a mutation is what dbt did. Keep out: which tests
run, and what a mutant is.
"""

import shutil
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tests.mutants.derive import RELATION, Mutant
from tests.mutants.recorder import Call, Node, Recording

# A mutant that joins everything with everything is noticed by this.
LONGEST_STATEMENT_SECONDS = 60


class NotAsRecorded(RuntimeError):
    """A golden test asked for something else than when it was recorded: no replay is possible."""


class Replay:
    """The calls of one golden module again, with one model's text exchanged."""

    def __init__(self, recording: Recording, mutant: Mutant | None) -> None:
        self._recording = recording
        self._mutant = mutant
        self._calls = iter(recording.calls)

    def __call__(self, home: Path, args: tuple[str, ...]) -> None:
        """What `run_dbt` does, as far as it was recorded.

        The first call on a home takes the recorded warehouse and makes again what reads the mutant;
        without a mutant every model is made again. A later call makes every model again.
        """
        warehouse = home / "work" / "warehouse.duckdb"
        if args[0] == "seed":
            kept = self._recording.seeds.get(" ".join(args))
            if kept is None:
                raise NotAsRecorded(f"{self._recording.module}: dbt {' '.join(args)}")
            shutil.copy(kept, warehouse)
            return
        call = next(self._calls, None)
        if call is None or call.args != args:
            raise NotAsRecorded(f"{self._recording.module}: dbt {' '.join(args)}")
        nodes = call.nodes
        if call.warehouse is not None:
            shutil.copy(call.warehouse, warehouse)
            nodes = self._reading(call)
        with connected(warehouse) as connection:
            connection.execute("begin")
            if call.warehouse is not None:
                _drop(connection, nodes)
            for node in nodes:
                for statement in self._statements(node):
                    connection.execute(statement)
            connection.execute("commit")

    def _reading(self, call: Call) -> list[Node]:
        """The mutated model and what reads it, in the order of the call."""
        if self._mutant is None:
            return call.nodes
        found: set[str] = set()
        waiting = [node.unique_id for node in call.nodes if node.name == self._mutant.model]
        while waiting:
            node_id = waiting.pop()
            if node_id not in found:
                found.add(node_id)
                waiting.extend(call.children.get(node_id, ()))
        return [node for node in call.nodes if node.unique_id in found]

    def _statements(self, node: Node) -> Sequence[str]:
        if self._mutant is None or node.name != self._mutant.model:
            return node.statements
        mutated = [s.replace(node.compiled, self._mutant.sql) for s in node.statements]
        if mutated == list(node.statements):
            raise NotAsRecorded(f"no statement of {node.name} holds its compiled text")
        return mutated


@contextmanager
def connected(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that gives up a statement without end."""
    connection = duckdb.connect(str(warehouse))
    watch = threading.Timer(LONGEST_STATEMENT_SECONDS, connection.interrupt)
    try:
        connection.execute("set TimeZone = 'UTC'; set threads = 1; set memory_limit = '1GB'")
        watch.start()
        yield connection
    finally:
        watch.cancel()
        connection.close()


def unit_test_holds(
    connection: duckdb.DuckDBPyConnection, test: Node, compiled: str, sql: str
) -> bool:
    """Whether a recorded unit test gives what it expects when its model's text is `sql`."""
    question, original = test.statements[0], _in_a_unit_test(compiled)
    if question.count(original) != 1:
        raise NotAsRecorded(f"the text of {test.name} is not in {test.unique_id}")
    cursor = connection.execute(question.replace(original, _in_a_unit_test(sql)))
    names = [column[0] for column in cursor.description]
    side = names.index("actual_or_expected")
    rows: dict[str, Counter[tuple[object, ...]]] = {"actual": Counter(), "expected": Counter()}
    for row in cursor.fetchall():
        rows[row[side]][row[:side] + row[side + 1 :]] += 1
    return rows["actual"] == rows["expected"]


def _in_a_unit_test(sql: str) -> str:
    """The part of a model's text that dbt keeps when it puts fixtures before it."""
    text = sql.strip()
    while text.startswith("--"):
        text = text.partition("\n")[2].lstrip()
    return RELATION.sub(r"__dbt__cte__\1", text.removeprefix("with").strip())


def _drop(connection: duckdb.DuckDBPyConnection, nodes: Sequence[Node]) -> None:
    """What the statements of these nodes make anew. What they empty and fill, or move aside,
    because the home was a copy of another that had it, stays for them."""
    kinds = dict(
        connection.execute(
            "select table_schema || '.' || table_name, table_type from information_schema.tables"
        ).fetchall()
    )
    for node in nodes:
        words = [statement.lower().split() for statement in node.statements]
        needs_what_stood = not any("create" in said for said in words) or any(
            "rename" in said and said[-1].strip('"').endswith("__dbt_backup") for said in words
        )
        if node.relation is not None and not needs_what_stood:
            kind = kinds.get(f"{node.schema}.{node.name}")
            if kind is not None:
                what = "view" if kind == "VIEW" else "table"
                connection.execute(f"drop {what} {node.relation}")
