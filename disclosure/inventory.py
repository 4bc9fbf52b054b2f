"""Every table that readers outside customs have, and why none of its cells is a raw sum.

Defines: `INVENTORY`, `Listed`, `require_listed`. Add here a table before its model names another
audience than customs; a plan that has one that is not listed is refused. Keep out: how a treated
table is made (treat.py), which columns are private (serving/plan.py, expectations/).

A table of sums over consignments is listed only as `treated`. Its raw form stays with customs:
docs/adr/0038-one-treatment-for-every-reader.md.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from foundation.errors import UsageError

# not_an_aggregate: registers, code lists, law, evidence about a run; no figure of consignments.
# treated: drawn from cells that passed disclosure control. outside: figures that somebody else
# published, as they were published.
Kind = Literal["not_an_aggregate", "treated", "outside"]


@dataclass(frozen=True)
class Listed:
    """kind: see `Kind`. since: when somebody looked. why: what was seen. is_mart: a dbt model makes
    it, else publishing does."""

    kind: Kind
    since: dt.date
    why: str
    is_mart: bool = True


_SEEN = dt.date(2026, 11, 30)


def _register(why: str) -> Listed:
    return Listed("not_an_aggregate", _SEEN, why)


def _written(kind: Kind, why: str) -> Listed:
    return Listed(kind, _SEEN, why, is_mart=False)


INVENTORY: Mapping[str, Listed] = {
    "core.dim_commodity": _register("chapters and headings of the nomenclature"),
    "core.dim_duty": _register("which duty of the authorities has which models"),
    "core.dim_legal_instrument": _register("law and other instruments"),
    "core.dim_office": _register("customs offices, seeded or loaded"),
    "core.dim_platform": _register("the register of platforms: who says what of it, since when"),
    "core.dim_province": _register("provinces"),
    "core.dim_rule_parameter": _register("dated parameters of rules; none of disclosure control"),
    "impact.dim_published_hierarchies": _written("treated", "members of published cells"),
    "impact.dim_published_measures": _written("treated", "names of published measures"),
    "impact.fct_published_cells_monthly": _written("treated", "the treated cells themselves"),
    "reporting.rpt_published_impact_monthly": _written(
        "treated", "drawn from the treated cells; retail and online sales are figures from outside"
    ),
    "quality.fct_gate_results": _written(
        "not_an_aggregate", "whether a rule held; without counts of rows and examples"
    ),
    "quality.fct_revisions": _written(
        "not_an_aggregate", "revisions of marts that the reader has; today of none outside customs"
    ),
    "quality.release_info": _written("not_an_aggregate", "which release this is"),
    "quality.release_tables": _written("not_an_aggregate", "how many rows the reader's marts have"),
}


def require_listed(name: str) -> None:
    """Raises UsageError for a table, `schema.table`, that nobody has looked at."""
    if name not in INVENTORY:
        raise UsageError(
            "readers outside customs would get a table that nobody has looked at",
            where=name,
            remedy="keep its audience to customs, or list it in disclosure/inventory.py: a table of"
            " sums over consignments must be drawn from treated cells",
        )
