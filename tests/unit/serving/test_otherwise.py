"""How many points fewer, and without which reason, a consignment would not have been selected.

One queue by hand: office 02XX, 10 March 2026, undervaluation. The consignment has 29 + 11 + 10 = 50
points and was selected; another one was not. Of equal points the lower md5 of the id stands first.
Claims nothing about how queues are filled (golden tests do).
"""

from collections.abc import Mapping
from hashlib import md5
from types import MappingProxyType

import duckdb
import pytest

from serving.otherwise import Otherwise, what_would_differ
from serving.stored_rows import StoredRows
from tests.unit.serving.fake_work import DAY

FIRST, LAST = sorted(("P-A", "P-B"), key=lambda each: md5(each.encode()).hexdigest())
TABLES = """
create schema core; create schema risk;
create table core.fct_consignments (
    consignment_id varchar, day date, customs_office_code varchar, is_active boolean,
    importing_country_code varchar
);
create table core.dim_rule_parameter (
    parameter_id varchar, value varchar, valid_from date, valid_to date
);
insert into core.dim_rule_parameter values
    ('SELECTION_MIN_SCORE', '10', '2020-01-01', '2026-03-09'),
    ('SELECTION_MIN_SCORE', '20', '2026-03-10', null),
    ('SELECTION_MIN_LIFT', '1', '2020-01-01', null);
create table risk.fct_risk_scores (
    consignment_id varchar, day date, risk_type varchar, score_points bigint,
    intercept_points bigint, model_version varchar
);
create table risk.fct_selections (consignment_id varchar, day date, selection_method varchar);
create table risk.fct_information_requests (day date, risk_type varchar);
create table risk.fct_selection_overrides (
    consignment_id varchar, override varchar, override_outcome varchar
);
"""
SCORE = {"day": DAY, "risk_type": "undervaluation", "intercept_points": 0, "model_version": None}
PARTS = (29, 11, 10)


def _row(
    name: str,
    points: int,
    *,
    office: str = "02XX",
    country: str = "VN",
    base: int | None = None,
    method: str | None = None,
    risk_type: str = "undervaluation",
) -> str:
    """Statements for one consignment. base: the intercept of a model."""
    model = "null" if base is None else "'m1'"
    text = (
        f"insert into core.fct_consignments values"
        f" ('{name}', '{DAY}', '{office}', true, '{country}');"
        f"insert into risk.fct_risk_scores values"
        f" ('{name}', '{DAY}', '{risk_type}', {points}, {base or 0}, {model});"
    )
    if method:
        text += f"insert into risk.fct_selections values ('{name}', '{DAY}', '{method}');"
    return text


def _asked(
    *statements: str,
    name: str = FIRST,
    base: int | None = None,
    parts: tuple[int, ...] = PARTS,
    others: Mapping[str, int] = MappingProxyType({}),
) -> Otherwise:
    """What is said about the selected consignment `name`, with other consignments beside it."""
    score = {**SCORE, "consignment_id": name, "score_points": sum(parts) + (base or 0)}
    if base is not None:
        score |= {"intercept_points": base, "model_version": "m1"}
    scores = [score]
    scores += [
        {**SCORE, "risk_type": risk_type, "score_points": points}
        for risk_type, points in others.items()
    ]
    facts = {
        "consignment_id": name,
        "day": DAY,
        "customs_office_code": "02XX",
        "importing_country_code": "VN",
    }
    selection = {"selection_method": "score", "risk_type": "undervaluation"}
    reasons = [
        {"indicator_id": f"i{points}", "risk_type": "undervaluation", "points": points}
        for points in parts
    ]
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        connection.execute(_row(name, sum(parts) + (base or 0), base=base, method="score"))
        for statement in statements:
            connection.execute(statement)
        present = frozenset(
            f"{schema}.{table}"
            for schema, table in connection.execute(
                "select table_schema, table_name from information_schema.tables"
            ).fetchall()
        )
        rows = StoredRows(connection, "r1", present)
        found = what_would_differ(rows, facts, selection, scores, reasons)
    assert found is not None
    return found


def _named(found: Otherwise) -> tuple[object, ...]:
    return (
        found.compared_with,
        found.compared_points,
        found.points_fewer,
        [row["reason"] for row in found.one_reason],
    )


def test_of_equal_points_the_order_of_the_hash_decides_by_one_point() -> None:
    # Ten fewer: 40, as the other, and this one still stands first. Eleven are needed: i10 is not
    # enough, i11 just is.
    assert _named(_asked(_row(LAST, 40))) == ("first_not_selected", 40, 11, ["i29", "i11"])
    # The other stands first of equal points: ten are enough, and so is i10.
    assert _named(_asked(_row(FIRST, 40), name=LAST)) == (
        "first_not_selected", 40, 10, ["i29", "i11", "i10"],
    )  # fmt: skip


