"""Row 7: "reader open while we publish: readers never block publishing, never see a mix."

Readers are other processes that ask in a loop; every publication writes its number into two tables,
so an answer that mixes releases shows two numbers. 50 publications under load: benchmarks.
"""

import json
import subprocess
import sys
from pathlib import Path

from foundation.home import Home
from serving.current import require_current
from serving.reader import open_reader
from tests.faults.kills import PROJECT, environment
from tests.unit.serving.fake_work import DAY, NEXT_DAY, OLD_DAY, publish_work

PUBLICATIONS, READERS = 6, 2
# Asks until the last release is current; prints the pairs it saw, one list at the end.
READER = """
import json, sys
from foundation.home import Home
from serving.reader import query
seen = []
while True:
    rows = query(Home.from_environment(), "select lane, (select platform_code from"
                 " reporting.rpt_platforms limit 1) as platform from risk.fct_selections")
    pair = list(rows.to_pylist()[0].values())
    if pair not in seen:
        seen.append(pair)
        print(json.dumps(pair), flush=True)
    if pair[0] == sys.argv[1]:
        break
"""


def publish_number(home: Home, number: int) -> str:
    changes = [f"update risk.fct_selections set lane = '{number}'",
               f"update reporting.rpt_platforms set platform_code = '{number}'"]  # fmt: skip
    return publish_work(home, changes, days=[OLD_DAY, DAY, NEXT_DAY])


def test_readers_see_whole_releases_only_and_never_wait(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    publish_number(home, 0)
    readers = [
        subprocess.Popen([sys.executable, "-c", READER, str(PUBLICATIONS)], text=True,
                         cwd=PROJECT, env=environment(home), stdout=subprocess.PIPE)
        for _ in range(READERS)
    ]  # fmt: skip
    # Both have answered once before the first publication, so they read while it happens.
    firsts = [json.loads(reader.stdout.readline()) for reader in readers if reader.stdout]
    released = [publish_number(home, number) for number in range(1, PUBLICATIONS + 1)]
    answers = [reader.communicate(timeout=120)[0] for reader in readers]
    assert [reader.returncode for reader in readers] == [0] * READERS
    seen = [pair for text in answers for pair in map(json.loads, text.splitlines())]
    assert firsts == [["0", "0"]] * READERS
    assert all(lane == platform for lane, platform in seen), seen
    assert [str(PUBLICATIONS)] * 2 in seen
    assert len(set(released)) == PUBLICATIONS


def test_a_reader_that_stays_open_keeps_its_release(tmp_path: Path) -> None:
    """And the trap that versioned names avoid: one path, one process, one old database."""
    home = Home(tmp_path / "home")
    publish_number(home, 0)
    with open_reader(require_current(home).database("customs")) as reader:
        publish_number(home, 1)
        sql = "select lane from risk.fct_selections"
        assert reader.execute(sql).fetchall() == [("0",)]
        with open_reader(require_current(home).database("customs")) as new:
            assert new.execute(sql).fetchall() == [("1",)]
