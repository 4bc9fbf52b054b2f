"""What is made once a test session, however many workers pytest has.

Add here nothing but how workers agree. Keep out: what is made.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

from foundation import locks


class Shared:
    """The session's folder; None outside pytest, where nobody shares anything."""

    folder: Path | None = None


def made(name: str, make: Callable[[Path], None]) -> Path:
    """The folder `name`, filled by `make` in whichever worker asks first; the others wait.

    Who uses it copies it: it is read by all. A `make` that raises is tried again by the next.
    """
    assert Shared.folder is not None, "outside a test session there is nobody to share with"
    folder = Shared.folder / "shared" / name
    done = folder.with_name(f"{name}.done")
    with locks.exclusive(folder.with_name(f"{name}.lock"), name, wait=True):
        if not done.exists():
            work = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder.parent))
            make(work)
            work.rename(folder)
            done.touch()
    return folder
