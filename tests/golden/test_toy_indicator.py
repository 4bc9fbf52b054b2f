"""An indicator is added by the steps of the recipe alone, and arrives in every risk mart.

The recipe is the README beside the models of indicators. A copy of the dbt project gets one model
with its YAML, a row in two seeds and a threshold; then dbt builds and tests it. Not claimed: that
the indicator makes sense.
"""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import indicator_models
from tests.golden.risk_case import MODELS, RULES, consignment, put_consignments, warehouse
from tests.support import dbt_run
from tests.support.raw_fixture import build_raw

DAY = dt.date(2026, 11, 10)
TOY = "goods_above_toy_value"
SQL = """\
select
    subjects.consignment_id,
    subjects.day,
    'goods_above_toy_value' as indicator_id,
    {{ evidence([
        ['value_vnd', 'subjects.value_vnd', 'number'],
        ['limit_vnd', 'parameters.toy_limit_vnd', 'number'],
    ]) }} as evidence
from {{ ref('int_risk__subjects') }} as subjects
inner join (
    {{ parameters_by_day({'toy_limit_vnd': ['TOY_LIMIT', 'decimal(18,2)']}) }}
) as parameters
    on subjects.day = parameters.day
where subjects.value_vnd > parameters.toy_limit_vnd
"""
YAML = """\
version: 2

models:
  - name: int_risk__indicator_goods_above_toy_value
    description: "Trên mức. Một dòng mỗi lô hàng. | Above a limit. One row per consignment."
    config:
      meta:
        {owner: customs_analysis, audiences: [customs], order_by: [day, consignment_id],
         window_column: day}
    data_tests:
      - unique_combination:
          arguments: {columns: [day, consignment_id], window_column: day}
    columns:
      - {name: consignment_id, description: "Mã lô hàng | Consignment id"}
      - {name: day, description: "Ngày nghiệp vụ | Business day"}
      - {name: indicator_id, description: "Mã dấu hiệu | Indicator id"}
      - {name: evidence, description: "Bằng chứng | Evidence"}
"""
# Seed -> the row that is added. Law and version of weights are those of rows that stand there.
ROWS = {
    "risk_indicators": f"{TOY},Thử,Toy,Trên mức,Above,TT_81_2019,article 1,2020-01-01,,U,false",
    "risk_indicator_weights": f"{TOY},splitting,7,2026.1,2020-01-01,,a toy,U",
    "risk_indicator_sentences": f"{TOY},Trên mức {{value_vnd}},Above {{value_vnd}}",
    "risk_evidence": (
        f"{TOY},value_vnd,decimal,VND,1,0,number,1,Trị giá,Value\n"
        f"{TOY},limit_vnd,decimal,VND,1,0,peer_number,2,Mức,Limit"
    ),
    "risk_parameters": "TOY_LIMIT,Mức,Limit,300,VND,2020-01-01,,TT_81_2019,U,a toy",
}
GUARD = "assert_indicator_has_weight_and_legal_basis"


