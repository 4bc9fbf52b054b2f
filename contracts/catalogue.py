"""The catalogue: every contract by source name, found in sources/ and checked when it is read.

Add here nothing for a new source: its module is found. Keep out: facts of sources.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from types import MappingProxyType

from contracts import sources
from contracts.base import Contract
from contracts.checks import require_sound
from foundation.errors import WarehouseError


def _found() -> Iterator[tuple[str, Contract]]:
    for module in pkgutil.iter_modules(sources.__path__):
        contract = getattr(
            importlib.import_module(f"{sources.__name__}.{module.name}"), "CONTRACT", None
        )
        if not isinstance(contract, Contract):
            raise WarehouseError(
                f"the module {module.name!r} defines no CONTRACT",
                where=f"contracts/sources/{module.name}.py",
                remedy="one module a source; what several sources share is in shared_fields.py",
            )
        yield module.name, contract


def _catalogue() -> MappingProxyType[str, Contract]:
    """Sources of every business day first, then the states; each by name."""
    found = dict(_found())
    require_sound(found)
    ordered = sorted(found.values(), key=lambda contract: (not contract.windowed, contract.source))
    return MappingProxyType({contract.source: contract for contract in ordered})


CONTRACTS = _catalogue()
