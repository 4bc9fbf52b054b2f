"""The synthetic deliveries: reproducible bytes, conforming files, the described distributions.

Not claimed: that the flow resembles real trade beyond the parameters tested here.
"""

import datetime as dt
from pathlib import Path

import duckdb
import pytest
from stdnum.vn import mst

from contracts.base import Contract
from contracts.catalogue import CONTRACTS
from foundation.errors import UsageError
from foundation.files import sha256_file
from synthetic import generate as module
from synthetic import goods, vocabulary
from synthetic.generate import DEFAULT_FIRST_DAY, GenerationReport, generate

DAYS = 3
PARCELS = 8_000


@pytest.fixture(scope="module")
def flow(tmp_path_factory: pytest.TempPathFactory) -> GenerationReport:
    """Three days, written once."""
    out = tmp_path_factory.mktemp("synthetic")
    return generate(out, days=DAYS, parcels_per_day=PARCELS, threads=2)


def hashes(out: Path) -> dict[str, str]:
    return {
        path.relative_to(out).as_posix(): sha256_file(path)
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def read(report: GenerationReport, source: str) -> str:
    """A table function call over all files of a source, every column as text."""
    pattern = (report.out / f"{source}*.csv").as_posix()
    return (
        f"read_csv('{pattern}', header = true, all_varchar = true, delim = ',', quote = '\"', "
        "escape = '\"', nullstr = '')"
    )


def scalar(sql: str) -> float:
    row = duckdb.execute(sql).fetchone()
    assert row is not None
    return float(row[0])


def test_same_seed_same_bytes_for_any_threads_and_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Equal bytes of every file, not only equal rows; several slices for both threads to make."""
    generate(tmp_path / "whole", days=1, parcels_per_day=2_500)
    monkeypatch.setattr(module, "SLICE_ROWS", 170)
    for name, threads in (("one", 1), ("two", 2)):
        generate(tmp_path / name, days=1, parcels_per_day=2_500, threads=threads)
    monkeypatch.undo()
    first = hashes(tmp_path / "one")
    # One file a source, but results of inspections on four days after; planted rows and promotions,
    # expected deliveries, parameters, README.
    assert len(first) == len(CONTRACTS) - 1 + 4 + 5
    assert hashes(tmp_path / "two") == first
    assert hashes(tmp_path / "whole") == first
    generate(tmp_path / "other", days=1, parcels_per_day=2_500, seed=1)
    other = hashes(tmp_path / "other")
    same = {name for name in first if other[name] == first[name]}
    # Facts and parameters do not depend on a seed.
    assert same == {
        "truth/README.txt", "truth/parameters.csv", "platform_registry.csv", "known_place.csv",
    }  # fmt: skip


def test_report_counts_what_is_on_disk(flow: GenerationReport) -> None:
    on_disk = {path.relative_to(flow.out).as_posix() for path in flow.out.rglob("*.csv")}
    assert {file.path for file in flow.files} == on_disk
    parcels = [file.rows for file in flow.files if file.source == "parcel_manifest"]
    assert parcels == [PARCELS] * DAYS
    lines = [file.rows for file in flow.files if file.source == "customs_declaration"]
    assert lines == [PARCELS // 20] * DAYS
    assert sum(count for _, count in flow.planted) == next(
        file.rows for file in flow.files if file.source == "truth"
    )


def problems(contract: Contract, rows: str) -> list[str]:
    """Every way in which the rows of a text table break the contract's fields."""
    checks: dict[str, str] = {}
    for field in contract.fields:
        value = f'"{field.name}"'
        name = f"{contract.source}.{field.name}"
        if field.required:
            checks[f"{name}: missing"] = f"{value} is null"
        if field.codes:
            codes = ", ".join(f"'{code}'" for code in field.codes)
            checks[f"{name}: code"] = f"{value} not in ({codes})"
        if field.type in ("text", "code"):
            checks[f"{name}: length"] = f"length({value}) > {field.max_length}"
        else:
            checks[f"{name}: type"] = (
                f"{value} is not null and try_cast({value} as {field.sql_type()}) is null"
            )
        if field.type == "timestamp":
            checks[f"{name}: form"] = f"{value} not similar to '.{{10}} .{{2}}:.{{2}}:.{{2}}'"
        if field.type in ("integer", "decimal"):
            checks[f"{name}: number"] = f"{value} not similar to '[0-9]+([.][0-9]+)?'"
            if field.minimum is not None:
                checks[f"{name}: minimum"] = f"try_cast({value} as double) < {field.minimum}"
    counts = ", ".join(f"count(*) filter (where {condition})" for condition in checks.values())
    row = duckdb.execute(f"select {counts} from {rows}").fetchone()
    assert row is not None
    return [f"{name} x {count}" for name, count in zip(checks, row, strict=True) if count]


@pytest.mark.parametrize("source", sorted(CONTRACTS))
def test_files_conform_to_their_contract(flow: GenerationReport, source: str) -> None:
    contract = CONTRACTS[source]
    files = sorted(flow.out.glob(f"{source}*.csv"))
    assert files
    for path in files:
        raw = path.read_bytes()
        assert raw.split(b"\n", 1)[0].decode() == ",".join(f.name for f in contract.fields)
        assert b"\r" not in raw
        assert raw.endswith(b"\n")
        raw.decode("utf-8")
    assert problems(contract, read(flow, source)) == []
    key = ", ".join(contract.key)
    duplicates = f"select {key} from {read(flow, source)} group by {key} having count(*) > 1"
    assert duckdb.execute(duplicates).fetchall() == []


def test_the_conformity_check_can_fail() -> None:
    contract = CONTRACTS["market_reference"]
    duckdb.execute(
        "create or replace temp table bad_rows as select 'gold_price' as series_id, "
        "cast(null as varchar) as dimension_code, 'day' as period_kind, "
        "'2026-13-01' as period_start, '1,5' as value, 'VND' as unit_code, "
        "'2026-11-09' as vintage_date, 'x' as publisher, 'A' as evidence_grade, "
        "cast(null as varchar) as source_reference"
    )
    assert len(problems(contract, "bad_rows")) == 6


def test_parcels_fall_on_their_day(flow: GenerationReport) -> None:
    for offset in range(DAYS):
        day = (DEFAULT_FIRST_DAY + dt.timedelta(days=offset)).isoformat()
        for source, column in (
            ("parcel_manifest", "arrived_at"),
            ("customs_declaration", "registered_at"),
            ("low_value_declaration", "arrived_on"),
        ):
            rows = read(flow, f"{source}_{day}")
            assert duckdb.execute(f"select distinct left({column}, 10) from {rows}").fetchall() == [
                (day,)
            ]


def test_rows_lie_in_the_order_of_their_numbers(flow: GenerationReport) -> None:
    path = flow.out / f"parcel_manifest_{DEFAULT_FIRST_DAY.isoformat()}.csv"
    text = path.read_text(encoding="utf-8")
    numbers = [line[:16] for line in text.splitlines()[1:]]
    assert numbers == [f"SX261109{position:08d}" for position in range(PARCELS)]


def test_values_and_weights_follow_the_parameters(flow: GenerationReport) -> None:
    row = duckdb.execute(
        f"""
        select
            quantile_cont(vnd, 0.5), quantile_cont(vnd, 0.95), quantile_cont(kg, 0.5),
            avg(cast(vnd between 935000 and 1000000 as integer)),
            avg(cast(consignor_country_code = 'CN' as integer)),
            avg(cast(consignee_id_number is null as integer)),
            avg(cast(consignee_address is null or consignee_address not like 'Số%' as integer))
        from (
            select
                *,
                cast(declared_value as double) * rate as vnd,
                cast(gross_weight_kg as double) as kg
            from {read(flow, "parcel_manifest")} as parcels
            join (
                select dimension_code, period_start, cast(value as double) as rate
                from {read(flow, "market_reference")} where series_id = 'exchange_rate'
            ) on dimension_code = currency_code and period_start = left(arrived_at, 10)
        )
        """
    ).fetchone()
    assert row is not None
    median, p95, kilograms, bunched, china, no_id, no_address = row
    assert 58_000 < median < 72_000
    assert 330_000 < p95 < 470_000
    assert 0.22 < kilograms < 0.30
    assert 0.006 < bunched < 0.014
    assert 0.66 < china < 0.74
    assert 0.04 < no_id < 0.06
    assert 0.06 < no_address < 0.10


def test_about_three_percent_of_consignees_get_a_second_parcel_a_day(
    flow: GenerationReport,
) -> None:
    share = scalar(
        f"""
        select avg(cast(n > 1 as integer)) from (
            select count(*) as n from {read(flow, "parcel_manifest")}
            where consignee_phone is not null
            group by left(arrived_at, 10), consignee_name, consignee_phone)
        """
    )
    assert 0.02 < share < 0.04


def test_names_are_built_from_the_word_lists_alone(flow: GenerationReport) -> None:
    names = [
        row[0]
        for row in duckdb.execute(
            f"select distinct consignee_name from {read(flow, 'parcel_manifest')} "
            f"union select distinct importer_name from {read(flow, 'customs_declaration')}"
        ).fetchall()
    ]
    firms = [name for name in names if name.startswith("Công ty TNHH ")]
    persons = [name.split(" ") for name in names if not name.startswith("Công ty TNHH ")]
    assert firms
    assert {family for family, _, _ in persons} <= set(vocabulary.FAMILY_NAMES)
    assert {middle for _, middle, _ in persons} <= set(vocabulary.MIDDLE_NAMES)
    assert {given for _, _, given in persons} <= set(vocabulary.GIVEN_NAMES)


def test_identifiers_are_valid_in_form(flow: GenerationReport) -> None:
    rows = duckdb.execute(
        f"select distinct consignee_id_number, consignee_name from {read(flow, 'parcel_manifest')} "
        "where consignee_id_number is not null"
    ).fetchall()
    prefixes = {prefix for p in vocabulary.PROVINCES for prefix in p.birth_prefixes}
    by_length: dict[int, list[str]] = {9: [], 10: [], 12: []}
    for number, name in rows:
        assert number.isdigit()
        assert (len(number) == 10) == name.startswith("Công ty TNHH ")
        by_length[len(number)].append(number)
    assert all(by_length.values())
    assert all(mst.is_valid(number) for number in by_length[10])
    assert {number[:3] for number in by_length[12]} <= prefixes
    assert len(prefixes) == 63
    assert len({province.code for province in vocabulary.PROVINCES}) == 34
    bad_phones = (
        f"select count(*) from {read(flow, 'parcel_manifest')} "
        "where not regexp_full_match(consignee_phone, '0[35789][0-9]{8}')"
    )
    assert scalar(bad_phones) == 0


def test_low_value_declarations_repeat_their_parcel(flow: GenerationReport) -> None:
    row = duckdb.execute(
        f"""
        select
            count(*), count(parcels.house_waybill_number),
            count(*) filter (where parcels.channel <> 'express'),
            max(cast(customs_value_vnd as bigint)),
            avg(cast(parcels.declared_value <> mic.declared_value as integer)),
            count(*) filter (where parcels.consignee_id_number is distinct from importer_id_number)
        from {read(flow, "low_value_declaration")} as mic
        left join {read(flow, "parcel_manifest")} as parcels using (house_waybill_number)
        """
    ).fetchone()
    assert row is not None
    declared, found, not_express, largest, differing, other_person = row
    assert declared == found
    assert not_express == 0
    assert other_person == 0
    assert largest <= 1_000_000
    assert 0.004 < differing < 0.02


def test_declarations_have_one_to_five_lines_under_one_header(flow: GenerationReport) -> None:
    rows = duckdb.execute(
        f"""
        select
            max(lines), min(lines), max(headers), count(*) filter (where lines <> last)
        from (
            select
                count(*) as lines, max(cast(line_number as integer)) as last,
                count(distinct (importer_id_number, customs_office_code, registered_at,
                    declaration_type_code, currency_code)) as headers
            from {read(flow, "customs_declaration")} group by declaration_number)
        """
    ).fetchone()
    assert rows == (5, 1, 1, 0)


@pytest.mark.shared
def test_hs_codes_are_lines_of_the_tariff(shared_data: Path) -> None:
    tariff = shared_data / "reference" / "vn_tariff" / "vn_tariff_hs8_2026-01.csv"
    rows = duckdb.execute(
        "select hs8, mfn, split_part(acfta, ' ', 1), split_part(akfta, '(', 1) "
        "from read_csv(?, header = true, all_varchar = true)", [str(tariff)],
    ).fetchall()  # fmt: skip
    rates = {row[0]: row[1:] for row in rows}
    preferential = goods.PREFERENTIAL_PERCENT
    ours = {
        good.hs8: (good.duty_percent, *(preferential[c].get(good.hs8, 0) for c in ("B05", "B06")))
        for good in goods.GOODS
    }
    assert {code: tuple(map(str, own)) for code, own in ours.items()} == {
        code: rates[code] for code in ours
    }


@pytest.mark.parametrize(("days", "parcels"), [(0, 10), (1, 0)])
def test_nothing_to_generate_is_a_usage_error(tmp_path: Path, days: int, parcels: int) -> None:
    with pytest.raises(UsageError):
        generate(tmp_path, days=days, parcels_per_day=parcels)


def test_a_tiny_day_has_no_planted_rows_and_still_conforms(tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    report = generate(
        tmp_path,
        days=1,
        parcels_per_day=1,
        on_progress=lambda step, done, total: steps.append((step, done, total)),
    )
    assert report.planted == ()
    assert steps == [("parcels 2026-11-09", 1, 1)]
    assert problems(CONTRACTS["parcel_manifest"], read(report, "parcel_manifest")) == []


def test_the_demo_week_has_the_stated_rows(tmp_path: Path) -> None:
    """The sums that the demo delivers: 7 days of 14,286 parcels with the default seed."""
    report = generate(tmp_path, days=7, parcels_per_day=14_286)
    rows: dict[str, int] = {}
    for file in report.files:
        rows[file.source] = rows.get(file.source, 0) + file.rows
    rows.pop("truth")
    labels = {file.path: file.rows for file in report.files}["truth/planted_typologies.csv"]
    assert rows == {
        "parcel_manifest": 100_002,
        "low_value_declaration": 46_753,
        "customs_declaration": 4_998,
        "inspection_outcome": 1_382,
        "listing_observation": 7 * 357,  # 14,286 x 25,000 per million
        "platform_registry": 15, "known_place": 30,
        "market_reference": 11_610, "selection_override": 1 + 6 * 5,
        "flow_aggregate": 5_393,
    }  # fmt: skip
    assert labels == sum(count for _, count in report.planted)
    assert dict(report.planted) == {
        "box_fan_out": 7 * 13,  # twelve parcels and their declaration a day
        "disguised_brand": 98,
        "false_item_name": 196,
        "first_seen_consignees": 805,  # from the fourth day
        "gathering_point": 245,
        "one_address_many_consignees": 168,
        "phone_reuse": 175,
        "price_preference": 500,  # from the second day
        "prohibited_goods": 98,
        "split_over_days": 70,
        "split_under_relief": 231,
        "stale_suspended_platform": 105,  # from the suspension on the third day
        "undervaluation": 846,
        "unlawful_discount": 196,
        "unregistered_platform_behind_courier": 399,
        "wrong_tariff_preference": 70,
    }
    summed = duckdb.execute(
        "select sum(cast(declared_value as decimal(18, 2))), "
        f"sum(cast(gross_weight_kg as decimal(18, 3))) from {read(report, 'parcel_manifest')}"
    ).fetchone()
    # Values in seven currencies: a checksum, not an amount.
    assert summed is not None
    assert [str(value) for value in summed] == ["3420754195.06", "58641.294"]
