"""Which models are mutated: the rules, by subject.

A model is named by a pattern of its name, or by the schema that readers see it in, never by its
folder. Add here a subject whose SQL decides something. Keep out: staging, which only renames.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase

SUBJECTS: dict[str, tuple[str, ...]] = {
    "taxes": (
        "int_rules__in_force", "int_taxes__*", "int_tariff__rates", "fct_tax_assessments",
        "fct_tax_gap_daily",
    ),
    "platforms": ("int_platforms__*", "dim_platform", "fct_platform_flows", "rpt_platforms"),
    "selection": (
        "int_risk__exploration", "int_risk__lane_cells", "int_risk__selected_first",
        "int_risk__decided_first", "int_risk__open_slots",
        "int_risk__selected_by_score", "int_risk__out_of_the_draw", "int_risk__drawn_at_random",
        "fct_selections", "fct_information_requests", "rpt_risk_queue",
    ),
    "risk": (
        "int_risk__*", "int_prices__*", "schema:risk", "fct_suspected_gathering_points",
        "fct_gathering_point_windows", "int_places__*",
    ),
}  # fmt: skip


class UnknownModel(ValueError):
    """A pattern of SUBJECTS matches no model: it was renamed, or never was."""


def subject_of(models: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The subject of each (model, schema) that has one; the first in the order of SUBJECTS."""
    found: dict[str, str] = {}
    held = list(models)
    for subject, patterns in SUBJECTS.items():
        for pattern in patterns:
            names = [name for name, schema in held if _matches(pattern, name, schema)]
            if not names:
                raise UnknownModel(f"subject {subject}: no model matches {pattern!r}")
            for name in names:
                found.setdefault(name, subject)
    return found


def _matches(pattern: str, name: str, schema: str) -> bool:
    if pattern.startswith("schema:"):
        return schema == pattern.removeprefix("schema:")
    return fnmatchcase(name, pattern)
