"""What a fit or a score accepts: integer columns, 0/1 labels, limits below which nothing is fitted.

Defines: `Columns`, `Limits`, `masked` (checked columns), `findings_of` (checked labels), `constant`
(features that cannot tell rows apart), `tree_library` of the extra `train`. Every refusal of bad
input stands here.
Add here another kind of input. Keep out: what is computed from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from foundation.errors import UsageError, WarehouseError

Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
# Feature -> values in thousandths, one a row; a masked array where values are missing.
Columns = Mapping[str, Integers]


@dataclass(frozen=True)
class Limits:
    """The least that a fit needs. labels: rows with an outcome; findings: rows with a finding.

    Both classes must hold at least one row, whatever the limits say.
    """

    labels: int
    findings: int


def masked(columns: Columns, names: Iterable[str] | None = None) -> dict[str, Any]:
    """The columns `names` (all when None), sorted by name, as masked int64 arrays of one length.

    Raises UsageError for a column that is absent, holds no int64 (fractions, NaN, text), is not
    one-dimensional, or has another length than the others.
    """
    wanted = sorted(columns if names is None else names)
    found: dict[str, Any] = {}
    rows: int | None = None
    for name in wanted:
        if name not in columns:
            raise UsageError(
                f"the feature {name!r} is not among the columns",
                where=f"feature {name}",
                remedy="hand over every feature that the model names",
            )
        values = np.ma.asarray(columns[name])
        if values.dtype != np.int64 or values.ndim != 1:
            raise UsageError(
                f"the feature {name!r} is {values.ndim}-dimensional {values.dtype}, "
                "not one int64 a row",
                where=f"feature {name}",
                remedy="store features as whole thousandths and a missing value as null, "
                "never as NaN or a fraction",
            )
        if rows is not None and len(values) != rows:
            raise UsageError(
                f"the feature {name!r} has {len(values)} rows, others have {rows}",
                where=f"feature {name}",
                remedy="take all columns from one query",
            )
        rows = len(values)
        found[name] = values
    return found


def missing_of(values: Integers) -> Booleans:
    """True where a value is missing, for masked and for plain arrays."""
    return np.ma.getmaskarray(values)


def constant(columns: Columns) -> tuple[str, ...]:
    """The features that say the same of every row: one value and none missing, or all missing."""
    return tuple(sorted(name for name, values in columns.items() if _is_constant(values)))


def _is_constant(values: Integers) -> bool:
    missing = missing_of(values)
    if missing.any():
        return bool(missing.all())
    plain = np.ma.getdata(values)
    return len(plain) == 0 or bool((plain == plain[0]).all())


def findings_of(labels: npt.NDArray[Any], rows: int, limits: Limits) -> Booleans:
    """The labels as booleans: True = inspected with a finding, False = inspected without.

    Takes booleans or the integers 0 and 1. Raises UsageError for anything else (a row that nobody
    inspected has no label: it is left out, never 0), WarehouseError when the labels are none, of
    one class, or fewer than `limits`.
    """
    if np.ma.getmaskarray(labels).any() or labels.dtype.kind not in "bi" or labels.ndim != 1:
        raise UsageError(
            f"labels are {labels.dtype} or missing, not one 0 or 1 a row",
            where="labels",
            remedy="leave out rows that nobody inspected: they are unlabelled, not without finding",
        )
    plain = np.ma.getdata(labels)
    if len(plain) != rows:
        raise UsageError(
            f"{len(plain)} labels for {rows} rows",
            where="labels",
            remedy="take labels and features from one query",
        )
    if not np.isin(plain, (0, 1)).all():
        raise UsageError(
            "a label is neither 0 nor 1",
            where="labels",
            remedy="1 = finding, 0 = inspected without finding",
        )
    found = plain.astype(np.bool_)
    _enough(len(found), int(found.sum()), limits)
    return found


def _enough(labels: int, findings: int, limits: Limits) -> None:
    if labels == 0:
        what = "no row has a label"
    elif findings in (0, labels):
        what = f"all {labels} labels say {'finding' if findings else 'no finding'}"
    elif labels < limits.labels or findings < limits.findings:
        what = (
            f"{labels} labels with {findings} findings are fewer than "
            f"{limits.labels} with {limits.findings}"
        )
    else:
        return
    raise WarehouseError(
        f"nothing can be fitted: {what}",
        where="labels",
        remedy="wait for more outcomes of inspections, random ones included; until then the "
        "version in force stays",
    )


def tree_library() -> Any:
    """LightGBM, imported when a fit asks for it. Raises UsageError when it is not installed."""
    try:
        import lightgbm
    except ImportError as error:
        raise UsageError(
            "fitting needs lightgbm, which is not installed",
            where="the extra `train`",
            remedy="pip install import-risk-warehouse[train]; scoring itself needs no such library",
        ) from error
    return lightgbm
