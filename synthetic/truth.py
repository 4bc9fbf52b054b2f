"""What was planted, one label per row, in files apart: never part of a delivery.

Add here what the label of a new typology says. Keep out: the planting itself (parcels.py,
declarations.py) and the truth about faulty deliveries (mess.py).
"""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthetic import vocabulary, words
from synthetic.arrays import array_of, constant_text
from synthetic.declarations import LINE_LABELS, Lines
from synthetic.disguises import VARIANTS
from synthetic.mixing import Draws, Numbers
from synthetic.parcels import Day, Parcels
from synthetic.plan import BOX_SIZE, CODE_OF, TYPOLOGIES
from synthetic.text_columns import (
    Column,
    Pick,
    Rows,
    Texts,
    column_text,
    plain_number,
    sparse_number,
    taken,
    texts,
)

LABEL_COLUMNS = (
    "day",
    "source",
    "house_waybill_number",
    "declaration_number",
    "line_number",
    "typology",
    "variant",
    "cluster_id",
    "detail",
    "planted_true_value_vnd",
)
FALSE_NAME_VARIANTS = ("vague", "other_goods", "other_heading")
_VARIANTS = {"false_item_name": texts(FALSE_NAME_VARIANTS), "disguised_brand": texts(VARIANTS)}
_GOODS = texts(good.hs8 for good in words.GOODS)
_PLATFORMS = texts(platform.code or "none" for platform in vocabulary.PLATFORMS)
_COUNTRIES = texts(country.code for country in vocabulary.COUNTRIES)
_NAMES = texts(TYPOLOGIES)
_LINE_NAMES = texts(LINE_LABELS)

Described = Callable[[Numbers], Column]


