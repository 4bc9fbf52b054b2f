"""Tokens equal Python's own HMAC, kinds never mix, keys come from the environment or not at all."""

import hmac
import re

import duckdb
import pytest

from foundation.errors import UsageError, WarehouseError
from ingest.pseudonymise import (
    PERSONAL_KINDS,
    PseudonymKey,
    hmac_sha256,
    key_blocks,
    load_key,
    token,
)

TEXTS = ["", "a", "+84912345678", "Nguyễn Thị Hồng", "x" * 55, "x" * 64, "đ" * 1000]


@pytest.mark.parametrize("length", [1, 32, 63, 64, 65, 200])
def test_hmac_equals_python_for_short_and_long_keys(length: int) -> None:
    key = bytes(range(256))[-length:]
    inner, outer = key_blocks(key)
    digest = hmac_sha256("$inner::blob", "$outer::blob", "v")
    sql = f"select {digest} from (select unnest($texts) as v)"
    rows = duckdb.execute(sql, {"inner": inner, "outer": outer, "texts": TEXTS}).fetchall()
    assert [row[0] for row in rows] == [
        hmac.new(key, text.encode(), "sha256").hexdigest() for text in TEXTS
    ]


def tokens(key: PseudonymKey, value: str | None) -> list[str | None]:
    with duckdb.connect() as connection:
        load_key(connection, key)
        select = ", ".join(token(kind, "v") for kind in PERSONAL_KINDS)
        row = connection.execute(f"select {select} from (select ?::varchar as v)", [value])
        return list(row.fetchone() or ())


def test_tokens_name_their_key_and_differ_by_kind_and_key() -> None:
    first = tokens(PseudonymKey("k1", b"a" * 32), "0912345678")
    other = tokens(PseudonymKey("k2", b"b" * 32), "0912345678")
    assert all(re.fullmatch(r"k1:[0-9a-f]{64}", str(item)) for item in first)
    assert len({str(item).split(":")[1] for item in first + other}) == 2 * len(PERSONAL_KINDS)
    assert tokens(PseudonymKey("k1", b"a" * 32), None) == [None] * len(PERSONAL_KINDS)


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
