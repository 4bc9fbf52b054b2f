"""What differs between two releases, and what of their making differs.

Defines `compare` and its result. Add here a comparison that an analyst asks for. Keep out: names of
deliveries' senders or persons, judgement of which release is right, and reading raw or work.

Tables are first compared by the content hashes in the manifests; only those that differ are opened.
Of a table with days, the history files of the days that differ are read, also days that the release
files no longer hold. Rows are matched by the table's own order, which is unique.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import duckdb

from foundation.errors import UsageError
from foundation.home import Home
from serving.current import Release, releases
from serving.history import read_listing
from serving.plan import ReleasePlan, TablePlan, quote, quote_text

TOP_CONSIGNMENTS = 20
_DAILY = "reporting.rpt_daily_summary"
_CONSIGNMENTS = "core.fct_consignments"
_SCORES = "risk.fct_risk_scores"
# What a release rests on beside its inputs, by the name under which its run facts carry the hash.
_MAKING = {"code": "code_sha256", "rules and seeds": "seeds_sha256", "lock": "lock_sha256"}
# Tables of settings: rows that differ are named, as the reason why figures do.
_SETTINGS = (
    "core.dim_rule_parameter",
    "core.dim_legal_instrument",
    "quality.fct_reference_versions",
)
_SETTINGS_SHOWN = 50


@dataclass(frozen=True)
class TableDiff:
    """One table that differs. changed: rows with equal keys and different values. columns: those
    that differ -> in how many rows. schema: columns that only one has or of other type, as text."""

    table: str
    rows_before: int
    rows_after: int
    only_before: int
    only_after: int
    changed: int
    columns: Mapping[str, int]
    schema: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """The whole difference; every part is JSON-ready through to_json.

    making: what differs of code, seeds, lock, models, inputs, by name. settings: rows of rule
    parameters and the like that only one release has. days: figures of a day before and after.
    consignments: those whose value or score changed most (customs only).
    """

    before: str
    after: str
    making: Mapping[str, Any]
    settings: Sequence[Mapping[str, Any]]
    tables: Sequence[TableDiff]
    days: Sequence[Mapping[str, Any]]
    consignments: Sequence[Mapping[str, Any]]

    @property
    def is_equal(self) -> bool:
        """Whether both releases have the same content."""
        return not self.tables

    def to_json(self) -> dict[str, Any]:
        """JSON-ready, dates and decimals as they are."""
        return {**asdict(self), "is_equal": self.is_equal}

    def lines(self) -> Iterator[str]:
        """The report for people."""
        yield f"{self.before} -> {self.after}: " + (
            "the same content" if self.is_equal else f"{len(self.tables)} tables differ"
        )
        yield "why it may differ:"
        for name, value in self.making.items():
            yield f"  {name}: {_shown(value)}"
        for row in self.settings:
            yield f"  {row['table']}, {row['side']}: {_shown(row['row'])}"
        for table in self.tables:
            yield (
                f"{table.table}: {table.rows_before} -> {table.rows_after} rows, "
                f"{table.only_before} gone, {table.only_after} new, {table.changed} changed"
            )
            for column, count in table.columns.items():
                yield f"  {column}: {count} rows"
            for text in table.schema:
                yield f"  {text}"
        for row in self.days:
            yield f"{row['day']} {row['measure']}: {row['before']} -> {row['after']}"
        for row in self.consignments:
            yield (
                f"{row['consignment_id']} ({row['day']}): value {row['value_before']} -> "
                f"{row['value_after']} VND, points {row['points_before']} -> {row['points_after']}"
            )


def compare(home: Home, plan: ReleasePlan, before: str, after: str) -> Comparison:
    """What differs between two releases on disk, as customs sees them.

    Raises UsageError for a release that is not on disk.
    """
    one, two = _release(home, before), _release(home, after)
    with duckdb.connect(config={"autoload_known_extensions": "false"}) as connection:
        for name, release in (("one", one), ("two", two)):
            path = quote_text(str(release.database("customs")))
            connection.execute(f"attach {path} as {name} (read_only)")
        differing = [
            table for table in plan.of("customs") if _hash(one, table) != _hash(two, table)
        ]
        sides = _Sides(connection, home, one, two)
        names = {table.name: table for table in differing}
        detail = [table for table in plan.of("customs") if table.name in (_CONSIGNMENTS, _SCORES)]
        is_detailed = len(detail) == len((_CONSIGNMENTS, _SCORES))
        return Comparison(
            before=one.release_id,
            after=two.release_id,
            making=_making(connection, one, two),
            settings=[
                row
                for table in differing
                if table.name in _SETTINGS
                for row in _settings(connection, sides, table)
            ],
            tables=[_table(connection, sides, table) for table in differing],
            days=_days(connection, sides, names[_DAILY]) if _DAILY in names else [],
            consignments=_consignments(connection, sides, detail)
            if is_detailed and names.keys() & {_CONSIGNMENTS, _SCORES}
            else [],
        )


class _Sides:
    """Where the rows of both releases are read that may differ."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, home: Home, one: Release, two: Release
    ) -> None:
        self._connection, self._history = connection, home.history
        self.releases = (one, two)
        self._listings = (read_listing(one.folder), read_listing(two.folder))

    def of(self, tables: Sequence[TablePlan], table: TablePlan) -> tuple[str, str] | None:
        """SQL of the rows of `table` before and after, for the days on which any of `tables`
        differs; None when only one release has the table."""
        one, two = (listing.get(table.name) for listing in self._listings)
        if table.window_column is None or one is None or two is None:
            both = [f"{name}.{table.quoted}" for name in ("one", "two")]
            return (both[0], both[1]) if all(map(self._exists, both)) else None
        days = {day for each in tables for day in self._days(each.name)}
        return self._files(one, days, "one", table), self._files(two, days, "two", table)

    def _days(self, name: str) -> set[str]:
        one, two = (listing.get(name, {}) for listing in self._listings)
        return {day for day in one.keys() | two.keys() if one.get(day) != two.get(day)}

    def _files(
        self, listing: Mapping[str, str], days: Iterable[str], database: str, table: TablePlan
    ) -> str:
        files = sorted({listing[day] for day in days if day in listing})
        if not files:
            return f"(select * from {database}.{table.quoted} limit 0)"
        listed = ", ".join(quote_text(str(self._history / file)) for file in files)
        return f"read_parquet([{listed}], hive_partitioning = false, union_by_name = true)"

    def _exists(self, relation: str) -> bool:
        try:
            self._connection.execute(f"describe {relation}")
        except duckdb.CatalogException:
            return False
        return True


