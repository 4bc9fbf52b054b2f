"""Rows that contracts accept and nobody expects: limits, gaps, odd texts and dates, repetitions.

`python -m tests.faults.extreme_rows --seed 7` runs them and, when the run stops, halves them until
single rows are left that stop it.
Add here another kind of extreme. Keep out: what is promised of them (test_accepted_rows.py).
"""

import argparse
import datetime as dt
import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb

from contracts.base import Contract, Field
from contracts.catalogue import CONTRACTS
from expectations.verdict import Verdict
from foundation.errors import WarehouseError
from ingest.outcomes import DeliveryOutcome
from runs import end, steps
from runs.days.reading import plan_now
from tests.faults.plain_rows import PLAIN, Row
from tests.faults.tiny_home import EVERYTHING, TinyHome

RECEIVED = dt.date(2026, 3, 3)
DAYS = ("2015-01-01", "2026-03-02", "2026-03-03")  # the first one that is kept, and ordinary ones

# What an ordinary value of goods needs, so that an extreme beside it is reckoned with.
USUAL: Row = {
    "channel": "express",
    "importing_country_code": "VN",
    "consignee_country_code": "VN",
    "item_description": "áo thun nam",
    "hs_code": "61091000",
    "origin_country_code": "CN",
    "gross_weight_kg": "0.5",
    "declared_value": "10",
    "currency_code": "USD",
    "consignee_phone": "0912345678",
    "importer_phone": "0912345678",
}
# Of an identifier that proves itself no other text is accepted.
GTINS = ["96385074", "036000291452", "6901234567892", "06901234567892"]
# Words that the models give a meaning, and texts that a careless query or page would act on.
RESERVED = (
    "*", "all", "unknown", "unstated", "none", "null", "NULL", "NaN", "0", "-", "-1", "true",
)  # fmt: skip
ODD = (
    "'", '"', "';--", "<b>", "{{x}}", "%s", "\\", "=1", "../", "日本", "😀", "👩‍👩‍👧", "אב", "ﷺ",
    "é", "e\u0301", "ſ", "ı", "ß", "Đ", "𒀀", "\u0f00", "\ue000", "a|b", "a;b", "x,y", "a\tb",
    "a\nb", ".",
)  # fmt: skip
LETTERS = "abcxyzABCXYZ0189 -/.,;:'\"<>&%$#@áàạđĐơưỹ中文字テಠ😀"
CURRENCIES = ("USD", "VND", "KWD", "XAU", "IRR")


def limits(field: Field) -> list[str]:
    """The least and the largest number that the contract takes, the smallest step, and none."""
    step = Decimal(1).scaleb(-field.scale) if field.type == "decimal" else Decimal(1)
    least, most = Decimal(field.minimum or 0), Decimal(field.maximum or 0)
    return [f"{value:f}" for value in (least, least + step, most - step, most)]


def extremes(field: Field) -> list[str]:
    """Accepted texts of one field, the same every time."""
    if field.codes or field.check:
        return list(field.codes) or GTINS
    if field.type in ("decimal", "integer"):
        return limits(field)
    if field.type == "boolean":
        return ["true", "false"]
    if field.type in ("date", "timestamp"):
        days = list(DAYS)
        if field.earliest is None:
            days += ["1976-01-01", "2000-02-29"]
        if not field.has_happened:
            days += ["2199-12-31", "2028-02-29"]
        if field.type == "date":
            return days
        return [f"{day}T{time}" for day in days for time in ("00:00:00", "23:59:59.999999")]
    most = field.max_length
    texts = [text for text in (*RESERVED, *ODD) if len(text) <= most]
    return [*texts, "w" * most, "ợ" * most, "字" * most, "😀" * most]


def one_at_a_time(contract: Contract) -> Iterator[Row]:
    """Every extreme of every field beside ordinary values."""
    names = {field.name for field in contract.fields}
    usual = {name: text for name, text in USUAL.items() if name in names}
    for field in contract.fields:
        for text in extremes(field):
            yield _in_range(contract, {**usual, **PLAIN[contract.source], field.name: text})


def at_random(contract: Contract, chance: random.Random) -> Row:
    """A row of extremes, gaps and ordinary values."""
    row = dict(PLAIN[contract.source])
    for field in contract.fields:
        if field.name in contract.key and chance.random() < 0.7:
            continue
        draw = chance.random()
        is_free = field.type in ("text", "code") and not field.codes and not field.check
        if draw < 0.3 and not field.required:
            row.pop(field.name, None)
        elif draw < 0.5 and field.name in USUAL:
            row[field.name] = USUAL[field.name]
        elif draw < 0.6 and is_free:
            # met again in other columns and rows, keys now and then
            again = str(chance.randrange(300)) if field.name in contract.key else ""
            row[field.name] = chance.choice("ABC") + again[: field.max_length - 1]
        elif draw < 0.7 and is_free:
            size = chance.randint(1, min(field.max_length, 300))
            row[field.name] = "x" + "".join(chance.choices(LETTERS, k=size - 1))
        elif field.name == "currency_code":
            row[field.name] = chance.choice(CURRENCIES)
        elif draw < 0.7 and field.type == "decimal" and field.maximum:
            digits = chance.randint(0, len(str(field.maximum)) + field.scale - 1)
            number = Decimal(chance.randrange(10**digits)).scaleb(-field.scale)
            row[field.name] = f"{min(max(number, Decimal(field.minimum or 0)), field.maximum):f}"
        else:
            row[field.name] = chance.choice(extremes(field))
    return _in_range(contract, row)


