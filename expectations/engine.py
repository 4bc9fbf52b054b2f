"""The only module that imports Great Expectations: DuckDB under GX, read-only, silent.

Add here a check kind's translation to a GX expectation, or a fix for a new GX version (the contract
test tests/unit/expectations/test_engine.py must stay green). Keep out: rules, severities, verdicts.
Importing this module costs about three CPU seconds: import it only inside a running gate.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import great_expectations as gx
import sqlalchemy as sa
from great_expectations import expectations as gxe
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.datasource.fluent.interfaces import TestConnectionError
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.exceptions import GreatExpectationsError
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from expectations.rules import Between, Check, InSet, NotNull, RowsThatFail, Suite
from foundation import disk

# Inside the datasource below, the name `type` is a GX field.
_EngineType = type[SqlAlchemyExecutionEngine]

# These name what is missing, misspelt or too small; any other DuckDB message may quote data.
_SAFE_MESSAGES = ("Catalog Error", "Binder Error", "Parser Error", "Out of Memory Error")
_MESSAGE_CHARACTERS = 200


class EvaluationError(Exception):
    """A rule could not be evaluated; the text quotes no data."""


class FrozenResultEngine(SqlAlchemyExecutionEngine):
    """Reads every result while its connection is open.

    GX hands the cursor out after closing the connection, and duckdb-engine then yields no rows.
    `_execute_query_with_recovery` is the one private name we rely on; GX is pinned for it.
    """

    def execute_query(self, query: Any) -> Any:
        """Run `query`; the returned rows are already in memory."""
        with self.get_connection() as connection:
            return self._execute_query_with_recovery(connection, query).freeze()()

    def execute_query_in_transaction(self, query: Any) -> Any:
        """Run `query` and commit; the returned rows, if any, are already in memory."""
        with self.get_connection() as connection:
            result = self._execute_query_with_recovery(connection, query)
            frozen = result.freeze()() if result.returns_rows else result
            connection.commit()
            return frozen


class DuckDBDatasource(SQLDatasource):
    """Registers `context.data_sources.add_duckdb`; GX names the method after `type`."""

    type: Any = "duckdb"

    @property
    def execution_engine_type(self) -> _EngineType:
        """Our engine, for callers of the public name."""
        return FrozenResultEngine

    def _execution_engine_type(self) -> _EngineType:
        return FrozenResultEngine


class NoFailingRows(gxe.UnexpectedRowsExpectation):
    """UnexpectedRowsExpectation that only counts.

    The original also fetches the rows; frozen, a wholly bad national day would be held in memory.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        count = metrics["unexpected_rows_query.row_count"]
        return {"success": count == 0, "result": {"observed_value": count}}


@dataclass(frozen=True)
class Evaluation:
    """What GX said of one rule. unexpected_count is None when the check has no such count."""

    success: bool
    unexpected_count: int | None
    error: str | None


def expectation_for(check: Check, rule_id: str) -> Any:
    """The GX expectation of one check; `rule_id` travels in its meta."""
    meta = {"rule_id": rule_id}
    if isinstance(check, NotNull):
        return gxe.ExpectColumnValuesToNotBeNull(column=check.column, meta=meta)
    if isinstance(check, InSet):
        return gxe.ExpectColumnValuesToBeInSet(
            column=check.column, value_set=list(check.values), meta=meta
        )
    if isinstance(check, Between):
        return gxe.ExpectColumnValuesToBeBetween(
            column=check.column, min_value=check.minimum, max_value=check.maximum, meta=meta
        )
    return NoFailingRows(unexpected_rows_query=_gx_query(check), meta=meta)


def _gx_query(check: RowsThatFail) -> str:
    """The check's SQL on GX's own batch. GX fills `{batch}`; no other brace may stand."""
    body = check.failing_sql().replace("{", "{{").replace("}", "}}")
    return f"with subject as not materialized (select * from {{batch}}) {body}"


class ReadOnlyWarehouse:
    """One DuckDB file under GX and under our own SQL, opened read-only."""

    def __init__(self, datasource: DuckDBDatasource, connection: sa.Connection) -> None:
        self._datasource = datasource
        self._connection = connection

    def rows(self, suite: Suite, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """(column names, rows) of `sql`, which may read the suite's rows as `subject`.

        Raises EvaluationError.
        """
        statement = f"with subject as not materialized ({suite.query}) {sql}"
        try:
            result = self._connection.exec_driver_sql(statement)
            return list(result.keys()), [tuple(row) for row in result.fetchall()]
        except SQLAlchemyError as error:
            raise EvaluationError(describe(error)) from error

    def evaluate(self, suite: Suite) -> dict[str, Evaluation]:
        """GX's answer per rule id; a rule that GX did not answer is absent.

        Raises EvaluationError when the suite's rows cannot be read at all.
        """
        expectations = [expectation_for(rule.check, rule.rule_id) for rule in suite.rules]
        try:
            batch = (
                self._datasource.add_query_asset(suite.name, query=suite.query)
                .add_batch_definition_whole_table(suite.name)
                .get_batch()
            )
            outcome = batch.validate(
                gx.ExpectationSuite(name=suite.name, expectations=expectations),
                result_format="BASIC",
            )
        except (GreatExpectationsError, SQLAlchemyError, TestConnectionError) as error:
            raise EvaluationError(describe(error)) from error
        return {
            result.expectation_config.meta["rule_id"]: _evaluation(result)
            for result in outcome.results
            if result.expectation_config is not None and result.expectation_config.meta
        }


def _evaluation(result: Any) -> Evaluation:
    error = _first_exception(result.exception_info or {})
    counts = result.result or {}
    count = counts.get("unexpected_count", counts.get("observed_value"))
    return Evaluation(
        success=bool(result.success) and error is None,
        unexpected_count=count if isinstance(count, int) else None,
        error=error,
    )


def _first_exception(info: dict[str, Any]) -> str | None:
    """GX reports exceptions flat or keyed by metric; the first message either way, else None."""
    entries = [info] if "raised_exception" in info else list(info.values())
    for entry in entries:
        if entry.get("raised_exception"):
            return _safe(str(entry.get("exception_message")))
    return None


def describe(error: Exception) -> str:
    """An exception as one line without data."""
    return f"{type(error).__name__}: {_safe(str(error))}"


def _safe(message: str) -> str:
    if (sign := disk.sign_in(message)) is not None:
        return sign
    found = re.search("|".join(_SAFE_MESSAGES), message)
    if found is None:
        return "details withheld, they may quote data"
    return message[found.start() :].split("\n", 1)[0][:_MESSAGE_CHARACTERS]


@contextmanager
def open_read_only(
    database: Path, config: Mapping[str, str] = MappingProxyType({})
) -> Iterator[ReadOnlyWarehouse]:
    """The warehouse for the block, opened with DuckDB's `config`; no handle on the file is left.

    NullPool closes every GX connection; the one held here keeps DuckDB's instance alive meanwhile.
    Raises EvaluationError when the file cannot be opened.
    """
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    try:
        datasource = context.data_sources.add_duckdb(
            "warehouse",
            connection_string=f"duckdb:///{database.resolve()}",
            create_temp_table=False,
            kwargs={
                "connect_args": {"read_only": True, "config": dict(config)},
                "poolclass": NullPool,
            },
        )
        connection = datasource.get_engine().connect()
    except (TestConnectionError, SQLAlchemyError) as error:
        raise EvaluationError(f"the database cannot be opened: {describe(error)}") from error
    try:
        yield ReadOnlyWarehouse(datasource, connection)
    finally:
        connection.close()
