"""Do two databases hold the same marts? Counts and order-free content hashes of chosen columns.

Add here a mart that both sides build. Keep out: columns with tokens or lineage (the product's own).
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

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
        "select count(*) from information_schema.tables where table_schema = ? and table_name = ?",
        [schema, name],
    ).fetchone()
    if present is None or present[0] == 0:
        return None
    texts = ", ".join(f"coalesce(cast({column} as varchar), chr(0))" for column in columns)
    row = connection.execute(
        f"select count(*), cast(sum(hash(concat_ws(chr(31), {texts}))) as varchar) from {mart}"
    ).fetchone()
    return None if row is None else (int(row[0]), str(row[1]))


def compare(product: Path, baseline: Path | None) -> list[MartAgreement]:
    """Every compared mart; without a baseline nothing agrees and only product rows are counted."""
    with duckdb.connect(product.as_posix(), read_only=True) as connection:
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
