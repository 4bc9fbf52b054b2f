"""The one error type that reaches a user: what is wrong, where, and what to do about it.

Add here when a new class of failure needs its own exit code. Keep out: formatting (the CLI does it)
and recovery (the caller does it).
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """Process exit codes of `import-risk`; part of the public interface."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    REFUSED_BY_GATE = 3
    WAREHOUSE_BUSY = 75


class WarehouseError(Exception):
    """A failure a person can act on.

    what: what is wrong, one sentence. where: file, table or setting concerned. remedy: what to do.
    """

    exit_code = ExitCode.FAILED

    def __init__(self, what: str, *, where: str, remedy: str) -> None:
        super().__init__(f"{what} | where: {where} | what to do: {remedy}")
        self.what = what
        self.where = where
        self.remedy = remedy


class UsageError(WarehouseError):
    """The command or its arguments make no sense."""

    exit_code = ExitCode.USAGE


class GateRefusal(WarehouseError):
    """A quality gate, or the absence of its verdict, stopped the work."""

    exit_code = ExitCode.REFUSED_BY_GATE


class WarehouseBusy(WarehouseError):
    """Another process holds the warehouse."""

    exit_code = ExitCode.WAREHOUSE_BUSY
