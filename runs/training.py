"""Features of inspected consignments as a fit may see them: profiles that never knew the row's label.

Defines: `Group`, `Inspected`, `inspected`, `features`. The models are the warehouse's own (dbt); they
run in a small database beside the working one, in which a fold is a day of its own: its history is
the other folds, that of a held-out part all folds of its group. What a profile may know is then said
once, by the relation that says it in production (int_risk__profile_history).
Add here what a fit must be given. Keep out: fitting and judging (scoring/), candidates and their
evaluation (calibration.py).
"""

import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from foundation.errors import WarehouseError
from ingest.readers.base import literal
from runs import dbt_invocation
from runs.settings import Settings
from scoring.folds import fold_of

INNER_FOLDS = 5
_FIRST_FOLD_DAY = dt.date(1900, 1, 1)  # no day of a warehouse: contracts begin later
_MODELS = (
    "int_risk__goods", "int_risk__item_features", "int_risk__profile_days", "int_risk__goods_cells",
    "int_risk__profile_states", "int_risk__goods_profiles",
)  # fmt: skip
_GOODS_KEY = (
    "goods_code", "departure_country_code", "origin_country_code", "tariff_schedule_code",
    "duty_rate_milli",
)  # fmt: skip
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Group:
    """Rows whose labels may be known together (indices of Inspected), and rows held out from them."""

    known: Indices
    held_out: Indices


@dataclass(frozen=True)
class Inspected:
    """Inspected consignments and what was found of one risk type; one element a row, in order.

    content: what an observer sees of the goods; copies share it. known_days: when the result was
    known. found: 1 where a finding of the type was made.
    """

    risk_type: str
    consignment_ids: list[str]
    days: list[dt.date]
    known_days: list[dt.date]
    content: list[str]
    found: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.consignment_ids)

    def part(self, rows: Indices) -> "Inspected":
        """The same for some of the rows."""
        return Inspected(
            self.risk_type,
            *([values[row] for row in rows] for values in (
                self.consignment_ids, self.days, self.known_days, self.content,
            )),
            found=self.found[rows],
        )  # fmt: skip


@dataclass(frozen=True)
class GroupFeatures:
    """Features of one group: name -> int64 thousandths, masked where missing.

    known: rows of Group.known in order, each with profiles that know the other folds alone.
    held_out: rows of Group.held_out in order, with profiles that know all of Group.known.
    """

    known: dict[str, Any]
    held_out: dict[str, Any]


def inspected(settings: Settings, risk_type: str, until: dt.date) -> Inspected:
    """Every consignment of which a result was known by `until` (included), by day and id.

    A later result of the same consignment adds to an earlier one: what was found once was found.
    """
    with _working(settings) as connection:
        rows = connection.execute(
            f"""
            select inspected.consignment_id, inspected.consignment_day, min(inspected.day),
                min(goods.goods_code || '|' || goods.departure_country_code || '|'
                    || goods.origin_country_code || '|' || goods.tariff_schedule_code || '|'
                    || goods.duty_rate_milli || '|' || coalesce(cast(goods.mass_kg as varchar), '')),
                max(case when inspected.result = 'finding'
                    and inspected.finding_type = {literal(risk_type)} then 1 else 0 end)
            from intermediate.int_risk__inspected_consignments as inspected
            inner join intermediate.int_risk__goods as goods
                on inspected.consignment_id = goods.consignment_id
                and inspected.consignment_day = goods.day
            where inspected.day <= ?
            group by all order by 2, 1
            """,
            [until],
        ).fetchall()
    ids, days, known, content, found = (
        [list(column) for column in zip(*rows, strict=True)] if rows else [[], [], [], [], []]
    )
    return Inspected(risk_type, ids, days, known, content, np.array(found, dtype=np.int64))


