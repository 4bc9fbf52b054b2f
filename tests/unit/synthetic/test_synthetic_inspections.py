"""Synthetic inspections: when their results are known, and that they speak of what is there.

Add here a claim about inspections of every kind of row. Keep out: what is found of a typology
(test_synthetic_goods_typologies.py).
"""

from pathlib import Path

import duckdb
import pytest

from synthetic.generate import generate

DAYS, PARCELS = 3, 8_000


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("set"), days=DAYS, parcels_per_day=PARCELS).out


def read(out: Path, source: str) -> str:
    return f"read_csv('{out}/{source}*.csv', all_varchar = true, filename = true)"


def test_a_result_stands_in_the_file_of_the_day_on_which_it_is_known(out: Path) -> None:
    """Up to three days after an inspection, which may follow the arrival by one."""
    days = duckdb.execute(
        f"""
        select left(known_at, 10) as known, parse_filename(filename, true)[-10:] as file
        from {read(out, "inspection_outcome")} group by all order by all
        """
    ).fetchall()
    known = [f"2026-11-{day}" for day in range(10, 16)]
    assert days == [(day, day) for day in known]


def test_inspections_are_mostly_honest_and_state_their_probability(out: Path) -> None:
    rows = duckdb.execute(
        f"""
        select
            count(*) filter (where (selection_method = 'random') <> (selection_probability
                is not null)),
            count(*) filter (where cast(known_at as timestamp) - cast(inspected_at as timestamp)
                not in (interval 1 day, interval 2 day, interval 3 day)),
            count(*) filter (where (result = 'finding') <> (finding_type <> 'none')),
            count(*) filter (where selection_method = 'random') / {DAYS * PARCELS * 1.05}
        from {read(out, "inspection_outcome")}
        """
    ).fetchone()
    assert rows is not None
    assert rows[:3] == (0, 0, 0)
    assert 0.0035 < rows[3] < 0.0065
    orphans = duckdb.execute(
        f"""
        select count(*) from {read(out, "inspection_outcome")} where consignment_reference not in (
            select house_waybill_number from {read(out, "parcel_manifest")}
            union all select declaration_number from {read(out, "customs_declaration")})
        """
    ).fetchone()
    assert orphans == (0,)
