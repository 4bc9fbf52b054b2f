"""The two engines of a parity run: the same dbt project built on each, each mart copied to Parquet.

Spark runs as its own driver in this process (target spark_session, catalogue in memory) or as a
standing cluster behind a Thrift Server (target spark). All dbt commands share one JVM. Planning of
queries is set for small data or left as Spark ships it; the results may not depend on it.
Add here another engine or way to reach one. Keep out: what is delivered and what is compared.
"""

import json
import os
import resource
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from foundation.errors import WarehouseError
from ingest.readers.base import literal

_PROJECT = Path(__file__).resolve().parents[2] / "dbt"
_TICKS = os.sysconf("SC_CLK_TCK")
_SESSION = {
    "spark.sql.catalogImplementation": "in-memory",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
# Compiling and re-planning queries pays for itself on large data, not on a comparison.
_SMALL_DATA = {
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    # Without them Spark 4.1 may read a pruning filter before it is there ("has not finished").
    "spark.sql.optimizer.dynamicPartitionPruning.enabled": "false",
}
# A short-lived JVM: the quick compiler and the small collector cost less than they save later.
_SUBMIT = (
    "--driver-memory 1g --driver-java-options "
    "'-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC' pyspark-shell"
)


@dataclass(frozen=True)
class Build:
    """One dbt build: CPU of this process and of a JVM that it started; wall time; how many of its
    data tests ended how (dbt's words: pass, warn; a failure stops the comparison)."""

    cpu_seconds: float
    wall_seconds: float
    data_tests: dict[str, int]


@dataclass(frozen=True)
class Mart:
    """A mart and the columns that identify a row."""

    schema: str
    table: str
    key: tuple[str, ...]

    @property
    def name(self) -> str:
        """schema.table"""
        return f"{self.schema}.{self.table}"


class DuckDB:
    """The working database at `path`."""

    def __init__(self, path: Path, artefacts: Path) -> None:
        self._path = path
        self._target = artefacts / "local"

    def build(self, arguments: Sequence[str]) -> Build:
        """Run `dbt build`. Raises WarehouseError when a node fails."""
        os.environ["IMPORT_RISK_WAREHOUSE"] = str(self._path)
        try:
            return _built("local", self._target, arguments, None)
        finally:
            DuckDBConnectionManager.close_all_connections()

    def copy(self, mart: Mart, folder: Path) -> None:
        """Write the mart to `folder`."""
        folder.mkdir(parents=True)
        with duckdb.connect(str(self._path), read_only=True) as connection:
            path = literal(str(folder / "part.parquet"))
            connection.execute(f"copy {mart.name} to {path} (format parquet)")

    def marts(self) -> list[Mart]:
        """Every mart of the project, by name; read from the parsed project of the last build."""
        manifest = json.loads((self._target / "manifest.json").read_text(encoding="utf-8"))
        found = [
            Mart(node["schema"], node["name"], tuple(node["config"]["meta"]["order_by"]))
            for node in manifest["nodes"].values()
            if node["resource_type"] == "model" and "final" in node["fqn"]
        ]
        return sorted(found, key=lambda mart: mart.name)


class Spark:
    """A driver in this process, or with `thrift` (host, port) a standing cluster.

    as_shipped: leave the planning of queries to Spark's defaults; a cluster has its own settings.
    """

    def __init__(
        self,
        warehouse: Path,
        artefacts: Path,
        thrift: tuple[str, int] | None = None,
        *,
        as_shipped: bool = False,
    ) -> None:
        self._target = "spark_session" if thrift is None else "spark"
        self._artefacts = artefacts / self._target
        os.environ["IMPORT_RISK_SPARK_WAREHOUSE"] = str(warehouse)
        if thrift is None:
            self._session = _session(warehouse, {} if as_shipped else _SMALL_DATA)
            self._execute: Callable[[str], Any] = self._session.sql
            self.jvm: int | None = self._session.sparkContext._gateway.proc.pid
        else:
            from pyhive import hive

            host, port = thrift
            os.environ["IMPORT_RISK_SPARK_HOST"] = host
            os.environ["IMPORT_RISK_SPARK_PORT"] = str(port)
            auth = os.environ["IMPORT_RISK_SPARK_AUTH"]
            self._execute = hive.connect(host=host, port=port, auth=auth).cursor().execute
            self.jvm = None

    def build(self, arguments: Sequence[str], raw_tables: Path) -> Build:
        """Run `dbt build` on the raw tables that the listing names."""
        os.environ["IMPORT_RISK_RAW_TABLES"] = str(raw_tables)
        return _built(self._target, self._artefacts, arguments, self.jvm)

    def copy(self, mart: Mart, folder: Path) -> None:
        """Write the mart to `folder`."""
        # This session may remember the files of a partition that another session has replaced.
        self._execute(f"refresh table {mart.name}")
        self._execute(
            f"insert overwrite directory '{folder}' using parquet select * from {mart.name}"
        )

    def peak_megabytes(self) -> float | None:
        """Peak memory of the JVM in this process; null for a cluster."""
        if self.jvm is None:
            return None
        status = Path(f"/proc/{self.jvm}/status").read_text(encoding="utf-8")
        (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) / 1024

    def stop(self) -> None:
        """End the driver in this process; a cluster is left to whoever started it."""
        if self.jvm is not None:
            self._session.stop()


def _session(warehouse: Path, planning: dict[str, str]) -> Any:
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ.setdefault("PYSPARK_SUBMIT_ARGS", _SUBMIT)
    # Imported here: pyspark is an extra (requirements/spark.txt).
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]")
    settings = {**_SESSION, **planning, "spark.sql.warehouse.dir": str(warehouse)}
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _dbt(target: str, artefacts: Path, arguments: Sequence[str]) -> None:
    os.environ.update(DO_NOT_TRACK="1", DBT_SEND_ANONYMOUS_USAGE_STATS="false")
    command = [
        *("--quiet", "--no-use-colors", "--log-level-file", "none", "--log-path", str(artefacts)),
        *("build", "--exclude-resource-type", "unit_test", *arguments),
        *("--project-dir", str(_PROJECT), "--profiles-dir", str(_PROJECT)),
        *("--target", target, "--target-path", str(artefacts)),
    ]
    done = dbtRunner().invoke(command)
    if not done.success:
        raise WarehouseError(
            f"dbt build on target {target} did not succeed: {done.exception or 'see above'}",
            where=str(artefacts),
            remedy="mend the model; compiled SQL lies below that folder",
        )


def _built(target: str, artefacts: Path, arguments: Sequence[str], jvm: int | None) -> Build:
    cpu, wall = _cpu(jvm), time.monotonic()
    _dbt(target, artefacts, arguments)
    cost = round(_cpu(jvm) - cpu, 1), round(time.monotonic() - wall, 1)
    results = json.loads((artefacts / "run_results.json").read_text(encoding="utf-8"))["results"]
    tests = Counter(one["status"] for one in results if one["unique_id"].startswith("test."))
    return Build(*cost, dict(tests))


def _cpu(jvm: int | None) -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    total = own.ru_utime + own.ru_stime
    if jvm is not None:
        fields = Path(f"/proc/{jvm}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / _TICKS
    return total
