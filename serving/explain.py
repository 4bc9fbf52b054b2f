"""Why one consignment has its scores: every stored row, its legal basis, and the arithmetic.

Add here a fact an officer must be able to sign for. Keep out: scoring (dbt) and any number that is
not stored in the release. What is printed is checked against the stored score; a mismatch is an
error, never a rounded explanation.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

import duckdb

from foundation.errors import WarehouseError
from foundation.home import Home
from serving.current import require_current
from serving.integrity import require_intact
from serving.plan import quote
from serving.reader import open_release

CONSIGNMENTS = "core.fct_consignments"
INDICATORS = "risk.fct_risk_indicators"
SCORES = "risk.fct_risk_scores"
TERMS = "risk.fct_risk_terms"
REASONS = "risk.dim_risk_reason"
SELECTIONS = "risk.fct_selections"
TAX = "core.fct_tax_assessments"
DELIVERIES = "quality.fct_delivery_outcomes"
_REQUIRED = (CONSIGNMENTS, INDICATORS, SCORES)
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

Row = dict[str, Any]


@dataclass(frozen=True)
class ScoreLine:
    """One risk type: the stored score, and how the stored parts add up to it.

    model_version: None while the expert's points count. probability_micro: calibrated probability
    of a finding, millionths; None without a model.
    """

    risk_type: str
    score_points: int
    arithmetic: str
    model_version: str | None = None
    probability_micro: int | None = None


@dataclass(frozen=True)
class Explanation:
    """Everything the release stores about one consignment; party tokens are left out.

    indicators: rows with `_INDICATOR_COLUMNS`, highest points first. terms: rows with
    `_TERM_COLUMNS` and the sentence of their reason in both languages, of what a model read beside
    the indicators; kept for what was selected. selection, tax: None when the
    release has no such row. source_file: the delivered file's name, None when it is not recorded.
    """

    release_id: str
    consignment_id: str
    consignment: Row
    indicators: tuple[Row, ...]
    terms: tuple[Row, ...]
    scores: tuple[ScoreLine, ...]
    selection: Row | None
    tax: Row | None
    source_file: str | None
    source_line: int | None

    def to_json(self) -> Row:
        """JSON-ready: dates as ISO text, decimals as exact text."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    def lines(self) -> list[str]:
        """Text for a terminal, Vietnamese label first."""
        source = "chưa rõ | unknown"
        if self.source_file is not None:
            source = f"{self.source_file}, dòng | line {self.source_line}"
        text = [
            f"Lô hàng | Consignment: {self.consignment_id}",
            f"Bản phát hành | Release: {self.release_id}",
            f"Nguồn | Source: {source}",
            *_block("Dữ liệu | Facts", self.consignment),
            "Chỉ số rủi ro | Risk indicators:" if self.indicators else _NO_INDICATORS,
        ]
        for row in self.indicators:
            text += [
                f"  {row['risk_type']} / {row['indicator_id']}: {row['points']:+d}",
                f"    bằng chứng | evidence: {_shown(row['evidence'])}",
                f"    căn cứ | legal basis: {_shown(row['legal_instrument_id'])},"
                f" {_shown(row['legal_basis'])} (trọng số | weights {row['weight_version']})",
            ]
        if self.terms:
            text.append("Đặc trưng của mô hình | What the model read:")
        for row in self.terms:
            text += [
                f"  {row['risk_type']} / {row['feature']}: {row['points']:+d}",
                f"    {_bin(row)}",
                f"    {row['text_vi']} | {row['text_en']}",
            ]
        if self.scores:
            text.append("Điểm theo loại rủi ro | Score per risk type:")
        for score in self.scores:
            text.append(f"  {score.risk_type}: {score.arithmetic}")
            if score.model_version is not None:
                chance = (
                    "-" if score.probability_micro is None else score.probability_micro / 10_000
                )
                text.append(
                    f"    mô hình | model {score.model_version};"
                    f" xác suất vi phạm | probability of a finding {chance} %"
                )
        text += _block("Phân luồng | Selection", self.selection)
        text += _block("Thuế | Tax assessment", self.tax)
        return text


_NO_INDICATORS = "Không có chỉ số rủi ro nào | No risk indicator fired (0)"


def explain(home: Home, consignment_id: str) -> Explanation:
    """The stored reasons for one consignment, from the current customs release.

    Raises WarehouseError when nothing is published, the id is not in the release, or the stored
    score is not the sum of the stored indicator rows.
    """
    release = require_current(home)
    database = require_intact(release, "customs")
    try:
        with open_release(home, release) as connection:
            present = _tables(connection)
            if missing := sorted(set(_REQUIRED) - present):
                raise WarehouseError(
                    f"the release has no {', '.join(missing)}",
                    where=release.release_id,
                    remedy="publish a release with the core and risk marts",
                )
            return _read(connection, release.release_id, consignment_id, present)
    except duckdb.Error as error:
        raise WarehouseError(
            f"the release cannot be read: {str(error).splitlines()[0]}",
            where=str(database),
            remedy="check it with `python -m serving.verify`, then publish again",
        ) from error