def _in_range(contract: Contract, row: Row) -> Row:
    """The row with numbers inside the narrower range that one of its codes asks for, codes that
    agree with each other and times in their order."""
    for field in contract.fields:
        for agreeing in field.agreeing:
            if row.get(agreeing.field) == agreeing.code and row[field.name] not in agreeing.codes:
                row[field.name] = agreeing.codes[0]
        if field.name in row and row[field.name] < row.get(field.not_before, ""):
            row[field.not_before] = row[field.name]
        for narrowed in field.narrowed:
            if row.get(narrowed.field) == narrowed.code and field.name in row:
                value = Decimal(row[field.name])
                row[field.name] = f"{min(max(value, narrowed.minimum), narrowed.maximum):f}"
    return row


def repetitions(contract: Contract, rows: Sequence[Row], chance: random.Random) -> Iterator[Row]:
    """Rows with the keys of others: contradictions, versions, amendments, cancellations."""
    known, key = {field.name for field in contract.fields}, set(contract.key)
    for first, second in zip(rows, chance.sample(list(rows), len(rows)), strict=True):
        copy = {**second, **{name: text for name, text in first.items() if name in key}}
        changes = {
            "version_number": chance.choice(["1", "2", "999999999999999999"]),
            "record_status": chance.choice(["original", "amended", "cancelled"]),
            "is_partial": chance.choice(["true", "false"]),
            "statement_scope": chance.choice(["line", "declaration", "added_line"]),
        }
        yield _in_range(contract, copy | {n: text for n, text in changes.items() if n in known})


