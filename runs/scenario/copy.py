"""The tax models of some days, before and after a change of the law, in a throw-away database.

Defines: `taxed`, `Taxed`, `tax_parameters`. Add here another table that a scenario changes or
reads. Keep out: the file of a scenario (document.py), what is told of both sides (outcome.py).

Raw rows of the home are read, nothing of it is written: the working database and the releases of
the site know nothing of a scenario.
"""

import datetime as dt
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from foundation import locks
from foundation.errors import UsageError
from foundation.home import Home
from foundation.progress import report
from ingest.raw_views import register_raw_views
from runs.scenario.document import LARGEST, RATE_MOST, Scenario
from runs.settings import DBT_PROJECT, Settings

_MARTS = ("+fct_tax_assessments", "+int_market__province_incomes")
# Unit of a parameter -> the largest number that is no slip of the keyboard.
_MOST = {"percent": RATE_MOST, "flag": 1}
# What is made again after the change; everything before it reads no parameter of taxes.
_CHANGED = ("int_rules__in_force", "int_taxes__*", "fct_tax_assessments")
_RULES = "int_taxes__rules_by_day"
_NOT_OF_TAX = {"HOME_COUNTRY"}
# What a change is written into: copy -> table, as the law is.
_KEPT = {
    "kept_parameters": "seeds.rule_parameters",
    "kept_site": "raw.site_parameter",
    "kept_rates": "intermediate.int_tariff__rates",
}
# dbt would tell each node on stdout, where the result stands.
_QUIET = "--quiet"
_ONLY_MODELS = ("--resource-type", "model", "--resource-type", "seed")
_LAW = """
create table scenario.law as
select parameter_id, value_text from intermediate.int_rules__in_force where day = ?
"""
_SIDE = """
create or replace table scenario.{side} as
select
    consignment_id, day, platform_code, hs_chapter, consignee_province_code as province_code,
    customs_value_vnd, duty_due_vnd, vat_due_vnd
from intermediate.int_taxes__assessed
where is_in_flows
"""


class Taxed:
    """A throw-away copy of some days, taxed as the law is. Each change begins from that law."""

    def __init__(self, copy: Settings, to_day: dt.date) -> None:
        self._copy = copy
        self._target = copy.home.work / "dbt_target"
        self._dbt(_QUIET, "build", *_ONLY_MODELS, "--select", *_MARTS)
        with _open(copy) as connection:
            connection.execute("create schema scenario")
            connection.execute(_LAW, [to_day])
            connection.execute(_SIDE.format(side="before"))
            for kept, table in _KEPT.items():
                connection.execute(f"create table scenario.{kept} as from {table}")

    @contextmanager
    def changed(self, scenario: Scenario) -> Iterator[duckdb.DuckDBPyConnection]:
        """The copy with the tables scenario.before and scenario.after: one row per consignment of
        the days that flows count, with value and tax due (VND, null without a value); and
        scenario.law: the parameters that were in force on the last day."""
        with _open(self._copy) as connection:
            _require_rows(connection, scenario)
            for kept, table in _KEPT.items():
                connection.execute(f"truncate {table}")
                connection.execute(f"insert into {table} from scenario.{kept}")
            _change(connection, scenario)
        report(f"taxes after {scenario.name}")
        self._dbt(_QUIET, "run", "--select", *_CHANGED)
        with _open(self._copy) as connection:
            connection.execute(_SIDE.format(side="after"))
            yield connection

    def _dbt(self, *arguments: str) -> None:
        from runs import dbt_invocation  # dbt takes seconds that a wrong file should not cost

        dbt_invocation.run(arguments, settings=self._copy, target=self._target)


@contextmanager
def taxed(settings: Settings, scenarios: Sequence[Scenario]) -> Iterator[Taxed]:
    """The copy of the days of `scenarios`, which all have the same.

    Removed at the end; one at a time. Raises UsageError for days without rows, a parameter that no
    tax model reads, a value that is no number; DbtFailed.
    """
    readable = tax_parameters()
    for scenario in scenarios:
        if unknown := sorted(set(scenario.parameters) - readable):
            raise UsageError(
                f"no model of taxes reads {', '.join(unknown)}",
                where=f"scenario {scenario.name}, parameters",
                remedy=f"choose among {', '.join(sorted(readable))}",
            )
    first, last = scenarios[0].from_day, scenarios[0].to_day
    folder = settings.home.scenarios / ".working"
    copy = replace(settings, home=Home(folder), working_database=None)
    with locks.exclusive(settings.home.scenarios / ".lock", "scenarios", wait=True), _empty(folder):
        copy.home.work.mkdir(parents=True)
        with _open(copy) as connection:
            register_raw_views(connection, settings.home, first, last)
        report(f"taxes of {first} to {last} as the law is")
        yield Taxed(copy, last)


