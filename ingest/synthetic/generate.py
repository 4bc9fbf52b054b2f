"""`generate`: write the deliveries of some days, and apart from them the truth about what was
planted.

Add here a file of the delivery set. Keep out: what the rows look like (sql/, macros.py), how
many there are (plan.py), and the delivery itself (ingest reads these files like anybody's).

Determinism: rows are pure functions of (seed, day, row index); a day is built in chunks of
whole rows whose CSV bytes are appended in order. Memory stays that of one chunk whatever the
day's size.
"""

import csv
import datetime as dt
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from foundation.errors import UsageError
from ingest.contracts.catalog import CONTRACTS
from ingest.synthetic.macros import install, list_macro, value_macro
from ingest.synthetic.parameters import DEFAULT_FIRST_DAY, DEFAULT_SEED, SyntheticParameters
from ingest.synthetic.plan import SPLIT_SIZES, DayPlan, plan_day
from ingest.synthetic.reference_files import market_rows, registry_rows

__all__ = ["DEFAULT_FIRST_DAY", "DEFAULT_SEED", "GeneratedFile", "GenerationReport", "generate"]

Progress = Callable[[str, int, int], None]

_CHUNK_ROWS = 500_000
_DECLARATION_SIZES = (1, 2, 1, 3, 1, 5, 2, 1, 4, 1)
_TRUTH_COLUMNS = (
    "day",
    "source",
    "house_waybill_number",
    "declaration_number",
    "line_number",
    "typology",
    "cluster_id",
    "detail",
    "planted_true_value_vnd",
)
_TRUTH_README = """This data set is synthetic. No row describes a real person, firm or parcel.

planted_typologies.csv says which rows the generator made suspicious on purpose, one row per
parcel or declaration line: day, source, its number, the typology, the cluster it belongs to,
what was done, and the true value where the declared one was lowered. It is no delivery: never
load it into a warehouse whose scores it shall judge. Honest rows also trigger red flags (second
parcels, households, missing ids, vague names): they are not listed here.
"""


@dataclass(frozen=True)
class GeneratedFile:
    """One file of the set; path relative to the output folder; rows without the header."""

    path: str
    source: str
    rows: int


@dataclass(frozen=True)
class GenerationReport:
    """What was written; planted = labelled rows per typology over all days."""

    out: Path
    seed: int
    first_day: dt.date
    days: int
    files: tuple[GeneratedFile, ...]
    planted: tuple[tuple[str, int], ...]

    @property
    def rows(self) -> int:
        """Rows of all deliveries, truth apart."""
        return sum(file.rows for file in self.files if file.source != "truth")


