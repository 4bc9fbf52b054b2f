"""The methods of `import-risk calc`: a file to arrays, arrays to the document of the method.

Defines: `METHODS`. Add here a method of scenarios/ that reads a file. Keep out: formulas
(scenarios/), rules of a file (tables.py, documents.py).
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from cli.calculator.documents import Entry, read_document
from cli.calculator.tables import Table, read_table
from foundation.errors import UsageError
from scenarios.armington import armington
from scenarios.checks import BadInput
from scenarios.concentration import LARGEST, concentration
from scenarios.gsim import gsim
from scenarios.prices import geks_tornqvist
from scenarios.smart import smart
from scenarios.surge import Gates, surges
from scenarios.undercutting import undercutting

# The unit of `hhi` that stands for the part of a market which nobody could name.
UNKNOWN = "unknown"
_MATRICES = ("trade", "tariff_old", "tariff_new")
_ELASTICITIES = ("demand_elasticity", "supply_elasticity", "substitution_elasticity")
_SURGE_NUMBERS = (
    "value", "quantity", "quantity_base", "price_index_change_pct", "domestic_production",
)  # fmt: skip


def _geks(path: Path) -> Any:
    table = read_table(path, ("period", "product"), ("value", "quantity"))
    ordered = sorted(table.names["period"])  # as text
    rank = {name: position for position, name in enumerate(ordered)}
    in_order = np.array([rank[name] for name in table.names["period"]])
    with _placed(table):
        index = geks_tornqvist(
            in_order[table.codes["period"]],
            table.codes["product"],
            **table.numbers,
            periods=ordered,
        )
    return [{"period": name, "index": one} for name, one in zip(ordered, index, strict=True)]


def _hhi(path: Path) -> Any:
    table = read_table(path, ("market", "unit"), ("value",))
    units = table.names["unit"]
    position = units.index(UNKNOWN) if UNKNOWN in units else -1
    with _placed(table):
        found = concentration(
            table.codes["market"],
            table.numbers["value"],
            table.codes["unit"] == position,
            table.names["market"],
        )
    columns = {
        "n": found.n,
        "hhi_low": found.hhi_low,
        "hhi_high": found.hhi_high,
        "effective_low": found.effective_low,
        "effective_high": found.effective_high,
        "unknown_share_pct": found.unknown_share_pct,
    }
    for k in LARGEST:
        columns |= {f"cr{k}_low": found.cr_low[k], f"cr{k}_high": found.cr_high[k]}
    return _rows({"market": table.names["market"]}, columns)


def _smart(path: Path) -> Any:
    numbers = (
        "imports", "tariff_old_pct", "tariff_new_pct", "import_demand_elasticity",
        "substitution_elasticity",
    )  # fmt: skip
    table = read_table(path, ("market", "exporter"), numbers)
    markets = table.names["market"]
    with _placed(table):
        found = smart(table.codes["market"], **table.numbers, markets=markets)
    named = {
        name: [table.names[name][code] for code in table.codes[name]]
        for name in ("market", "exporter")
    }
    return _rows(named, vars(found))


def _undercutting(path: Path) -> Any:
    numbers = ("price_domestic", "price_import", "quantity_import")
    table = read_table(path, ("stratum", "pair"), numbers)
    with _placed(table):
        found = undercutting(table.codes["stratum"], **table.numbers, strata=table.names["stratum"])
    return _rows({"stratum": table.names["stratum"]}, vars(found))


def _gsim(path: Path) -> Any:
    document = read_document(path)
    regions = _distinct(document["regions"].entries())
    given: dict[str, Any] = {}
    for name in _MATRICES:
        rows = document[name].entries(called="row")
        _one_each(document[name], len(rows), len(regions))
        for row in rows:
            _one_each(row, len(row.entries()), len(regions))
        given[name] = [row.numbers() for row in rows]
    for name in _ELASTICITIES:
        entry = document[name]
        if isinstance(entry.value, list):
            given[name] = entry.numbers()
            _one_each(entry, len(given[name]), len(regions))
        else:
            given[name] = entry.number()

    def place(error: BadInput) -> str:
        ends = [repr(regions[i]) for i in error.index if i < len(regions)]
        return (
            " to ".join([f"{error.argument} of {ends[0]}", *ends[1:]]) if ends else error.argument
        )

    with _named(path, place):
        found = gsim(**given)
    return {name: values.tolist() for name, values in vars(found).items()}


def _armington(path: Path) -> Any:
    document = read_document(path)
    varieties = document["varieties"].entries(called="variety")
    names = _distinct([one["name"] for one in varieties])
    fields = ("value", "supply_elasticity", "tariff_old", "tariff_new")
    given = {
        field: [
            Entry(path, f"variety {name!r}", one.value)[field].number()
            for name, one in zip(names, varieties, strict=True)
        ]
        for field in fields
    }

    def place(error: BadInput) -> str:
        if error.argument in fields and error.index:
            return f"{error.argument} of variety {names[error.index[0]]!r}"
        return error.argument

    with _named(path, place):
        found = armington(
            **given,
            substitution_elasticity=document["substitution_elasticity"].number(),
            demand_elasticity=document["demand_elasticity"].number(),
        )
    return {
        "producer_price": found.producer_price.tolist(),
        "consumer_price": found.consumer_price.tolist(),
        "price_index": found.price_index,
        "quantity": found.quantity.tolist(),
        "tariff_revenue": found.tariff_revenue,
        "tariff_revenue_change": found.tariff_revenue_change,
    }


def _surge(path: Path) -> Any:
    document = read_document(path)
    rows = document["rows"].entries(called="row")
    strata = _distinct([one["stratum"] for one in rows])
    rows = [
        Entry(path, f"stratum {name!r}", one.value) for name, one in zip(strata, rows, strict=True)
    ]
    given = {name: [row[name].number() for row in rows] for name in _SURGE_NUMBERS}
    points = [_history(row["history"]) for row in rows]
    history = np.full((len(rows), max(map(len, points))), np.nan)
    for row, found in zip(history, points, strict=True):
        row[: len(found)] = found
    limits = {name: document["gates"][name].number() for name in Gates.__dataclass_fields__}

    def place(error: BadInput) -> str:
        if error.argument in limits:
            return f"{error.argument} of gates"
        return " of ".join([error.argument, *(f"stratum {strata[i]!r}" for i in error.index[:1])])

    with _named(path, place):
        result = surges(**given, history=history, gates=Gates(**limits))
    return _rows({"stratum": strata}, vars(result))


# Method -> what makes its document of a file; each raises UsageError for bad input.
METHODS: dict[str, Callable[[Path], Any]] = {
    "geks": _geks,
    "hhi": _hhi,
    "smart": _smart,
    "gsim": _gsim,
    "armington": _armington,
    "undercutting": _undercutting,
    "surge": _surge,
}


@contextmanager
def _named(path: Path, place: Callable[[BadInput], str]) -> Iterator[None]:
    """What a method refuses, with the place in the file instead of the position in an array."""
    try:
        yield
    except BadInput as error:
        raise UsageError(
            error.what, where=f"{path}, {place(error)}", remedy=error.remedy
        ) from error


@contextmanager
def _placed(table: Table) -> Iterator[None]:
    def place(error: BadInput) -> str:
        column = f"column {error.argument}"
        return f"line {table.line(error.index[0])}, {column}" if error.index else column

    with _named(table.path, place):
        yield


def _rows(names: dict[str, list[str]], columns: dict[str, Any]) -> list[dict[str, Any]]:
    """One object a row; a figure that cannot be told (NaN) is null."""
    lists = {**names, **{name: values.tolist() for name, values in columns.items()}}
    return [
        dict(zip(lists, map(_told, row), strict=True)) for row in zip(*lists.values(), strict=True)
    ]


def _told(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else value + 0.0  # no minus before a zero
    return value


def _distinct(entries: list[Entry]) -> list[str]:
    names: list[str] = []
    seen: set[str] = set()
    for entry in entries:
        name = entry.text()
        if name in seen:
            entry.refuse(f"{name!r} stands twice", "keep one of them")
        seen.add(name)
        names.append(name)
    return names


def _one_each(entry: Entry, given: int, asked: int) -> None:
    if given != asked:
        entry.refuse(
            f"has {given} entries for {asked} regions",
            "give one for each region; a matrix has a row and a column for each",
        )


def _history(entry: Entry) -> list[float]:
    """The quantities of a history, which may be empty."""
    return [] if entry.value == [] else entry.numbers()