def test_without_a_reason_of_that_size_the_fewest_that_carry_it_together() -> None:
    found = _asked(_row(LAST, 20))  # 31 points: 29 alone is not enough, 29 + 11 = 40 is
    assert (found.points_fewer, found.one_reason) == (31, ())
    assert [row["reason"] for row in found.together] == ["i29", "i11"]
    # Fifteen are needed, and 9 + 6 are just enough; of sixteen they are one too few.
    small = (9, 6, 6, 6, 5, 3)
    found = _asked(_row(FIRST, 20), name=LAST, parts=small)
    assert (found.points_fewer, [row["reason"] for row in found.together]) == (15, ["i9", "i6"])
    found = _asked(_row(LAST, 20), parts=small)
    assert (found.points_fewer, len(found.together)) == (16, 3)


def test_who_was_left_out_below_the_least_points_says_nothing_about_slots() -> None:
    # 20 points are the least on this day (10 was, the day before): 31 fewer are 19.
    assert _named(_asked(_row(LAST, 19)))[:3] == ("least_points", 20, 31)
    assert _named(_asked(_row(LAST, 20)))[:3] == ("first_not_selected", 20, 31)
    assert _named(_asked())[:3] == ("least_points", 20, 31)
    assert _named(_asked(parts=(21,)))[2:] == (2, ["i21"])


def test_a_model_counts_from_its_base() -> None:
    # base -4000, lift 1: the least is -3999; 50 points above the base, 50 fewer are the base.
    assert _named(_asked(base=-4000))[:3] == ("least_points", -3999, 50)
    assert _named(_asked(_row(LAST, -3990, base=-4000), base=-4000))[:3] == (
        "first_not_selected", -3990, 41,
    )  # fmt: skip
    assert _named(_asked(_row(LAST, -4000, base=-4000), base=-4000))[0] == "least_points"


@pytest.mark.parametrize(
    ("other", "counts"),
    [
        (_row(LAST, 40, office="01XX"), False),
        (_row(LAST, 40, country="KR"), False),
        (_row(LAST, 40, risk_type="origin"), False),
        (_row(LAST, 40, method="score"), False),
        (_row(LAST, 40, method="mandatory"), False),
        (_row(LAST, 40, method="random"), True),
        (
            _row(LAST, 40)
            + f"insert into risk.fct_risk_scores values ('{LAST}','{DAY}','origin',20,0,null)",
            False,
        ),
        (
            _row(LAST, 40)
            + f"insert into risk.fct_risk_scores values ('{LAST}','{DAY}','origin',19,0,null)",
            True,
        ),
        (
            _row(LAST, 40)
            + "insert into risk.fct_risk_scores"
            + f" values ('{LAST}','{DAY}','data_quality',90,0,null);"
            + f"insert into risk.fct_information_requests values ('{DAY}','data_quality')",
            True,
        ),
        (
            _row(LAST, 40)
            + f"insert into risk.fct_selection_overrides values ('{LAST}','release','applied')",
            False,
        ),
        (
            _row(LAST, 40)
            + f"insert into risk.fct_selection_overrides values ('{LAST}','release','too_late')",
            True,
        ),
    ],
)
def test_only_who_stood_in_this_queue_alone_is_compared_with(other: str, counts: bool) -> None:
    assert _asked(other).compared_with == ("first_not_selected" if counts else "least_points")


def test_a_place_in_another_queue_is_named_from_the_least_points_on() -> None:
    asked = f"insert into risk.fct_information_requests values ('{DAY}','data_quality')"
    others = {"origin": 20, "splitting": 19, "data_quality": 90}
    assert _asked(asked, others=others).other_queues == (
        {"risk_type": "origin", "score_points": 20},
    )
    assert [row["risk_type"] for row in _asked(others=others).other_queues] == [
        "data_quality", "origin",
    ]  # fmt: skip


def test_what_the_release_does_not_hold_is_not_said() -> None:
    for lacking in (
        "drop table core.dim_rule_parameter",
        "delete from core.dim_rule_parameter where parameter_id = 'SELECTION_MIN_LIFT'",
        _row(LAST, 51),  # stands before it and was not selected: not the order of this queue
    ):
        found = _asked(lacking)
        assert (found.compared_with, found.points_fewer) == ("unknown", None)
        assert "does not hold enough" in found.lines()[1]


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("random", "only another draw"),
        ("mandatory", "must not fire"),
        ("manual", "without that decision"),
        ("other", "does not hold enough"),
    ],
)
def test_other_methods_have_one_sentence(method: str, said: str) -> None:
    with duckdb.connect() as connection:
        rows = StoredRows(connection, "r1", frozenset())
        found = what_would_differ(rows, {}, {"selection_method": method}, [], [])
        assert found is not None
        assert said in found.lines()[1]
        assert what_would_differ(rows, {}, None, [], []) is None


def test_the_text_names_queue_points_and_reasons() -> None:
    text = "\n".join(_asked(_row(LAST, 40)).lines())
    for part in (
        "undervaluation",
        "has 40 points",
        "has 50; 11 points fewer",
        "i29: +29",
        "i11: +11",
    ):
        assert part in text
    assert "i10" not in text
    assert LAST not in text
