"""Keyed tokens in place of personal values: HMAC-SHA256, a column at a time.

A token is `<key_id>:<64 hex>`. Equal normal forms of one kind give equal tokens whichever field
they stand in, so a consignee can be recognised as a consignor; kinds never mix.
Add here a kind of personal value. Keep out: how values are normalised (normalise.py), key storage,
and any way back from a token to a value.
"""

import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, get_args

from contracts.base import PersonalKind
from foundation.errors import UsageError, WarehouseError

if TYPE_CHECKING:
    import pyarrow as pa

KEY_VARIABLE = "IMPORT_RISK_PII_KEY"
KEY_ID_VARIABLE = "IMPORT_RISK_PII_KEY_ID"
ENVIRONMENT_VARIABLE = "IMPORT_RISK_ENVIRONMENT"
# Whether the published demonstration key may be used.
ENVIRONMENTS: MappingProxyType[str, bool] = MappingProxyType({"demo": True, "production": False})
DEFAULT_ENVIRONMENT = "demo"
DEMONSTRATION_KEY_ID = "demo"
MINIMUM_KEY_BYTES = 32
PERSONAL_KINDS: tuple[PersonalKind, ...] = get_args(PersonalKind)

_KEY_ID_FORM = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


@dataclass(frozen=True)
class PseudonymKey:
    """A secret and its public name. `demonstration` is public: not for real personal data."""

    key_id: str
    secret: bytes = field(repr=False)

    @classmethod
    def demonstration(cls) -> "PseudonymKey":
        """The published key of demonstrations. Anybody can recompute its tokens."""
        return cls(DEMONSTRATION_KEY_ID, b"import-risk demonstration key: never for real data")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "PseudonymKey":
        """The key of this environment; WarehouseError when production has none or it is short.

        The variable holds hexadecimal digits (an even number, 64 or more) or UTF-8 text, at least
        32 bytes either way.
        """
        settings = os.environ if environment is None else environment
        name = settings.get(ENVIRONMENT_VARIABLE) or DEFAULT_ENVIRONMENT
        if name not in ENVIRONMENTS:
            raise UsageError(
                f"unknown environment {name!r}",
                where=ENVIRONMENT_VARIABLE,
                remedy=f"set it to one of {', '.join(ENVIRONMENTS)}",
            )
        stated = settings.get(KEY_VARIABLE, "")
        if not stated:
            if ENVIRONMENTS[name]:
                return cls.demonstration()
            raise WarehouseError(
                f"the environment {name!r} has no pseudonymisation key",
                where=KEY_VARIABLE,
                remedy=f"set {KEY_VARIABLE} (32 bytes or more) and {KEY_ID_VARIABLE}",
            )
        is_hex = len(stated) % 2 == 0 and re.fullmatch(r"[0-9a-fA-F]{64,}", stated)
        secret = bytes.fromhex(stated) if is_hex else stated.encode("utf-8")
        if len(secret) < MINIMUM_KEY_BYTES:
            raise WarehouseError(
                f"the pseudonymisation key has {len(secret)} bytes, fewer than {MINIMUM_KEY_BYTES}",
                where=KEY_VARIABLE,
                remedy="use a random key of 32 bytes or more",
            )
        key_id = settings.get(KEY_ID_VARIABLE, "")
        if not _KEY_ID_FORM.fullmatch(key_id) or key_id == DEMONSTRATION_KEY_ID:
            raise WarehouseError(
                "the pseudonymisation key has no usable name",
                where=KEY_ID_VARIABLE,
                remedy="set it to a short lower-case name such as k1 (not 'demo'); it is public",
            )
        return cls(key_id, secret)

    def of_kind(self, kind: PersonalKind) -> bytes:
        """The key of one kind of value, derived so that kinds never share tokens."""
        return hmac.digest(self.secret, f"import-risk/token/1/{kind}".encode(), "sha256")


def tokens(key: PseudonymKey, kind: PersonalKind, normal_forms: "pa.Array") -> "pa.Array":
    """Token of each text of one kind; null stays null.

    HMAC-SHA256 over UTF-8, hexadecimal, under the hexadecimal text of `key.of_kind(kind)`.
    """
    import polars as pl  # whoever only holds a key, like the parent of a reader, needs none of this
    import polars_hash as plh
    import pyarrow as pa

    frame = pl.DataFrame({"normal": pl.Series(normal_forms)})
    digest = plh.col("normal").chash.hmac_sha256(key=key.of_kind(kind).hex())
    # The plugin takes a null for an empty text.
    token = pl.when(pl.col("normal").is_not_null()).then(pl.lit(f"{key.key_id}:") + digest)
    return frame.select(token.alias("token")).to_series().to_arrow().cast(pa.string())
