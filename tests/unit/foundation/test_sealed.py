"""A sealed folder holds what its manifest names, as it was, and nothing else."""

import hashlib
import json
from pathlib import Path

import pytest

from foundation.errors import WarehouseError
from foundation.sealed import MANIFEST, sealed_files


@pytest.fixture
def seal(tmp_path: Path) -> str:
    """A folder with two files and their manifest; the manifest's SHA-256."""
    (tmp_path / "tidy").mkdir()
    hashes = {}
    for name in ("page.html", "tidy/cells.csv"):
        (tmp_path / name).write_text(name)
        hashes[name] = hashlib.sha256(name.encode()).hexdigest()
    manifest = json.dumps({"sha256": hashes}).encode()
    (tmp_path / MANIFEST).write_bytes(manifest)
    return hashlib.sha256(manifest).hexdigest()


def test_what_was_filed_is_read(tmp_path: Path, seal: str) -> None:
    assert list(sealed_files(tmp_path, seal)) == [MANIFEST, "page.html", "tidy/cells.csv"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: (folder / "page.html").write_text("other"), "is not what was filed"),
        (lambda folder: (folder / MANIFEST).write_text("{}"), "is not what was filed"),
        (lambda folder: (folder / "page.html").unlink(), "is missing"),
        (lambda folder: (folder / "tidy" / "more.csv").write_text("x"), "was not filed with it"),
        (lambda folder: (folder / "link").symlink_to(folder / "tidy"), "was not filed with it"),
    ],
)
def test_what_is_missing_changed_or_added_is_named(
    tmp_path: Path, seal: str, change: object, said: str
) -> None:
    assert callable(change)
    change(tmp_path)
    with pytest.raises(WarehouseError, match=said):
        sealed_files(tmp_path, seal)
