"""A synthetic flow as DuckDB tables, with the planted truth beside it.

Add here a table that several tests of the generator query. Keep out: expectations.
"""

from pathlib import Path

import duckdb

from synthetic.generate import generate


def planted_tables(folder: Path, *, days: int, parcels_per_day: int) -> duckdb.DuckDBPyConnection:
    """Generate into `folder` and load it, every column as text.

    truth: all labels. parcels: manifest rows with `arrived_day` and the value `vnd` at the day's
    rate. labelled: truth with its parcel. honest: parcels without a label. lines: declaration lines
    with `vnd`, typology, variant and cluster_id (null when honest).
    """
    out = generate(folder, days=days, parcels_per_day=parcels_per_day).out

    def read(pattern: str) -> str:
        return f"read_csv('{(out / pattern).as_posix()}', header = true, all_varchar = true)"

    connection = duckdb.connect()
    connection.execute(
        f"""
        create table truth as select * from {read("truth/planted_typologies.csv")};
        create table mic as select * from {read("low_value_declaration_*.csv")};
        create table inspections as select * from {read("inspection_outcome_*.csv")};
        create table rates as
        select dimension_code as currency_code, period_start as day,
            cast(value as decimal(18, 6)) as rate
        from {read("market_reference.csv")} where series_id = 'exchange_rate';
        create table parcels as
        select manifest.*, rates.day as arrived_day,
            cast(declared_value as decimal(18, 2)) * rate as vnd
        from {read("parcel_manifest_*.csv")} as manifest
        join rates on rates.currency_code = manifest.currency_code
            and rates.day = left(arrived_at, 10);
        create table lines as
        select declared.*, cast(declared_value as decimal(18, 2)) * rate as vnd, typology, variant,
            cluster_id
        from {read("customs_declaration_*.csv")} as declared
        join rates on rates.currency_code = declared.currency_code
            and rates.day = left(registered_at, 10)
        left join (select * from truth where source = 'customs_declaration') as labels
            using (declaration_number, line_number);
        create table labelled as
        select truth.day, typology, variant, cluster_id, detail, planted_true_value_vnd, parcels.*
        from truth join parcels using (house_waybill_number);
        create table honest as
        select * from parcels anti join truth using (house_waybill_number);
        """
    )
    return connection


def one(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[object, ...]:
    """The first row of a query that must have one."""
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row


def numbers(connection: duckdb.DuckDBPyConnection, sql: str) -> list[float]:
    """The first row of a query as numbers."""
    return [float(str(value)) for value in one(connection, sql)]
