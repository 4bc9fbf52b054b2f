"""Do two databases hold the same marts? Every column of the product's marts, and key figures.

Add here a mart that both sides build, or a figure. Keep out: a list of columns: whatever the
product's mart has must be there, other than what `LINEAGE` and `KEYS` say.
"""

import datetime as dt
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from foundation.home import Home
from serving.current import require_current
from serving.reader import open_release

# Marts that both sides build.
COMPARED = (
    "core.fct_consignments",
    "core.fct_consignment_items",
    "core.fct_tax_assessments",
    "risk.fct_risk_indicators",
    "risk.fct_risk_scores",
    "risk.fct_selections",
    "risk.fct_splitting_cluster_members",
    "impact.fct_import_flows_daily",
)
_CLUSTERED = "risk.fct_splitting_cluster_members"
# Columns about deliveries, which the baseline does not know.
LINEAGE = frozenset(("sender", "source_sha256", "source_line"))
# Columns whose values are each side's own (keyed tokens here, 64-bit keys there): the product's
# name and the baseline's. They agree when they make the same consignments equal to one another.
KEYS: dict[str, str] = {
    "cluster_id": "cluster_id",
    "declarant_id_token": "declarant_id_key",
    "seller_id_token": "seller_id_key",
    "consignor_party_id": "consignor_party_id",
    "consignee_party_id": "consignee_party_id",
    "consignee_name_token": "consignee_name_key",
    "consignee_id_token": "consignee_id_key",
    "consignee_phone_token": "consignee_phone_key",
    "consignee_address_token": "consignee_address_key",
}

# Marts without a consignment to compare them by: rows, and sums by what names no party. Not among
# them: ranks and cuts of equals, which each side breaks by its own keys.
SUMMED = {
    "risk.fct_splitting_clusters": (
        "cluster_kind, window_days, legal_instrument_id, evidence_grade",
        ("receipts", "distinct_consignees", "distinct_master_waybills", "distinct_operators",
         "value_vnd", "largest_receipt_vnd", "rank_in_window"),
    ),
    "risk.fct_limit_density": (
        "limit_id, limit_vnd, band_vnd, entity_kind",
        ("consignments_within", "consignments_above", "rank_in_kind"),
    ),
    "risk.fct_entity_velocity": (
        "window_days, entity_kind", ("consignments", "rank_in_window")
    ),
    "compliance.fct_gathering_point_windows": (
        "window_days, point_kind, largest_platform_code, province_code",
        ("distinct_consignees", "consignees_day_by_day", "consignments", "distinct_platforms",
         "distinct_operators", "largest_platform_share_micro",
         "consignments_unregistered_platform", "value_vnd"),
    ),
}  # fmt: skip

# Lists that end at a length, and by what they are led: of a list that is full, which of the last
# equals are in it is each side's own, so they are left out on both.
CUT = {
    "compliance.fct_gathering_point_windows": (
        "window_days, point_kind",
        "coalesce(distinct_consignees, consignees_day_by_day)",
        500,  # max_points of gathering_windows.csv
    )
}


def _listed(mart: str) -> str:
    """`mart`, or a sub-query without the last equals of its full lists."""
    if mart not in CUT:
        return mart
    lists, leads, length = CUT[mart]
    return (
        f"(select * from {mart} qualify count(*) over (partition by {lists}) < {length}"
        f" or {leads} > min({leads}) over (partition by {lists}))"
    )


def _sums(mart: str) -> str:
    """(label, value) of every group of `mart` and every measure of it."""
    groups, measures = SUMMED[mart]
    name = mart.partition(".")[2]
    return " union all ".join(
        f"select concat_ws(', ', '{name} {measure}', {groups}), {value} from {_listed(mart)}"
        " group by all"
        for measure, value in [("rows", "count(*)"), *((one, f"sum({one})") for one in measures)]
    )


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
    # which of those that agree comes first is each side's own: who is linked is not
    "select 'fct_party_links parties, ' || link_reason, count(distinct party) from ("
    "select link_reason, unnest([party_id, other_party_id]) as party from risk.fct_party_links)"
    " group by link_reason",
    *map(_sums, SUMMED),
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
    """One mart on both sides; None counts: that side does not have it.

    columns: how many of the product's were compared; differing: those that differ or that the
    baseline lacks, and "rows" when only their combination differs.
    """

    mart: str
    product_rows: int | None
    baseline_rows: int | None
    columns: int
    differing: tuple[str, ...]
    agrees: bool


