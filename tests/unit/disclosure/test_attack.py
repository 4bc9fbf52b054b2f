"""The attacker of tests/support on generated editions: he learns no sensitive cell, and could.

Each property has its negative control: the same attacker on a table with primary suppression only.
Claims nothing about real figures.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from disclosure import tidy
from disclosure.cells import ROLES
from disclosure.measures import Measure
from disclosure.parameters import Parameters, load
from disclosure.treat import Treated, treat
from tests.support.disclosure_attack import Attack, Key, known_within, reappeared
from tests.support.disclosure_tables import DIMENSIONS, Shape, cube, hierarchies, micro

PARAMETERS = load({})
MEASURES = [
    Measure("value", "additive"),
    Measure("value_ytd", "ytd", "value"),
    Measure("parcels", "additive", is_count=True, hidden_with="value"),
    Measure("share", "share", "value", "province"),
    Measure("growth", "growth", "value"),
]


def edition(rows: pl.DataFrame, months: Sequence[str], shape: Shape) -> pl.DataFrame:
    """Months, the year so far at the last two, its quarter, shares and growth."""
    periods: dict[str, Sequence[str]] = {month: [month] for month in months}
    if months[-1][5:] in {"03", "06", "09", "12"} and len(months) >= 3:
        periods[f"{months[-1][:4]}-Q{int(months[-1][5:]) // 3}"] = months[-3:]
    additive = cube(rows, {"value": "value", "parcels": "parcels"}, periods, shape.crossed)
    since = {month: [m for m in months if m <= month] for month in months[-2:]}
    ytd = cube(rows, {"value_ytd": "value"}, since, shape.crossed)
    axes = ["period", "measure", *DIMENSIONS]
    value = additive.filter(pl.col("measure") == "value")
    total = value.filter(pl.col("d_province") == "_T").drop("d_province")
    share = value.join(
        total.select("period", "d_hs", "d_origin", total=pl.col("value")),
        on=["period", "d_hs", "d_origin"],
    ).with_columns(value=100 * pl.col("value") / pl.col("total"), measure=pl.lit("share"))
    monthly = value.filter(pl.col("period").is_in(list(months)))
    after = dict(pairwise(months))
    base = monthly.filter(pl.col("period") != months[-1]).select(
        pl.col("period").replace_strict(after), *DIMENSIONS, base=pl.col("value")
    )
    growth = monthly.join(base, on=["period", *DIMENSIONS]).with_columns(
        value=100 * (pl.col("value") / pl.col("base") - 1), measure=pl.lit("growth")
    )
    parts = [additive, ytd, share.select(additive.columns), growth.select(additive.columns)]
    return pl.concat(parts).filter(pl.col("value") != 0).sort(axes)


def written(treated: Treated, folder: Path) -> Path:
    folder.mkdir()
    tidy.write(treated.cells, treated.hierarchies, treated.measures, folder)
    return folder


def whole_truth(rows: pl.DataFrame, shape: Shape) -> dict[Key, float]:
    """Every cell of every period of the first quarter, published or not."""
    months = {month: [month] for month in QUARTER} | {"2026-Q1": QUARTER}
    since = {month: [one for one in QUARTER if one <= month] for month in QUARTER}
    parts = [
        cube(rows, {"value": "value", "parcels": "parcels"}, months, shape.crossed),
        cube(rows, {"value_ytd": "value"}, since, shape.crossed),
    ]
    axes = ["period", "measure", *DIMENSIONS]
    return {tuple(row[:-1]): row[-1] for row in pl.concat(parts).select(*axes, "value").iter_rows()}


def found_by(
    folders: Sequence[Path],
    truths: Sequence[dict[Key, float]],
    parameters: Parameters = PARAMETERS,
) -> tuple[list, Attack]:
    """What an attacker learns who guesses each revision's sense, and its size to a factor of two.

    An unrevised cell he knows to be unrevised. truths: all periods of each edition's figures.
    """

    def revised(key: Key, number: int) -> tuple[float, float]:
        change = truths[number + 1].get(key, 0.0) - truths[number].get(key, 0.0)
        return min(0.0, 2 * change), max(0.0, 2 * change)

    attack = Attack(folders, revised)
    primary = [
        (number, key)
        for number, hidden in enumerate(attack.hidden)
        for key, status in hidden.items()
        if status == "c" and (number, key) in attack.bounds
    ]
    assert primary
    intervals = attack.intervals(primary)
    return known_within(intervals, lambda v: truths[v[0]][v[1]], parameters.p_pct), attack


def named(key: Key) -> str:
    """A cell as the report of the treatment names it."""
    words = zip(("period", "measure", *DIMENSIONS), key, strict=True)
    return ", ".join(f"{axis} {word}" for axis, word in words)


def cell_of(name: str) -> str:
    """A named cell without its measure: what is hidden together is named of each."""
    return ", ".join(part for part in name.split(", ") if not part.startswith("measure "))


def hidden_alike(hidden: dict[Key, str]) -> bool:
    """Whether value and parcels of an edition hide the same cells, for the same reason."""
    value, parcels = (
        {(key[0], *key[2:]): status for key, status in hidden.items() if key[1] == measure}
        for measure in ("value", "parcels")
    )
    return value == parcels


def only_primary(cells: pl.DataFrame, treated: Treated) -> Treated:
    """The same edition without secondary suppression, its shares and growth drawn from it."""
    axes = ["period", "measure", *DIMENSIONS]
    both = treated.cells.join(cells.select(*axes, raw=pl.col("value")), on=axes, how="left")
    shown = pl.col("status") == "d"
    open_cells = both.with_columns(
        value=pl.when(shown).then("raw").otherwise("value"),
        status=pl.when(shown).then(pl.lit("")).otherwise("status"),
        rounding=pl.when(shown).then(0).otherwise("rounding").cast(pl.Int64),
    ).filter(pl.col("value").is_not_null() | (pl.col("status") != ""))
    return Treated(
        open_cells.select(treated.cells.columns),
        treated.hierarchies,
        treated.measures,
        treated.record,
        treated.report,
    )


QUARTER = ("2026-01", "2026-02", "2026-03")
SHAPES = {
    "two_hierarchies": Shape(1, hs=(3, 2, 2), provinces=4, rows=500, contributors=80, skew=0.5),
    "three_dimensions": Shape(
        2,
        hs=(2, 2, 1),
        provinces=3,
        origins=2,
        rows=90,
        contributors=100,
        skew=0.4,
        crossed=(("hs", "province"), ("hs", "origin"), ("province", "origin")),
    ),
    "sparse": Shape(3, hs=(2, 2, 1), provinces=3, rows=30, contributors=60, skew=0.5),
    "dominated": Shape(4, hs=(2, 2, 1), provinces=4, rows=400, contributors=80, skew=1.4),
    "few_contributors": Shape(5, hs=(2, 2, 1), provinces=3, rows=120, contributors=26, skew=0.2),
    "one_contributor": Shape(6, hs=(2, 2, 1), provinces=2, rows=40, contributors=1),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SHAPES)
def test_a_month_after_the_other_tells_no_sensitive_cell(name: str, tmp_path: Path) -> None:
    """Two editions: January and February, then March with its quarter; what is told is revised."""
    shape = SHAPES[name]
    rows = micro(Shape(**{**shape.__dict__, "months": QUARTER}))
    # One row in forty of the first months comes late: totals are revised, most cells are not.
    known_then = rows.gather_every(40).with_columns(is_late=pl.lit(True))
    early = rows.join(known_then, on=rows.columns, how="anti").filter(pl.col("month") < "2026-03")
    before = edition(early, QUARTER[:2], shape)
    after = edition(rows, QUARTER, shape)
    tree = hierarchies(shape)
    first = treat(before, MEASURES, tree, PARAMETERS)
    second = treat(after, MEASURES, tree, PARAMETERS, [first.record])
    folders = [written(first, tmp_path / "1"), written(second, tmp_path / "2")]
    known, attack = found_by(folders, [whole_truth(early, shape), whole_truth(rows, shape)])
    # What the first edition told before it was sensitive is named, and is no more than that.
    told = {*second.report.unprotected, *second.report.already_public}
    assert len({cell_of(name) for name in told}) <= 3
    assert [one for one in known if one[0][0] == 0 or named(one[0][1]) not in told] == []
    assert reappeared(attack) == []
    assert all(hidden_alike(hidden) for hidden in attack.hidden)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["two_hierarchies", "sparse"])
def test_values_told_before_and_now_with_parcels_tell_no_sensitive_cell(
    name: str, tmp_path: Path
) -> None:
    """The first edition knows no parcels; then some rows come late, and all has them."""
    shape = SHAPES[name]
    rows = micro(Shape(**{**shape.__dict__, "months": QUARTER[:2]}))
    late = rows.gather_every(40).with_columns(is_late=pl.lit(True))
    early = rows.join(late, on=rows.columns, how="anti")
    before = edition(early, QUARTER[:2], shape).filter(pl.col("measure") != "parcels")
    tree = hierarchies(shape)
    first = treat(before, [one for one in MEASURES if not one.is_count], tree, PARAMETERS)
    second = treat(edition(rows, QUARTER[:2], shape), MEASURES, tree, PARAMETERS, [first.record])
    folders = [written(first, tmp_path / "1"), written(second, tmp_path / "2")]
    known, attack = found_by(folders, [whole_truth(early, shape), whole_truth(rows, shape)])
    told = {*second.report.unprotected, *second.report.already_public}
    assert len(told) <= 3
    assert [one for one in known if one[0][0] == 0 or named(one[0][1]) not in told] == []
    assert reappeared(attack) == []
    assert hidden_alike(attack.hidden[1])


@pytest.mark.slow
def test_three_vintages_of_one_quarter_tell_no_sensitive_cell(tmp_path: Path) -> None:
    """Values are corrected up and down, rows come late: many totals shift a little each time."""
    shape = Shape(7, hs=(2, 2, 1), provinces=3, rows=40, contributors=60, skew=0.5)
    rows = micro(Shape(**{**shape.__dict__, "months": QUARTER}))
    draw = np.random.default_rng(7)
    vintages = [rows]
    for _ in range(2):
        factor = draw.choice([1.0, 0.5, 0.98, 1.1], rows.height, p=[0.94, 0.02, 0.02, 0.02])
        corrected = vintages[0].with_columns(value=(pl.col("value") * factor).round())
        vintages.insert(0, corrected.filter(pl.Series(draw.random(corrected.height) > 0.03)))
        rows = vintages[0]
    treated: list[Treated] = []
    for vintage in vintages:
        cells = edition(vintage, QUARTER, shape)
        records = [one.record for one in treated]
        treated.append(treat(cells, MEASURES, hierarchies(shape), PARAMETERS, records))
    folders = [written(one, tmp_path / str(at)) for at, one in enumerate(treated)]
    known, attack = found_by(folders, [whole_truth(vintage, shape) for vintage in vintages])
    told = {
        name for one in treated for name in (*one.report.unprotected, *one.report.already_public)
    }
    assert len({cell_of(name) for name in told}) <= 3
    assert [one for one in known if named(one[0][1]) not in told] == []
    assert reappeared(attack) == []
    assert all(hidden_alike(hidden) for hidden in attack.hidden)


@pytest.mark.parametrize("name", ["two_hierarchies", "three_dimensions", "sparse"])
def test_primary_suppression_alone_is_broken(name: str, tmp_path: Path) -> None:
    shape = SHAPES[name]
    rows = micro(Shape(**{**shape.__dict__, "months": QUARTER[:2]}))
    cells = edition(rows, QUARTER[:2], shape)
    treated = treat(cells, MEASURES, hierarchies(shape), PARAMETERS)
    folder = written(only_primary(cells, treated), tmp_path / "open")
    known, _ = found_by([folder], [whole_truth(rows, shape)])
    assert len(known) > 10


@pytest.mark.parametrize("name", ["sparse", "few_contributors"])
def test_a_single_contributor_reckons_no_other_cell_from_one_sum(name: str, tmp_path: Path) -> None:
    shape = SHAPES[name]
    rows = micro(Shape(**{**shape.__dict__, "months": QUARTER[:2]}))
    cells = edition(rows, QUARTER[:2], shape)
    treated = treat(cells, MEASURES, hierarchies(shape), PARAMETERS)
    assert reckoned(written(treated, tmp_path / "1"), cells) == []
    bare = cells.drop([f"{role}_largest_code" for role in ROLES])
    unnamed = treat(bare, MEASURES, hierarchies(shape), PARAMETERS)
    assert reckoned(written(unnamed, tmp_path / "2"), cells) == []
    assert unnamed.report.secondary >= treated.report.secondary
    open_cells = only_primary(cells, treated)
    assert len(reckoned(written(open_cells, tmp_path / "3"), cells)) > 10


def reckoned(folder: Path, cells: pl.DataFrame) -> list[tuple[str, Key]]:
    """(contributor, cell): what is left unknown in one equation to him who knows his own cells."""
    attack = Attack([folder])
    axes = ["period", "measure", *DIMENSIONS]
    owned: dict[Key, set[str]] = {}
    for role in ROLES:
        mine = cells.filter(pl.col(f"{role}_count") == 1)
        for *key, code in mine.select(*axes, f"{role}_largest_code").iter_rows():
            owned.setdefault(tuple(key), set()).add(f"{role} {code}")
    found = []
    for terms, _ in attack.equations:
        unknown = [key for (_, key), _ in terms if key in attack.hidden[0]]
        for owner in set().union(*(owned.get(key, set()) for key in unknown), {""}):
            rest = [key for key in unknown if owner not in owned.get(key, set())]
            if len(rest) == 1 and attack.hidden[0][rest[0]] == "c":
                found.append((owner, rest[0]))
    return found