@contextmanager
def _empty(folder: Path) -> Iterator[None]:
    """Without what a killed process left; gone afterwards. The caller holds the lock."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def tax_parameters() -> set[str]:
    """The parameters that the models of taxes read, from their own text."""
    [file] = DBT_PROJECT.glob(f"models/**/{_RULES}.sql")
    text = file.read_text(encoding="utf-8")
    return set(re.findall(r"parameter_id = '([A-Z_]+)'", text)) - _NOT_OF_TAX


def _open(copy: Settings) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(copy.warehouse), config=dict(copy.duckdb_config))


def _require_rows(connection: duckdb.DuckDBPyConnection, scenario: Scenario) -> None:
    counted = connection.execute("select count(*) from scenario.before").fetchone()
    if not counted or not counted[0]:
        raise UsageError(
            f"no consignment of {scenario.from_day} to {scenario.to_day} is counted in flows",
            where=f"scenario {scenario.name}",
            remedy="choose days with deliveries (`import-risk status`)",
        )


def _change(connection: duckdb.DuckDBPyConnection, scenario: Scenario) -> None:
    """Put the scenario's law in the place of the law of its days."""
    for parameter_id, value in scenario.parameters.items():
        _require_kind(connection, scenario, parameter_id, value)
        connection.execute(
            "delete from seeds.rule_parameters where parameter_id = ?", [parameter_id]
        )
        connection.execute("delete from raw.site_parameter where parameter_id = ?", [parameter_id])
        connection.execute(
            """
            insert into seeds.rule_parameters by name
            select
                ? as parameter_id, 'kịch bản' as meaning_vi, 'scenario' as meaning_en,
                ? as value, 'scenario' as unit, ?::date as valid_from, null as valid_to,
                (select min(legal_instrument_id) from seeds.rule_parameters)
                    as legal_instrument_id, 'U' as evidence_grade, ? as note
            """,
            [parameter_id, value, scenario.from_day, f"scenario {scenario.name}"],
        )
    # From chapters to lines: a longer code counts for its goods, whatever the shorter one says.
    for code, rate in sorted(scenario.tariff.items(), key=lambda one: (len(one[0]), one[0])):
        connection.execute(
            "update intermediate.int_tariff__rates set mfn_rate_percent = ? "
            "where starts_with(tariff_code, ?)",
            [rate, code],
        )
        connection.execute(
            """
            insert into intermediate.int_tariff__rates by name
            select
                ? as tariff_code, 'scenario' as rate_basis, ? as mfn_rate_percent,
                false as is_approximate
            where not exists (
                select 1 from intermediate.int_tariff__rates where tariff_code = ?
            )
            """,
            [code, rate, code],
        )


def _require_kind(
    connection: duckdb.DuckDBPyConnection, scenario: Scenario, parameter_id: str, value: str
) -> None:
    """A word where the law has a word, a number within what its unit can be where it has one; a
    parameter that no law has yet is a number."""
    kinds = connection.execute(
        "select distinct try_cast(value as decimal(28, 6)) is not null, value, unit "
        "from seeds.rule_parameters where parameter_id = ?",
        [parameter_id],
    ).fetchall()
    words = {text for is_number, text, _ in kinds if not is_number}
    if words:
        is_fit, needed = value in words | {"or", "and"}, "or, and"
    else:
        most = min((_MOST.get(unit, LARGEST) for *_, unit in kinds), default=LARGEST)
        found = connection.execute("select try_cast(? as decimal(28, 6))", [value]).fetchone()
        is_fit = bool(found and found[0] is not None and 0 <= found[0] <= most)
        needed = f"a number from 0 to {most:,}"
    if not is_fit:
        raise UsageError(
            f"{parameter_id} cannot be {value!r}",
            where=f"scenario {scenario.name}, parameters",
            remedy=f"write {needed}",
        )
