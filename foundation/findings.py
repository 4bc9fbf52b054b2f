"""What a check of files at rest found: which file, and what is wrong with it.

Add here another form in which several packages report damage. Keep out: the checks (ingest and
serving know their own files) and what to do about a finding (the command says it).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from foundation.files import sha256_file


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was recorded. where: a path relative to the home, or an entry."""

    where: str
    what: str

    def to_json(self) -> dict[str, str]:
        """JSON-ready."""
        return {"where": self.where, "what": self.what}


def compared(root: Path, path: str, sha256: str, said_by: str) -> Iterator[Finding]:
    """Nothing when the file `path` below `root` has this content; read in chunks."""
    try:
        found = sha256_file(root / path)
    except FileNotFoundError:
        yield Finding(path, f"is missing; {said_by} names it")
    except OSError as error:
        yield Finding(path, f"cannot be read ({error.strerror}); {said_by} names it")
    else:
        if found != sha256:
            yield Finding(path, f"was changed: sha256 {found[:12]}, {said_by} says {sha256[:12]}")