class Copy:
    """A copy of the dbt project, and a home that it is run on."""

    def __init__(self, root: Path) -> None:
        self.project, self.home = root / "dbt", root / "home"
        skipped = shutil.ignore_patterns("target", "logs")
        shutil.copytree(dbt_run.PROJECT_DIR, self.project, ignore=skipped)
        (self.home / "work").mkdir(parents=True)
        with warehouse(self.home) as connection:
            build_raw(connection, {}, (DAY, DAY))

    def add_model(self) -> None:
        (other, *_) = indicator_models.models(self.project).values()
        for suffix, text in ((".sql", SQL), (".yml", YAML)):
            path = other.with_name(f"{indicator_models.PREFIX}{TOY}{suffix}")
            path.write_text(text, encoding="utf-8")

    def add_rows(self) -> None:
        for name, row in ROWS.items():
            with (self.project / f"seeds/rules/{name}.csv").open("a", encoding="utf-8") as stream:
                stream.write(row + "\n")

    def dbt(self, *arguments: str) -> None:
        """Run dbt on the copy."""
        dbt_run.run_dbt(self.home, *arguments, project=self.project)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with warehouse(self.home) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    made = Copy(tmp_path_factory.mktemp("toy"))
    # At the limit of 300, above it once, above it twice with one consignee (10 points for that).
    put_consignments(
        made.home,
        [
            consignment("at", DAY, value_vnd=300),
            consignment("above", DAY, value_vnd="300.01"),
            *(
                consignment(f"twice-{n}", DAY, value_vnd=400, consignee_party_id="t")
                for n in (1, 2)
            ),
        ],
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DBT_TARGET_PATH", raising=False)
        yield made


@pytest.fixture(scope="module")
def refused(copy: Copy) -> str:
    """What dbt says of the model alone, before the list is made anew."""
    copy.add_model()
    with pytest.raises(dbt_run.DbtFailed) as failed:
        copy.dbt("compile", "--select", "fct_risk_indicators")
    return str(failed.value)


@pytest.fixture(scope="module")
def built(copy: Copy, refused: str) -> Copy:
    """The steps of the recipe, built and tested by dbt."""
    copy.add_rows()
    indicator_models.write(copy.project)
    copy.dbt(
        "build", "--exclude-resource-type", "unit_test", "--indirect-selection", "cautious",
        "--select", *RULES, "dim_legal_instrument", *MODELS,
    )  # fmt: skip
    return copy


def test_a_model_that_the_list_lacks_stops_dbt_and_is_named(refused: str) -> None:
    assert f"no list names the indicator {indicator_models.PREFIX}{TOY}" in refused
    assert "python -m tests.indicator_models" in refused


def test_it_fires_above_its_limit_with_points_evidence_and_law(built: Copy) -> None:
    found = built.rows(
        "select consignment_id, points, evidence, legal_instrument_id, legal_basis, weight_version "
        f"from risk.fct_risk_indicators where indicator_id = '{TOY}' order by 1"
    )
    law = ("TT_81_2019", "81/2019/TT-BTC, article 1", "2026.1")
    assert found == [
        ("P-above", 7, '{"value_vnd":300.01,"limit_vnd":300.00}', *law),
        ("P-twice-1", 7, '{"value_vnd":400.00,"limit_vnd":300.00}', *law),
        ("P-twice-2", 7, '{"value_vnd":400.00,"limit_vnd":300.00}', *law),
    ]


def test_it_is_in_the_scores_and_in_the_performance_of_rules(built: Copy) -> None:
    scores = "select consignment_id, score_points, indicator_count from risk.fct_risk_scores "
    assert built.rows(scores + "where risk_type = 'splitting' order by 1") == [
        ("P-above", 7, 1), ("P-twice-1", 17, 2), ("P-twice-2", 17, 2),
    ]  # fmt: skip
    assert built.rows(
        f"select fired_count from risk.fct_rule_performance where indicator_id = '{TOY}'"
    ) == [(3,)]


def test_a_model_without_its_row_fails_the_data_tests_and_is_named(built: Copy) -> None:
    """Negative control of the build above, which passed: nothing is dropped without a word."""
    with warehouse(built.home) as connection:
        connection.execute(f"delete from seeds.risk_indicators where indicator_id = '{TOY}'")
    with pytest.raises(dbt_run.DbtFailed, match=GUARD):
        built.dbt("test", "--select", GUARD, "--store-failures")
    found = built.rows(f"select indicator_id, problem from dbt_test_failures.{GUARD}")
    assert (TOY, "model without a row in risk_indicators") in found


def test_the_recipe_names_every_file_that_was_touched(built: Copy) -> None:
    """The copy differs from the project in what the recipe says, and in nothing else."""
    shipped = indicator_models.PROJECT

    def text(path: Path) -> str | None:
        return path.read_text(encoding="utf-8") if path.is_file() else None

    files = {
        path.relative_to(built.project) for path in built.project.rglob("*.*") if path.is_file()
    }
    touched = {path.name for path in files if text(built.project / path) != text(shipped / path)}
    touched -= {path.name for path in files if "__pycache__" in path.parts}
    (recipe,) = {path.parent / "README.md" for path in indicator_models.models().values()}
    told = recipe.read_text(encoding="utf-8").replace("<id>", TOY)
    assert touched == {
        f"{indicator_models.PREFIX}{TOY}.sql", f"{indicator_models.PREFIX}{TOY}.yml",
        "indicator_models.sql", *(f"{name}.csv" for name in ROWS),
    }  # fmt: skip
    assert {name for name in touched if name.removesuffix(".sql") not in told} == set()
