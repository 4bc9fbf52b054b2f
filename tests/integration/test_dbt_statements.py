"""What stands in for dbt does what dbt does, on a new home and on one whose tables stand."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from runs import dbt_invocation
from runs.days.day_set import Days
from tests.faults.story_of_days import LATE, PRICED, READER, forty_days_late, ordinary, reader
from tests.faults.tiny_home import EVERYTHING, TinyHome
from tests.support import dbt_statements
from tests.support.dbt_run import DbtFailed, environment_kept

pytestmark = pytest.mark.slow
STEPS = (
    ((ordinary,), Days([PRICED])),
    ((reader, forty_days_late), Days([PRICED, READER, LATE])),
)


def by_dbt(home: TinyHome, arguments: Sequence[str] = EVERYTHING) -> None:
    with environment_kept():
        dbt_invocation.run(arguments, settings=home.settings, target=home.home.work / "target")


def by_statements(home: TinyHome, arguments: Sequence[str] = EVERYTHING) -> None:
    dbt_statements.run(home.home.warehouse, arguments)


def test_the_same_tables_with_the_same_content(tmp_path: Path) -> None:
    """First everything is made, then days are added and one is made again; seeds are loaded too."""
    first, second = (TinyHome(tmp_path / name, None) for name in ("dbt", "statements"))
    by_dbt(first, ("seed",))
    by_statements(second, ("seed",))
    for deliveries, days in STEPS:
        for home, build in ((first, by_dbt), (second, by_statements)):
            for deliver in deliveries:
                deliver(home)
            home.register(days.from_day, days.to_day)
            build(home)
        one, two = first.content(), second.content()
        assert one.by_table == two.by_table
        assert columns(first) == columns(second)
    assert one.rows["core.fct_consignments"] > 40
    assert one.rows["risk.fct_risk_indicators"] > 0


def columns(home: TinyHome) -> list[tuple[object, ...]]:
    """Every column of every relation with its type."""
    return home.rows(
        "select table_schema, table_name, column_name, data_type, is_nullable "
        "from information_schema.columns order by all"
    )


def test_a_wrong_statement_and_a_failing_test_are_seen(seeded: Path, tmp_path: Path) -> None:
    """Negative controls: the comparison above can fail, and what stands in refuses as dbt does."""
    home = TinyHome(tmp_path / "home", seeded)
    ordinary(home)
    home.register(PRICED, PRICED)
    by_statements(home)
    before = home.content()
    home.change(
        "update core.fct_consignments set value_vnd = value_vnd + 1 where value_vnd = 90000"
    )
    assert home.content().by_table != before.by_table
    home.change("insert into core.fct_consignments from core.fct_consignments limit 1")
    with pytest.raises(DbtFailed, match="Failure in test unique_combination_fct_consignments"):
        dbt_statements.run(home.home.warehouse, ("test", "--select", "fct_consignments"))


def test_what_it_was_not_made_for_is_left_to_dbt() -> None:
    for arguments in (("compile",), ("run", "--full-refresh"), ("build", "--vars", "{}")):
        assert not dbt_statements.can_stand_in(arguments)
    assert dbt_statements.can_stand_in(("run", "--select", "fct_consignments"))
