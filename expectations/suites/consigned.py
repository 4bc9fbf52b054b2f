"""Raw rows that become consignments, as their contracts say: SQL that gate 2's suites share.

Add here a condition on raw rows that follows from facts of a contract. Keep out: rules (the suites)
and how a model chooses or computes: these conditions only use what holds for every choice.
"""

from contracts.base import Contract
from contracts.catalogue import CONTRACTS
from contracts.staged import IS_PARTIAL


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


def same_record(contract: Contract) -> str:
    """When raw row `twin` is of the same record as raw row `own`: alike in every part of the key,
    or of those that name a record to an amendment in any one."""
    names = contract.versions.named_by if contract.versions else ()
    fixed = [name for name in contract.key if name not in names]
    alike = [f"twin.{name} = own.{name}" for name in fixed]
    return " and ".join([*alike, "(" + " or ".join(f"twin.{n} = own.{n}" for n in names) + ")"])
