"""Dagster's event history in one SQLite file, over connections that are kept.

Add here nothing. Keep out: everything but the connection: tables and events are Dagster's own.
Dagster's storage makes a new engine and connection for each of the thousand events of a run, which
cost more CPU than the events (docs/adr/0008). Relies on one private name: Dagster is pinned.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import sqlalchemy as db
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage

_BUSY_TIMEOUT_SECONDS = 60


class PooledSqliteEventLogStorage(ConsolidatedSqliteEventLogStorage):
    """The consolidated SQLite storage with one engine per process."""

    @cached_property
    def _engine(self) -> db.Engine:
        engine = db.create_engine(
            self._conn_string, connect_args={"timeout": _BUSY_TIMEOUT_SECONDS}
        )
        db.event.listen(engine, "connect", _without_waiting_for_the_disk)
        return engine

    @cached_property
    def _tables_found(self) -> set[str]:
        return set()

    def has_table(self, table_name: str) -> bool:
        """Whether the file has the table: asked for every check result, and a table never goes."""
        if table_name not in self._tables_found and super().has_table(table_name):
            self._tables_found.add(table_name)
        return table_name in self._tables_found

    @contextmanager
    def _connect(self) -> Iterator[db.Connection]:
        with self._engine.connect() as connection, connection.begin():
            yield connection


def _without_waiting_for_the_disk(connection: Any, _record: object) -> None:
    """With a write-ahead log, SQLite then loses at most the last events in a power cut, never the
    file; killed processes lose nothing. The ledger, which is what counts, waits for the disk."""
    connection.execute("pragma synchronous = normal")
