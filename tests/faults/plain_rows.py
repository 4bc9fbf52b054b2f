"""The plain row of each source: what a row states unless a test is about that field.

Add here a source. Keep out: extreme values (extreme_rows.py).
"""

from collections.abc import Mapping

Row = dict[str, str]

# What every row states unless it is about that field.
PLAIN: Mapping[str, Row] = {
    "parcel_manifest": {"house_waybill_number": "P", "arrived_at": "2026-03-03T09:00:00"},
    "low_value_declaration": {"house_waybill_number": "P", "arrived_on": "2026-03-03"},
    "customs_declaration": {
        "declaration_number": "D",
        "line_number": "1",
        "registered_at": "2026-03-03T09:00:00",
    },
    "platform_registry": {
        "platform_code": "shop",
        "platform_name": "Shop",
        "is_foreign": "true",
        "event_type": "registered",
        "event_date": "2026-03-03",
    },
    "known_place": {"place_id": "K", "place_type": "other", "valid_from": "2026-03-03"},
    "selection_override": {
        "consignment_id": "P-P",
        "override": "select",
        "reason": "seen",
        "decided_at": "2026-03-03T09:00:00",
        "office_code": "01B1",
    },
    "inspection_outcome": {
        "inspection_id": "I",
        "consignment_reference": "P",
        "selection_method": "random",
        "result": "finding",
        "finding_type": "origin",
        "known_at": "2026-03-03T09:00:00",
    },
    "listing_observation": {
        "platform_code": "shop",
        "listing_id": "L",
        "product_title": "áo thun nam",
        "observed_at": "2026-03-03T09:00:00",
        "price": "10",
        "currency_code": "USD",
    },
    "market_reference": {
        "series_id": "exchange_rate",
        "dimension_code": "USD",
        "period_kind": "day",
        "period_start": "2026-03-03",
        "value": "26000",
        "unit_code": "VND_PER_UNIT",
        "vintage_date": "2026-03-03",
        "publisher": "synthetic",
    },
    "flow_aggregate": {
        "platform_code": "shop",
        "period_kind": "month",
        "period_start": "2026-02-01",
        "channel": "express",
        "hs_code": "61091020",
        "product_key": "ao thun nam",
        "origin_country_code": "CN",
        "province_code": "01",
        "quantity_unit_code": "PCE",
        "parcels": "1",
        "quantity": "1",
        "value_vnd": "100000",
    },
}
