"""Raw rows of the hand-computed core cases; the arithmetic stands beside the expectations.

Add here a row when a case in test_core_*.py needs one. Keep out: expected values.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

WINDOW = (dt.date(2025, 2, 17), dt.date(2027, 1, 1))
Row = dict[str, Any]

# What results of one inspection id speak of.
TWICE = (("A", None), ("B", None), ("DEC", 1), ("DEC", 2))


def lineage(day: dt.date, line: int, file: str = "a", **more: Any) -> Row:
    """The lineage columns of one raw row; `file` is repeated to make a hash."""
    return {
        "day": day,
        "_day_basis": "stated",
        "_sender": "operator-one",
        "_received_date": day + dt.timedelta(days=1),
        "_src_sha": file * 64,
        "_src_line": line,
    } | more


def parcel(number: str, day: dt.date, line: int, **fields: Any) -> Row:
    """An express parcel to a consignee with a personal id."""
    return (
        {
            "house_waybill_number": number,
            "operator_code": "EX1",
            "channel": "express",
            "customs_office_code": "02DS",
            "consignee_id_number_token": f"k:{number}",
            "consignee_id_number_status": "personal_id",
            "currency_code": "VND",
        }
        | lineage(day, line)
        | fields
    )


def rate(day: dt.date, value: int, line: int) -> Row:
    return market("exchange_rate", "USD", "day", day, value, "VND_PER_UNIT", line)


def market(
    series: str, dimension: str, kind: str, day: dt.date, value: int, unit: str, line: int
) -> Row:
    return {
        "series_id": series,
        "dimension_code": dimension,
        "period_kind": kind,
        "period_start": day,
        "value": value,
        "unit_code": unit,
        "vintage_date": day,
        "publisher": "synthetic",
    } | lineage(day, line, "m")


def event(platform: str, kind: str, day: dt.date, line: int) -> Row:
    return {
        "platform_code": platform,
        "platform_name": platform.title(),
        "is_foreign": True,
        "event_type": kind,
        "event_date": day,
        "evidence_grade": "SYN",
    } | lineage(day, line, "r")


def raw_rows() -> dict[str, list[Row]]:
    """The rows of every source, and the ledger's entries of the files they came in."""
    stated = _stated_rows()
    return stated | {"delivery_outcome": list(_delivered(stated))}


def _delivered(stated: dict[str, list[Row]]) -> Iterator[Row]:
    """One accepted delivery for each source and file, in the order of their names."""
    files = sorted({(row["_src_sha"], source) for source, rows in stated.items() for row in rows})
    for sequence, (sha256, source) in enumerate(files, start=1):
        rows = [row for row in stated[source] if row["_src_sha"] == sha256]
        yield {
            "delivery_sequence": sequence,
            "file_name": f"{source}.csv",
            "source": source,
            "sender": rows[0]["_sender"],
            "sha256": sha256,
            "status": "accepted",
            "rows_in": len(rows),
            "accepted": len(rows),
            "quarantined": 0,
            "duplicates": 0,
            "received_date": rows[0]["_received_date"],
        }


