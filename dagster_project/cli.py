"""`import-risk`: the command line of the warehouse.

Add here a group of commands (commands/). Keep out: the commands themselves.
Exit codes: 0 done, 1 failed, 2 usage, 3 refused by a gate, 75 warehouse busy.
"""

import sys

import typer

from dagster_project.commands import deliveries, demo, reading, runs
from dagster_project.commands.output import print_error
from foundation.errors import ExitCode, WarehouseError

app = typer.Typer(
    name="import-risk",
    help="Cross-border import risk warehouse: deliveries in, gated releases out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for module in (demo, deliveries, runs, reading):
    module.register(app)


def main() -> None:
    """Run a command; every WarehouseError becomes its message and its exit code."""
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
