"""The file of a scenario: which days, which parameters and tariff lines, which elasticities.

Defines: `Scenario`, `read`, `shipped`. Add here another thing that a scenario may change.
Keep out: what the models make of it (copy.py), which parameters exist (dbt/seeds/rules).
"""

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml  # type: ignore[import-untyped]

from foundation.errors import UsageError
from scenarios.response import Elasticity

# name -> sign of every draw, in the order in which `responses` wants them
ELASTICITIES = {"substitution": 1, "demand": -1, "import_supply": 1, "domestic_supply": 1}
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RATE_MOST = 400  # percent
_HS = re.compile(r"[0-9]{2}([0-9]{2}){0,3}")
_SHIPPED = Path(__file__).parent / "shipped"
_LONGEST_NAME = 60
LARGEST = 10**15  # of any number of the file
_DRAWS, _MOST_DRAWS, _SEED = 500, 10_000, 20261109


@dataclass(frozen=True)
class Scenario:
    """One what-if. parameters: id -> value as text. tariff: HS code -> rate in percent.

    title: Vietnamese and English. elasticities: empty asks for no response of prices and sales.
    """

    name: str
    title: tuple[str, str]
    from_day: dt.date
    to_day: dt.date
    parameters: Mapping[str, str]
    tariff: Mapping[str, float]
    elasticities: tuple[Elasticity, ...]
    draws: int
    seed: int


def shipped() -> dict[str, Path]:
    """The scenarios that come with the product, by name."""
    return {file.stem: file for file in sorted(_SHIPPED.glob("*.yaml"))}


def read(file: Path, from_day: dt.date | None = None, to_day: dt.date | None = None) -> Scenario:
    """The scenario of a file, or of a shipped name; days that are given replace those of the file.

    Raises UsageError naming the entry that is missing, unknown or of the wrong kind.
    """
    # A name alone is a shipped scenario, whatever lies in the working folder.
    file = shipped().get(str(file), file)
    try:
        document = yaml.load(file.read_text(encoding="utf-8"), _Loader)
    except OSError as error:
        raise _unusable(str(error.strerror), file, "name a file") from error
    # What is no date, a number of thousands of digits and brackets without end are no YAML error.
    except (ValueError, OverflowError, RecursionError, yaml.YAMLError) as error:
        told = str(error) or "nested too deep"
        raise _unusable(f"it is no YAML: {told}", file, "see docs/scenarios.md") from error
    return _Reading(file, document).scenario(from_day, to_day)


class _Loader(yaml.SafeLoader):
    """Plain YAML in which no key stands twice: the last would win unseen."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """Raises ConstructorError for a key that stands twice."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key!r} stands twice", node.start_mark
                )
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


class _Reading:
    """One file while it is read."""

    def __init__(self, file: Path, document: object) -> None:
        self.file = file
        self.entries = self._mapping("the file", document)

    def scenario(self, from_day: dt.date | None, to_day: dt.date | None) -> Scenario:
        known = {"name", "title_vi", "title_en", "from", "to", "parameters", "tariff", "response"}
        self._only("the file", self.entries, known)
        name = self._text("name")
        if len(name) > _LONGEST_NAME:
            raise self._wrong("name", f"it has {len(name)} signs, more than {_LONGEST_NAME}")
        if not _NAME.fullmatch(name):
            raise self._wrong("name", f"{name!r} has other signs than a-z, 0-9 and hyphens")
        first, last = from_day or self._day("from"), to_day or self._day("to")
        if last < first:
            raise self._wrong("to", f"{last} is before {first}")
        parameters = self._mapping("parameters", self.entries.get("parameters") or {})
        tariff = self._mapping("tariff", self.entries.get("tariff") or {})
        if not parameters and not tariff:
            raise self._wrong("parameters", "nothing is changed, and neither in `tariff`")
        response = self._mapping("response", self.entries.get("response") or {})
        self._only("response", response, {"draws", "seed", "elasticities"})
        return Scenario(
            name=name,
            title=(self._text("title_vi"), self._text("title_en")),
            from_day=first,
            to_day=last,
            parameters={key: self._value(key, value) for key, value in parameters.items()},
            tariff={key: self._rate(key, value) for key, value in tariff.items()},
            elasticities=self._elasticities(response),
            draws=self._count("draws", response, _DRAWS, _MOST_DRAWS),
            seed=self._count("seed", response, _SEED, 2**32 - 1),
        )

    def _elasticities(self, response: Mapping[str, Any]) -> tuple[Elasticity, ...]:
        stated = self._mapping("elasticities", response.get("elasticities") or {})
        if not stated:
            return ()
        self._only("elasticities", stated, set(ELASTICITIES))
        found = []
        for name, sign in ELASTICITIES.items():
            one = self._mapping(name, stated.get(name))
            self._only(name, one, {"mean", "standard_error", "source"})
            mean, error = (self._number(f"{name}.{key}", one.get(key))
                           for key in ("mean", "standard_error"))  # fmt: skip
            source = one.get("source")
            if not isinstance(source, str) or not source.strip():
                raise self._wrong(f"{name}.source", "an elasticity without a source is not used")
            found.append(Elasticity(name, mean, error, sign, source.strip()))
        return tuple(found)

    def _mapping(self, where: str, value: object) -> Mapping[str, Any]:
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            raise self._wrong(where, "names with values are needed; HS codes stand in quotes")
        return cast("Mapping[str, Any]", value)

    def _only(self, where: str, entries: Mapping[str, Any], known: set[str]) -> None:
        if unknown := sorted(set(entries) - known):
            raise self._wrong(where, f"{', '.join(unknown)}: nothing reads this")

    def _text(self, key: str) -> str:
        value = self.entries.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(key, "a text is needed")
        return value.strip()

    def _day(self, key: str) -> dt.date:
        value = self.entries.get(key)
        if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
            raise self._wrong(key, f"{value!r} is no day such as 2026-11-09")
        return value

    def _value(self, key: str, value: object) -> str:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float | str)
            or len(str(value)) > _LONGEST_NAME
            or (isinstance(value, float) and not math.isfinite(value))
        ):
            raise self._wrong(f"parameters.{key}", "a number or a word is needed")
        return str(value)

    def _rate(self, key: str, value: object) -> float:
        if not _HS.fullmatch(key):
            raise self._wrong(f"tariff.{key}", "an HS code has 2, 4, 6 or 8 digits")
        rate = self._number(f"tariff.{key}", value)
        if not 0 <= rate <= RATE_MOST:
            raise self._wrong(f"tariff.{key}", f"{rate} is no rate in percent")
        return rate

    def _number(self, key: str, value: object) -> float:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or abs(value) > LARGEST
            or not math.isfinite(value)
        ):
            raise self._wrong(key, f"{str(value)[:40]} is no number")
        return float(value)

    def _count(self, key: str, entries: Mapping[str, Any], default: int, most: int) -> int:
        value = entries.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            raise self._wrong(f"response.{key}", f"a whole number from 1 to {most} is needed")
        return value

    def _wrong(self, where: str, what: str) -> UsageError:
        return _unusable(f"{where}: {what}", self.file, "correct the entry (docs/scenarios.md)")


def _unusable(what: str, file: Path, remedy: str) -> UsageError:
    return UsageError(f"the scenario cannot be read: {what}", where=str(file), remedy=remedy)
