"""Ingest: CPU from a file on disk to accepted raw rows, tokens included, against a bare typed load.

Claim: at 5,000,000 parcels CSV costs at most 2.5 times, Parquet at most 3 times the CPU of one
DuckDB statement that loads the same file with stated types, within 4 GB. Workbooks, JSON lines and
XML have no such load to compare with and are reported per 100,000 rows.
Add here a format. Keep out: budgets elsewhere than in this line, and anything asserted.
"""

import argparse
import json
import os
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

# Started by its path, this folder would hide the project's packages behind its own file names.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import duckdb

from benchmarks.child import Cost, measured
from benchmarks.product import CLI
from contracts.catalogue import CONTRACTS
from foundation.home import HOME_VARIABLE, Home
from ingest.readers.base import literal, quoted
from synthetic.generate import DEFAULT_FIRST_DAY, DEFAULT_SEED

_SOURCE = "parcel_manifest"
_COMPARED = ("csv", "parquet")
FORMATS = (*_COMPARED, "jsonl", "xlsx", "xml")
# One house manifest; a message of more lines is refused for its size.
_XML_ROWS = 10_000


@dataclass(frozen=True)
class FormatResult:
    """One format. cpu_ratio: deliver / bare load, where DuckDB loads the format with types.

    bare_load: into a database file, which as deliver's raw files is on disk when it ends.
    bare_in_memory: into a database without a file, the least that reading and typing can cost.
    """

    format: str
    rows: int
    megabytes: float
    deliver: Cost
    bare_load: Cost | None
    cpu_ratio: float | None
    bare_in_memory: Cost | None
    cpu_ratio_in_memory: float | None
    cpu_seconds_per_100_000_rows: float


@dataclass(frozen=True)
class Result:
    """load_before, load_after: one-minute average of all work on the machine."""

    parcels: int
    seed: int
    cores: int
    load_before: float
    load_after: float
    formats: tuple[FormatResult, ...]


def typed_columns() -> str:
    """The contract's columns with their types, as read_csv takes them."""
    pairs = (
        f"{literal(field.name)}: "
        f"{literal('TIMESTAMPTZ' if field.type == 'timestamp' else field.sql_type())}"
        for field in CONTRACTS[_SOURCE].fields
    )
    return "{" + ", ".join(pairs) + "}"


def bare_load(path: Path, database: str) -> None:
    """The statement that ingest is compared with."""
    with duckdb.connect(database) as connection:
        if path.suffix == ".parquet":
            read = f"read_parquet({literal(str(path))})"
        else:
            read = (
                f"read_csv({literal(str(path))}, header=true, auto_detect=false, delim=',', "
                f"quote='\"', escape='\"', columns={typed_columns()})"
            )
        connection.execute(f"create table loaded as select * from {read}")


def rewritten(source: Path, format_name: str, rows: int, folder: Path) -> Path:
    """The first `rows` of the generated CSV in another format."""
    target = folder / f"{_SOURCE}.{format_name}"
    with duckdb.connect() as connection:
        # The generator states local times without a zone.
        connection.execute("set TimeZone = 'Asia/Ho_Chi_Minh'")
        read = f"read_csv({literal(str(source))}, header=true, columns={typed_columns()})"
        if format_name == "parquet":
            sql, options = f"from {read} limit {rows}", "format parquet, compression zstd"
        elif format_name == "jsonl":
            texts = ", ".join(
                f"{quoted(f.name)}::varchar as {quoted(f.name)}" for f in CONTRACTS[_SOURCE].fields
            )
            sql, options = f"select {texts} from {read} limit {rows}", "format json"
        elif format_name == "xlsx":
            frame = connection.sql(f"from read_csv({literal(str(source))}, all_varchar=true)")
            frame.limit(rows).pl().write_excel(target, autofit=False)
            return target
        else:
            _write_house_manifest(connection, read, min(rows, _XML_ROWS), target)
            return target
        connection.execute(f"copy ({sql}) to {literal(str(target))} ({options})")
    return target


def _write_house_manifest(
    connection: duckdb.DuckDBPyConnection, read: str, rows: int, target: Path
) -> None:
    """A Cargo-XML house manifest of the first rows, written from public knowledge of the schema."""

    def text(column: str) -> str:
        return f"replace(replace(coalesce({column}, ''), '&', '&amp;'), '<', '&lt;')"

    houses = connection.execute(
        f"""
        select string_agg('<IncludedHouseConsignment><GrossWeightMeasure unitCode="KGM">'
            || gross_weight_kg || '</GrossWeightMeasure><TotalPieceQuantity>' || package_count
            || '</TotalPieceQuantity><SummaryDescription>' || {text("item_description")}
            || '</SummaryDescription><TransportContractDocument><ID>' || house_waybill_number
            || '</ID></TransportContractDocument></IncludedHouseConsignment>', chr(10)),
            sum(package_count)
        from (from {read} limit {rows})
        """
    ).fetchone()
    lines, pieces = houses or ("", 0)
    target.write_text(
        '<h:HouseManifest xmlns:h="iata:housemanifest:1" xmlns="iata:datamodel:3">'
        "<h:MessageHeaderDocument><PurposeCode>Creation</PurposeCode></h:MessageHeaderDocument>"
        "<h:BusinessHeaderDocument><ID>738-00000001</ID></h:BusinessHeaderDocument>"
        f"<h:MasterConsignment><TotalPieceQuantity>{pieces}</TotalPieceQuantity>"
        "<TransportContractDocument><ID>738-00000001</ID></TransportContractDocument>\n"
        f"{lines}\n</h:MasterConsignment></h:HouseManifest>",
        encoding="utf-8",
    )


