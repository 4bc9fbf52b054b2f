"""Invented personal values that no other text contains, and the search for them in a whole home.

Add here a spelling under which a value could leak, or a file format to look into. Keep out: where
canaries are planted (tests/faults/test_71_canaries.py, tests/integration/test_canaries.py).
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

NAME = "Nguyễn Thị Zanarix"
PHONE = "0912777333"
PERSONAL_ID = "001202777333"
TAX_CODE = "0100233488"  # the valid example of the handbook; nobody else is named here
ADDRESS = "7731 ngõ 773 phố Zanarix Đông, Phường Zanariwa, Quận Zanariqu, Hà Nội"
# What must be found nowhere: folded pieces of the values above, digits without separators.
WORDS = ("zanari",)
NUMBERS = ("912777333", "1202777333", "0100233488", "7731 ngo 773")


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def found_in(text: str) -> list[str]:
    """The canaries that a text holds, in any of their spellings."""
    plain = folded(text)
    joined = re.sub(r"(?<=\d)[ .\-/()]+(?=\d)", "", plain)
    return [item for item in (*WORDS, *NUMBERS) if item in plain or item in joined]


def texts_of(path: Path) -> Iterator[str]:
    """What a file says: its bytes as text, and the values of databases and Parquet files.

    Compressed columns hide their values from a search over bytes, so they are read.
    """
    content = path.read_bytes()
    yield content.decode("utf-8", errors="replace")
    yield content.decode("utf-16-le", errors="replace")
    if content.startswith(b"PAR1"):
        file = pq.ParquetFile(path)
        yield str(file.metadata.metadata)
        for group in range(file.num_row_groups):
            yield json.dumps(
                file.read_row_group(group).to_pylist(), default=str, ensure_ascii=False
            )
    elif content[8:12] == b"DUCK":
        yield from _database(path)


def _database(path: Path) -> Iterator[str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where not internal"
        ).fetchall()
        for schema, table in tables:
            rows = connection.execute(f'select * from "{schema}"."{table}"').fetchall()
            yield json.dumps(rows, default=str, ensure_ascii=False)


def leaks(home: Path, *, ledger: bool = True) -> list[str]:
    """Every file of a home, its own name included, that holds a canary outside the input store.

    The input store is inputs/ without the ledger in it.
    """
    offenders = []
    for path in sorted(home.rglob("*")):
        inside = path.relative_to(home)
        is_ledger = inside.name.startswith("ledger.")
        if inside.parts[0] == "inputs" and not (ledger and is_ledger):
            continue
        found = set(found_in(str(inside)))
        if path.is_file():
            found.update(item for text in texts_of(path) for item in found_in(text))
        offenders += [f"{inside}: {item}" for item in sorted(found)]
    return offenders