class _CsvFile:
    """A CSV file that grows by chunks: DuckDB writes a part, its bytes are appended."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, path: Path, columns: Sequence[str]
    ) -> None:
        self.path = path
        self.rows = 0
        self._connection = connection
        self._columns = columns
        with path.open("w", encoding="utf-8", newline="") as stream:
            stream.write(",".join(columns) + "\n")

    def append(self, table: str) -> None:
        """Add the rows of `table` in its order; columns the table lacks stay empty."""
        present = {row[0] for row in self._connection.execute(f"describe {table}").fetchall()}
        selected = ", ".join(
            column if column in present else f"null as {column}" for column in self._columns
        )
        with tempfile.TemporaryDirectory(dir=self.path.parent, prefix=".part-") as folder:
            part = Path(folder) / "part.csv"
            copied = self._connection.execute(
                f"copy (select {selected} from {table}) to '{part.as_posix()}' "
                "(format csv, header false, delimiter ',', quote '\"', escape '\"', nullstr '')"
            ).fetchone()
            self.rows += copied[0] if copied else 0
            with part.open("rb") as source, self.path.open("ab") as target:
                shutil.copyfileobj(source, target, 1 << 20)


def _statement(name: str) -> str:
    return (Path(__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def _contract_columns(source: str) -> tuple[str, ...]:
    return tuple(field.name for field in CONTRACTS[source].fields)


def _set_plan(connection: duckdb.DuckDBPyConnection, plan: DayPlan) -> None:
    statements = [value_macro(f"plan_{name}", value) for name, value in plan.constants]
    statements.append(list_macro("plan_rate", [rate for _, rate in plan.rates]))
    connection.execute("\n".join(statements))


def _set_range(connection: duckdb.DuckDBPyConnection, start: int, stop: int) -> None:
    connection.execute(value_macro("plan_from_row", start) + value_macro("plan_to_row", stop))


def _static_macros(connection: duckdb.DuckDBPyConnection) -> None:
    members = [member for size in SPLIT_SIZES for member in range(size)]
    connection.execute(list_macro("split_member", members))
    sizes = list(enumerate(_DECLARATION_SIZES))
    serials = [serial for serial, size in sizes for _ in range(size)]
    numbers = [line + 1 for _, size in sizes for line in range(size)]
    connection.execute(list_macro("line_declaration", serials))
    connection.execute(list_macro("line_in_declaration", numbers))


def _write_day(
    connection: duckdb.DuckDBPyConnection,
    out: Path,
    plan: DayPlan,
    truth: _CsvFile,
    on_progress: Progress,
) -> list[GeneratedFile]:
    def daily(source: str) -> _CsvFile:
        path = out / f"{source}_{plan.day.isoformat()}.csv"
        return _CsvFile(connection, path, _contract_columns(source))

    files = {
        source: daily(source)
        for source in (
            "parcel_manifest",
            "low_value_declaration",
            "customs_declaration",
            "inspection_outcome",
        )
    }
    step = f"parcels {plan.day.isoformat()}"
    for start in range(0, plan.parcels, _CHUNK_ROWS):
        stop = min(start + _CHUNK_ROWS, plan.parcels)
        _set_range(connection, start, stop)
        connection.execute(_statement("parcels"))
        connection.execute(_statement("parcel_texts"))
        connection.execute(_statement("derived"))
        files["parcel_manifest"].append("parcel_chunk")
        files["low_value_declaration"].append("low_value_chunk")
        files["inspection_outcome"].append("inspection_chunk")
        truth.append("truth_chunk")
        on_progress(step, stop, plan.parcels)
    for start in range(0, plan.lines, _CHUNK_ROWS):
        _set_range(connection, start, min(start + _CHUNK_ROWS, plan.lines))
        connection.execute(_statement("declarations"))
        files["customs_declaration"].append("declaration_chunk")
        files["inspection_outcome"].append("declaration_inspection_chunk")
        truth.append("declaration_truth_chunk")
    return [GeneratedFile(file.path.name, source, file.rows) for source, file in files.items()]


def _write_rows(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """A small file of constants; booleans as true/false."""
    written = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([str(v).lower() if isinstance(v, bool) else v for v in row])
            written += 1
    return written


def _write_reference(
    out: Path, parameters: SyntheticParameters, seed: int, first_day: dt.date, days: int
) -> list[GeneratedFile]:
    registry = _write_rows(
        out / "platform_registry.csv",
        _contract_columns("platform_registry"),
        registry_rows(first_day, days),
    )
    series = market_rows(parameters, seed=seed, first_day=first_day, days=days)
    value = _contract_columns("market_reference").index("value")
    market = _write_rows(
        out / "market_reference.csv",
        _contract_columns("market_reference"),
        (
            (*row[:value], f"{row[4] // 1_000_000}.{row[4] % 1_000_000:06d}", *row[value + 1 :])
            for row in series
        ),
    )
    return [
        GeneratedFile("platform_registry.csv", "platform_registry", registry),
        GeneratedFile("market_reference.csv", "market_reference", market),
    ]


def generate(
    out: Path,
    *,
    first_day: dt.date = DEFAULT_FIRST_DAY,
    days: int,
    parcels_per_day: int,
    seed: int = DEFAULT_SEED,
    on_progress: Progress | None = None,
    parameters: SyntheticParameters | None = None,
    threads: int | None = None,
) -> GenerationReport:
    """Write `days` daily file sets and the reference files into `out`, the truth into out/truth.

    Same arguments, same bytes; `threads` bounds DuckDB and changes nothing else. Files of the
    same name are replaced. on_progress(step, done, total) is called after every chunk. Raises
    UsageError for counts below one.
    """
    if days < 1 or parcels_per_day < 1:
        raise UsageError(
            "nothing to generate: days and parcels per day must be at least 1",
            where=f"days={days}, parcels_per_day={parcels_per_day}",
            remedy="ask for one day and one parcel or more",
        )
    parameters = parameters or SyntheticParameters()
    report_progress: Progress = on_progress or (lambda step, done, total: None)
    (out / "truth").mkdir(parents=True, exist_ok=True)
    (out / "truth" / "README.txt").write_text(_TRUTH_README, encoding="utf-8")
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if threads is not None:
        config["threads"] = threads
    files: list[GeneratedFile] = []
    with duckdb.connect(":memory:", config=config) as connection:
        install(connection, parameters, seed)
        _static_macros(connection)
        truth = _CsvFile(connection, out / "truth" / "planted_typologies.csv", _TRUTH_COLUMNS)
        for day_index in range(days):
            plan = plan_day(
                parameters,
                seed=seed,
                first_day=first_day,
                days=days,
                day_index=day_index,
                parcels=parcels_per_day,
            )
            _set_plan(connection, plan)
            connection.execute(_statement("functions"))
            files += _write_day(connection, out, plan, truth, report_progress)
        planted = connection.execute(
            "select typology, count(*) from read_csv(?, header = true, all_varchar = true) "
            "group by typology order by typology",
            [truth.path.as_posix()],
        ).fetchall()
    files += _write_reference(out, parameters, seed, first_day, days)
    files.append(GeneratedFile("truth/planted_typologies.csv", "truth", truth.rows))
    return GenerationReport(
        out=out,
        seed=seed,
        first_day=first_day,
        days=days,
        files=tuple(files),
        planted=tuple((str(typology), int(count)) for typology, count in planted),
    )
