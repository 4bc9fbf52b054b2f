"""Whether the facts of a contract make sense, alone and beside the other contracts.

Add here the check of a new kind of fact. Keep out: the facts (facts.py), what a delivery must obey
(ingest), and whether models agree with a contract (tests/conventions).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from contracts.base import Contract
from contracts.shared_fields import RECORD_STATUS, VERSION_NUMBER
from foundation.errors import WarehouseError

_NAME = re.compile(r"[a-z][a-z0-9_]*")
# What core adds up of every consignment (expectations/suites/agreement.py compares the sums).
_MEASURES = ("declared_value", "gross_weight_kg", "package_count")


def require_sound(contracts: Mapping[str, Contract]) -> None:
    """Raise WarehouseError naming the first source whose contract cannot be meant.

    contracts: module name -> its contract.
    """
    by_source = {contract.source: contract for contract in contracts.values()}
    for module, contract in contracts.items():
        found = [*_problems(contract), *_astray(contract, by_source)]
        if module != contract.source:
            found.append(f"stands in the module {module!r}: source and module have one name")
        if found:
            raise WarehouseError(
                f"the contract of {contract.source!r} {found[0]}",
                where=f"contracts/sources/{module}.py",
                remedy="correct the contract; contracts/README.md shows a whole one",
            )


def _problems(contract: Contract) -> Iterator[str]:
    """What is wrong with a contract for itself, as the end of a sentence."""
    yield from _texts(contract)
    yield from _names(contract)
    yield from _key_and_day(contract)
    yield from _versions(contract)
    yield from _consigned(contract)
    yield from _watched(contract)
    yield from _state(contract)
    yield from _agreeing(contract)


def _unknown(what: str, names: Iterable[str], known: Collection[str]) -> Iterator[str]:
    for name in names:
        if name not in known:
            yield f"names {name!r} in {what}, which it does not have"


def _fields(contract: Contract) -> dict[str, str]:
    return {field.name: field.type for field in contract.fields}


def _columns(contract: Contract) -> list[str]:
    return [name for name, _ in contract.raw_columns()]


def _texts(contract: Contract) -> Iterator[str]:
    texts = {
        "its name": tuple(contract.name),
        "its grain": (contract.grain_vi, contract.grain_en),
        **{f"field {field.name!r}": (field.meaning_vi, field.meaning_en)
           for field in contract.fields},
    }  # fmt: skip
    for what, (vietnamese, english) in texts.items():
        for language, text in (("Vietnamese", vietnamese), ("English", english)):
            if not text.strip():
                yield f"has no {language} text for {what}"
            # Both stand beside each other, parted by a bar, in tables of one line a field.
            if "|" in text or "\n" in text:
                yield f"has a bar or a line end in the {language} text for {what}"


def _names(contract: Contract) -> Iterator[str]:
    columns = _columns(contract)
    for name in (contract.source, contract.staging.folder, *_fields(contract)):
        if not _NAME.fullmatch(name):
            yield f"has the name {name!r}: only small letters, digits and _"
    if contract.source.startswith(("linked_", "reference_", "run_")):
        yield "begins like a raw table that is no source: linked_, reference_, run_"
    for name in sorted({name for name in columns if columns.count(name) > 1}):
        yield f"gives the raw column {name!r} twice"


def _key_and_day(contract: Contract) -> Iterator[str]:
    fields = _fields(contract)
    yield from _unknown("its key", contract.key, fields)
    yield from _unknown("day_field", (contract.day_field,), fields)
    if not contract.key:
        yield "has no key"
    for name in contract.key:
        if name in fields and not contract.field(name).required:
            yield f"has the key field {name!r}, which is not required"
        if name in fields and contract.field(name).personal:
            yield f"has the key field {name!r}, which is personal: only its token reaches raw"
    if fields.get(contract.day_field, "date") not in ("date", "timestamp"):
        yield f"has the day field {contract.day_field!r}, which is no date and no timestamp"


def _versions(contract: Contract) -> Iterator[str]:
    versions, staging = contract.versions, contract.staging
    if versions is None:
        if staging.versions or staging.ranks:
            yield "names models of versions, and has no versions"
        return
    fields = _fields(contract)
    if not contract.windowed:
        yield "has versions, and is a state: the last row of a key counts there"
    if not staging.versions or not staging.ranks:
        yield "has versions, and does not name their models in staging"
    for shared in (VERSION_NUMBER, RECORD_STATUS):
        if shared not in contract.fields:
            yield f"has versions, and lacks the shared field {shared.name!r}"
    if not versions.named_by:
        yield "has versions, and no field by which a later row names its record"
    yield from _unknown("versions.named_by", versions.named_by, fields)
    yield from _unknown("versions.about", versions.about, fields)
    yield from _unknown("versions.for_all_lines", versions.for_all_lines, fields)
    yield from _unknown("versions.not_compared", versions.not_compared, _columns(contract))


def _consigned(contract: Contract) -> Iterator[str]:
    if contract.consigned is None:
        return
    fields = _fields(contract)
    if contract.versions is None:
        yield "becomes consignments, and has no versions: nobody could say which row stands"
    yield from _unknown("what becomes a consignment (its measures)", _MEASURES, fields)
    yield from _unknown("consigned.unless", contract.consigned.unless, fields)
    for name, code in contract.consigned.unless.items():
        if name in fields and code not in contract.field(name).codes:
            yield f"names the code {code!r} in consigned.unless, which {name!r} does not have"


def _watched(contract: Contract) -> Iterator[str]:
    columns = _columns(contract)
    yield from _unknown("watched_codes", contract.watched_codes, columns)
    if contract.followed is None:
        return
    for category in contract.followed.codes:
        yield from _unknown("followed.codes", category.columns, columns)
    yield from _unknown("followed.numbers", contract.followed.numbers, _fields(contract))
    for name in contract.followed.numbers:
        if _fields(contract).get(name, "decimal") not in ("decimal", "integer"):
            yield f"follows {name!r} as a number, which is none"
    names = [category.name for category in contract.followed.codes] + [*contract.followed.numbers]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"follows {name!r} twice"
    if contract.followed and not (contract.followed.codes and contract.followed.numbers):
        yield "follows no code or no number"


def _state(contract: Contract) -> Iterator[str]:
    speaks_of = contract.speaks_of
    if speaks_of is not None and contract.windowed:
        yield "is windowed and states speaks_of: its rows speak of their own day only"
    if speaks_of is None and not contract.windowed:
        yield "is a state, and does not say which days a row speaks of (speaks_of)"
    if speaks_of is None:
        return
    fields = _fields(contract)
    yield from _unknown("speaks_of.series", speaks_of.series, fields)
    yield from _unknown("speaks_of.takes_place_of", speaks_of.takes_place_of, fields)
    if (speaks_of.until == "next_of_series") != bool(speaks_of.series and speaks_of.period):
        yield "states series and period of speaks_of for next_of_series, and only for it"
    elif speaks_of.period:
        yield from _unknown("speaks_of.period", (speaks_of.period,), fields)
        if speaks_of.period in fields and "day" not in contract.field(speaks_of.period).codes:
            yield f"has the period {speaks_of.period!r} without the code 'day'"


def _agreeing(contract: Contract) -> Iterator[str]:
    """Facts about two fields of a row, or about the rows of one record."""
    fields = _fields(contract)
    for field in contract.fields:
        for agreeing in field.agreeing:
            yield from _unknown(f"agreeing of {field.name!r}", (agreeing.field,), fields)
            if (
                agreeing.field in fields
                and agreeing.code not in contract.field(agreeing.field).codes
            ):
                yield f"names the code {agreeing.code!r}, which {agreeing.field!r} does not have"
            if set(agreeing.codes) - set(field.codes):
                yield f"lets {field.name!r} say a code that it does not have"
        if field.not_before:
            yield from _unknown(f"not_before of {field.name!r}", (field.not_before,), fields)
            kinds = {field.type, fields.get(field.not_before, field.type)}
            if kinds not in ({"timestamp"}, {"date"}):
                yield (
                    f"orders {field.name!r} and {field.not_before!r}, which are neither both times "
                    "nor both dates"
                )
        if field.check and (field.type != "code" or field.personal or field.folded):
            yield f"checks {field.name!r} as a {field.check}, which is no plain code"
    for agreed in contract.agreed:
        yield from _unknown("agreed", (*agreed.of, agreed.field), fields)
        if agreed.field in fields and set(agreed.codes) - set(contract.field(agreed.field).codes):
            yield f"names codes in agreed that {agreed.field!r} does not have"


def _astray(contract: Contract, others: Mapping[str, Contract]) -> Iterator[str]:
    """References to what does not exist."""
    for reference in contract.references:
        yield from _unknown("references", (reference.field,), _fields(contract))
        target = others.get(reference.source)
        if target is None:
            yield f"refers to the source {reference.source!r}, which has no contract"
        elif not target.has(reference.to_field):
            yield f"refers to {reference.source}.{reference.to_field}, which is no field"
