"""No sentence outside scenarios says that one thing caused another.

NOT claimed: that nobody can read a cause into two figures that stand side by side.
"""

import re
from pathlib import Path

import pytest

from reports import impact

FOLDER = Path(impact.__file__).parent
# Vietnamese first: "gây ra", "dẫn đến", "làm mất (việc)", "khiến", "nhờ"; then English.
CAUSES = re.compile(
    r"gây ra|dẫn đến|dẫn tới|làm mất|khiến|\bnhờ\b|\bcause[sd]?\b|because of the imports|led to|"
    r"leads to|due to the imports|destroy|thanks to",
    re.IGNORECASE,
)


def causal(text: str) -> list[str]:
    return CAUSES.findall(text)


# The report on data quality speaks of rules and files: what stops a run may be said.
MODULES = sorted([*FOLDER.rglob("*.py"), *(FOLDER.parent / "committee_389").rglob("*.py")])


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_module_of_the_report_speaks_of_causes(path: Path) -> None:
    assert causal(path.read_text(encoding="utf-8")) == []


def test_a_cause_would_be_found() -> None:
    assert causal("Hàng nhập khẩu gây ra mất việc; imports caused a loss") == ["gây ra", "caused"]
