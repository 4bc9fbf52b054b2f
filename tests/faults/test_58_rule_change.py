"""Row 58, a rule change: "rule set versioned; old day + old rules = same bytes; + new rules = diff
report".

Not claimed: the report of the differences (a later issue): here each differing mart and row is
found by its content hash and its weight version.
"""

import pytest

from serving.content_hash import ContentHash
from tests.faults.record_cases import FROM_DAY, TO_DAY
from tests.faults.tiny_home import TinyHome

# Everything that the weights reach; the rest of the home stands as it was built.
AFFECTED = ("run", "--select", "risk_indicator_weights+", "--exclude", "resource_type:seed")
WEIGHTS = "seeds.risk_indicator_weights"
NEW_ROWS = (
    f"insert into {WEIGHTS} select indicator_id, risk_type, points + 5, '2026.2', "
    f"{{valid_from}}, null, rationale, evidence_grade from {WEIGHTS} where valid_to is null"
)
OLD_ROWS_END = f"update {WEIGHTS} set valid_to = {{valid_to}} where weight_version = '2026.1'"


@pytest.fixture(scope="module")
def contents(
    record_home: TinyHome, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[ContentHash, list[tuple[object, ...]]]]:
    """Which rules -> the content of every mart, and points by weight version."""
    home = record_home.copy(tmp_path_factory.mktemp("rules") / "home")
    home.register(FROM_DAY, TO_DAY)
    home.change(f"create table main.weights_before as select * from {WEIGHTS}")

    def built(*statements: str) -> tuple[ContentHash, list[tuple[object, ...]]]:
        home.change(f"delete from {WEIGHTS}", f"insert into {WEIGHTS} from main.weights_before")
        home.change(*statements)
        home.build(AFFECTED)
        points = home.rows(
            "select weight_version, sum(points), count(*) from risk.fct_risk_indicators "
            "group by all order by 1"
        )
        return home.content(), points

    before = (home.content(), home.rows("select count(*) from risk.fct_risk_indicators"))
    return {
        "as built": before,
        "a change for later days": built(
            NEW_ROWS.format(valid_from="date '2026-04-01'"),
            OLD_ROWS_END.format(valid_to="date '2026-03-31'"),
        ),
        "a change for these days": built(
            NEW_ROWS.format(valid_from=f"date '{FROM_DAY}'"),
            OLD_ROWS_END.format(valid_to=f"date '{FROM_DAY}' - 1"),
        ),
        "old rules again": built(),
    }


def test_old_days_with_old_rules_give_the_same_content(
    contents: dict[str, tuple[ContentHash, list[tuple[object, ...]]]],
) -> None:
    assert contents["old rules again"][0].by_table == contents["as built"][0].by_table
    # Rules are dated: a row that begins later changes no earlier day.
    assert contents["a change for later days"][0].by_table == contents["as built"][0].by_table


def test_new_rules_for_these_days_show_in_scores_and_nowhere_else(
    contents: dict[str, tuple[ContentHash, list[tuple[object, ...]]]],
) -> None:
    before, after = contents["old rules again"][0], contents["a change for these days"][0]
    changed = {name for name in before.by_table if before.by_table[name] != after.by_table[name]}
    assert {"risk.fct_risk_indicators", "risk.fct_risk_scores"} <= changed
    assert not {name for name in changed if name.startswith(("core.", "quality.", "impact."))}


def test_every_row_tells_its_rules(
    contents: dict[str, tuple[ContentHash, list[tuple[object, ...]]]],
) -> None:
    ((version, points, rows),) = contents["old rules again"][1]
    assert (version, rows > 0) == ("2026.1", True)
    # Five points more on every indicator that fired.
    assert contents["a change for these days"][1] == [("2026.2", points + 5 * rows, rows)]
