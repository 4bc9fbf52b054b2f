"""Commands on an economist's own file: calc geks, hhi, smart, gsim, armington, undercutting, surge.

Add here the command of another method. Keep out: what a file must look like (calculator/), formulas
(scenarios/).

They print JSON with and without --json, and bad input is one sentence on stderr either way:
`shared/calc-formats.md` binds both.
"""

import math
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.output import JsonOption, print_json, say
from foundation.errors import UsageError

_CSV = "CSV in UTF-8, its first line naming the columns "
_METHODS = {
    "geks": (
        "GEKS-Törnqvist price index over all periods of the file.",
        _CSV + "period,product,value,quantity.",
    ),
    "hhi": (
        "Concentration of markets, with bounds for the unit `unknown`.",
        _CSV + "market,unit,value.",
    ),
    "smart": (
        "Trade creation and diversion of a tariff change, by exporter.",
        _CSV + "market,exporter,imports,tariff_old_pct,tariff_new_pct,import_demand_elasticity,"
        "substitution_elasticity.",
    ),
    "gsim": (
        "Tariff changes among several regions: prices, surplus, revenue.",
        "JSON with regions, trade, tariff_old, tariff_new and three elasticities.",
    ),
    "armington": (
        "Tariff changes between varieties of one good, solved exactly.",
        "JSON with varieties, substitution_elasticity, demand_elasticity.",
    ),
    "undercutting": (
        "By how much imports are cheaper than the domestic goods they are matched with.",
        _CSV + "stratum,pair,price_domestic,price_import,quantity_import.",
    ),
    "surge": (
        "Import surges: six gates with their figures.",
        "JSON with rows and gates.",
    ),
}


def register(app: typer.Typer) -> None:
    """Put the commands of this module on `app`."""
    group = typer.Typer(
        help="Methods on a file of your own; JSON out (docs/calc.md).", no_args_is_help=True
    )
    for method, (purpose, expects) in _METHODS.items():
        group.command(method, help=purpose)(_command(method, expects))
    app.add_typer(group, name="calc")


def _command(method: str, expects: str) -> Any:
    def command(
        file: Annotated[Path, typer.Argument(help=expects)],
        json_output: JsonOption = False,
    ) -> None:
        from cli.calculator.methods import METHODS

        try:
            document = METHODS[method](file)
            _refuse_infinite(document, file)
        except UsageError as error:
            say(f"{error.where}: {error.what}; {error.remedy}", err=True)
            raise typer.Exit(int(error.exit_code)) from error
        print_json(document)

    return command


def _refuse_infinite(value: Any, file: Path) -> None:
    """Raises UsageError when a figure overflowed: JSON has no word for it."""
    if isinstance(value, dict):
        value = value.values()
    if isinstance(value, float):
        if not math.isfinite(value):
            raise UsageError(
                "the result is no finite number",
                where=str(file),
                remedy="use other units or less extreme parameters",
            )
    elif not isinstance(value, (str, int, type(None))):
        for one in value:
            _refuse_infinite(one, file)
