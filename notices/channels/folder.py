"""A filed edition into a folder of the site: whole or not at all, the same on every attempt.

Add here what a shared folder needs. Keep out: making the folder itself: a share that is not mounted
must not be filled locally.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from foundation.files import fsync_directory, write_atomically
from foundation.sealed import MANIFEST
from notices.channels.delivery import NotTaken
from notices.outbox import Notice

_FOLDER_MODE, _FILE_MODE = 0o750, 0o640


def send(notice: Notice, files: Mapping[str, bytes], folder: Path) -> None:
    """Lay the files down as `folder/NAME`, NAME being that of the edition. Raises NotTaken.

    One that lies there already with the same manifest is done; another is never overwritten. Owner
    and group of the share may read it: an internal edition is for nobody else on that machine.
    """
    if not folder.is_dir():
        raise NotTaken("the folder is not there", is_final=False)
    target = folder / Path(notice.edition).name
    if target.exists():
        if not _is_same(target, files):
            raise NotTaken("another edition of that name lies in the folder", is_final=True)
        return
    incoming = folder / f".{target.name}.{notice.id}.tmp"
    try:
        shutil.rmtree(incoming, ignore_errors=True)  # of a process that died
        # The manifest last: what a reader lists by it is there.
        incoming.mkdir(mode=_FOLDER_MODE)
        for name in [*(one for one in files if one != MANIFEST), MANIFEST]:
            write_atomically(incoming / name, files[name])
        for path in [incoming, *incoming.rglob("*")]:
            path.chmod(_FOLDER_MODE if path.is_dir() else _FILE_MODE)
        os.replace(incoming, target)
        fsync_directory(folder)
    except OSError as error:
        raise NotTaken(f"the folder: {type(error).__name__}", is_final=False) from error


def _is_same(target: Path, files: Mapping[str, bytes]) -> bool:
    try:
        return (target / MANIFEST).read_bytes() == files[MANIFEST]
    except OSError:
        return False
