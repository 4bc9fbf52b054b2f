"""The page about the sources, for whoever delivers or reads them: every field in both languages.

Add here a fact that senders and analysts should see. Keep out: the facts (sources/), raw columns
(described.py) and how files are written (ingest/profiles).
"""

from collections.abc import Iterator, Mapping

from contracts.base import Contract, Field

_LIMITED = ("text", "code")


def dictionary(contracts: Mapping[str, Contract]) -> str:
    """One section a source."""
    return "\n\n".join("\n".join(_section(contract)) for contract in contracts.values())


def _section(contract: Contract) -> Iterator[str]:
    yield f"## {contract.source}: {contract.name.vi} | {contract.name.en}"
    yield f"{contract.grain_vi}. | {contract.grain_en}."
    yield ""
    yield f"- key: {_named(contract.key)}; business day: the local date of `{contract.day_field}`"
    yield f"- {_time(contract)}"
    if contract.versions is not None:
        yield (
            "- a record may be sent again: versions; a later row names it by "
            + " or ".join(f"`{name}`" for name in contract.versions.named_by)
        )
    for reference in contract.references:
        yield f"- `{reference.field}` refers to `{reference.source}.{reference.to_field}`"
    yield ""
    yield "| field | type | tiếng Việt | English |"
    yield "|---|---|---|---|"
    for field in contract.fields:
        yield (
            f"| `{field.name}` | {', '.join(_type(field))} "
            f"| {field.meaning_vi} | {field.meaning_en} |"
        )


def _named(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _time(contract: Contract) -> str:
    if contract.windowed:
        return "a flow: a run reads the days that it computes"
    ahead = "; may lie ahead of the receipt" if contract.may_lie_ahead else ""
    return f"a state: read whole, whatever days a run computes{ahead}"


def _type(field: Field) -> Iterator[str]:
    if field.type == "decimal":
        yield f"decimal({field.precision},{field.scale})"
    elif field.type in _LIMITED and not field.codes:
        yield f"{field.type}, at most {field.max_length} characters"
    else:
        yield field.type
    if field.required:
        yield "required"
    if field.personal:
        yield f"personal ({field.personal}): only its token is kept"
    if field.codes:
        yield "one of " + ", ".join(f"`{code}`" for code in field.codes)
    for agreeing in field.agreeing:
        codes = agreeing.codes
        told = (
            f"`{codes[0]}`"
            if len(codes) == 1
            else "any other than "
            + ", ".join(f"`{code}`" for code in field.codes if code not in codes)
        )
        yield f"where `{agreeing.field}` is `{agreeing.code}`: {told}"
    if field.not_before:
        yield f"not on a day before `{field.not_before}`"
    if field.check:
        yield f"a valid {field.check}"
    if field.minimum is not None:
        yield f"at least {field.minimum}"
