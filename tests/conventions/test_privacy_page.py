"""docs/privacy.md says what the contracts and the retention policy say.

Claims nothing about the law.
"""

import re
from pathlib import Path

from contracts.catalog import CONTRACTS
from tests.support.privacy_tables import PAGE, TABLES, with_tables


def test_the_generated_tables_are_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_tables(page) == page, "run `python -m tests.support.privacy_tables`"


def test_every_personal_field_is_in_the_inventory_and_becomes_no_plain_column() -> None:
    inventory = TABLES["inventory"]()
    for source, contract in CONTRACTS.items():
        for field in contract.fields:
            if field.personal is not None:
                assert f"| {source} | `{field.name}` | {field.personal} |" in inventory
                assert field.name not in {name for name, _ in field.raw_columns()}


def test_a_new_personal_field_would_be_noticed() -> None:
    page = PAGE.read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if "`consignee_phone`" in line)
    assert with_tables(page.replace(row + "\n", "")) == page


def test_the_tests_that_the_page_names_exist(project: Path) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)`", PAGE.read_text(encoding="utf-8"))
    assert named
    assert [name for name in named if not (project / name).is_file()] == []
