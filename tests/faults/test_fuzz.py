"""Rows 20-41 at once: whatever happens to a file, it is accepted or refused, and rows add up.

Valid files of every format are damaged at random (bits, cuts, repetitions, odd bytes and words,
parts of a workbook with right checksums) and read. Never an exception, never a hang, never half a
load. IMPORT_RISK_FUZZ_SECONDS (10) and IMPORT_RISK_FUZZ_SEED (36) make it longer or another one; a
finding is repeated by `python -m tests.faults.fuzzing --seed S --case format:number`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.readers.registry import FORMATS
from tests.faults.conftest import Door
from tests.faults.fuzzing import case_bytes, targets

SECONDS = float(os.environ.get("IMPORT_RISK_FUZZ_SECONDS", "10"))
SEED = int(os.environ.get("IMPORT_RISK_FUZZ_SEED", "36"))
MARGIN_SECONDS = 60  # for the start, and for a last case on a busy machine


def test_every_damaged_file_is_accepted_or_refused(project: Path) -> None:
    command = [sys.executable, "-m", "tests.faults.fuzzing"]
    limits = ["--seed", str(SEED), "--seconds", str(SECONDS)]
    done = subprocess.run(
        [*command, *limits],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=SECONDS + MARGIN_SECONDS,
        env={**os.environ, "RUST_BACKTRACE": "0"},
        check=False,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    last = next((item["now"] for item in reversed(told) if "now" in item), "none")
    assert done.returncode == 0, f"seed {SEED}, case {last}: {done.stderr[-2000:]}"
    findings = [item for item in told if "finding" in item]
    assert findings == [], f"seed {SEED}"
    counts = told[-1]["sum"]
    print(f"seed {SEED}: {json.dumps(counts)}")
    # Every format took part, and more than its valid file.
    assert all(sum(of_name.values()) > 2 for of_name in counts.values()), counts
    assert set(counts) >= set(FORMATS)


def test_the_fuzzer_reports_a_reader_that_raises(project: Path) -> None:
    """The negative control: a fault put into one reader is found and named."""
    program = (
        "import ingest.readers.json_lines as reader\n"
        "def broken(*arguments): raise IndexError('planted')\n"
        "reader.read = broken\n"
        "from tests.faults import fuzzing\n"
        "fuzzing.run(36, 60, 'json_lines', 0, 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=project, capture_output=True, text=True, check=True
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert any("IndexError" in item.get("finding", "") for item in found)


@pytest.mark.parametrize("name", ["delimited", "json_lines", "xlsx", "parquet"])
def test_no_damaged_file_loads_by_half_through_the_door(
    door: Door, tmp_path: Path, name: str
) -> None:
    """The whole way: what is refused leaves no row, what is accepted leaves all that it counts."""
    target = targets(tmp_path)[name]
    endings = {"delimited": ".csv", "json_lines": ".jsonl"}
    accepted = 0
    for number in range(5):
        body = case_bytes(target, SEED, f"{name} door", number)
        path = door.folder / f"{target.source}_{number}{endings.get(name, '.' + name)}"
        path.write_bytes(body)
        (outcome,) = door.deliver(path)
        assert outcome.status in ("accepted", "refused", "duplicate"), outcome
        assert "crashed" not in str(outcome.reason), (SEED, number, outcome)
        accepted += outcome.accepted
        assert len(door.rows(target.source)) == accepted, (SEED, number, outcome)
    assert accepted >= 12  # case 0 is the valid file
