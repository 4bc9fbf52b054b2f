"""The generated table of docs/reliability.md; `python -m tests.faults.reliability_page` writes it.

Add here another figure that the page takes from results. Keep out: the page's own text.
"""

import json
import sys
from pathlib import Path
from typing import Any

from tests.faults.campaign import RESULTS, summed, table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- kills: generated -->", "<!-- /kills -->"


def block(results: dict[str, Any]) -> str:
    """The lines between the marks."""
    stages = summed(results)
    head, *rows = table(stages)
    told = "; ".join(
        f"seed {part['seed']}, code {part['code']}, {part['minutes']} minutes, Linux"
        f" {part['kernel']}"
        for part in results["parts"]
    )
    lines = [
        f"{sum(found.kills for found in stages)} kills ({told}):",
        "",
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    return "\n".join(lines)


def page(text: str, results: dict[str, Any]) -> str:
    """The page with its block made anew."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{block(results)}\n{END}{after}"


def main() -> int:
    """Rewrite the page from the stored results."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), results), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
