"""Do two databases hold the same marts? Content hashes of chosen columns, and key figures.

Add here a mart that both sides build, or a figure. Keep out: columns with tokens or lineage (the
product's own).
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from foundation.home import Home
from serving.current import require_current
from serving.reader import open_release

COMPARED: dict[str, tuple[str, ...]] = {
    "core.fct_consignments": (
        "consignment_id", "day", "consignment_kind", "customs_office_code", "platform_code",
        "platform_status", "consignee_address_status", "consignee_id_status", "hs_chapter",
        "hs_heading", "value_vnd", "unit_value_vnd_per_kg", "has_low_value_declaration",
    ),
    "core.fct_tax_assessments": (
        "consignment_id", "day", "customs_value_vnd", "duty_rate_percent", "duty_due_vnd",
        "duty_relieved_vnd", "vat_due_vnd", "vat_relieved_vnd",
    ),
    "risk.fct_risk_indicators": (
        "consignment_id", "day", "indicator_id", "risk_type", "points",
    ),
    "risk.fct_risk_scores": ("consignment_id", "day", "risk_type", "score_points"),
    "risk.fct_selections": (
        "consignment_id", "day", "customs_office_code", "lane", "selection_method", "risk_type",
        "rank_in_office_day",
    ),
    "impact.fct_import_flows_daily": (
        "day", "platform_code", "platform_status", "hs_heading", "origin_country_code",
        "province_code", "channel", "operator_code", "consignments", "value_vnd",
        "duty_due_vnd", "vat_due_vnd",
    ),
}  # fmt: skip

# Each query gives (label, value) rows; figures say by how much the two sides differ.
FIGURES = (
    "select 'consignments', count(*) from core.fct_consignments",
    "select 'value_vnd', sum(value_vnd) from core.fct_consignments",
    "select 'duty_due_vnd', sum(duty_due_vnd) from core.fct_tax_assessments",
    "select 'duty_relieved_vnd', sum(duty_relieved_vnd) from core.fct_tax_assessments",
    "select 'vat_due_vnd', sum(vat_due_vnd) from core.fct_tax_assessments",
    "select 'vat_relieved_vnd', sum(vat_relieved_vnd) from core.fct_tax_assessments",
    "select 'indicator ' || indicator_id || ', ' || risk_type, count(*)"
    " from risk.fct_risk_indicators group by indicator_id, risk_type",
    "select 'score_points', sum(score_points) from risk.fct_risk_scores",
    "select 'selections ' || selection_method, count(*)"
    " from risk.fct_selections group by selection_method",
    "select 'flows consignments', sum(consignments) from impact.fct_import_flows_daily",
    "select 'flows value_vnd', sum(value_vnd) from impact.fct_import_flows_daily",
)


@dataclass(frozen=True)
class FigureAgreement:
    """One figure on both sides as text; null: that side does not have it."""

    figure: str
    product: str | None
    baseline: str | None
    agrees: bool


@dataclass(frozen=True)
class MartAgreement:
    """One mart on both sides; None counts: that side does not have it."""

    mart: str
    product_rows: int | None
    baseline_rows: int | None
    agrees: bool


def _fingerprint(
    connection: duckdb.DuckDBPyConnection, mart: str, columns: tuple[str, ...]
) -> tuple[int, str] | None:
    """(rows, sum of row hashes): equal multisets of rows give equal fingerprints."""
    schema, name = mart.split(".")
    present = connection.execute(
        "select count(*) from information_schema.tables where table_schema = ? and table_name = ?"
        " and table_catalog = current_database()",
        [schema, name],
    ).fetchone()
    if present is None or present[0] == 0:
        return None
    texts = ", ".join(f"coalesce(cast({column} as varchar), chr(0))" for column in columns)
    row = connection.execute(
        f"select count(*), cast(sum(hash(concat_ws(chr(31), {texts}))) as varchar) from {mart}"
    ).fetchone()
    return None if row is None else (int(row[0]), str(row[1]))


def _released(home: Home) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """The current release as customs analysts read it, history included."""
    return open_release(home, require_current(home), memory_limit="4GB")


def compare(product: Home, baseline: Path | None) -> list[MartAgreement]:
    """Every compared mart; without a baseline nothing agrees and only product rows are counted."""
    with _released(product) as connection:
        ours = {mart: _fingerprint(connection, mart, columns) for mart, columns in COMPARED.items()}
    theirs: dict[str, tuple[int, str] | None] = dict.fromkeys(COMPARED)
    if baseline is not None:
        with duckdb.connect(baseline.as_posix(), read_only=True) as connection:
            theirs = {
                mart: _fingerprint(connection, mart, columns) for mart, columns in COMPARED.items()
            }
    result = []
    for mart in COMPARED:
        left, right = ours[mart], theirs[mart]
        result.append(
            MartAgreement(
                mart=mart,
                product_rows=left[0] if left else None,
                baseline_rows=right[0] if right else None,
                agrees=left is not None and left == right,
            )
        )
    return result


def _figures(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    query = " union all ".join(
        f"select label, cast(value as varchar) from ({figure}) as figure(label, value)"
        for figure in FIGURES
    )
    return dict(connection.execute(query).fetchall())


def compare_figures(product: Home, baseline: Path) -> list[FigureAgreement]:
    """Every figure that either side has; both must hold all compared marts."""
    with _released(product) as connection:
        ours = _figures(connection)
    with duckdb.connect(baseline.as_posix(), read_only=True) as connection:
        theirs = _figures(connection)
    return [
        FigureAgreement(name, ours.get(name), theirs.get(name), ours.get(name) == theirs.get(name))
        for name in sorted(ours.keys() | theirs.keys())
    ]
