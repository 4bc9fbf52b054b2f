"""Features of inspected consignments as a fit may see them: no profile ever knew its row's label.

Defines: `Group`, `GroupFeatures`, `TrainingWarehouse`. The models are the
warehouse's own (dbt). They run in a small warehouse beside the working one, in which a fold is a
day of its own: its history is the other folds, that of a held-out part all folds of its group. So
what a profile may know is said by the relation that says it in production
(int_risk__profile_history), and nowhere else.
Add here what a fit must be given. Keep out: which rows are learned (inspected.py), fitting and
judging (scoring), what becomes a candidate (calibration.py).
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
from foundation.home import Home
from ingest.model_tables import model_tables
from ingest.readers.base import literal
from ledger.chain import Ledger
from runs import dbt_invocation
from runs.inspected import GOODS_KEY, Indices, Inspected, working
from runs.model_registry import promote, store_candidate
from runs.settings import Settings
from scoring.folds import fold_of
from scoring.model import Scorecard

INNER_FOLDS = 5
_FIRST_FOLD_DAY = dt.date(1900, 1, 1)  # no day of a warehouse: its contracts begin later
_FEATURES = (
    "int_risk__goods", "int_risk__item_features", "int_risk__profile_days", "int_risk__goods_cells",
    "int_risk__entity_cells", "int_risk__profile_states", "int_risk__goods_profiles",
    "fct_entity_profiles", "int_risk__entity_features",
)  # fmt: skip
_SCORES = (
    "path:models/staging/scoring", "int_risk__model_bins", "int_risk__model_calibrations",
    "int_risk__model_versions", "int_risk__models_in_force", "int_risk__goods_points",
    "int_risk__entity_points", "int_risk__feature_points",
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Rows whose labels may be known together, and rows that are held out from them."""

    known: Indices
    held_out: Indices


@dataclass(frozen=True)
class GroupFeatures:
    """Features of a group: name -> int64 thousandths, masked where missing.

    known: rows of Group.known in order, each with profiles that know the other folds alone.
    held_out: rows of Group.held_out in order, with profiles that know all of Group.known.
    """

    known: dict[str, Any]
    held_out: dict[str, Any]


