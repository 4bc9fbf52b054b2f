"""A contract that cannot be meant is refused with a sentence that names source and fact.

Not claimed: that an accepted contract describes its source well.
"""

from dataclasses import replace

import pytest

from contracts.base import Agreeing, Contract, Field
from contracts.catalogue import CONTRACTS
from contracts.checks import require_sound
from contracts.facts import (
    Agreed,
    Category,
    Consigned,
    Followed,
    Reference,
    SpeaksOf,
    Staging,
    Versions,
    Words,
)
from foundation.errors import WarehouseError

PARCELS = CONTRACTS["parcel_manifest"]
FIGURES = CONTRACTS["market_reference"]
CODE = Field("new_code", "code", "Mã", "Code", codes=("x", "y"))
KEPT = Words("cả hai", "both")


def refusal(contract: Contract, module: str = "") -> WarehouseError:
    with pytest.raises(WarehouseError) as caught:
        require_sound({**CONTRACTS, module or contract.source: contract})
    return caught.value


def test_the_shipped_contracts_are_sound() -> None:
    require_sound(CONTRACTS)


def without_text(contract: Contract) -> Contract:
    first, *others = contract.fields
    return replace(contract, fields=(replace(first, meaning_vi=" "), *others))


def with_field(contract: Contract, field: Field) -> Contract:
    return replace(contract, fields=(*contract.fields, field))


@pytest.mark.parametrize(
    ("contract", "sentence"),
    [
        (without_text(PARCELS), "has no Vietnamese text for field 'house_waybill_number'"),
        (replace(PARCELS, name=Words("Bản kê", "")), "has no English text for its name"),
        (replace(PARCELS, grain_en="a | b"), "has a bar or a line end in the English text"),
        (replace(PARCELS, key=("waybill",)), "names 'waybill' in its key"),
        (replace(PARCELS, key=()), "has no key"),
        (replace(PARCELS, key=("channel",)), "has the key field 'channel', which is not required"),
        (replace(PARCELS, key=("consignee_name",)), "which is not required"),
        (replace(PARCELS, day_field="channel"), "has the day field 'channel', which is no date"),
        (replace(PARCELS, day_field="came_on"), "names 'came_on' in day_field"),
        (
            with_field(PARCELS, Field("day", "date", "Ngày", "Day")),
            "gives the raw column 'day' twice",
        ),
        (
            with_field(PARCELS, Field("Kênh", "text", "Kênh", "Channel")),
            "has the name 'Kênh': only small letters",
        ),
        (
            replace(PARCELS, versions=Versions(named_by=("order",))),
            "names 'order' in versions.named_by",
        ),
        (
            replace(PARCELS, versions=Versions(("house_waybill_number",), not_compared=("notes",))),
            "names 'notes' in versions.not_compared",
        ),
        (replace(PARCELS, versions=None), "names models of versions, and has no versions"),
        (
            replace(PARCELS, staging=Staging("manifests")),
            "has versions, and does not name their models in staging",
        ),
        (
            replace(PARCELS, consigned=Consigned(True, {"waybill_level": "chief"})),
            "names the code 'chief' in consigned.unless",
        ),
        (replace(PARCELS, watched_codes=("hs",)), "names 'hs' in watched_codes"),
        (
            replace(PARCELS, followed=Followed((Category("hs", ("hs",)),), ("declared_value",))),
            "names 'hs' in followed.codes",
        ),
        (
            replace(PARCELS, followed=Followed((Category("c", ("channel",)),), ("channel",))),
            "follows 'channel' as a number, which is none",
        ),
        (
            replace(PARCELS, references=(Reference("platform_code", "platforms", "code"),)),
            "refers to the source 'platforms', which has no contract",
        ),
        (
            replace(PARCELS, references=(Reference("platform_code", "platform_registry", "id"),)),
            "refers to platform_registry.id, which is no field",
        ),
        (replace(PARCELS, speaks_of=SpeaksOf("its_day")), "is windowed and states speaks_of"),
        (replace(FIGURES, speaks_of=None), "does not say which days a row speaks of"),
        (
            replace(FIGURES, speaks_of=SpeaksOf("next_of_series", series=("series_id",))),
            "states series and period of speaks_of for next_of_series",
        ),
        (
            replace(FIGURES, speaks_of=SpeaksOf("its_day", takes_place_of=("id",))),
            "names 'id' in speaks_of.takes_place_of",
        ),
        (
            with_field(PARCELS, replace(CODE, agreeing=(Agreeing("kind", "a", ("x",)),))),
            "names 'kind' in agreeing of 'new_code'",
        ),
        (
            with_field(PARCELS, replace(CODE, agreeing=(Agreeing("waybill_level", "a", ("x",)),))),
            "names the code 'a', which 'waybill_level' does not have",
        ),
        (
            with_field(
                PARCELS, replace(CODE, agreeing=(Agreeing("waybill_level", "house", ("z",)),))
            ),
            "lets 'new_code' say a code that it does not have",
        ),
        (
            with_field(PARCELS, replace(CODE, not_before="arrived_at")),
            "orders 'new_code' and 'arrived_at', which are neither both times nor both dates",
        ),
        (replace(FIGURES, agreed=(Agreed(("id",), "unit", KEPT),)), "names 'id' in agreed"),
        (
            replace(FIGURES, agreed=(Agreed(("series_id",), "series_id", KEPT, ("none",)),)),
            "names codes in agreed that 'series_id' does not have",
        ),
        (replace(FIGURES, consigned=Consigned(True)), "becomes consignments, and has no versions"),
    ],
)
def test_what_makes_no_sense_is_named(contract: Contract, sentence: str) -> None:
    error = refusal(contract)
    assert f"the contract of {contract.source!r}" in error.what
    assert sentence in error.what
    assert error.where == f"contracts/sources/{contract.source}.py"


def test_module_and_source_have_one_name() -> None:
    error = refusal(replace(FIGURES, source="figures"), module="market_figures")
    assert "stands in the module 'market_figures'" in error.what