def features(
    settings: Settings,
    rows: Inspected,
    groups: Sequence[Group],
    *,
    fold_keys: Sequence[str],
    salt: str,
) -> list[GroupFeatures]:
    """The features of every group.

    fold_keys: rows of one key share a fold inside a group; `rows.content` unless copies are meant
    to be known. salt: of the folds.

    Raises DbtFailed, and WarehouseError when a row has no features.
    """
    folds = np.asarray(fold_of(fold_keys, folds=INNER_FOLDS, salt=salt))
    placed, history = _placed(rows, groups, folds)
    with tempfile.TemporaryDirectory(prefix="training-", dir=_work(settings)) as folder:
        beside = replace(settings, working_database=Path(folder) / "warehouse.duckdb")
        _prepare(settings, beside, rows.risk_type, placed, history)
        arguments = ("run", "--quiet", "--select", *_MODELS)
        dbt_invocation.run(arguments, settings=beside, target=Path(folder) / "dbt_target")
        columns = _columns(beside)
    names = [name for name in columns if name != "position"]
    position = np.ma.getdata(columns["position"])
    if len(np.unique(position)) != placed.num_rows:
        raise WarehouseError(
            f"{placed.num_rows - len(np.unique(position))} inspected rows have no features",
            where=str(settings.warehouse),
            remedy="rebuild the working database (`import-risk rebuild`)",
        )
    ordered = {name: columns[name][np.argsort(position)] for name in names}
    found, start = [], 0
    for group in groups:
        middle = start + len(group.known)
        end = middle + len(group.held_out)
        found.append(
            GroupFeatures(
                {name: values[start:middle] for name, values in ordered.items()},
                {name: values[middle:end] for name, values in ordered.items()},
            )
        )
        start = end
    return found


def _placed(
    rows: Inspected, groups: Sequence[Group], folds: npt.NDArray[Any]
) -> tuple[pa.Table, pa.Table]:
    """Rows of every group with the day that stands for their fold, and which days each knows."""
    ids: list[str] = []
    days: list[dt.date] = []
    fold_days: list[dt.date] = []
    known: list[bool] = []
    pairs: list[tuple[dt.date, dt.date]] = []
    for number, group in enumerate(groups):
        first = _FIRST_FOLD_DAY + dt.timedelta(days=number * (INNER_FOLDS + 1))
        inner = [first + dt.timedelta(days=fold) for fold in range(INNER_FOLDS)]
        held = first + dt.timedelta(days=INNER_FOLDS)
        pairs += [(one, two) for one in (*inner, held) for two in inner if one != two]
        for row in group.known:
            fold_days.append(inner[int(folds[row])])
        fold_days += [held] * len(group.held_out)
        for row in (*group.known, *group.held_out):
            ids.append(rows.consignment_ids[row])
            days.append(rows.days[row])
        known += [True] * len(group.known) + [False] * len(group.held_out)
    table = pa.table(
        {
            "position": pa.array(range(len(ids)), pa.int64()),
            "consignment_id": pa.array(ids, pa.string()),
            "consignment_day": pa.array(days, pa.date32()),
            "day": pa.array(fold_days, pa.date32()),
            "is_known": pa.array(known, pa.bool_()),
        }
    )
    history = pa.table(
        {
            "day": pa.array([one for one, _ in pairs], pa.date32()),
            "history_day": pa.array([two for _, two in pairs], pa.date32()),
        }
    )
    return table, history


