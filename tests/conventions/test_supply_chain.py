"""What is installed: pinned and hashed lists that name no registry, licences that are known.

Claims nothing about vulnerabilities: `make audit` asks an index that knows them.
"""

import re
import shutil
from pathlib import Path

import pytest

from tests.support import licences

LISTS = ("base", "dev", "spark", "audit", "identity")
_COMMENT_OR_OPTION = re.compile(r"^\s*(#|-)")
# Licences that would ask the product itself to change its licence, or forbid its use.
UNUSABLE = re.compile(r"AGPL|Affero|SSPL|BUSL|Commons Clause|proprietary", re.IGNORECASE)


def problems(text: str) -> list[str]:
    """Lines of a list that are no pin with at least one SHA-256, or that name a place."""
    found = []
    for entry in re.sub(r"\\\n\s*", " ", text).splitlines():
        if re.search(r"://|@ |index-url|find-links|trusted-host", entry):
            found.append(f"names a place: {entry[:60]}")
        if _COMMENT_OR_OPTION.match(entry) or not entry.strip():
            continue
        pin = re.fullmatch(r"[a-z0-9][a-z0-9._-]*(\[[a-z0-9,-]+\])?==[^\s;]+( ; [^-]+)?"
                           r"(\s+--hash=sha256:[0-9a-f]{64})+\s*", entry)  # fmt: skip
        if pin is None:
            found.append(f"is no hashed pin: {entry[:60]}")
    return found


@pytest.mark.parametrize("name", LISTS)
def test_every_package_is_pinned_and_hashed_and_no_place_is_named(project: Path, name: str) -> None:
    text = (project / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert "--hash=sha256:" in text
    assert problems(text) == []


def test_a_loose_list_would_be_noticed() -> None:
    good = "a==1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n"
    assert problems(good) == []
    for bad in ("a>=1\n", "a==1.0\n", good.replace("0" * 64, "0" * 63), "--find-links x\n",
                "a @ file:x\n", good + "b @ git+ssh://x\n"):  # fmt: skip
        assert problems(bad) != [], bad


def test_the_lists_agree_on_every_version(project: Path) -> None:
    base = licences.pinned()
    for name in ("dev", "audit"):
        text = (project / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        pins = dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==(\S+)", text, re.M))
        assert {p: pins.get(p) for p, version in base.items() if pins.get(p) != version} == {}


def test_every_package_of_the_product_has_its_licence_listed() -> None:
    listed = licences.rows()
    pins = licences.pinned()
    assert len(pins) > 100, "the list was read"
    assert {name: version for name, (version, _) in listed.items()} == pins, "run `make licences`"
    assert [name for name, (_, licence) in listed.items() if licences.UNKNOWN in licence] == []
    assert [name for name, (_, licence) in listed.items() if UNUSABLE.search(licence)] == []


def test_a_package_without_a_licence_would_be_noticed() -> None:
    assert f"| {licences.UNKNOWN} |" in licences.table({})


def test_the_makefile_offers_what_the_page_names(project: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (project / "Makefile").read_text(encoding="utf-8"), re.M)
    assert {"audit", "sbom", "licences"} <= set(targets)
    assert shutil.which("make"), "make is what runs them"
