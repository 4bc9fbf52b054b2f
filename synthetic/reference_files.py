"""The files of states, not flows: one source a module of states/, cut by what was known when.

Add here how a state is cut into files. Keep out: what a state says (states/), daily flows
(slices.py).
"""

import datetime as dt
import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from contracts.catalogue import CONTRACTS
from synthetic import states
from synthetic.parameters import SyntheticParameters

# (day on which it became known, row in contract field order)
Known: TypeAlias = Sequence[tuple[dt.date, tuple[object, ...]]]

# Whose rows speak of their own day alone.
_OF_DAYS = ("selection_override",)


@dataclass(frozen=True)
class StateFile:
    """One file of states in contract field order; received: None when it comes at the end."""

    name: str
    source: str
    rows: tuple[tuple[object, ...], ...]
    received: dt.date | None = None


def state_files(
    parameters: SyntheticParameters, *, seed: int, first_day: dt.date, days: int, by_receipt: bool
) -> list[StateFile]:
    """The states as one file each, decisions as one a day; by_receipt: in files that know nothing
    of the days after."""
    files: list[StateFile] = []
    for module in pkgutil.iter_modules(states.__path__):
        source = CONTRACTS[module.name].source
        known: Known = importlib.import_module(f"{states.__name__}.{source}").known(
            parameters, seed=seed, first_day=first_day, days=days
        )
        if by_receipt:
            files += _by_receipt(source, known, first_day, days)
        elif source in _OF_DAYS:
            of_days = _by_receipt(source, known, first_day, days)
            files += [replace(file, received=None) for file in of_days]
        else:
            files.append(StateFile(source, source, tuple(row for _, row in known)))
    return files


def _by_receipt(source: str, known: Known, first_day: dt.date, days: int) -> list[StateFile]:
    """One file per day on which something became known; what comes after the last day is left."""
    files = []
    for offset in range(days):
        day = first_day + dt.timedelta(days=offset)
        rows = tuple(
            row for date, row in known if date == day or (offset == 0 and date < first_day)
        )
        if rows:
            received = day + dt.timedelta(days=1)
            files.append(StateFile(f"{source}_{day.isoformat()}", source, rows, received))
    return files
