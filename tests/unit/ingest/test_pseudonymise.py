"""Tokens equal Python's own HMAC, kinds never mix, keys come from the environment or not at all."""

import hmac
import re

import pyarrow as pa
import pytest

from contracts.base import PersonalKind
from foundation.errors import UsageError, WarehouseError
from ingest.conforming.pseudonymise import (
    PERSONAL_KINDS,
    PseudonymKey,
    tokens,
)

TEXTS = ["", "a", "+84912345678", "Nguyễn Thị Hồng", "x" * 55, "x" * 64, "đ" * 1000]


def of(key: PseudonymKey, kind: PersonalKind, *texts: str | None) -> list[str | None]:
    values: list[str | None] = tokens(key, kind, pa.array(texts, type=pa.string())).to_pylist()
    return values


@pytest.mark.parametrize("kind", PERSONAL_KINDS)
@pytest.mark.parametrize("length", [32, 63, 64, 65, 200])
def test_tokens_equal_pythons_hmac_for_short_and_long_keys(kind: PersonalKind, length: int) -> None:
    key = PseudonymKey("k1", bytes(range(256))[-length:])
    secret = key.of_kind(kind).hex().encode()
    expected = [f"k1:{hmac.new(secret, text.encode(), 'sha256').hexdigest()}" for text in TEXTS]
    assert of(key, kind, *TEXTS) == expected


def test_tokens_name_their_key_and_differ_by_kind_and_key() -> None:
    keys = PseudonymKey("k1", b"a" * 32), PseudonymKey("k2", b"b" * 32)
    found = [of(key, kind, "0912345678")[0] for key in keys for kind in PERSONAL_KINDS]
    assert all(re.fullmatch(r"k[12]:[0-9a-f]{64}", str(item)) for item in found)
    assert len({str(item).split(":")[1] for item in found}) == 2 * len(PERSONAL_KINDS)


def test_a_missing_value_has_no_token_and_an_empty_one_has() -> None:
    key = PseudonymKey("k1", b"a" * 32)
    missing, empty = of(key, "name", None, "")
    assert missing is None
    assert empty is not None


def test_the_secret_is_not_shown() -> None:
    assert "secret" not in repr(PseudonymKey("k1", b"secret" * 6))


def test_demo_uses_the_published_key_and_production_refuses() -> None:
    assert PseudonymKey.from_environment({}).key_id == "demo"
    with pytest.raises(WarehouseError, match="no pseudonymisation key"):
        PseudonymKey.from_environment({"IMPORT_RISK_ENVIRONMENT": "production"})
    with pytest.raises(UsageError, match="unknown environment"):
        PseudonymKey.from_environment({"IMPORT_RISK_ENVIRONMENT": "prod"})


@pytest.mark.parametrize(
    ("stated", "secret"), [("ab" * 32, bytes.fromhex("ab" * 32)), ("z" * 32, b"z" * 32)]
)
def test_keys_are_hex_or_text(stated: str, secret: bytes) -> None:
    settings = {"IMPORT_RISK_PII_KEY": stated, "IMPORT_RISK_PII_KEY_ID": "k7"}
    assert PseudonymKey.from_environment(settings) == PseudonymKey("k7", secret)


@pytest.mark.parametrize(("stated", "name"), [("z" * 31, "k1"), ("z" * 32, ""), ("z" * 32, "demo")])
def test_short_or_nameless_keys_are_refused(stated: str, name: str) -> None:
    with pytest.raises(WarehouseError):
        PseudonymKey.from_environment(
            {"IMPORT_RISK_PII_KEY": stated, "IMPORT_RISK_PII_KEY_ID": name}
        )