class _Scattered:
    """A text per row, filled in for some rows at a time."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.values = pa.repeat(constant_text(""), count)

    def put(self, chosen: Numbers, column: Column) -> None:
        """Set the chosen rows (bool per row); the column has one entry per chosen row."""
        text = column_text(column, int(chosen.sum()), "plain")
        self.values = pc.replace_with_mask(self.values, array_of(chosen), text)


def _picked(texts_: Texts, index: Numbers) -> Pick:
    return Pick(texts_, index.astype(np.int32))


def parcel_truth(day: Day, parcels: Parcels, manifest: Rows) -> Rows:
    """One label per planted parcel; details read `name=value; name=value`."""
    rows = np.flatnonzero(parcels.labels >= 0)
    label, count, plan = parcels.labels[rows], len(rows), day.plan
    lowered = np.isin(label, [CODE_OF["undervaluation"], CODE_OF["price_preference"]])
    variants, clusters, details = _Scattered(count), _Scattered(count), _Scattered(count)

    def values(array: Numbers, chosen: Numbers) -> Numbers:
        return array[rows][chosen]

    def list_price(chosen: Numbers) -> Numbers:
        discount = values(parcels.discount, chosen)
        return values(parcels.value_vnd, chosen) * 100 // (100 - discount)

    told: dict[str, Described] = {
        "undervaluation": lambda at: (
            "true_percent_of_declared=",
            *plain_number(day.undervaluation_percent(Draws(values(parcels.draws.keys, at)))),
        ),
        "false_item_name": lambda at: (
            "true_hs8=",
            _picked(_GOODS, values(parcels.good, at)),
            "; stated_hs8=",
            _picked(_GOODS, values(parcels.stated_good, at)),
        ),
        "disguised_brand": lambda at: (
            "brand=",
            _picked(words.words().brand_names, values(parcels.brand, at)),
        ),
        "unregistered_platform_behind_courier": lambda at: (
            "platform=",
            _picked(_PLATFORMS, values(parcels.platform, at)),
        ),
        "stale_suspended_platform": lambda at: ("arrived on or after the suspension",),
        "gathering_point": lambda at: ("one warehouse address; more parcels every day",),
        "price_preference": lambda at: ("one price for goods of any value",),
        "split_over_days": lambda at: ("one piece a day of one seller",),
        "first_seen_consignees": lambda at: ("invented consignees on one master bill",),
        "unlawful_discount": lambda at: (
            "list_price_vnd=",
            *plain_number(list_price(at)),
            "; discount_percent=",
            *plain_number(values(parcels.discount, at)),
        ),
    }
    for typology, column_of in told.items():
        chosen = label == CODE_OF[typology]
        details.put(chosen, column_of(chosen))
    for typology, names in _VARIANTS.items():
        chosen = label == CODE_OF[typology]
        variants.put(chosen, (_picked(names, values(parcels.variant, chosen)),))
    for typology in (
        "split_under_relief", "one_address_many_consignees", "phone_reuse", "box_fan_out",
    ):  # fmt: skip
        chosen = label == CODE_OF[typology]
        first = values(parcels.head, chosen) - plan.start(typology)
        if typology == "box_fan_out":
            first = first // BOX_SIZE
        clusters.put(chosen, (f"{plan.code}-{typology}-", *plain_number(first)))
    clusters.put(label == CODE_OF["gathering_point"], ("gathering_point",))
    for typology, shared in (
        ("price_preference", parcels.seller), ("first_seen_consignees", parcels.master),
        ("split_over_days", parcels.person),
    ):  # fmt: skip
        chosen = label == CODE_OF[typology]
        clusters.put(chosen, (f"{plan.code}-{typology}-", *plain_number(values(shared, chosen))))
    waybill = taken(Rows({"it": manifest.columns["house_waybill_number"]}, manifest.count), rows)
    return _labels(
        day,
        "parcel_manifest",
        count,
        {
            "house_waybill_number": waybill.columns["it"],
            "typology": (_picked(_NAMES, label),),
            "variant": (variants.values,),
            "cluster_id": (clusters.values,),
            "detail": (details.values,),
            "planted_true_value_vnd": (sparse_number(lowered, parcels.fair_vnd[rows]),),
        },
    )


def line_truth(day: Day, lines: Lines, declarations: Rows) -> Rows:
    """One label per planted declaration line."""
    rows = np.flatnonzero(lines.typology >= 0)
    label, count = lines.typology[rows], len(rows)
    clusters, details = _Scattered(count), _Scattered(count)
    undervalued = label == LINE_LABELS.index("undervaluation")
    in_box = label == LINE_LABELS.index("box_fan_out")
    wrong = label == LINE_LABELS.index("wrong_tariff_preference")
    stated = taken(declarations, rows)
    percent = day.undervaluation_percent(Draws(lines.draws.keys[rows][undervalued]))
    details.put(undervalued, ("true_percent_of_declared=", *plain_number(percent)))
    details.put(in_box, (f"consumers={BOX_SIZE}",))
    claimed = taken(
        Rows({"it": stated.columns["tariff_schedule_code"]}, count), np.flatnonzero(wrong)
    )
    origin = _picked(_COUNTRIES, lines.country[rows][wrong])
    details.put(wrong, ("origin=", origin, "; claimed=", *claimed.columns["it"]))
    clusters.put(in_box, (f"{day.plan.code}-box_fan_out-", *plain_number(lines.box[rows][in_box])))
    return _labels(
        day,
        "customs_declaration",
        count,
        {
            "declaration_number": stated.columns["declaration_number"],
            "line_number": stated.columns["line_number"],
            "typology": (_picked(_LINE_NAMES, label),),
            "cluster_id": (clusters.values,),
            "detail": (details.values,),
            "planted_true_value_vnd": (sparse_number(undervalued, lines.fair_vnd[rows]),),
        },
    )


def _labels(day: Day, source: str, count: int, columns: dict[str, Column]) -> Rows:
    return Rows({"day": (day.plan.day.isoformat(),), "source": (source,), **columns}, count)