def run(parcels: int, rows: int, formats: tuple[str, ...], seed: int, folder: Path) -> Result:
    """Generate `parcels` once; deliver them in every compared format, `rows` in the others."""
    load_before = os.getloadavg()[0]
    deliveries = folder / "deliveries"

    def step(name: str, home: Home, *command: str) -> Cost:
        print(f"{name} ...", file=sys.stderr)
        cost, _ = measured(name, command, {HOME_VARIABLE: str(home.root)}, folder / f"{name}.log")
        return cost

    step(
        "generate", Home(folder / "none"), *CLI, "generate", "--days", "1", "--parcels-per-day",
        str(parcels), "--seed", str(seed), "--out", str(deliveries), "--json",
    )  # fmt: skip
    [generated] = deliveries.glob(f"{_SOURCE}*.csv")
    results = []
    for format_name in formats:
        is_compared = format_name in _COMPARED
        count = parcels if is_compared else min(rows, parcels)
        path = generated
        if format_name != "csv":
            path = rewritten(generated, format_name, count, folder)
        deliver = step(
            f"deliver_{format_name}", Home(folder / f"home_{format_name}"), *CLI, "deliver",
            str(path), "--received-date", DEFAULT_FIRST_DAY.isoformat(), "--json",
        )  # fmt: skip
        [outcome] = json.loads((folder / f"deliver_{format_name}.log").read_text(encoding="utf-8"))
        if outcome["rows_in"] != outcome["accepted"]:
            raise SystemExit(f"not every row was accepted, the time says nothing: {outcome}")
        bare, in_memory = (
            step(
                f"bare_{format_name}_{place}", Home(folder / "none"), sys.executable, "-m",
                "benchmarks.ingest", "--bare", str(path), database,
            )
            if is_compared
            else None
            for place, database in (
                ("in_file", str(folder / f"{format_name}.duckdb")), ("in_memory", ":memory:"),
            )
        )  # fmt: skip
        results.append(
            FormatResult(
                format=format_name,
                rows=outcome["rows_in"],
                megabytes=path.stat().st_size / 1e6,
                deliver=deliver,
                bare_load=bare,
                cpu_ratio=_ratio(deliver, bare),
                bare_in_memory=in_memory,
                cpu_ratio_in_memory=_ratio(deliver, in_memory),
                cpu_seconds_per_100_000_rows=deliver.cpu_seconds * 1e5 / outcome["rows_in"],
            )
        )
    cores = len(os.sched_getaffinity(0))
    return Result(parcels, seed, cores, load_before, os.getloadavg()[0], tuple(results))


def _ratio(deliver: Cost, bare: Cost | None) -> float | None:
    return None if bare is None else deliver.cpu_seconds / bare.cpu_seconds


def table(result: Result) -> str:
    """The result for a terminal."""
    lines = [
        f"ingest: {result.parcels:,} parcels, seed {result.seed}, {result.cores} cores, "
        f"load {result.load_before:.1f} to {result.load_after:.1f}",
        f"{'format':<9}{'rows':>11}{'MB':>8}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}"
        f"{'bare CPU s':>12}{'ratio':>8}{'in memory':>11}{'ratio':>8}{'CPU s/100k':>12}",
    ]
    for item in result.formats:
        bare, memory = (
            "" if cost is None else f"{cost.cpu_seconds:.1f}"
            for cost in (item.bare_load, item.bare_in_memory)
        )
        ratio, memory_ratio = (
            "" if value is None else f"{value:.2f}"
            for value in (item.cpu_ratio, item.cpu_ratio_in_memory)
        )
        peak = item.deliver.tree_peak_megabytes or item.deliver.peak_megabytes
        lines.append(
            f"{item.format:<9}{item.rows:>11,}{item.megabytes:>8.0f}"
            f"{item.deliver.cpu_seconds:>9.1f}{item.deliver.wall_seconds:>9.1f}{peak:>9.0f}"
            f"{bare:>12}{ratio:>8}{memory:>11}{memory_ratio:>8}"
            f"{item.cpu_seconds_per_100_000_rows:>12.2f}"
        )
    return "\n".join(lines)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", type=int, default=200_000, help="rows of CSV and Parquet")
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the other formats")
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=list(FORMATS))
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--record", type=Path, help="file to write that document to")
    parser.add_argument("--bare", nargs=2, metavar=("FILE", "DATABASE"))
    arguments = parser.parse_args()
    if arguments.bare:
        bare_load(Path(arguments.bare[0]), arguments.bare[1])
        return
    with tempfile.TemporaryDirectory(prefix="ingest-") as folder:
        result = run(
            arguments.parcels, arguments.rows, tuple(arguments.formats), arguments.seed,
            Path(folder).resolve(),
        )  # fmt: skip
    document = json.dumps(asdict(result), indent=1)
    if arguments.record:
        arguments.record.write_text(document + "\n", encoding="utf-8")
    print(document if arguments.json else table(result))


if __name__ == "__main__":
    main()
