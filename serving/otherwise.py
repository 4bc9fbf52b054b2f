"""What would have to differ for a consignment not to have been selected, from stored rows only.

By score: how many points fewer put it behind the first consignment of its queue (office, day, risk
type) that was not selected although it had the least points: that one would have taken its slot.
One that has points for another queue as well is passed over: in which it stood is not stored. Where
nobody was left out: how many points fewer put it below the least points.
Add here a method of selection. Keep out: guesses about a queue that the release does not hold.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from serving.stored_rows import Row, StoredRows, quoted

_CONSIGNMENTS = "core.fct_consignments"
_SCORES = "risk.fct_risk_scores"
_SELECTIONS = "risk.fct_selections"
_OVERRIDES = "risk.fct_selection_overrides"
_REQUESTS = "risk.fct_information_requests"
_PARAMETERS = "core.dim_rule_parameter"


@dataclass(frozen=True)
class Otherwise:
    """The answer. method: of the selection.

    For `score`: risk_type, score_points; compared_with: what N rests on, `first_not_selected` (a
    consignment), `least_points` (the parameter as shipped: nobody who has them was left out; a site
    may have set another) or `unknown`; compared_points: the points of that; points_fewer: N.
    one_reason: reasons each of which carries N points alone; together: when none does, the fewest
    of the largest that do. other_queues: risk types in which its own points may still hold a place.
    """

    method: str
    risk_type: str | None = None
    score_points: int | None = None
    compared_with: str = "unknown"
    compared_points: int | None = None
    points_fewer: int | None = None
    one_reason: tuple[Row, ...] = ()
    together: tuple[Row, ...] = ()
    other_queues: tuple[Row, ...] = ()

    def lines(self) -> list[str]:
        """Text for a terminal, Vietnamese first."""
        title = "Để không được chọn | What would have to differ, for it not to be selected:"
        return [title, *(f"  {line}" for line in self._sentences())]

    def _sentences(self) -> list[str]:
        if self.method != "score":
            return [_SENTENCES.get(self.method, _UNKNOWN)]
        if self.points_fewer is None:
            return [_UNKNOWN]
        text = [
            _COMPARED[self.compared_with].format(self.risk_type, self.compared_points),
            f"lô này có {self.score_points} điểm; bớt {self.points_fewer} là đủ"
            f" | this one has {self.score_points}; {self.points_fewer} points fewer are enough",
        ]
        if self.one_reason:
            text.append("thiếu một lý do sau là đủ | without one of these it is enough:")
        elif self.together:
            text.append(
                "không lý do nào một mình đủ; thiếu cả | none alone is enough; without all:"
            )
        else:
            text.append("không lý do nào đủ số điểm đó | no reasons carry that many points")
        text += [
            f"  {row['reason']}: {row['points']:+d}" for row in self.one_reason or self.together
        ]
        for row in self.other_queues:
            text.append(
                f"còn {row['score_points']} điểm ở hàng đợi {row['risk_type']}"
                f" | still {row['score_points']} points in the queue of {row['risk_type']}"
            )
        return text


_UNKNOWN = "kho không lưu đủ để nói | the release does not hold enough to say"
_SENTENCES = {
    "random": "rút ngẫu nhiên: không điều gì của lô này, chỉ lần rút khác"
    " | drawn at random: nothing about it, only another draw",
    "mandatory": "chọn theo quy tắc bắt buộc: dấu hiệu nêu trong quy tắc không xuất hiện"
    " | selected by a mandatory rule: the indicator that the rule names must not fire",
    "manual": "công chức quyết định chọn: không có quyết định đó"
    " | an officer decided to select it: without that decision",
}
_COMPARED = {
    "first_not_selected": "hàng đợi {0}: lô đầu tiên không được chọn có {1} điểm"
    " | queue of {0}: the first that was not selected has {1} points",
    "least_points": "hàng đợi {0}: không lô đủ điểm nào bị bỏ lại; điểm tối thiểu ban hành là {1}"
    " | queue of {0}: nobody with the least points was left out; as shipped they are {1}",
}


def what_would_differ(
    rows: StoredRows,
    facts: Mapping[str, Any],
    selection: Mapping[str, Any] | None,
    scores: Sequence[Row],
    parts: Sequence[Row],
) -> Otherwise | None:
    """The answer for one consignment; None when it was not selected.

    facts: its row of consignments. scores, parts: its stored scores, and the indicators and terms
    that add up to them.
    """
    if selection is None:
        return None
    method = str(selection["selection_method"])
    if method != "score":
        return Otherwise(method)
    risk_type = selection.get("risk_type")
    own = next((row for row in scores if row["risk_type"] == risk_type), None)
    if own is None or "intercept_points" not in own or _PARAMETERS not in rows.present:
        return Otherwise(method, risk_type)  # a release from before queues were stored
    points, least = int(own["score_points"]), _least_points(rows, facts)
    if least is None:
        return Otherwise(method, risk_type, points)
    first = _first_not_selected(rows, facts, str(risk_type), least)
    if first is not None and first[0] >= least.of(own):
        compared_with, compared_points = "first_not_selected", first[0]
        # of equal points the one with the lower hash stands before the other
        fewer = points - compared_points + (0 if first[1] else 1)
    else:
        compared_with, compared_points = "least_points", least.of(own)
        fewer = points - compared_points + 1
    if fewer < 1:  # not the order that its queue was filled in
        return Otherwise(method, risk_type, points)
    passed = {risk_type, *_types_without_queue(rows, facts)}
    others = [row for row in scores if row["risk_type"] not in passed]
    carried = _carried(parts, str(risk_type))
    alone = tuple(row for row in carried if row["points"] >= fewer)
    return Otherwise(
        method,
        risk_type,
        points,
        compared_with,
        compared_points,
        fewer,
        one_reason=alone,
        together=() if alone else _fewest(carried, fewer),
        other_queues=tuple(_other_queues(others, least)),
    )


@dataclass(frozen=True)
class _Least:
    """Fewest points to stand in a queue: the expert's, and above the base of a model."""

    score: int
    lift: int

    def of(self, score: Row) -> int:
        """The fewest points in the terms of one stored score."""
        if score["model_version"] is None:
            return self.score
        return int(score["intercept_points"]) + self.lift


