"""Inspections of the day's parcels and lines: who is looked at, what is found, when it is known.

Add here what inspectors find of a new typology (FOUND_AS). Keep out: the planting itself
(parcels.py, declarations.py) and its labels (truth.py).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from synthetic.arrays import moments, zero_padded
from synthetic.declarations import LINE_LABELS, Lines, declaration_numbers
from synthetic.mixing import Draws, Numbers
from synthetic.parcels import Day, Parcels
from synthetic.plan import TYPOLOGIES
from synthetic.text_columns import (
    Column,
    Pick,
    Rows,
    Texts,
    plain_number,
    sparse_number,
    taken,
    texts,
)

# What an inspection of a planted row finds; none: no customs offence, so nothing is found.
FOUND_AS: dict[str, str | None] = {
    "undervaluation": "undervaluation",
    "split_under_relief": "splitting",
    "one_address_many_consignees": "unspecified",
    "phone_reuse": "unspecified",
    "prohibited_goods": "prohibited_conditional",
    "false_item_name": "misclassification",
    "disguised_brand": "ip_counterfeit",
    "unregistered_platform_behind_courier": "unregistered_platform",
    "stale_suspended_platform": "unregistered_platform",
    "gathering_point": "unspecified",
    "box_fan_out": "unspecified",
    "unlawful_discount": None,
    "price_preference": "undervaluation",
    "first_seen_consignees": "splitting",
    "split_over_days": "splitting",
    "wrong_tariff_preference": "origin",
}
_FOUND_IN_HONEST = ("misclassification", "origin", "product_safety")
_FINDINGS = [
    *_FOUND_IN_HONEST,
    *sorted({f for f in FOUND_AS.values() if f} - set(_FOUND_IN_HONEST)),
]
_FINDING_TEXTS = texts([*_FINDINGS, "none"])
_CRITICAL = _FINDINGS.index("prohibited_conditional")
_UNDERVALUED = _FINDINGS.index("undervaluation")
_RESULTS = texts(["no_finding", "finding", "pending"])
_NO_FINDING, _FINDING, _PENDING = range(3)
_SEVERITIES = texts(["none", "ordinary", "critical"])
_METHODS = texts(["rule", "random"])
_CURRENCY = texts(["", "VND"])
_INSPECTORS = 40


@dataclass(frozen=True)
class Candidates:
    """What may be inspected: parallel arrays. labels: numbers in `names`, -1 for honest rows.

    reference: the column that says which consignment; line: its line column, when it has one.
    """

    draws: Draws
    labels: Numbers
    names: tuple[str, ...]
    fair_vnd: Numbers
    seconds: Numbers
    mark: str
    position: Numbers
    reference: Column
    line: Column = ("",)


def of_parcels(day: Day, parcels: Parcels, manifest: Rows, positions: Numbers) -> Candidates:
    """The parcels as candidates for an inspection."""
    return Candidates(
        draws=parcels.draws,
        labels=parcels.labels,
        names=TYPOLOGIES,
        fair_vnd=parcels.fair_vnd,
        seconds=day.master_seconds[parcels.master],
        mark="P",
        position=positions,
        reference=manifest.columns["house_waybill_number"],
    )


def of_lines(day: Day, lines: Lines) -> Candidates:
    """The declaration lines as candidates for an inspection."""
    return Candidates(
        draws=lines.draws,
        labels=lines.typology,
        names=LINE_LABELS,
        fair_vnd=lines.fair_vnd,
        seconds=lines.seconds,
        mark="D",
        position=lines.position,
        reference=declaration_numbers(day, lines),
        line=plain_number(lines.line_number),
    )


@dataclass(frozen=True)
class Results:
    """Rows of inspection results; after: how many days after the inspected day each is known."""

    rows: Rows
    after: Numbers


@cache
def _probability(per_million: int) -> Texts:
    return texts(["", f"0.{per_million:06d}"])


def inspected(day: Day, rows: Candidates) -> Results:
    """Who is inspected, what is found, and when that is known."""
    settings, plan = day.parameters, day.plan
    is_offence = np.array([FOUND_AS[name] is not None for name in rows.names])
    planted = (rows.labels >= 0) & is_offence[rows.labels]
    at_random = rows.draws.hit("inspect_random", settings.inspected_random)
    by_rule = np.where(
        planted,
        rows.draws.hit("inspect_rule", settings.inspected_by_rule_if_planted),
        rows.draws.hit("inspect_rule", settings.inspected_by_rule),
    )
    chosen = np.flatnonzero(at_random | by_rule)
    draws, planted, at_random = Draws(rows.draws.keys[chosen]), planted[chosen], at_random[chosen]
    found = np.where(
        planted,
        draws.hit("found", settings.found_if_planted),
        draws.hit("found", settings.found_if_honest),
    )
    result = np.where(found, _FINDING, _NO_FINDING)
    result = np.where(draws.hit("pending", settings.result_pending), _PENDING, result)
    as_planted = np.array([_FINDINGS.index(FOUND_AS[name] or _FINDINGS[0]) for name in rows.names])
    finding = np.where(
        planted,
        as_planted[rows.labels[chosen]],
        draws.below("finding", len(_FOUND_IN_HONEST)),
    )
    is_finding = result == _FINDING
    shown = np.where(is_finding, finding, len(_FINDINGS)).astype(np.int32)
    severity = np.where(is_finding, 1 + (finding == _CRITICAL), 0).astype(np.int32)
    states_value = is_finding & (finding == _UNDERVALUED)
    at = rows.seconds[chosen] + 3_600 + draws.below("inspector", 20_000)
    known = at + 86_400 * (1 + draws.below("delay", 3))
    named = taken(Rows({"reference": rows.reference, "line": rows.line}, len(planted)), chosen)
    columns: dict[str, Column] = {
        "inspection_id": (
            f"INS-{plan.code}-{rows.mark}",
            zero_padded(rows.position[chosen], 8),
        ),
        "consignment_reference": named.columns["reference"],
        "line_number": named.columns["line"],
        "selection_method": (Pick(_METHODS, at_random.astype(np.int32)),),
        "selection_probability": (
            Pick(_probability(settings.inspected_random), at_random.astype(np.int32)),
        ),
        "result": (Pick(_RESULTS, result.astype(np.int32)),),
        "finding_type": (Pick(_FINDING_TEXTS, shown),),
        "finding_severity": (Pick(_SEVERITIES, severity),),
        "found_value": (sparse_number(states_value, rows.fair_vnd[chosen]),),
        "currency_code": (Pick(_CURRENCY, states_value.astype(np.int32)),),
        "inspected_at": (moments(plan.midnight, at),),
        "known_at": (moments(plan.midnight, known),),
        "inspector_id_number": (
            "001090",
            zero_padded(draws.below("inspector", _INSPECTORS), 6),
        ),
    }
    return Results(Rows(columns, len(chosen)), known // 86_400)