class TrainingWarehouse:
    """A warehouse of inspected rows alone. Made by `TrainingWarehouse.opened`."""

    def __init__(self, settings: Settings, rows: Inspected, groups: Sequence[Group]) -> None:
        self._settings = settings
        self._rows = rows
        self._groups = groups

    @classmethod
    @contextmanager
    def opened(
        cls,
        settings: Settings,
        rows: Inspected,
        groups: Sequence[Group],
        *,
        fold_keys: Sequence[str],
        salt: str,
    ) -> Iterator["TrainingWarehouse"]:
        """Make it beside the working database; it is gone afterwards.

        fold_keys: rows of one key share a fold inside a group; `rows.content`, unless copies of a
        row are meant to be known. salt: of the folds.
        """
        settings.home.work.mkdir(parents=True, exist_ok=True)
        folds = np.asarray(fold_of(fold_keys, folds=INNER_FOLDS, salt=salt))
        with tempfile.TemporaryDirectory(prefix="training-", dir=settings.home.work) as folder:
            beside = replace(settings, home=Home(Path(folder)), working_database=None)
            beside.home.work.mkdir()
            made = cls(beside, rows, groups)
            made._prepare(settings, *made._placed(folds))
            yield made

    def features(self) -> list[GroupFeatures]:
        """The features of every group. Raises DbtFailed, and WarehouseError for a row without."""
        self._dbt(_FEATURES)
        columns = self._columns()
        position = np.ma.getdata(columns.pop("position"))
        expected = sum(len(group.known) + len(group.held_out) for group in self._groups)
        if len(position) != expected or len(np.unique(position)) != expected:
            raise WarehouseError(
                f"{len(np.unique(position))} of {expected} inspected rows have features",
                where=str(self._settings.warehouse),
                remedy="rebuild the working database (`import-risk rebuild`)",
            )
        order = np.argsort(position)
        ordered = {name: values[order] for name, values in columns.items()}
        found, start = [], 0
        for group in self._groups:
            middle, end = start + len(group.known), start + len(group.known) + len(group.held_out)
            known, held = slice(start, middle), slice(middle, end)
            found.append(
                GroupFeatures(
                    {name: values[known] for name, values in ordered.items()},
                    {name: values[held] for name, values in ordered.items()},
                )
            )
            start = end
        return found

    def scores_in_sql(self, card: Scorecard) -> npt.NDArray[np.int64]:
        """Scores of the held-out rows of the only group, as the day's statement makes them.

        Call it after `features`. Raises DbtFailed.
        """
        (group,) = self._groups
        home, held = self._settings.home, group.held_out
        first = min(self._rows.days[row] for row in held)
        version = store_candidate(home, card)
        signed: dict[str, Any] = {"reason": "measured", "signed_by": "benchmark"}
        promote(home, version, valid_from=first, computed=card.features, **signed)
        entries = Ledger(home.ledger).entries()
        with self._connected() as connection:
            connection.execute("create schema raw")
            for build in model_tables(home, entries).values():
                connection.execute(f"create {build()}")
        self._dbt(_SCORES)
        with self._connected() as connection:
            found = dict(
                connection.execute(
                    "select consignment_id, feature_points "
                    "from intermediate.int_risk__feature_points"
                ).fetchall()
            )
        points = [found[self._rows.consignment_ids[row]] for row in held]
        return np.array(points, dtype=np.int64) + card.intercept_points

    def _dbt(self, models: Sequence[str]) -> None:
        target = self._settings.home.work / "dbt_target"
        arguments = ("run", "--quiet", "--select", *models)
        dbt_invocation.run(arguments, settings=self._settings, target=target)

    def _connected(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(
            str(self._settings.warehouse), config=dict(self._settings.duckdb_config)
        )

    def _placed(self, folds: npt.NDArray[Any]) -> tuple[pa.Table, pa.Table]:
        """Rows of every group with the day that stands for their part, and which days each knows.

        The held-out rows of an only group keep their own days, so that SQL can score them there.
        """
        rows, day_of = self._rows, np.array(self._rows.days, dtype="datetime64[D]")
        placed: list[npt.NDArray[Any]] = []
        days: list[npt.NDArray[Any]] = []
        is_known: list[npt.NDArray[Any]] = []
        pairs: list[tuple[Any, Any]] = []
        for number, group in enumerate(self._groups):
            first = np.datetime64(_FIRST_FOLD_DAY) + number * (INNER_FOLDS + 1)
            inner = [first + fold for fold in range(INNER_FOLDS)]
            own = len(self._groups) == 1
            held = (
                day_of[group.held_out] if own else np.full(len(group.held_out), first + INNER_FOLDS)
            )
            placed += [group.known, group.held_out]
            days += [first + folds[group.known], held]
            is_known += [np.ones(len(group.known), bool), np.zeros(len(group.held_out), bool)]
            pairs += [
                (one, two) for one in (*inner, *np.unique(held)) for two in inner if one != two
            ]
        index = np.concatenate(placed)
        table = pa.table(
            {
                "position": pa.array(np.arange(len(index))),
                "consignment_id": pa.array([rows.consignment_ids[row] for row in index]),
                "consignment_day": pa.array(day_of[index]),
                "day": pa.array(np.concatenate(days).astype("datetime64[D]")),
                "is_known": pa.array(np.concatenate(is_known)),
            }
        )
        sides = zip(*pairs, strict=True)
        return table, pa.table(
            {
                name: pa.array(np.array(side, dtype="datetime64[D]"))
                for name, side in zip(("day", "history_day"), sides, strict=True)
            }
        )

    def _prepare(self, settings: Settings, placed: pa.Table, history: pa.Table) -> None:
        """What the models read, for these rows alone."""
        folder = self._settings.home.work
        with working(settings) as connection:
            connection.register("placed_rows", placed)
            for name, sql in _TAKEN.items():
                connection.execute(
                    f"copy ({sql}) to {literal(str(folder / name))} (format parquet)"
                )
        made = {
            "fit.row": "from placed_rows",
            "intermediate.int_risk__profile_history": "from history_pairs",
            **{name: f"from read_parquet({literal(str(folder / name))})" for name in _TAKEN},
            "intermediate.int_risk__modelled_types": "select distinct day, "
            f"{literal(self._rows.risk_type)} as risk_type from fit.row",
            **_MADE,
        }
        with self._connected() as connection:
            connection.register("placed_rows", placed)
            connection.register("history_pairs", history)
            for schema in ("core", "intermediate", "seeds", "fit"):
                connection.execute(f"create schema {schema}")
            for name, sql in made.items():
                connection.execute(f"create table {name} as {sql}")

    def _columns(self) -> dict[str, Any]:
        """`position` and every feature that the seed names, masked where missing."""
        same = " and ".join(f"items.{key} = {{0}}.{key}" for key in GOODS_KEY)
        with self._connected() as connection:
            named = connection.execute("select feature from seeds.risk_model_features order by 1")
            features = ", ".join(name for (name,) in named.fetchall())
            found = connection.execute(
                f"""
                select rows.position, {features}
                from fit.row as rows
                inner join intermediate.int_risk__item_features as items
                    on rows.consignment_id = items.consignment_id
                    and rows.consignment_day = items.day
                inner join intermediate.int_risk__goods_profiles as profiles
                    on rows.day = profiles.day and {same.format("profiles")}
                left join intermediate.int_risk__goods_measures as measures
                    on rows.consignment_day = measures.day and {same.format("measures")}
                left join intermediate.int_risk__entity_features as entities
                    on rows.consignment_id = entities.consignment_id and rows.day = entities.day
                """
            ).fetchnumpy()
        return {
            name: np.ma.masked_array(
                np.ma.filled(values, 0).astype(np.int64), np.ma.getmaskarray(values)
            )
            for name, values in found.items()
        }


_CONSIGNMENTS = "select distinct consignment_id, consignment_day as day from placed_rows"
_GOODS = (
    "select goods.* from intermediate.int_risk__goods as goods "
    f"semi join ({_CONSIGNMENTS}) as chosen using (consignment_id, day)"
)
# Table of the small warehouse -> what the working one gives for it.
_TAKEN = {
    "core.fct_consignment_items": "select items.* from core.fct_consignment_items as items "
    f"semi join ({_CONSIGNMENTS}) as chosen using (consignment_id, day)",
    "fit.goods": _GOODS,
    "intermediate.int_risk__goods_measures": "select measures.* "
    "from intermediate.int_risk__goods_measures as measures "
    f"semi join ({_GOODS}) as goods using (day, {', '.join(GOODS_KEY)})",
    "intermediate.int_risk__inspected_consignments": "select rows.day, inspected.* exclude (day) "
    "from intermediate.int_risk__inspected_consignments as inspected "
    "inner join placed_rows as rows using (consignment_id, consignment_day) where is_known",
    # On the day of the consignment, where results are counted, and on that of its fold, where they
    # are read.
    "intermediate.int_risk__entities": "select distinct days.day, entities.* exclude (day) "
    "from intermediate.int_risk__entities as entities "
    "inner join (select consignment_id, consignment_day, unnest([consignment_day, day]) as day "
    "from placed_rows) as days on entities.consignment_id = days.consignment_id "
    "and entities.day = days.consignment_day",
    "seeds.risk_model_features": "from seeds.risk_model_features",
    "fit.rules": "from intermediate.int_rules__in_force "
    "where day = (select max(day) from intermediate.int_rules__in_force)",
    "fit.parameters": "from intermediate.int_risk__parameters "
    "where day = (select max(day) from intermediate.int_risk__parameters)",
}
# Table of the small warehouse -> what follows from its others. The rules of the last day computed
# hold for every fold.
_MADE = {
    "intermediate.int_risk__goods_days": f"select rows.day, {', '.join(GOODS_KEY)}, "
    "count(*) as item_count from fit.row as rows inner join fit.goods as goods "
    "on rows.consignment_id = goods.consignment_id and rows.consignment_day = goods.day "
    "group by all",
    "intermediate.int_risk__modelled_days": "select distinct day from fit.row",
    "intermediate.int_rules__in_force": "select days.day, rules.* exclude (day) "
    "from fit.rules as rules, (select distinct day from fit.row) as days",
    "intermediate.int_risk__parameters": "select days.day, parameters.* exclude (day) "
    "from fit.parameters as parameters, (select distinct day from fit.row "
    "union select distinct consignment_day from fit.row) as days",
}
