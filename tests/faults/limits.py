"""A child process under a limit: no file above a size, no memory above a size, a tiny disk.

Add here another limit that the kernel can set for one process. Keep out: what runs under it.
"""

import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from foundation.home import Home
from tests.faults.kills import environment

# RLIMIT_FSIZE sends SIGXFSZ, which ends a process; ignored, the write gives EFBIG as a full disk
# gives ENOSPC. It needs no privilege.
_PREAMBLE = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.{name}, ({size}, {size}))
"""


def limited(program: str, home: Home, name: str, size: int) -> subprocess.CompletedProcess[str]:
    """Run a Python program on `home` under a limit such as RLIMIT_FSIZE, set after its imports:
    the line `# LIMIT` of the program marks where."""
    assert hasattr(resource, name)
    assert signal.SIGXFSZ
    code = program.replace("# LIMIT", _PREAMBLE.format(name=name, size=size))
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment(home), cwd=home.root.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip


@contextmanager
def tiny_disk(place: Path, megabytes: int) -> Iterator[bool]:
    """`place` is a disk of this size for the block; gives False where mounting is not allowed."""
    place.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(place)]
    mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(place)], check=True)
