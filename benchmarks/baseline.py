"""Run SQL scripts over the delivered CSV files in a new DuckDB database, as a process of its own.

The yardstick of a benchmark. The scripts read these variables: `deliveries` (folder of the CSV
files), `seeds` (folder of the project's dbt seeds), `day`, `received` (day of receipt: of what
states no day) and `marts` (folder for the Parquet files that they write, <schema>.<table>.parquet).
Words of goods names are shared, too: `item_terms(text)`, the table `item_points` and its constants,
and how names are spelt: `item_words(text)`, `item_keys(text)`, `item_joined(text)`.
Afterwards DATABASE shows each of these files as a view.
Add here a setting that both sides must share. Keep out: SQL.
"""

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
from duckdb.func import PythonUDFType
from duckdb.sqltypes import VARCHAR

# Started by its path, this folder would hide the project's packages behind its own file names.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ingest.items.spelling import spellings
from ingest.items.table import read_model
from ingest.items.terms import prepare


def script_files(scripts: Sequence[Path]) -> list[Path]:
    """The files to execute, in order: a folder stands for its *.sql in order of name."""
    return [
        file
        for script in scripts
        for file in (sorted(script.glob("*.sql")) if script.is_dir() else [script])
    ]


def build(
    scripts: Sequence[Path], deliveries: Path, seeds: Path, day: dt.date, received: dt.date,
    database: Path, memory_limit: str,
) -> None:  # fmt: skip
    """Execute `scripts`; the marts come to rest beside the new `database`, in <its name>.marts.

    Settings as in the product: its memory limit, a folder to spill to, one thread per core.
    """
    marts = database.with_suffix(".marts")
    marts.mkdir(parents=True)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory_limit,
        "temp_directory": str(database.with_suffix(".spill")),
    }
    with duckdb.connect(database.as_posix(), config=config) as connection:
        # As in the product's profile: the order of rows in a table means nothing.
        connection.execute("set preserve_insertion_order = false")
        for name, value in (
            ("deliveries", str(deliveries)), ("seeds", str(seeds)), ("marts", str(marts)),
            ("day", day), ("received", received),
        ):  # fmt: skip
            connection.execute(f"set variable {name} = ?", [value])
        _share_item_names(connection)
        for file in script_files(scripts):
            connection.execute(file.read_text(encoding="utf-8"))
        for mart in sorted(marts.glob("*.*.parquet")):
            schema, table, _ = mart.name.split(".")
            where = mart.as_posix().replace("'", "''")
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(f"create view {schema}.{table} as from read_parquet('{where}')")


def _share_item_names(connection: duckdb.DuckDBPyConnection) -> None:
    """What a table of item names is, the shipped one; adding it up is the script's affair."""
    model = read_model()
    stated = model.calibration
    connection.create_function("item_terms", _terms, [VARCHAR], VARCHAR, type=PythonUDFType.ARROW)
    for place, name in enumerate(("words", "keys", "joined")):
        connection.create_function(
            f"item_{name}", _spelt(place), [VARCHAR], VARCHAR, type=PythonUDFType.ARROW
        )
    connection.register("item_points", model.points.to_arrow())
    for name, value in (
        ("temperature()", stated.temperature), ("none()", stated.none_score),
        ("bound()", stated.bound_micro),
        ("weight(d)", f"floor(exp(d / {stated.temperature}::double) * 1e6 + 0.5)::bigint"),
    ):  # fmt: skip
        connection.execute(f"create macro item_{name} as {value}")


def _terms(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([prepare(texts.combine_chunks())], pa.string())


def _spelt(place: int) -> Callable[[pa.ChunkedArray], pa.ChunkedArray]:
    def read(texts: pa.ChunkedArray) -> pa.ChunkedArray:
        return pa.chunked_array([spellings(texts.combine_chunks())[place]], pa.string())

    return read


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scripts", type=Path, nargs="+", metavar="SCRIPT")
    parser.add_argument("--deliveries", type=Path, required=True)
    parser.add_argument("--seeds", type=Path, required=True)
    parser.add_argument("--day", type=dt.date.fromisoformat, required=True)
    parser.add_argument("--received", type=dt.date.fromisoformat, required=True)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--memory-limit", required=True)
    given = parser.parse_args()
    build(
        given.scripts, given.deliveries, given.seeds, given.day, given.received, given.database,
        given.memory_limit,
    )  # fmt: skip


if __name__ == "__main__":
    main()
