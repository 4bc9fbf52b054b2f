"""Named points on both sides of every durable step, where a test may kill the process.

Add here a point when some step must survive a crash on either side of it, and in the table of
`tests/faults/README.md`. Keep out: simulated errors (a test raises them) and anything that acts in
production: a process dies here only when two variables are set, and only tests set the second one.
"""

import os
import signal
from collections import Counter
from typing import Final, Literal, get_args

FAULT_VARIABLE: Final = "IMPORT_RISK_FAULT"
# A fault named by mistake, or left over in a shell, must not end a national run: the name alone
# does nothing.
ARMED_VARIABLE: Final = "IMPORT_RISK_FAULTS_ARMED_BY_A_TEST"

IngestPoint = Literal[
    "input_copied", "input_stored", "raw_finished", "raw_in_place",
    "before_ledger_line", "ledger_line_written", "ledger_head_written",
]  # fmt: skip
RunPoint = Literal[
    "before_start_record", "start_recorded", "seeds_loaded", "model_finished", "models_finished"
]
GatePoint = Literal["before_verdict", "verdict_stored", "verdict_recorded"]
PublishPoint = Literal[
    "before_build", "after_build", "history_landed", "records_landed", "before_rename",
    "before_switch", "after_switch", "release_recorded", "removing", "removed",
]  # fmt: skip
ReportPoint = Literal["edition_in_place", "edition_recorded", "release_of_edition_recorded"]
FaultPoint = IngestPoint | RunPoint | GatePoint | PublishPoint | ReportPoint

POINTS: Final[dict[str, tuple[str, ...]]] = {
    "ingest": get_args(IngestPoint),
    "run": get_args(RunPoint),
    "gate": get_args(GatePoint),
    "publish": get_args(PublishPoint),
    "report": get_args(ReportPoint),
}
_passed: Counter[str] = Counter()


def fault_point(name: FaultPoint) -> None:
    """Die at once, as by `kill -9`, when the environment names this point and a test armed it.

    `IMPORT_RISK_FAULT=model_finished` means the first passage, `model_finished*7` the seventh.
    """
    wanted = os.environ.get(FAULT_VARIABLE)
    if wanted is None or os.environ.get(ARMED_VARIABLE) != "1":
        return
    point, _, passage = wanted.partition("*")
    if point != name:
        return
    _passed[name] += 1
    if _passed[name] == int(passage or 1):
        os.kill(os.getpid(), signal.SIGKILL)