def _least_points(rows: StoredRows, facts: Mapping[str, Any]) -> _Least | None:
    """As shipped for the day; what a site sets instead is not part of a release."""
    found = {
        row["parameter_id"]: int(row["value"])
        for row in rows.select(
            f"select parameter_id, value from {quoted(_PARAMETERS)}"
            " where parameter_id in ('SELECTION_MIN_SCORE', 'SELECTION_MIN_LIFT')"
            " and valid_from <= ? and (valid_to is null or valid_to >= ?)",
            [facts["day"], facts["day"]],
        )
    }
    if len(found) < 2:
        return None
    return _Least(found["SELECTION_MIN_SCORE"], found["SELECTION_MIN_LIFT"])


def _first_not_selected(
    rows: StoredRows, facts: Mapping[str, Any], risk_type: str, least: _Least
) -> tuple[int, bool] | None:
    """Points of the first of the queue whom the score did not select, and whether it would stand
    before this one with equal points; None when there is none.

    Passed over: whoever was selected otherwise than by the draw (which comes last), was released
    by an officer, or has points for another queue.
    """
    released = ""
    if _OVERRIDES in rows.present:
        released = (
            f" and consignment_id not in (select consignment_id from {quoted(_OVERRIDES)}"
            " where override = 'release' and override_outcome = 'applied'"
            " and consignment_id is not null)"
        )
    found = rows.select(
        f"""
        with queue as (
            select consignment_id, score_points, md5(consignment_id) as hash
            from {quoted(_SCORES)}
            where day = $day and risk_type = $risk_type and consignment_id in (
                select consignment_id from {quoted(_CONSIGNMENTS)}
                where day = $day and customs_office_code = $office and is_active
                    and importing_country_code is not distinct from $country
            ) and consignment_id not in (
                select consignment_id from {quoted(_SELECTIONS)}
                where day = $day and selection_method <> 'random'
            ) and consignment_id not in (
                select consignment_id from {quoted(_SCORES)}
                where day = $day and not list_contains($own_types, risk_type)
                    and score_points >= case
                    when model_version is null then $score else intercept_points + $lift end
            ){released}
        ), first as (
            select min({{'a': -score_points, 'b': hash, 'c': consignment_id}}) as place from queue
        )
        select -place.a as points, (place.b, place.c) < (md5($id), $id) as stands_before
        from first where place is not null
        """,
        {
            "day": facts["day"],
            "risk_type": risk_type,
            "own_types": [risk_type, *_types_without_queue(rows, facts)],
            "office": facts["customs_office_code"],
            "country": facts["importing_country_code"],
            "score": least.score,
            "lift": least.lift,
            "id": facts["consignment_id"],
        },
    )
    return (int(found[0]["points"]), bool(found[0]["stands_before"])) if found else None


def _types_without_queue(rows: StoredRows, facts: Mapping[str, Any]) -> list[str]:
    """Risk types of which the sender is asked for data that day: they take no slot."""
    if _REQUESTS not in rows.present:
        return []
    found = rows.select(
        f"select distinct risk_type from {quoted(_REQUESTS)} where day = ? order by 1",
        [facts["day"]],
    )
    return [row["risk_type"] for row in found]


def _carried(parts: Sequence[Row], risk_type: str) -> list[Row]:
    """The reasons that add points to one risk type, largest first."""
    found = [
        {"reason": row.get("indicator_id") or row["feature"], "points": int(row["points"])}
        for row in parts
        if row["risk_type"] == risk_type and row["points"] > 0
    ]
    return sorted(found, key=lambda row: (-row["points"], row["reason"]))


def _fewest(carried: Sequence[Row], points: int) -> tuple[Row, ...]:
    """The largest reasons, as few as carry `points` together; none when all of them do not."""
    for count in range(2, len(carried) + 1):
        if sum(row["points"] for row in carried[:count]) >= points:
            return tuple(carried[:count])
    return ()


def _other_queues(scores: Sequence[Row], least: _Least) -> Iterator[Row]:
    """The risk types in which it has points for a queue, highest first."""
    for row in sorted(scores, key=lambda row: (-row["score_points"], row["risk_type"])):
        if row["score_points"] >= least.of(row):
            yield {"risk_type": row["risk_type"], "score_points": int(row["score_points"])}
