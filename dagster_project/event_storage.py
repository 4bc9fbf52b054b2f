"""Dagster's event history in one SQLite file, over connections that are kept.

Add here nothing. Keep out: everything but the connection: tables and events are Dagster's own.
Dagster's storage makes a new engine and connection for each of the thousand events of a run, which
cost more CPU than the events (docs/adr/0008). Relies on one private name: Dagster is pinned.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

import sqlalchemy as db
from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage

_BUSY_TIMEOUT_SECONDS = 60


class PooledSqliteEventLogStorage(ConsolidatedSqliteEventLogStorage):
    """The consolidated SQLite storage with one engine per process."""

    @cached_property
    def _engine(self) -> db.Engine:
        return db.create_engine(self._conn_string, connect_args={"timeout": _BUSY_TIMEOUT_SECONDS})

    @contextmanager
    def _connect(self) -> Iterator[db.Connection]:
        with self._engine.connect() as connection, connection.begin():
            yield connection