def _release(home: Home, release_id: str) -> Release:
    held = releases(home)
    for release in held:
        if release.release_id == release_id:
            return release
    raise UsageError(
        f"there is no release {release_id!r} on disk",
        where=str(home.releases),
        remedy=f"choose from {[release.release_id for release in held]}; IMPORT_RISK_RELEASES_KEPT "
        "says how many stay",
    )


def _hash(release: Release, table: TablePlan) -> Any:
    return release.manifest["tables"].get(table.name)


def _making(connection: duckdb.DuckDBPyConnection, one: Release, two: Release) -> dict[str, Any]:
    facts = one.manifest["run_facts"], two.manifest["run_facts"]
    made = {
        name: "the same"
        if facts[0].get(key) == facts[1].get(key)
        else f"{facts[0].get(key)} -> {facts[1].get(key)}"
        for name, key in _MAKING.items()
    }
    inputs = [set(each.get("inputs", ())) for each in facts]
    models = [_models(each) for each in facts]
    return {
        **made,
        "risk models": "the same" if models[0] == models[1] else " -> ".join(models),
        "days computed": f"{_window(facts[0])} -> {_window(facts[1])}",
        "inputs of the run, only before": _named(connection, inputs[0] - inputs[1]),
        "inputs of the run, only after": _named(connection, inputs[1] - inputs[0]),
        "waivers": _changed(facts[0].get("waivers", {}), facts[1].get("waivers", {})),
    }


def _models(facts: Mapping[str, Any]) -> str:
    """Which versions scored the run's days, whichever days those were."""
    named = facts.get("models", {})
    listed = [f"{risk_type}: {', '.join(sorted(named[risk_type]))}" for risk_type in sorted(named)]
    return "; ".join(listed) or "none"


def _window(facts: Mapping[str, Any]) -> str:
    return str(facts.get("days") or f"{facts.get('from_day')}..{facts.get('to_day')}")


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))


def _named(connection: duckdb.DuckDBPyConnection, inputs: set[str]) -> list[str]:
    """Delivered file names of raw files, as the later release lists them; else the sha256."""
    known: dict[str, str] = {}
    for database in ("one", "two"):
        rows = connection.execute(
            f"select source_sha256, min(file_name) from {database}.quality.fct_delivery_outcomes "
            "where status <> 'duplicate' group by source_sha256"
        ).fetchall()
        known |= dict(rows)
    # A raw file is called by its input's sha256, perhaps with a variant after it.
    return sorted(f"{known.get(name.split('.')[0], '?')} ({name[:12]})" for name in inputs)


