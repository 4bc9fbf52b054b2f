"""docs/licences.md from the lock list and what the installed packages state.

`make licences` calls it with the JSON of pip-licenses; a test holds the page against the lock list.
Add here what the page must say of every package. Keep out: judging licences (the page's prose).
"""

import json
import re
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "licences.md"
LOCK = PROJECT / "requirements" / "base.txt"
_BEGIN, _END = "<!-- packages -->\n", "\n<!-- /packages -->"
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)
UNKNOWN = "UNKNOWN"
# Packages that state nothing themselves: what is known of them, and from where.
STATED_ELSEWHERE = {
    "polars-hash": "not stated in the package; MIT according to conda-forge (for 0.5.3)",
}


def pinned() -> dict[str, str]:
    """Name -> version of every package that the product installs."""
    return dict(_PIN.findall(LOCK.read_text(encoding="utf-8")))


def table(stated: dict[str, str]) -> str:
    """One line a package; stated: name -> licence."""
    lines = ["| package | version | licence |", "|---|---|---|"]
    for name, version in pinned().items():
        licence = stated.get(name, UNKNOWN)
        if licence == UNKNOWN:
            licence = STATED_ELSEWHERE.get(name, UNKNOWN)
        lines.append(f"| {name} | {version} | {licence.replace('|', '/')} |")
    return "\n".join(lines)


def rows() -> dict[str, tuple[str, str]]:
    """Name -> (version, licence) as the page has it."""
    page = PAGE.read_text(encoding="utf-8")
    found = re.findall(r"^\| (\S+) \| (\S+) \| (.+) \|$", page, re.MULTILINE)
    return {name: (version, licence) for name, version, licence in found if name != "package"}


def main(path: str) -> None:
    """Write the table into the page."""
    stated = {
        re.sub(r"[-_.]+", "-", item["Name"]).lower(): item["License"]
        for item in json.loads(Path(path).read_text(encoding="utf-8"))
    }
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    PAGE.write_text(f"{before}{_BEGIN}{table(stated)}{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
