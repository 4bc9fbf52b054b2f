"""Measures of the same cells that are hidden together: a cell of one is a cell of all of them.

Defines: `group_of`, `with_siblings`. Add here what else is the same for measures of one cell.
Keep out: which cells are hidden (primary.py, suppress.py, audit.py), which measures belong together
(`hidden_with`, measures.py).
"""

from collections.abc import Mapping

import numpy as np

from disclosure.measures import Measure
from disclosure.space import Keys, Space


def group_of(space: Space, keys: Keys, measures: Mapping[str, Measure]) -> Keys:
    """(n,) numbers from 0 on: keys with the same number are hidden together."""
    first = _first_of(space, measures)
    at = space.codes(keys, "measure")
    shared = keys + (first[at] - at) * space.strides["measure"]
    return np.unique(shared, return_inverse=True)[1].astype(np.int64)


def with_siblings(space: Space, keys: Keys, measures: Mapping[str, Measure]) -> Keys:
    """(m,) ascending: the keys, and those of the other measures that are hidden with them."""
    first = _first_of(space, measures)
    at = space.codes(keys, "measure")
    found = [keys]
    for code, root in enumerate(first):
        mine = first[at] == root
        found.append(keys[mine] + (code - at[mine]) * space.strides["measure"])
    return np.unique(np.concatenate(found))


def _first_of(space: Space, measures: Mapping[str, Measure]) -> Keys:
    """(measures of the space,) for each code the lowest code of those hidden together with it."""
    words = space.words["measure"]
    named = [word if word not in measures else measures[word].hidden_with or word for word in words]
    return np.array([named.index(name) for name in named], np.int64)
