"""The tables of docs/privacy.md, made from the contracts and the retention policy.

`python -m tests.support.privacy_tables` writes them into the page; a test compares. Add here a
table that must stay true. Keep out: prose.
"""

from pathlib import Path

from contracts.base import Field
from contracts.catalog import CONTRACTS
from foundation.home import Home
from ingest.store.retention import policy

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "privacy.md"
_NO_HOME = Home(Path("/nonexistent"))


def inventory() -> str:
    """One line per personal field of every contract, and per free text that may name a person."""
    lines = [
        "| source | field | kind | meaning | becomes in raw |",
        "|---|---|---|---|---|",
    ]
    for source, contract in CONTRACTS.items():
        for field in contract.fields:
            if field.personal is not None or field.type == "text":
                lines.append(_line(source, field))
    return "\n".join(lines)


def _line(source: str, field: Field) -> str:
    kind = field.personal or "free text, may name a person"
    raw = ", ".join(f"`{name}`" for name, _ in field.raw_columns())
    return f"| {source} | `{field.name}` | {kind} | {field.meaning_en} | {raw} |"


def stores() -> str:
    """One line per place at rest."""
    lines = [
        "| store | where | holds | data of persons | counted from | removed by | days, basis |",
        "|---|---|---|---|---|---|---|",
    ]
    for rule in policy(_NO_HOME).values():
        period = "to be set by the authority" if rule.removed_by == "retention apply" else ""
        lines.append(
            f"| {rule.store} | `{rule.place}` | {rule.holds_en} | {rule.persons} "
            f"| {rule.counted_from} | {rule.removed_by} | {period} |"
        )
    return "\n".join(lines)


TABLES = {"inventory": inventory, "stores": stores}


def with_tables(page: str) -> str:
    """The page with every table between its marks replaced by what is true today."""
    for name, make in TABLES.items():
        begin, end = f"<!-- {name} -->\n", f"\n<!-- /{name} -->"
        before, found, rest = page.partition(begin)
        _, closed, after = rest.partition(end)
        assert found, f"the page has no place for the table {name}"
        assert closed, f"the table {name} has no end"
        page = f"{before}{begin}{make()}{end}{after}"
    return page


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
