"""Parameters of the generator: every number says where it is from, and every set lists them.

Not claimed: that the handbook is right.
"""

import csv
import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from synthetic.generate import generate
from synthetic.mess_plan import MessParameters
from synthetic.parameters import (
    DEFAULT_FIRST_DAY,
    GRADES,
    OWN,
    SyntheticParameters,
    default_first_day,
    documented,
)


@pytest.mark.parametrize("parameters", [SyntheticParameters(), MessParameters()])
def test_every_number_has_a_grade_and_a_source(parameters: object) -> None:
    listed = list(documented(parameters))
    assert len(listed) > 10
    assert [item.name for item in listed if item.grade not in GRADES or len(item.source) < 8] == []
    unsupported = [
        item.name
        for item in listed
        if item.grade != OWN
        and not any(word in item.source for word in ("(5.", "handbook", "Decree", "reliability"))
    ]
    assert unsupported == []


def test_the_figures_of_the_handbook_are_used_as_they_stand() -> None:
    numbers = {item.name: (item.value, item.grade) for item in documented(SyntheticParameters())}
    assert numbers["bunching"] == ("8000", "U")  # 0.5-1 %
    assert numbers["undervaluation_factor_low_percent"] == ("200", "U")
    assert numbers["undervaluation_factor_high_percent"] == ("400", "U")
    assert numbers["relief_value_vnd"] == ("1000000", "V2")
    assert numbers["discount_limit_percent"] == ("50", "V2")
    outage = {item.name: (item.value, item.grade) for item in documented(MessParameters())}
    assert outage["outage_hours"] == ("16", "V1")


def test_a_number_of_the_caller_is_no_longer_the_handbooks() -> None:
    changed = replace(SyntheticParameters(), discount_limit_percent=40)
    [item] = [item for item in documented(changed) if item.name == "discount_limit_percent"]
    assert (item.value, item.grade, item.source) == ("40", OWN, "set by the caller")


def test_every_set_lists_its_numbers(tmp_path: Path) -> None:
    generate(tmp_path, days=1, parcels_per_day=10, mess=True)
    with (tmp_path / "truth" / "parameters.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    expected = [*documented(SyntheticParameters()), *documented(MessParameters(), "mess.")]
    assert [row["name"] for row in rows] == [item.name for item in expected]
    assert {row["grade"] for row in rows} <= set(GRADES)


def test_a_longer_flow_ends_where_the_usual_week_ends() -> None:
    """A year of days must not run into the future of the desk that receives it."""
    week_end = DEFAULT_FIRST_DAY + dt.timedelta(days=6)
    assert [default_first_day(days) for days in (1, 3, 7)] == [DEFAULT_FIRST_DAY] * 3
    for days in (8, 30, 365):
        assert default_first_day(days) + dt.timedelta(days=days - 1) == week_end
