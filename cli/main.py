"""`import-risk`: the command line of the warehouse.

Add here a module of commands. Keep out: the commands themselves.
Exit codes: 0 done, 1 failed, 2 usage, 3 refused by a gate, 75 warehouse busy.
"""

import os
import sys

import typer

from cli import (
    calc,
    comparing,
    deliveries,
    demo,
    engines,
    items,
    keys,
    modelling,
    models,
    notices,
    quarantine,
    reading,
    recovery,
    reports,
    retention,
    runs,
    scenarios,
    senders,
    serving,
)
from cli.output import print_error
from foundation.errors import ExitCode, WarehouseError
from foundation.visible import visible

_TRACEBACK_VARIABLE = "IMPORT_RISK_TRACEBACK"

app = typer.Typer(
    name="import-risk",
    help="Cross-border import risk warehouse: deliveries in, gated releases out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
_COMMANDS = (
    demo, deliveries, senders, quarantine, runs, reading, comparing, keys, retention, notices,
    serving, recovery, engines, items, modelling, models, calc, reports, scenarios,
)  # fmt: skip
for module in _COMMANDS:
    module.register(app)


def _report_defect(kind: type[BaseException], error: BaseException, trace: object) -> None:
    """What a person sees when the program itself is wrong: one message, no traceback."""
    sys.stderr.write(
        f"error: a defect of this program: {kind.__name__}: {visible(str(error))}\n"
        f"  where: import-risk {visible(' '.join(sys.argv[1:2]))}\n"
        f"  what to do: report it; with {_TRACEBACK_VARIABLE}=1 the traceback is shown\n"
    )


def main() -> None:
    """Run a command; every WarehouseError becomes its message and its exit code."""
    if not os.environ.get(_TRACEBACK_VARIABLE):
        sys.excepthook = _report_defect
    try:
        app()
    except WarehouseError as error:
        print_error(error, as_json="--json" in sys.argv)
        sys.exit(int(error.exit_code))
    except KeyboardInterrupt:
        sys.stderr.write("stopped by the user; the last good release is untouched\n")
        sys.exit(int(ExitCode.FAILED))


if __name__ == "__main__":
    main()
