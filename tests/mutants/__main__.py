"""`python -m tests.mutants`: the mutants that no golden case notices, and how long it took.

Add here an option of the command. Keep out: what a mutant is, and who judges it.
"""

import argparse
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from fnmatch import fnmatchcase
from pathlib import Path

from tests.mutants import reasons, report, workers
from tests.mutants.derive import mutants
from tests.mutants.golden import Verdict, modules
from tests.mutants.subjects import subject_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 when every survivor has a reason that holds."""
    asked = _parser().parse_args(arguments)
    started = time.monotonic()
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="mutants-recorded-"))
    try:
        context = multiprocessing.get_context("spawn")
        if not (folder / workers.UNIT_TESTS).exists():
            # A process for each module: what a golden module caches is recorded with it.
            with ProcessPoolExecutor(asked.workers, context, max_tasks_per_child=1) as pool:
                for line in pool.map(workers.record_module, modules(), [folder] * len(modules())):
                    print(line, flush=True)
            workers.record_questions(folder)
        held = workers.judge_of(folder).models()
        subjects = subject_of((node.name, node.schema) for node in held.values())
        wanted = [
            mutant
            for model in subjects
            if any(fnmatchcase(model, pattern) for pattern in asked.models or ["*"])
            for mutant in mutants(model, held[model].compiled)
        ]
        if asked.list:
            print(*wanted, sep="\n")
            return 0
        with ProcessPoolExecutor(asked.workers, context, workers.start, (folder,)) as pool:
            verdicts = list(_shown(pool.map(workers.judged, wanted, chunksize=4), len(wanted)))
    finally:
        if asked.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    seconds = time.monotonic() - started
    return _ended(verdicts, subjects, seconds, write=asked.write)


def _ended(
    verdicts: list[Verdict], subjects: dict[str, str], seconds: float, *, write: bool
) -> int:
    held = reasons.read()
    survivors = [verdict.mutant for verdict in verdicts if verdict.noticed_by is None]
    unexplained = reasons.without_reason(survivors, held)
    stale = reasons.stale([verdict.mutant for verdict in verdicts], survivors, held)
    print(report.table(verdicts, subjects, unexplained))
    print(f"{len(verdicts)} mutants in {seconds:.0f} s")
    for mutant in unexplained:
        print(f"SURVIVES {mutant}")
    for text in stale:
        print(f"STALE REASON {text}")
    if write:
        report.write(verdicts, subjects, unexplained, held, seconds)
    return 1 if unexplained or stale else 0


def _shown(verdicts: Iterator[Verdict], count: int) -> Iterator[Verdict]:
    for number, verdict in enumerate(verdicts, 1):
        if verdict.noticed_by is None:
            print(f"{number}/{count} unnoticed: {verdict.mutant}", file=sys.stderr, flush=True)
        yield verdict


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("models", nargs="*", help="patterns of model names; all without")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--list", action="store_true", help="print the mutants, run none")
    parser.add_argument("--write", action="store_true", help="write docs/mutants.md")
    parser.add_argument(
        "--keep", type=Path, help="keep what dbt did in this folder, and use what is there"
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