def _columns(connection: duckdb.DuckDBPyConnection, mart: str) -> list[str]:
    """Columns of a mart in the connection's own database; empty: it has no such mart."""
    schema, name = mart.split(".")
    rows = connection.execute(
        "select column_name from duckdb_columns() where schema_name = ? and table_name = ?"
        " and database_name = current_database()",
        [schema, name],
    ).fetchall()
    return [str(column) for (column,) in rows]


def _fingerprint(
    connection: duckdb.DuckDBPyConnection, mart: str, rows: str, columns: list[str]
) -> tuple[int, str]:
    """(rows, sum of row hashes): equal multisets of rows give equal fingerprints.

    rows: condition in SQL, which rows count.
    """
    texts = ", ".join(f"coalesce(cast({column} as varchar), chr(0))" for column in columns)
    row = connection.execute(
        f"select count(*), cast(sum(hash(concat_ws(chr(31), {texts}))) as varchar) from {mart}"
        f" where {rows}"
    ).fetchone()
    assert row is not None
    return int(row[0]), str(row[1])


def _partition(
    connection: duckdb.DuckDBPyConnection, mart: str, rows: str, key: str
) -> tuple[int, str]:
    """Which consignments share a value of `key`: each with the first one that has the same."""
    row = connection.execute(
        f"""
        with counted as (select consignment_id, {key} from {mart} where {rows})

        select count(*), cast(sum(hash(concat_ws(chr(31), consignment_id, first_one))) as varchar)
        from counted left join (
            select {key}, min(consignment_id) as first_one from counted group by {key}
        ) using ({key})
        """
    ).fetchone()
    assert row is not None
    return int(row[0]), str(row[1])


def _released(home: Home) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """The current release as customs analysts read it, history included."""
    return open_release(home, require_current(home), memory_limit="4GB")


def compare(product: Home, baseline: Path, day: dt.date | None = None) -> list[MartAgreement]:
    """Every compared mart; of a product that has several days, the rows of `day`."""
    with (
        _released(product) as ours,
        duckdb.connect(baseline.as_posix(), read_only=True) as theirs,
    ):
        rows = "true" if day is None else f"day = date '{day.isoformat()}'"
        own = {} if day is None else {_CLUSTERED: f"{rows} and {_of_one_day(ours, rows)}"}
        return [_compared(ours, theirs, mart, own.get(mart, rows)) for mart in COMPARED]


def _of_one_day(ours: duckdb.DuckDBPyConnection, rows: str) -> str:
    """SQL: whether a consignment is in no cluster that adds up other days too; nobody knows those
    who sees one day alone."""
    over_days = ours.execute(
        f"select distinct consignment_id from {_CLUSTERED} where {rows} and cluster_id in"
        f" (select cluster_id from {_CLUSTERED} where not ({rows}))"
    ).fetchall()
    names = ", ".join(f"'{name}'" for (name,) in over_days)
    return f"consignment_id not in ({names})" if names else "true"


def _compared(
    ours: duckdb.DuckDBPyConnection, theirs: duckdb.DuckDBPyConnection, mart: str, rows: str
) -> MartAgreement:
    expected, present = _columns(ours, mart), _columns(theirs, mart)
    plain = [name for name in expected if name not in LINEAGE and name not in KEYS]
    keys = [name for name in expected if name in KEYS]
    if not present or not expected:
        counts = [
            _fingerprint(side, mart, rows, names[:1])[0] if names else None
            for side, names in ((ours, expected), (theirs, present))
        ]
        return MartAgreement(mart, counts[0], counts[1], 0, (), agrees=False)
    lacking = [name for name in plain if name not in present]
    lacking += [name for name in keys if KEYS[name] not in present]
    shared = [name for name in plain if name not in lacking]
    left, right = _fingerprint(ours, mart, rows, shared), _fingerprint(theirs, mart, rows, shared)
    differing = [
        name
        for name in shared
        if left != right
        and _fingerprint(ours, mart, rows, [name]) != _fingerprint(theirs, mart, rows, [name])
    ]
    differing += [
        name
        for name in keys
        if name not in lacking
        and _partition(ours, mart, rows, name) != _partition(theirs, mart, rows, KEYS[name])
    ]
    if left != right and not differing:
        differing = ["rows"]
    return MartAgreement(
        mart=mart,
        product_rows=left[0],
        baseline_rows=right[0],
        columns=len(plain) + len(keys),
        differing=(*lacking, *differing),
        agrees=not lacking and not differing,
    )


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
