"""Raw rows that become consignments, as their contracts say: SQL that gate 2's suites share.

Add here a condition on raw rows that follows from facts of a contract. Keep out: rules (the suites)
and how a model chooses or computes: these conditions only use what holds for every choice.
"""

from contracts.base import Contract
from contracts.catalogue import CONTRACTS
from contracts.staged import IS_PARTIAL, STATEMENT_SCOPE


def versioned() -> tuple[Contract, ...]:
    """The sources whose records come in versions: dbt accounts for each of their rows."""
    return tuple(contract for contract in CONTRACTS.values() if contract.versions is not None)


def consigned(*, own: bool | None = None) -> tuple[Contract, ...]:
    """The sources whose records are consignments; own: only those of their own, or the others."""
    return tuple(
        contract
        for contract in CONTRACTS.values()
        if contract.consigned is not None and own in (None, contract.consigned.own)
    )


def taken_over(contract: Contract, row: str = "") -> str:
    """Rows whose amounts core takes over unchanged. A partial amendment states only what changed,
    and a cancellation keeps what was stated before it: their rows are left out."""
    table = f"{row}." if row else ""
    stands = f"coalesce({table}record_status, 'original') <> 'cancelled'"
    if contract.has(IS_PARTIAL):
        return f"{stands} and not coalesce({table}{IS_PARTIAL}, false)"
    return stands


def must_be_consigned(contract: Contract) -> str:
    """Rows that must be (part of) a consignment: those that stand, but what the contract excepts,
    such as master waybills, which stand for the parcels below them."""
    excepted = contract.consigned.unless.items() if contract.consigned else ()
    return " and ".join(
        [taken_over(contract), *(f"{name} is distinct from '{code}'" for name, code in excepted)]
    )


def states_itself(contract: Contract) -> str:
    """Raw row `own` states what core says of record `fact`, and not another record of the same
    document: a line that an amendment adds takes over the header that another line's row states."""
    return " and ".join(["true", *(f"own.{name} = fact.{name}" for name in _fixed(contract))])


def belongs_elsewhere(contract: Contract, window: str) -> str:
    """Raw row `missing` amends the one original that carries its reference, under another number;
    and that record is a consignment (`subject`), or its day is another run's (not in `window`)."""
    number, *references = contract.versions.named_by if contract.versions else ("",)
    if not references:
        return "false"
    meant = " or ".join(
        f"missing.{one} in (original.{one}, original.{number})" for one in references
    )
    return (
        "missing.record_status = 'amended' "
        f"and exists (select 1 from raw.{contract.source} as original "
        "where coalesce(original.record_status, 'original') = 'original' "
        "and original._sender = missing._sender "
        f"and original.{number} <> missing.{number} and ({meant}) "
        f"and (not original.day {window} or exists (select 1 from subject as fact "
        f"where fact.source = '{contract.source}' and fact.{number} = original.{number})))"
    )


def same_record(contract: Contract) -> str:
    """When raw row `twin` is of the same record as raw row `own`: what names a record to an
    amendment matches in any way, and so does every other part of the key, unless both rows speak
    of their whole document."""
    names = contract.versions.named_by if contract.versions else ()
    alike = [f"twin.{name} = own.{name}" for name in _fixed(contract)]
    if alike and contract.has(STATEMENT_SCOPE):
        whole = " and ".join(f"{row}.{STATEMENT_SCOPE} = 'declaration'" for row in ("twin", "own"))
        alike = [f"({' and '.join(alike)} or ({whole}))"]
    named = " or ".join(f"twin.{one} = own.{other}" for one in names for other in names)
    return " and ".join([*alike, f"({named})"])


def _fixed(contract: Contract) -> list[str]:
    """The parts of the key that no other field stands for."""
    names = contract.versions.named_by if contract.versions else ()
    return [name for name in contract.key if name not in names]
