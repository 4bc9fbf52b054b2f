"""The sum of points: by hand, and the same in SQL and in Python on every text."""

import random
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from ingest.items import scoring
from ingest.items.calibration import Calibration, _weight, probabilities
from ingest.items.model import candidates
from ingest.items.scoring import headings_of
from ingest.items.table import ItemModel, read_model
from tests.unit.ingest.items.support import SMALL, points, random_texts, terms


def test_the_sum_by_hand() -> None:
    # phone case: 3926 = 100 + 700 + 1500 + 1300 = 3600; 8517 = 300 + 2000 - 1200 = 1100.
    # weights: 3926 1,000,000; 8517 exp(-2.5) = 82,085; none exp((500 - 3600) / 1000) = 45,049;
    # total 1,127,134: 887,205 and 72,826 millionths. 6109 stands in: the largest base that is left.
    [first, second, third] = headings_of(terms(["phone case"]), SMALL).to_pylist()
    assert first == {
        "text_id": 0, "heading_rank": 1, "hs4": "3926", "score": 3600,
        "probability_micro": 887_205, "is_answer": True,
    }  # fmt: skip
    assert (second["hs4"], second["score"], second["probability_micro"]) == ("8517", 1100, 72_826)
    assert (third["hs4"], third["score"], third["probability_micro"]) == ("6109", 200, 0)


def test_a_text_that_says_nothing_is_unknown_and_has_three_codes() -> None:
    rows = headings_of(terms(["zzz", "", None]), SMALL).to_pylist()
    assert [row["hs4"] for row in rows] == ["8517", "6109", "3926"] * 3
    assert {row["probability_micro"] for row in rows} == {0}
    assert not any(row["is_answer"] for row in rows)


def test_what_speaks_against_a_heading_alone_makes_it_no_candidate() -> None:
    # toy: 9503 = -50 + 900; 6109 has -900 only: it stands in with its base, like any other.
    rows = headings_of(terms(["toy"]), SMALL).to_pylist()
    assert [(row["hs4"], row["score"]) for row in rows] == [
        ("9503", 850),
        ("8517", 300),
        ("6109", 200),
    ]


def test_equal_scores_go_by_code() -> None:
    model = ItemModel(
        points([("", "0101", 0), ("", "0202", 0), ("", "0303", 0), ("", "0404", 0),
                ("a1b", "0404", 500), ("a1b", "0303", 500)]),
        SMALL.calibration,
    )  # fmt: skip
    rows = headings_of(terms(["a1b"]), model).to_pylist()
    assert [row["hs4"] for row in rows] == ["0303", "0404", "0101"]


def in_python(prepared: pa.Array, model: ItemModel) -> list[tuple[str, int, bool]]:
    """(code, probability, answered) of three headings a text, by numpy."""
    found = candidates(prepared, model.points)
    ranked = probabilities(found, model.calibration)
    codes = found.codes.to_pylist()
    return [
        (codes[ranked.hs4[text, place]], int(ranked.probability[text, place]),
         bool(ranked.answered[text]) and place == 0)
        for text in range(found.texts)
        for place in range(3)
    ]  # fmt: skip


def in_sql(prepared: pa.Array, model: ItemModel) -> list[tuple[str, int, bool]]:
    rows = headings_of(prepared, model)
    return list(
        zip(
            *(rows[name].to_pylist() for name in ("hs4", "probability_micro", "is_answer")),
            strict=True,
        )
    )


def random_model(seed: int) -> ItemModel:
    """Headings and points at random over the words of the texts, ties and negatives among them."""
    draw = random.Random(seed)
    names = sorted(
        {name for line in terms(random_texts(200, seed)).to_pylist() for name in line.split()}
    )
    codes = [f"{draw.randint(101, 9999):04d}" for _ in range(12)]
    rows = {
        (name, draw.choice(codes)): draw.choice((-700, 250, 500, 500, 1800)) for name in names * 3
    }
    bases = {("", code): draw.choice((-300, 0, 0, 400)) for code in codes}
    return ItemModel(
        points([(*key, value) for key, value in (rows | bases).items()]),
        Calibration(draw.choice((400, 1350)), draw.choice((-500, 6750)), 600_000),
    )


@pytest.mark.parametrize("seed", range(3))
def test_sql_and_python_agree_on_every_text(seed: int) -> None:
    prepared = terms(random_texts(2_000, seed))
    for model in (random_model(seed), read_model()):
        assert in_sql(prepared, model) == in_python(prepared, model)


def test_the_comparison_would_see_one_changed_point() -> None:
    prepared, model = terms(["phone"]), SMALL
    changed = model.points.points.copy()
    changed[-1] += 1
    [last] = model.points.term.take(pa.array([len(changed) - 1])).to_pylist()
    other = ItemModel(
        type(model.points)(model.points.term, model.points.hs4, changed), model.calibration
    )
    text = terms([last.replace("~", "for ")])
    assert in_sql(text, other) != in_python(text, model)
    assert in_sql(prepared, model) == in_python(prepared, model)


def test_weights_are_the_same_number_in_sql_for_every_distance() -> None:
    import duckdb

    stated = read_model().calibration
    distance = np.arange(-25_000, 13 * stated.temperature)
    with duckdb.connect() as connection:
        connection.register("d", pa.table({"d": distance}))
        [theirs] = connection.execute(
            f"select list(cast(floor(exp(least(d / cast({stated.temperature} as double), 13e0))"
            " * 1e6 + 0.5) as bigint) order by d) from d"
        ).fetchone() or [[]]
    assert theirs == _weight(distance, stated.temperature).tolist()


def test_always_three_different_codes() -> None:
    rows = headings_of(terms(random_texts(1_000, seed=9)), read_model())
    codes = np.array(rows["hs4"].to_pylist()).reshape(-1, 3)
    assert len(codes) == 1_000
    assert all(re.fullmatch("[0-9]{4}", code) for code in codes.reshape(-1))
    assert all(len(set(three)) == 3 for three in codes.tolist())


def test_the_statement_names_no_engine(project: Path) -> None:
    assert "unnest(string_split(terms, ' '))" in scoring.statement("a", "b", "c")
    engine = (project / "dbt" / "macros" / "engine" / "each_word.sql").read_text(encoding="utf-8")
    assert scoring._each_word("{{ text_expression }}") in engine
