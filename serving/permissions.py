"""Who on this machine may open which audience's file: one group of the operating system each.

DuckDB has no privileges, so the kernel's are used: folder 0750, file 0440, group as the site says.
Without a setting the group stays that of the process, as before.
Add here another place whose readers the site chooses. Keep out: what a file contains (plan.py).
"""

import grp
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from serving.current import DATABASE_FILE, current_id
from serving.plan import AUDIENCES

VARIABLES = {name: f"IMPORT_RISK_GROUP_{name.upper()}" for name in AUDIENCES}
FOLDER_MODE = 0o750
FILE_MODE = 0o440


def groups_from_environment(environment: Mapping[str, str] | None = None) -> dict[str, int]:
    """Audience -> group id of every audience whose group is set; UsageError for an unknown one."""
    given = os.environ if environment is None else environment
    found: dict[str, int] = {}
    for audience, variable in VARIABLES.items():
        name = given.get(variable)
        if name is None:
            continue
        try:
            found[audience] = grp.getgrnam(name).gr_gid
        except KeyError as error:
            raise UsageError(
                f"this machine has no group {name!r}",
                where=variable,
                remedy="create the group, or unset the variable",
            ) from error
    if len(set(found.values())) < len(found):
        raise UsageError(
            "two audiences have the same group, so each could read the other's file",
            where=", ".join(VARIABLES.values()),
            remedy="give each audience its own group",
        )
    return found


def give(path: Path, group: int | None) -> None:
    """Make `path` (a file or folder) readable by its group and by nobody else.

    Raises WarehouseError when this process may not give it to the group.
    """
    if group is not None:
        try:
            os.chown(path, -1, group, follow_symlinks=False)
        except PermissionError as error:
            raise WarehouseError(
                f"this user may not give files to the group with the number {group}",
                where=str(path),
                remedy="make the user that runs the pipeline a member of that group",
            ) from error
    path.chmod(FOLDER_MODE if path.is_dir() else FILE_MODE)


def describe(home: Home) -> dict[str, str]:
    """For each audience of the current release: owner, group and mode of its folder and file."""
    name = current_id(home)
    if name is None:
        return {}
    said: dict[str, str] = {}
    for audience in AUDIENCES:
        folder = home.releases / name / audience
        said[audience] = f"folder {_shown(folder)}, file {_shown(folder / DATABASE_FILE)}"
    return said


def _shown(path: Path) -> str:
    try:
        status = path.stat()
    except OSError as error:
        return f"not readable ({error.strerror})"
    try:
        group = grp.getgrgid(status.st_gid).gr_name
    except KeyError:
        group = str(status.st_gid)
    mode = stat.S_IMODE(status.st_mode)
    warning = ", OPEN TO EVERYBODY" if mode & 0o007 else ""
    return f"{mode:04o} {group}{warning}"
