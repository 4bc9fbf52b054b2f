"""The table of stores in docs/privacy.md, made from the retention policy.

`python -m tests.support.privacy_tables` writes it into the page; a test compares. The inventory of
personal data on the same page follows the contracts (`python -m contracts.generate`).
Add here a table that must stay true. Keep out: prose.
"""

from pathlib import Path

from contracts.generate import with_part
from foundation.home import Home
from ingest.store.retention import policy

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "privacy.md"
_NO_HOME = Home(Path("/nonexistent"))


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


def with_stores(page: str) -> str:
    """The page with the table between its marks replaced by what is true today."""
    return with_part(page, "stores", stores())


if __name__ == "__main__":
    PAGE.write_text(with_stores(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