def _settings(
    connection: duckdb.DuckDBPyConnection, sides: _Sides, table: TablePlan
) -> Iterator[dict[str, Any]]:
    both = sides.of([table], table)
    if both is None:
        return
    one, two = (_columns(connection, relation) for relation in both)
    shared = [name for name in one if name in two and name != "is_in_force"]
    listed = ", ".join(quote(name) for name in shared)
    for side, this, that in (("only before", *both), ("only after", *reversed(both))):
        found = connection.execute(
            f"select {listed} from {this} except select {listed} from {that} "
            f"order by all limit {_SETTINGS_SHOWN}"
        ).fetchall()
        for row in found:
            yield {"table": table.name, "side": side, "row": dict(zip(shared, row, strict=True))}


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """Column -> type."""
    described = connection.execute(f"describe select * from {relation}").fetchall()
    return {name: data_type for name, data_type, *_ in described}


def _table(connection: duckdb.DuckDBPyConnection, sides: _Sides, table: TablePlan) -> TableDiff:
    totals = [(_hash(release, table) or {"rows": 0})["rows"] for release in sides.releases]
    both = sides.of([table], table)
    if both is None:
        return TableDiff(
            table.name, totals[0], totals[1], totals[0], totals[1], 0, {}, ("only in one release",)
        )
    one, two = (_columns(connection, relation) for relation in both)
    schema = [f"column {name}: only before" for name in one if name not in two]
    schema += [f"column {name}: only after" for name in two if name not in one]
    schema += [
        f"column {name}: {one[name]} -> {two[name]}"
        for name in one
        if name in two and one[name] != two[name]
    ]
    counts = [_count(connection, relation) for relation in both]
    key = [name for name in table.order_by if name in one and name in two] or list(one)
    values = [name for name in one if name in two and name not in key]
    matched = " and ".join(f"a.{quote(name)} is not distinct from b.{quote(name)}" for name in key)
    unlike = [f"a.{quote(name)} is distinct from b.{quote(name)}" for name in values]
    sums = [
        "count(*)",
        f"count(*) filter (where {' or '.join(unlike) or 'false'})",
        *(f"count(*) filter (where {text})" for text in unlike),
    ]
    row = connection.execute(
        f"select {', '.join(sums)} from {both[0]} as a inner join {both[1]} as b on {matched}"
    ).fetchone() or (0, 0)
    per_column = dict(zip(values, row[2:], strict=False))
    return TableDiff(
        table=table.name,
        rows_before=totals[0],
        rows_after=totals[1],
        only_before=counts[0] - row[0],
        only_after=counts[1] - row[0],
        changed=row[1],
        columns={name: count for name, count in per_column.items() if count},
        schema=tuple(schema),
    )


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0


def _days(
    connection: duckdb.DuckDBPyConnection, sides: _Sides, table: TablePlan
) -> list[dict[str, Any]]:
    """Figures of a table with one row a day that differ; a missing day has none."""
    both = sides.of([table], table)
    if both is None:
        return []
    one, two = (_columns(connection, relation) for relation in both)
    parts = " union all ".join(
        f"select day, {quote_text(name)} as measure, a.{quote(name)} as before, "
        f"b.{quote(name)} as after from {both[0]} as a full outer join {both[1]} as b using (day)"
        for name in one
        if name in two and name != "day"
    )
    return _records(
        connection.execute(
            f"select * from ({parts}) where before is distinct from after order by day, measure"
        )
    )


def _consignments(
    connection: duckdb.DuckDBPyConnection, sides: _Sides, tables: Sequence[TablePlan]
) -> list[dict[str, Any]]:
    """The consignments whose points, then value, changed most; a missing one has neither.

    tables: consignments and scores, in any order.
    """
    read = {table.name: sides.of(tables, table) for table in tables}
    consignments, scores = read[_CONSIGNMENTS], read[_SCORES]
    if consignments is None or scores is None:
        return []
    before, after = (
        f"(select day, consignment_id, value_vnd, coalesce(points, 0) as points "
        f"from {consignments[side]} left join (select day, consignment_id, "
        f"sum(score_points) as points from {scores[side]} group by all) as scores "
        "using (day, consignment_id))"
        for side in (0, 1)
    )
    return _records(
        connection.execute(
            "select consignment_id, day, a.value_vnd as value_before, b.value_vnd as value_after, "
            "cast(a.points as bigint) as points_before, cast(b.points as bigint) as points_after "
            f"from {before} as a full outer join {after} as b using (day, consignment_id) "
            "where a.value_vnd is distinct from b.value_vnd or a.points is distinct from b.points "
            "order by abs(coalesce(b.points, 0) - coalesce(a.points, 0)) desc, "
            "abs(coalesce(b.value_vnd, 0) - coalesce(a.value_vnd, 0)) desc, day, consignment_id "
            f"limit {TOP_CONSIGNMENTS}"
        )
    )


def _records(found: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={each}" for name, each in value.items() if each is not None)
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else str(value)
