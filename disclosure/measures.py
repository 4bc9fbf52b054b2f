"""What a table measures, and how its measures hang together.

Defines: `Measure`, `checked`. Add here another kind of measure that the public format knows.
Keep out: how a kind is suppressed (derived.py) or added up (relations.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from foundation.errors import UsageError

Kind = Literal["additive", "ytd", "share", "growth", "other"]
KINDS = ("additive", "ytd", "share", "growth", "other")
# Kinds whose cells add up, so that linear relations hold between them.
LINEAR = ("additive", "ytd")


@dataclass(frozen=True)
class Measure:
    """One measure of a table.

    additive: adds up over dimensions and periods; `of` names the measure that it is a part of, if
    all parts of that one are measures too. ytd: sum of `of` since January. share: percent of `of`
    in its total over the dimension `over`. growth: percent, `of` against `over` periods back.
    other: an index, a ratio; `of` and `over` name the measures that it is made of, if any.
    is_count: rounded when published (additive and ytd only). hidden_with: another measure of the
    same cells (both additive, or both ytd): what is hidden of one is hidden of both, for a reader
    who sees a count and knows about what one is worth has the value. Never published.
    """

    name: str
    kind: Kind
    of: str | None = None
    over: str | int | None = None
    is_count: bool = False
    hidden_with: str | None = None

    @property
    def base(self) -> int:
        """Growth: how many periods back."""
        return 1 if self.over is None else int(self.over)


def checked(measures: Sequence[Measure], dimensions: Sequence[str]) -> dict[str, Measure]:
    """Name -> measure, each after those that it is made of.

    dimensions: without their `d_`. Raises UsageError: a name twice, an unknown kind, measure or
    dimension, a measure that is made of itself, a count that does not add up.
    """
    by_name = {measure.name: measure for measure in measures}
    if len(by_name) != len(measures):
        raise _refused("a measure stands twice", "name each measure once")
    ordered: dict[str, Measure] = {}
    for measure in measures:
        _check(measure, by_name, dimensions)
        _visit(measure, by_name, ordered, ())
    return ordered


def _check(measure: Measure, by_name: dict[str, Measure], dimensions: Sequence[str]) -> None:
    name, kind = measure.name, measure.kind
    if kind not in KINDS:
        raise _refused(f"{name} has the unknown kind {kind!r}", f"use {', '.join(KINDS)}")
    for other in (measure.of, measure.over if kind == "other" else None):
        if other is not None and other not in by_name:
            raise _refused(f"{name} is made of {other!r}, which is no measure", "list it as well")
    if kind in {"ytd", "share", "growth"} and measure.of is None:
        raise _refused(f"{name} does not say of what it is the {kind}", "fill `of`")
    of = by_name[measure.of] if measure.of is not None else None
    if of is not None and (
        (kind in LINEAR and of.kind != "additive") or (kind == "share" and of.kind not in LINEAR)
    ):
        raise _refused(f"{name} is the {kind} of {of.name}, which does not add up", "correct `of`")
    if kind == "share" and measure.over not in dimensions:
        raise _refused(f"{name} is a share over {measure.over!r}, no dimension", "correct `over`")
    if kind == "growth" and not (str(measure.over or 1).isdigit() and measure.base >= 1):
        raise _refused(f"{name} grows against {measure.over!r}", "`over` is a number of periods")
    if measure.hidden_with is not None:
        _check_together(measure, by_name.get(measure.hidden_with))
    if measure.is_count and kind not in LINEAR:
        raise _refused(f"{name} is a count and a {kind}", "only what adds up is rounded as a count")
    if kind == "ytd" and of is not None and of.is_count != measure.is_count:
        raise _refused(f"{name} and {of.name}: one is a count", "set is_count for both or none")


def _check_together(measure: Measure, other: Measure | None) -> None:
    what = f"{measure.name} is hidden with {measure.hidden_with!r}"
    if other is None:
        raise _refused(f"{what}, which is no measure", "list it as well")
    if other.name == measure.name or other.hidden_with is not None:
        raise _refused(f"{what}, which is hidden with another", "name one measure for all of them")
    if measure.kind != other.kind or measure.kind not in LINEAR:
        raise _refused(f"{what}, of another kind", "only what adds up alike has the same cells")


def _visit(
    measure: Measure,
    by_name: dict[str, Measure],
    ordered: dict[str, Measure],
    above: tuple[str, ...],
) -> None:
    if measure.name in above:
        raise _refused(f"{measure.name} is made of itself", "correct `of` and `over`")
    for other in (measure.of, measure.over if measure.kind == "other" else None):
        if isinstance(other, str) and other not in ordered:
            _visit(by_name[other], by_name, ordered, (*above, measure.name))
    ordered[measure.name] = measure


def _refused(what: str, remedy: str) -> UsageError:
    return UsageError(what, where="measures of the table", remedy=remedy)