def _prepare(
    settings: Settings, beside: Settings, risk_type: str, placed: pa.Table, history: pa.Table
) -> None:
    """What the models read, for the rows of the fit alone; a fold stands for a day."""
    goods_key = ", ".join(_GOODS_KEY)
    consignments = "select distinct consignment_id, consignment_day as day from placed_rows"
    goods = (
        "select goods.* from intermediate.int_risk__goods as goods "
        f"semi join ({consignments}) as chosen using (consignment_id, day)"
    )
    taken = {
        "core.fct_consignment_items": "select items.* from core.fct_consignment_items as items "
        f"semi join ({consignments}) as chosen using (consignment_id, day)",
        "fit.goods": goods,
        "intermediate.int_risk__goods_measures": "select measures.* "
        "from intermediate.int_risk__goods_measures as measures "
        f"semi join ({goods}) as goods using (day, {goods_key})",
        "intermediate.int_risk__inspected_consignments": "select rows.day, inspected.* exclude (day)"
        " from intermediate.int_risk__inspected_consignments as inspected "
        "inner join placed_rows as rows using (consignment_id, consignment_day) where is_known",
        # the rules of the last day hold for every fold
        "fit.rules": "from intermediate.int_rules__in_force "
        "where day = (select max(day) from intermediate.int_rules__in_force)",
        "fit.parameters": "from intermediate.int_risk__parameters "
        "where day = (select max(day) from intermediate.int_risk__parameters)",
    }
    fold_days = "(select distinct day from fit.row)"
    every_day = f"({fold_days} union (select distinct consignment_day from fit.row))"
    made = {
        "intermediate.int_risk__goods_days": f"select rows.day, {goods_key}, "
        "count(*) as item_count from fit.row as rows inner join fit.goods as goods "
        "on rows.consignment_id = goods.consignment_id and rows.consignment_day = goods.day "
        "group by all",
        "intermediate.int_risk__modelled_types": f"select day, {literal(risk_type)} as risk_type "
        f"from {fold_days}",
        "intermediate.int_risk__modelled_days": f"from {fold_days}",
        "intermediate.int_rules__in_force": "select days.day, rules.* exclude (day) "
        f"from fit.rules as rules, {fold_days} as days",
        "intermediate.int_risk__parameters": "select days.day, parameters.* exclude (day) "
        f"from fit.parameters as parameters, {every_day} as days",
    }
    folder = beside.warehouse.parent
    with _working(settings) as connection:
        connection.register("placed_rows", placed)
        for name, sql in taken.items():
            connection.execute(f"copy ({sql}) to {literal(str(folder / name))} (format parquet)")
    with duckdb.connect(str(beside.warehouse), config=dict(beside.duckdb_config)) as connection:
        connection.register("placed_rows", placed)
        connection.register("history_pairs", history)
        for schema in ("core", "intermediate", "fit"):
            connection.execute(f"create schema {schema}")
        files = {name: f"from read_parquet({literal(str(folder / name))})" for name in taken}
        stated = {
            "fit.row": "from placed_rows",
            "intermediate.int_risk__profile_history": "from history_pairs",
        }
        for name, sql in (stated | files | made).items():
            connection.execute(f"create table {name} as {sql}")


def _columns(beside: Settings) -> dict[str, Any]:
    """`position` and every feature of the seed, masked where missing."""
    same = " and ".join(f"items.{key} = {{0}}.{key}" for key in _GOODS_KEY)
    with duckdb.connect(str(beside.warehouse), config=dict(beside.duckdb_config)) as connection:
        found = connection.execute(
            f"""
            select rows.position, profiles.* like 'profile_%', measures.departure_share_milli,
                measures.schedule_share_milli, measures.rate_above_best_milli,
                items.departure_differs, items.log_mass, items.log_value, items.mass_roundness
            from fit.row as rows
            inner join intermediate.int_risk__item_features as items
                on rows.consignment_id = items.consignment_id
                and rows.consignment_day = items.day
            inner join intermediate.int_risk__goods_profiles as profiles
                on rows.day = profiles.day and {same.format("profiles")}
            left join intermediate.int_risk__goods_measures as measures
                on rows.consignment_day = measures.day and {same.format("measures")}
            """
        ).fetchnumpy()
    return {
        name: np.ma.masked_array(np.ma.getdata(values), np.ma.getmaskarray(values)).astype(np.int64)
        for name, values in found.items()
        if name != "duty_rate_milli"
    }


def _work(settings: Settings) -> Path:
    settings.home.work.mkdir(parents=True, exist_ok=True)
    return settings.home.work


@contextmanager
def _working(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    if not settings.warehouse.exists():
        raise WarehouseError(
            "there is nothing to learn from: no day was computed here",
            where=str(settings.warehouse),
            remedy="deliver declarations and inspection outcomes, then `import-risk run`",
        )
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        yield connection