def rows_of(contract: Contract, seed: int, random_rows: int) -> list[Row]:
    """All rows of one source: extremes one at a time, at random, and repetitions of both.

    Parcels, declarations and results of one place in their lists speak of the same goods.
    """
    chance = random.Random(f"{seed} {contract.source}")
    plain, name = PLAIN[contract.source], contract.key[0]
    rows = [*one_at_a_time(contract), *(at_random(contract, chance) for _ in range(random_rows))]
    for place, row in enumerate(rows):
        if name != "series_id" and row[name] == plain[name]:
            row[name] = f"{row[name]}-{place}"
        if name == "declaration_number":
            row.setdefault("house_waybill_number", f"P-{place}")
        if name == "inspection_id" and row["consignment_reference"] == "P":
            row["consignment_reference"] = f"P-{place}" if place % 2 else f"D-{place}"
        if name == "series_id" and place % 3 and row["dimension_code"] == "USD":
            row["dimension_code"] = f"C{place}"  # else the rate of the day is an extreme one
    repeated = rows[:: max(1, len(rows) // 40)]
    return [*rows, *repetitions(contract, repeated, chance)]


def found() -> dict[str, list[Row]]:
    """Rows that stopped a whole run once, or were read wrongly; test_accepted_rows.py says what
    becomes of each."""

    def each(source: str, *rows: Row) -> list[Row]:
        return [{**PLAIN[source], **row} for row in rows]

    goods = {name: USUAL[name] for name in ("hs_code", "gross_weight_kg", "currency_code")}
    headed = {"header_fields": "incoterm_code", "incoterm_code": "FOB", "is_partial": "true"}
    second = {"version_number": "2", "record_status": "amended"}
    whole = {"is_partial": "true", "statement_scope": "declaration", "incoterm_code": "CIF"}
    return {
        "parcel_manifest": each(
            "parcel_manifest",
            {"house_waybill_number": "F-1", **USUAL, "declared_value": "500000",
             "currency_code": "AUD"},
            {"house_waybill_number": "F-2", "platform_code": "unstated"},
            {"house_waybill_number": "F-3", **USUAL, "origin_country_code": "*"},
            *(
                {"house_waybill_number": f"F-{n}", "waybill_level": "master", **master}
                for n in (4, 5)
                for master in [{"master_waybill_number": "M"}]
            ),
        ),
        "customs_declaration": each(
            "customs_declaration",
            # an original that is amended under another number, completely
            {"declaration_number": "F-1", "local_reference_number": "F-1-REF", **goods},
            {"declaration_number": "F-1-A", "local_reference_number": "F-1-REF", **goods, **second},
            # the whole declaration, spoken of without saying that it is an amendment
            *({"declaration_number": "F-2", "line_number": n, **goods} for n in ("1", "2")),
            {"declaration_number": "F-2", **whole},
            # two lines of one amendment, of which the first changes the header
            *({"declaration_number": "F-3", "line_number": n, **goods} for n in ("1", "2")),
            {"declaration_number": "F-3", **headed, **second, "quantity": "1"},
            {"declaration_number": "F-3", "line_number": "2", "is_partial": "true", **second,
             "quantity": "2"},
            # complete lines that claim to speak of the whole declaration
            {"declaration_number": "F-4"},
            *(
                {"declaration_number": "F-4", "line_number": n, "statement_scope": "declaration"}
                for n in ("3", "4")
            ),
            # an amendment of the whole, addressed to a line that does not exist
            {"declaration_number": "F-5", "line_number": "2", **goods},
            {"declaration_number": "F-5", **whole, **second},
        ),
        "market_reference": each(
            "market_reference",
            {"dimension_code": "AUD"},
            {"dimension_code": "AUD", "period_start": "2026-03-09"},  # the rate of next week
            {"series_id": "retail_sales", "dimension_code": "all", "period_kind": "month",
             "period_start": "2026-03-01", "unit_code": "VND", "value": "0.000001"},
        ),
    }  # fmt: skip


def every_row(seed: int, random_rows: int) -> dict[str, list[Row]]:
    """Source -> its rows, those of `found` first, in the order of the contracts' list."""
    first = found()
    return {
        source: [*first.get(source, []), *rows_of(contract, seed, random_rows)]
        for source, contract in CONTRACTS.items()
    }


def deliver_all(home: TinyHome, rows: Mapping[str, Sequence[Row]]) -> dict[str, DeliveryOutcome]:
    """Deliver every source's rows; source -> outcome."""
    return {
        source: home.deliver(list(listed), RECEIVED, source=source)
        for source, listed in rows.items()
        if listed
    }


def publish(home: TinyHome, run_id: str = "extremes") -> str:
    """What `import-risk run` does, dbt's own tests too; the release id. Raises where it stops."""
    planned = plan_now(home.home)
    assert planned.days
    settings = replace(home.settings, releases_kept=9, release_rows=1_000_000)
    steps.land_days(settings, run_id, planned)
    _require(steps.check_inputs(settings, run_id))
    home.build(EVERYTHING)
    home.refresh_later_days(run_id, on_record=True)
    _require(steps.check_marts(settings, run_id))
    release_id = steps.publish(settings, run_id)
    end.finish(home.home, run_id)
    return release_id


def _require(verdict: Verdict) -> None:
    """Raise Refused unless the verdict lets a run go on."""
    failed = [
        f"{r.suite}.{r.rule_id} {r.observed} {r.examples[:3]}"
        for r in verdict.failures()
        if r.severity == "critical"
    ]
    if failed or not verdict.passed:
        raise Refused("; ".join(failed))


class Refused(Exception):
    """A gate said no."""


def stops(rows: Mapping[str, Sequence[Row]], seeded: Path | None) -> str | None:
    """Why a run over these rows in a home of its own stops; None when it publishes."""
    with tempfile.TemporaryDirectory(prefix="extremes-") as folder:
        home = TinyHome(Path(folder) / "home", seeded)
        try:
            if seeded is None:
                home.build(("seed",))
            deliver_all(home, rows)
            publish(home)
        except (Refused, WarehouseError, duckdb.Error) as error:
            return f"{type(error).__name__}: {error}"
    return None


def halved(rows: Mapping[str, Sequence[Row]], seeded: Path | None) -> dict[str, list[Row]]:
    """The fewest of these rows that still stop a run (delta debugging over all sources)."""
    left = [(source, row) for source, listed in rows.items() for row in listed]
    parts = 2
    while len(left) > 1:
        size = -(-len(left) // parts)
        for start in range(0, len(left), size):
            chosen = left[:start] + left[start + size :]
            if _windowed(chosen) and stops(_by_source(chosen), seeded):
                left, parts = chosen, max(parts - 1, 2)
                break
        else:
            if size == 1:
                break
            parts = min(parts * 2, len(left))
    return _by_source(left)


def _windowed(rows: Sequence[tuple[str, Row]]) -> bool:
    """Whether there is a day to run: states alone touch none before the first release."""
    return any(CONTRACTS[source].windowed for source, _ in rows)


def _by_source(rows: Sequence[tuple[str, Row]]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {source: [] for source in CONTRACTS}
    for source, row in rows:
        found[source].append(row)
    return found


def main() -> None:
    """Run the rows of one seed; name the rows that stop the run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=44)
    parser.add_argument("--rows", type=int, default=80, help="random rows of each source")
    parser.add_argument("--halve", action="store_true", help="look for the rows that stop it")
    asked = parser.parse_args()
    rows = every_row(asked.seed, asked.rows)
    with tempfile.TemporaryDirectory(prefix="extremes-seeded-") as folder:
        first = TinyHome(Path(folder) / "home", None)
        first.build(("seed",))
        why = stops(rows, first.home.warehouse)
        print(f"seed {asked.seed}: {why or 'published'}")
        if why and asked.halve:
            for source, listed in halved(rows, first.home.warehouse).items():
                for row in listed:
                    print(source, row)


if __name__ == "__main__":
    main()
