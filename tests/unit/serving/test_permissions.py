"""Who on the machine may open a release (row 73): the audience's group, and nobody else.

Needs root to become other users; says so loudly when it is not.
"""

import os
import shutil
import signal
import stat
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from serving.current import require_current
from serving.history import read_listing, valid_files
from serving.permissions import VARIABLES, describe, give, groups_from_environment
from serving.reader import query
from tests.unit.serving.fake_work import DAY, NEXT_DAY, OLD_DAY, PLAN, publish_work

pytestmark = pytest.mark.slow

# Numbers that no user or group of a machine has; the kernel does not ask for names.
CUSTOMS, MINISTRY, NEITHER = 54_321, 54_322, 54_323
USER = 54_399


@pytest.fixture
def published() -> Iterator[Home]:
    """A release below a folder that everybody may enter (tmp_path is not)."""
    if os.geteuid() != 0:
        pytest.skip("NOT TESTED: opening a release as another user needs root")
    folder = Path(tempfile.mkdtemp(prefix="import-risk-permissions-"))
    folder.chmod(0o755)
    home = Home(folder / "home")
    publish_work(
        home,
        days=[OLD_DAY, DAY, NEXT_DAY],
        plan=replace(PLAN, detail_rows=0),
        groups={"customs": CUSTOMS, "ministry": MINISTRY},
    )
    yield home
    shutil.rmtree(folder)


def as_member(group: int, work: Callable[[], bool]) -> bool:
    """Whether `work` succeeds for a user with this one group; refused is False."""
    child = os.fork()
    if child == 0:
        code = 3
        signal.alarm(60)
        try:
            os.setgroups([group])
            os.setgid(group)
            os.setuid(USER)
            code = 0 if work() else 3
        except PermissionError:
            code = 1
        except WarehouseError as error:
            code = 1 if "may not open" in error.what else 3
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 1), f"the child failed for another reason: {code}"
    return code == 0


def can_open(path: Path, group: int) -> bool:
    """Whether a member of the group can read the file."""
    return as_member(group, lambda: bool(path.open("rb").read(1)))


def test_each_audience_opens_its_own_file_and_no_other(published: Home) -> None:
    release = require_current(published)
    opened = {
        (audience, group): can_open(release.database(audience), group)
        for audience in ("customs", "ministry")
        for group in (CUSTOMS, MINISTRY, NEITHER)
    }
    assert [key for key, is_open in opened.items() if is_open] == [
        ("customs", CUSTOMS),
        ("ministry", MINISTRY),
    ]


def test_a_member_queries_the_own_audience_whole_and_no_other(published: Home) -> None:
    """Consignments are Parquet only here, so the listing and the history must be open too."""
    sql = {"customs": "from core.fct_consignments", "ministry": "from reporting.rpt_platforms"}
    answered = {
        (audience, group): as_member(
            group,
            lambda audience=audience: (
                query(published, sql[audience], audience=audience).num_rows == 3
            ),
        )
        for audience in sql
        for group in (CUSTOMS, MINISTRY, NEITHER)
    }
    assert [key for key, is_answered in answered.items() if is_answered] == [
        ("customs", CUSTOMS),
        ("ministry", MINISTRY),
    ]


def test_history_is_for_customs_and_the_manifest_for_the_pipeline(published: Home) -> None:
    release = require_current(published)
    listing = read_listing(release.folder)
    (file, *_) = valid_files(published.history, listing, "core.fct_consignments")
    assert [can_open(file, group) for group in (CUSTOMS, MINISTRY, NEITHER)] == [True, False, False]
    manifest = release.folder / "manifest.json"
    assert [can_open(manifest, group) for group in (CUSTOMS, MINISTRY)] == [False, False]


def test_modes_leave_nothing_to_others_and_are_described(published: Home) -> None:
    release = require_current(published)
    for audience, group in (("customs", CUSTOMS), ("ministry", MINISTRY)):
        database = release.database(audience)
        assert stat.S_IMODE(database.stat().st_mode) == 0o440
        assert stat.S_IMODE(database.parent.stat().st_mode) == 0o750
        assert (database.stat().st_gid, database.parent.stat().st_gid) == (group, group)
        assert describe(published)[audience] == f"folder 0750 {group}, file 0440 {group}"
    release.database("customs").chmod(0o444)
    assert "OPEN TO EVERYBODY" in describe(published)["customs"]


def test_without_groups_everything_is_as_it_was(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert describe(home) == {}
    publish_work(home)
    database = require_current(home).database("customs")
    assert stat.S_IMODE(database.stat().st_mode) == 0o440
    assert database.stat().st_gid == tmp_path.stat().st_gid
    assert groups_from_environment({}) == {}


def test_an_unknown_or_shared_group_is_refused() -> None:
    with pytest.raises(UsageError, match="no group"):
        groups_from_environment({VARIABLES["customs"]: "no-such-group"})
    with pytest.raises(UsageError, match="same group"):
        groups_from_environment(dict.fromkeys(VARIABLES.values(), "root"))
    assert groups_from_environment({VARIABLES["ministry"]: "root"}) == {"ministry": 0}


def test_a_group_that_one_may_not_give_to_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "chown", denied)
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(WarehouseError, match="may not give"):
        give(file, CUSTOMS)