def _stated_rows() -> dict[str, list[Row]]:
    """Every raw table of the golden warehouse."""
    day = dt.date
    shirt = {"item_description": "Áo thun nam", "item_description_folded": "ao thun nam"}
    phone = {"item_description": "Điện thoại", "item_description_folded": "dien thoai"}
    charger = {"item_description": "Củ sạc 20W", "item_description_folded": "cu sac 20w"}
    dollars = {"currency_code": "USD"}
    return {
        "parcel_manifest": [
            parcel("G1", day(2025, 2, 17), 1, declared_value=10, **dollars, **shirt),
            parcel("G2", day(2025, 2, 18), 2, declared_value=10, **dollars, **shirt),
            parcel("G3", day(2025, 6, 30), 3, declared_value=400, **dollars, **phone),
            parcel("G4", day(2025, 7, 1), 4, declared_value=400, **dollars, **phone),
            parcel(
                "G5",
                day(2026, 12, 31),
                5,
                declared_value=800000,
                gross_weight_kg="0.3",
                platform_code="Temu",
                **shirt,
            ),
            parcel("G6", day(2027, 1, 1), 6, declared_value=800000, **shirt),
            parcel("G8", day(2026, 7, 1), 8, declared_value=30, platform_code="temu", **dollars),
            parcel("G10", day(2026, 7, 1), 9, declared_value=1100000, **charger),
            parcel(
                "G11",
                day(2026, 6, 30),
                10,
                declared_value=5000,
                platform_code="TEMU",
                consignee_id_number_status="missing",
                consignee_id_number_token=None,
                consignee_phone_token="k:phone",
                consignee_phone_status="valid",
            ),
            parcel("CANCELLED", day(2026, 7, 1), 11, declared_value=5000, version_number=1),
            parcel(
                "CANCELLED",
                day(2026, 7, 1),
                12,
                declared_value=5000,
                version_number=2,
                record_status="cancelled",
            ),
            parcel("VERSIONS", day(2026, 7, 2), 13, declared_value=70000, version_number=2),
            parcel(
                "VERSIONS",
                day(2026, 7, 2),
                1,
                declared_value=50000,
                version_number=1,
                _src_sha="d" * 64,
                _received_date=day(2026, 7, 9),
            ),
            parcel(
                "NO-RATE",
                day(2026, 7, 2),
                14,
                declared_value=9,
                currency_code="XXX",
                platform_code="nobody-knows",
            ),
            parcel(
                "MASTER",
                day(2026, 7, 2),
                15,
                waybill_level="master",
                master_waybill_number="738-1",
                declared_value=None,
            ),
            parcel(
                "MASTER-2",
                day(2026, 7, 2),
                22,
                waybill_level="master",
                master_waybill_number="738-1",
            ),
            parcel("ABROAD", day(2026, 7, 2), 16, declared_value=9, importing_country_code="NL"),
            parcel("WITH-LINE", day(2026, 7, 2), 17, declared_value=60000),
            # exactly at the limits of the reliefs
            parcel("AT-VAT", day(2025, 2, 17), 18, declared_value=1000000, **shirt),
            parcel("AT-VALUE", day(2026, 3, 2), 19, declared_value=1000000, **shirt),
            parcel("AT-TAX", day(2026, 3, 2), 20, declared_value="1111111.11", **phone),
            parcel("AT-BOTH", day(2026, 3, 2), 21, declared_value=500000, **shirt),
        ],
        "low_value_declaration": [
            {
                "house_waybill_number": "G8",
                "customs_value_vnd": 500000,
                "arrived_on": day(2026, 7, 1),
            }
            | lineage(day(2026, 7, 1), 1, "l"),
            {
                "house_waybill_number": "G9",
                "customs_value_vnd": 1200000,
                "arrived_on": day(2026, 7, 1),
            }
            | lineage(day(2026, 7, 1), 2, "l"),
        ],
        "customs_declaration": [
            {
                "declaration_number": "200",
                "line_number": 1,
                "hs_code": "6404.11.00",
                "duty_rate_percent": 0,
                "tariff_schedule_code": "B05",
                "declared_value": 100,
                "second_quantity": 3,
                "second_quantity_unit_code": "LBR",
                "gross_weight_kg": 2,
                **dollars,
            }
            | lineage(day(2026, 7, 1), 1, "b"),
            {
                "declaration_number": "200",
                "line_number": 1,
                "record_status": "amended",
                "is_partial": True,
                "declared_value": 150,
            }
            | lineage(day(2026, 7, 4), 1, "c", _day_basis="received"),
            {
                "declaration_number": "201",
                "line_number": 1,
                "second_quantity": 3,
                "second_quantity_unit_code": "PCE",
                "gross_weight_kg": 2,
                "house_waybill_number": "WITH-LINE",
                "declared_value": 60000,
                "currency_code": "VND",
            }
            | lineage(day(2026, 7, 2), 2, "b"),
            {
                "declaration_number": "NEVER-SEEN",
                "line_number": 1,
                "record_status": "amended",
                "is_partial": True,
                "declared_value": 1,
            }
            | lineage(day(2026, 7, 4), 2, "c", _day_basis="received"),
        ],
        "platform_registry": [
            event("temu", "suspended", day(2024, 12, 5), 1),
            event("temu", "application_filed", day(2025, 2, 10), 2),
            event("temu", "reinstated", day(2026, 7, 1), 3),
        ],
        "market_reference": [
            rate(day(2025, 2, 1), 25000, 1),
            rate(day(2026, 6, 30), 26000, 2),
            market("retail_sales", "61", "month", day(2026, 12, 1), 100_000_000, "VND", 3),
        ],
        "inspection_outcome": [
            {
                "inspection_id": "I1",
                "consignment_reference": "G5",
                "selection_method": "random",
                "result": result,
                "finding_type": finding,
                "known_at": dt.datetime(2027, 1, known),
                "known_date": day(2027, 1, known),
            }
            | lineage(day(2027, 1, known), known, "i")
            for result, finding, known in (("pending", "none", 1), ("finding", "origin", 2))
        ]
        + [
            {
                "inspection_id": "I2",
                "consignment_reference": reference,
                "line_number": line,
                "selection_method": "manual",
                "result": "no_finding",
                "finding_type": "none",
                "known_at": dt.datetime(2027, 1, 3),
                "known_date": day(2027, 1, 3),
            }
            | lineage(day(2027, 1, 3), number, "i2")
            for number, (reference, line) in enumerate(TWICE, 1)
        ],
    }
