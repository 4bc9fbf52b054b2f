"""The parameters of disclosure control: private to an office, with defaults that ship.

Defines: `Parameters`, `load`. Add here a parameter that a rule needs, with its default and its
source in defaults.toml. Keep out: the rules (primary.py). No parameter is ever published.
"""

import math
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation.errors import UsageError

# The environment variable that names the private file.
SETTING = "IMPORT_RISK_DISCLOSURE_PARAMETERS"
_SHIPPED = Path(__file__).with_name("defaults.toml")


@dataclass(frozen=True)
class Parameters:
    """What the rules compare with; percentages as numbers of percent.

    minimum_contributors: count, at least 2. dominance_1_pct, dominance_2_pct: k of the (1,k) and
    the (2,k) rule, above 50 and below 100. p_pct: above 0, below 100. rounding_base: a count.
    Raises UsageError outside these limits. Source: defaults.toml.
    """

    minimum_contributors: int
    dominance_1_pct: float
    dominance_2_pct: float
    p_pct: float
    rounding_base: int

    def __post_init__(self) -> None:
        limits = {
            "minimum_contributors": (2, 1000),
            "dominance_1_pct": (50.5, 99.999),
            "dominance_2_pct": (50.5, 99.999),
            "p_pct": (0.001, 99.0),
            "rounding_base": (1, 1000),
        }
        for name, (least, most) in limits.items():
            value = getattr(self, name)
            whole = name in {"minimum_contributors", "rounding_base"}
            if (
                isinstance(value, bool)
                or not isinstance(value, int if whole else (int, float))
                or not math.isfinite(value)
                or not least <= value <= most
            ):
                raise UsageError(
                    f"{name} is no {'whole ' if whole else ''}number from {least} to {most}",
                    where="parameters of disclosure control",
                    remedy=f"correct the private file that {SETTING} names (docs/disclosure.md)",
                )


def load(environment: Mapping[str, str] | None = None) -> Parameters:
    """The shipped defaults, each replaced by the private file's value where that has one.

    environment: default the process's own. Raises UsageError for a file that cannot be read, an
    unknown name or a value out of its limits; no message repeats a value.
    """
    values = {name: entry["value"] for name, entry in _entries(_SHIPPED).items()}
    private = (os.environ if environment is None else environment).get(SETTING)
    if private:
        for name, entry in _entries(Path(private)).items():
            if name not in values:
                raise UsageError(
                    f"{name} is no parameter of disclosure control",
                    where=f"the file that {SETTING} names",
                    remedy=f"use {', '.join(values)}",
                )
            values[name] = entry["value"]
    return Parameters(**values)


def _entries(path: Path) -> dict[str, dict[str, Any]]:
    """Name -> table with its `value`."""
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(
            f"the parameters cannot be read: {type(error).__name__}",
            where=f"the file that {SETTING} names",
            remedy="write it like disclosure/defaults.toml",
        ) from error
    body.pop("valid_from", None)
    for name, entry in body.items():
        if not isinstance(entry, dict) or "value" not in entry:
            raise UsageError(
                f"{name} has no value",
                where=f"the file that {SETTING} names",
                remedy=f"write [{name}] and below it value = a number",
            )
    return body
