"""The list of contracts, by source name: the only place that knows all sources.

Add here a source after writing its module. Keep out: everything else.
"""

from types import MappingProxyType

from contracts import (
    customs_declaration,
    inspection_outcome,
    low_value_declaration,
    market_reference,
    parcel_manifest,
    platform_registry,
)
from contracts.base import Contract

CONTRACTS: MappingProxyType[str, Contract] = MappingProxyType(
    {
        module.CONTRACT.source: module.CONTRACT
        for module in (
            customs_declaration,
            low_value_declaration,
            parcel_manifest,
            platform_registry,
            inspection_outcome,
            market_reference,
        )
    }
)