def _read(
    connection: duckdb.DuckDBPyConnection,
    release_id: str,
    consignment_id: str,
    present: set[str],
) -> Explanation:
    found = _rows(connection, CONSIGNMENTS, consignment_id)
    if not found:
        raise WarehouseError(
            f"consignment {consignment_id!r} is not in the current release",
            where=f"{CONSIGNMENTS} of {release_id}",
            remedy="check the id (P-<waybill>, D-<declaration>-<line>, L-<waybill>, M-<waybill>)",
        )
    if len(found) > 1:
        raise _broken(f"{len(found)} rows have the id {consignment_id!r}", CONSIGNMENTS)
    facts = {name: value for name, value in found[0].items() if not name.endswith("_token")}
    indicators = [
        {name: row[name] for name in _INDICATOR_COLUMNS}
        for row in _rows(connection, INDICATORS, consignment_id)
    ]
    indicators.sort(key=lambda row: (row["risk_type"], -row["points"], row["indicator_id"]))
    terms = _terms(connection, consignment_id, present)
    return Explanation(
        release_id=release_id,
        consignment_id=consignment_id,
        consignment=facts,
        indicators=tuple(indicators),
        terms=tuple(terms),
        scores=_scores(
            consignment_id, indicators, terms, _rows(connection, SCORES, consignment_id)
        ),
        selection=_only(connection, SELECTIONS, consignment_id, present),
        tax=_only(connection, TAX, consignment_id, present),
        source_file=_source_file(connection, facts, present),
        source_line=facts.get("source_line"),
    )


def _terms(
    connection: duckdb.DuckDBPyConnection, consignment_id: str, present: set[str]
) -> list[Row]:
    """What the model read, largest points first, each with its sentence."""
    if not {TERMS, REASONS} <= present:
        return []
    sentences = {
        reason: (vi, en)
        for reason, vi, en in connection.execute(
            f"select reason_id, text_vi, text_en from {_quoted(REASONS)}"
        ).fetchall()
    }
    terms = []
    for row in _rows(connection, TERMS, consignment_id):
        numbers = {
            "{found}": row["finding_count"],
            "{inspected}": row["inspected_count"],
            "{value}": row["value_milli"],
        }
        vi, en = sentences.get(row["reason_id"], ("-", "-"))
        for name, value in numbers.items():
            vi, en = (text.replace(name, _shown(value)) for text in (vi, en))
        terms.append({**{name: row[name] for name in _TERM_COLUMNS}, "text_vi": vi, "text_en": en})
    return sorted(terms, key=lambda row: (row["risk_type"], -row["points"], row["feature"]))


def _bin(row: Row) -> str:
    if row["bin_no"] == 0:
        return "thiếu giá trị | missing value"
    low, high = ("…" if row[end] is None else row[end] for end in ("low_milli", "high_milli"))
    return f"{low} < {row['value_milli']} <= {high} (phần nghìn | thousandths)"


def _scores(
    consignment_id: str,
    indicators: Sequence[Row],
    terms: Sequence[Row],
    stored: Sequence[Row],
) -> tuple[ScoreLine, ...]:
    scores: dict[str, Row] = {}
    for row in stored:
        if row["risk_type"] in scores:
            raise _broken(f"{consignment_id!r} has two scores for {row['risk_type']}", SCORES)
        scores[row["risk_type"]] = row
    lines = []
    for risk_type in sorted({row["risk_type"] for row in (*indicators, *terms)} | scores.keys()):
        row = scores.get(risk_type, {"score_points": 0})
        score, model = int(row["score_points"]), row.get("model_version")
        own = [int(one["points"]) for one in terms if one["risk_type"] == risk_type]
        features = int(row.get("feature_points") or 0)
        if own and sum(own) != features:
            raise _broken(
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
            raise _broken(
                f"{consignment_id!r}: the parts of {risk_type} add up to {sum(parts)},"
                f" the stored score is {score}",
                SCORES,
            )
        lines.append(
            ScoreLine(
                risk_type, score, _arithmetic(parts, score), model, row.get("probability_micro")
            )
        )
    return tuple(lines)


def _arithmetic(points: Sequence[int], score: int) -> str:
    """[5, 3] -> '5 + 3 = 8'; [5, -2] -> '5 - 2 = 3'; one term -> '5 = 5'; none -> '0'."""
    if not points:
        return "0"
    rest = [f"+ {value}" if value >= 0 else f"- {-value}" for value in points[1:]]
    return " ".join([str(points[0]), *rest, "=", str(score)])


def _only(
    connection: duckdb.DuckDBPyConnection, table: str, consignment_id: str, present: set[str]
) -> Row | None:
    if table not in present:
        return None
    found = _rows(connection, table, consignment_id)
    if len(found) > 1:
        raise _broken(f"{len(found)} rows have the id {consignment_id!r}", table)
    return found[0] if found else None


def _source_file(
    connection: duckdb.DuckDBPyConnection, facts: Mapping[str, Any], present: set[str]
) -> str | None:
    if DELIVERIES not in present or facts.get("source_sha256") is None:
        return None
    found = connection.execute(
        f"select file_name from {_quoted(DELIVERIES)} where source_sha256 = ?"
        " order by source_name is not distinct from ? desc, status = 'accepted' desc, file_name"
        " limit 1",
        [facts["source_sha256"], facts.get("source")],
    ).fetchone()
    return found[0] if found else None


def _rows(connection: duckdb.DuckDBPyConnection, table: str, consignment_id: str) -> list[Row]:
    found = connection.execute(
        f"select * from {_quoted(table)} where consignment_id = ?", [consignment_id]
    )
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    found = connection.execute(
        "select table_schema || '.' || table_name from information_schema.tables"
        " where table_catalog = current_database()"
    ).fetchall()
    return {name for (name,) in found}


def _quoted(table: str) -> str:
    return ".".join(quote(part) for part in table.split("."))


def _block(title: str, row: Row | None) -> list[str]:
    if row is None:
        return [f"{title}: không có | none"]
    shown = {name: value for name, value in row.items() if name != "consignment_id"}
    return [f"{title}:", *(f"  {name}: {_shown(value)}" for name, value in shown.items())]


def _shown(value: Any) -> str:
    return "-" if value is None else str(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.date | dt.datetime | dt.time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def _broken(what: str, where: str) -> WarehouseError:
    return WarehouseError(
        what,
        where=where,
        remedy="do not use this score; run the release's days again and report the difference",
    )
