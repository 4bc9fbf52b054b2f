"""Why one consignment has its scores: every stored row, its legal basis, and the arithmetic.

Add here a fact an officer must be able to sign for. Keep out: scoring (dbt), how it is told
(explanation.py) and any number that is not stored in the release. What is printed is checked
against the stored score; a mismatch is an error, never a rounded explanation.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from foundation.errors import UsageError
from foundation.home import Home
from serving.explanation import Explanation, ScoreLine
from serving.otherwise import what_would_differ
from serving.stored_rows import Row, StoredRows, broken, opened, quoted, shown, without_tokens

CONSIGNMENTS = "core.fct_consignments"
INDICATORS = "risk.fct_risk_indicators"
SCORES = "risk.fct_risk_scores"
TERMS = "risk.fct_risk_terms"
REASONS = "risk.dim_risk_reason"
BINS = "risk.dim_risk_model_bin"
SELECTIONS = "risk.fct_selections"
TAX = "core.fct_tax_assessments"
DELIVERIES = "quality.fct_delivery_outcomes"
REQUIRED = (CONSIGNMENTS, INDICATORS, SCORES)
_INDICATOR_COLUMNS = (
    "indicator_id",
    "risk_type",
    "points",
    "evidence",
    "legal_instrument_id",
    "legal_basis",
    "weight_version",
)
_TERM_COLUMNS = (
    "risk_type", "feature", "points", "value_milli", "bin_no", "low_milli", "high_milli",
    "inspected_count", "finding_count", "reason_id", "model_version",
)  # fmt: skip


def explain(home: Home, consignment_id: str) -> Explanation:
    """The stored reasons for one consignment, from the current customs release.

    Raises UsageError when the id is not in the release, WarehouseError when nothing is published or
    the stored score is not the sum of the stored rows.
    """
    with opened(home) as rows:
        rows.require(*REQUIRED)
        return account_for(rows, consignment_id)


def account_for(rows: StoredRows, consignment_id: str) -> Explanation:
    """`explain` from a release that is open and holds the tables of `REQUIRED`."""
    found = rows.of(CONSIGNMENTS, consignment_id)
    if not found:
        raise UsageError(
            f"consignment {consignment_id!r} is not in the current release",
            where=f"{CONSIGNMENTS} of {rows.release_id}",
            remedy="check the id (P-<waybill>, D-<declaration>-<line>, L-<waybill>, M-<waybill>)",
        )
    if len(found) > 1:
        raise broken(f"{len(found)} rows have the id {consignment_id!r}", CONSIGNMENTS)
    facts = without_tokens(found[0])
    indicators = _indicators(rows, consignment_id)
    terms = _terms(rows, consignment_id)
    stored = rows.of(SCORES, consignment_id)
    selection = rows.only(SELECTIONS, consignment_id)
    return Explanation(
        release_id=rows.release_id,
        consignment_id=consignment_id,
        consignment=facts,
        indicators=tuple(indicators),
        terms=tuple(terms),
        scores=_scores(consignment_id, indicators, terms, stored),
        selection=selection,
        tax=rows.only(TAX, consignment_id),
        source_file=_source_file(rows, facts),
        source_line=facts.get("source_line"),
        otherwise=what_would_differ(rows, facts, selection, stored, [*indicators, *terms]),
    )


def _indicators(rows: StoredRows, consignment_id: str) -> list[Row]:
    """What fired, largest points first; where a model weighs it, the counts it learned from."""
    indicators = [
        {name: row[name] for name in _INDICATOR_COLUMNS}
        | {"inspected_count": None, "finding_count": None}
        for row in rows.of(INDICATORS, consignment_id)
    ]
    if BINS in rows.present:
        for row in indicators:
            # An indicator that fired is 1 in the model's table.
            learned = rows.select(
                "select n_train as inspected_count, findings_train as finding_count "
                f"from {quoted(BINS)} where model_version = ? and risk_type = ? and feature = ? "
                "and bin_no > 0 and coalesce(low_milli < 1000, true) "
                "and coalesce(high_milli >= 1000, true)",
                [row["weight_version"], row["risk_type"], f"indicator_{row['indicator_id']}"],
            )
            row.update(learned[0] if learned else {})
    return sorted(
        indicators, key=lambda row: (row["risk_type"], -row["points"], row["indicator_id"])
    )


def _terms(rows: StoredRows, consignment_id: str) -> list[Row]:
    """What the model read, largest points first, each with its sentence."""
    if not {TERMS, REASONS} <= rows.present:
        return []
    sentences = {
        row["reason_id"]: (row["text_vi"], row["text_en"])
        for row in rows.select(f"select reason_id, text_vi, text_en from {quoted(REASONS)}")
    }
    terms = []
    for row in rows.of(TERMS, consignment_id):
        numbers = {
            "{found}": row["finding_count"],
            "{inspected}": row["inspected_count"],
            "{value}": row["value_milli"],
        }
        vi, en = sentences.get(row["reason_id"], ("-", "-"))
        for name, value in numbers.items():
            vi, en = (text.replace(name, shown(value)) for text in (vi, en))
        terms.append({**{name: row[name] for name in _TERM_COLUMNS}, "text_vi": vi, "text_en": en})
    return sorted(terms, key=lambda row: (row["risk_type"], -row["points"], row["feature"]))


def _scores(
    consignment_id: str,
    indicators: Sequence[Row],
    terms: Sequence[Row],
    stored: Sequence[Row],
) -> tuple[ScoreLine, ...]:
    scores: dict[str, Row] = {}
    for row in stored:
        if row["risk_type"] in scores:
            raise broken(f"{consignment_id!r} has two scores for {row['risk_type']}", SCORES)
        scores[row["risk_type"]] = row
    lines = []
    for risk_type in sorted({row["risk_type"] for row in (*indicators, *terms)} | scores.keys()):
        row = scores.get(risk_type, {"score_points": 0})
        score, model = int(row["score_points"]), row.get("model_version")
        own = [int(one["points"]) for one in terms if one["risk_type"] == risk_type]
        features = int(row.get("feature_points") or 0)
        if own and sum(own) != features:
            raise broken(
                f"{consignment_id!r}: the terms of {risk_type} add up to {sum(own)},"
                f" the stored features are {features}",
                TERMS,
            )
        if not own and features:
            own = [features]  # terms are kept for what was selected
        own += [int(one["points"]) for one in indicators if one["risk_type"] == risk_type]
        own.sort(reverse=True)
        parts = own if model is None else [int(row["intercept_points"]), *own]
        if sum(parts) != score:
            raise broken(
                f"{consignment_id!r}: the parts of {risk_type} add up to {sum(parts)},"
                f" the stored score is {score}",
                SCORES,
            )
        lines.append(
            ScoreLine(
                risk_type,
                score,
                _arithmetic(parts, score),
                model,
                row.get("probability_micro"),
                row.get("expected_finding_value_vnd"),
            )
        )
    return tuple(lines)


def _arithmetic(points: Sequence[int], score: int) -> str:
    """[5, 3] -> '5 + 3 = 8'; [5, -2] -> '5 - 2 = 3'; one term -> '5 = 5'; none -> '0'."""
    if not points:
        return "0"
    rest = [f"+ {value}" if value >= 0 else f"- {-value}" for value in points[1:]]
    return " ".join([str(points[0]), *rest, "=", str(score)])


def _source_file(rows: StoredRows, facts: Mapping[str, Any]) -> str | None:
    if DELIVERIES not in rows.present or facts.get("source_sha256") is None:
        return None
    found = rows.select(
        f"select file_name from {quoted(DELIVERIES)} where source_sha256 = ?"
        " order by source_name is not distinct from ? desc, status = 'accepted' desc, file_name"
        " limit 1",
        [facts["source_sha256"], facts.get("source")],
    )
    return str(found[0]["file_name"]) if found else None
