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

Row = dict[str, Any]


@dataclass(frozen=True)
class ScoreLine:
    """One risk type: the stored score and how its stored indicator points add up to it."""

    risk_type: str
    score_points: int
    arithmetic: str


@dataclass(frozen=True)
class Explanation:
    """Everything the release stores about one consignment; party tokens are left out.

    indicators: rows with `_INDICATOR_COLUMNS`, highest points first. selection, tax: None when the
    release has no such row. source_file: the delivered file's name, None when it is not recorded.
    """

    release_id: str
    consignment_id: str
    consignment: Row
    indicators: tuple[Row, ...]
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
        if self.scores:
            text.append("Điểm theo loại rủi ro | Score per risk type:")
            text += [f"  {score.risk_type}: {score.arithmetic}" for score in self.scores]
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
    return Explanation(
        release_id=release_id,
        consignment_id=consignment_id,
        consignment=facts,
        indicators=tuple(indicators),
        scores=_scores(consignment_id, indicators, _rows(connection, SCORES, consignment_id)),
        selection=_only(connection, SELECTIONS, consignment_id, present),
        tax=_only(connection, TAX, consignment_id, present),
        source_file=_source_file(connection, facts, present),
        source_line=facts.get("source_line"),
    )


def _scores(
    consignment_id: str, indicators: Sequence[Row], stored: Sequence[Row]
) -> tuple[ScoreLine, ...]:
    points: dict[str, list[int]] = {}
    for row in indicators:
        points.setdefault(row["risk_type"], []).append(int(row["points"]))
    scores: dict[str, int] = {}
    for row in stored:
        if row["risk_type"] in scores:
            raise _broken(f"{consignment_id!r} has two scores for {row['risk_type']}", SCORES)
        scores[row["risk_type"]] = int(row["score_points"])
    lines = []
    for risk_type in sorted({*points, *scores}):
        own = sorted(points.get(risk_type, []), reverse=True)
        score = scores.get(risk_type, 0)
        if sum(own) != score:
            raise _broken(
                f"{consignment_id!r}: the indicators of {risk_type} add up to {sum(own)},"
                f" the stored score is {score}",
                SCORES,
            )
        lines.append(ScoreLine(risk_type, score, _arithmetic(own, score)))
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
