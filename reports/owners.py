"""Who answers for a rule or a source: shipped role names, overridden by the home's owners.toml.

Add here another property of an owner. Keep out: which role a rule has (expectations/ declares it).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation.errors import WarehouseError
from foundation.home import Home

_SHIPPED = Path(__file__).with_name("owners.toml")
_KEYS = ("name_vi", "name_en", "contact")


@dataclass(frozen=True)
class Owner:
    """A unit, not a person. contact: a shared mailbox or telephone, empty when none is stated."""

    name_vi: str
    name_en: str
    contact: str


@dataclass(frozen=True)
class Owners:
    """roles: by the owner a rule declares. suites: who looks after one suite, where stated."""

    roles: Mapping[str, Owner]
    suites: Mapping[str, Owner]

    def of_role(self, role: str) -> Owner:
        """The unit; a role that no file names is shown by its own name."""
        return self.roles.get(role, Owner(role, role, ""))


def load_owners(home: Home) -> Owners:
    """Shipped names with the home's on top. Raises WarehouseError when the home's are malformed."""
    own = home.root / "owners.toml"
    shipped = _parsed(_SHIPPED)
    stated = _parsed(own) if own.is_file() else Owners({}, {})
    return Owners({**shipped.roles, **stated.roles}, {**shipped.suites, **stated.suites})


def shipped_owners() -> Owners:
    """Only the shipped names: what is shown while the home's file cannot be read."""
    return _parsed(_SHIPPED)


def _parsed(path: Path) -> Owners:
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
        unknown = sorted(set(body) - {"roles", "suites"})
        if unknown:
            raise ValueError(f"unknown tables: {', '.join(unknown)}")
        return Owners(_owners(body.get("roles", {})), _owners(body.get("suites", {})))
    except (ValueError, AttributeError, UnicodeDecodeError) as error:
        raise WarehouseError(
            f"the list of owners cannot be used: {error}",
            where=str(path),
            remedy="write it like reports/owners.toml: tables [roles.NAME] and [suites.NAME]",
        ) from error


def _owners(tables: Mapping[str, Any]) -> dict[str, Owner]:
    owners = {}
    for name, table in tables.items():
        for key, value in table.items():
            if key not in _KEYS or not isinstance(value, str):
                raise ValueError(f"{name}: {key!r} must be one of {', '.join(_KEYS)}, each a text")
        if not table.get("name_vi"):
            raise ValueError(f"{name}: name_vi is missing")
        shown_en = table.get("name_en") or table["name_vi"]
        owners[name] = Owner(table["name_vi"], shown_en, table.get("contact", ""))
    return owners
