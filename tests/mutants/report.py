"""What a run of tests.mutants found, as a table on the screen and as docs/mutants.md.

Add here a column that a reader asked for. Keep out: judging.
"""

from collections.abc import Collection, Sequence
from pathlib import Path

from tests.mutants.derive import Mutant
from tests.mutants.golden import Verdict
from tests.mutants.reasons import Reason
from tests.mutants.subjects import SUBJECTS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "mutants.md"


def table(
    verdicts: Sequence[Verdict], subjects: dict[str, str], unexplained: Collection[Mutant]
) -> str:
    """Counts by subject, as a Markdown table."""
    lines = [
        "| subject | models | mutants | noticed by a unit test | noticed by a golden test "
        "| survive with a reason | survive without | seconds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for subject in (*SUBJECTS, "all"):
        own = [v for v in verdicts if subject in ("all", subjects[v.mutant.model])]
        unit = sum(v.noticed_by is not None and v.noticed_by.startswith("unit_test") for v in own)
        survive = [v.mutant for v in own if v.noticed_by is None]
        without = sum(mutant in unexplained for mutant in survive)
        counts = (
            len({v.mutant.model for v in own}), len(own), unit, len(own) - unit - len(survive),
            len(survive) - without, without, round(sum(v.seconds for v in own)),
        )  # fmt: skip
        lines.append(f"| {subject} | " + " | ".join(map(str, counts)) + " |")
    return "\n".join(lines)


def write(
    verdicts: Sequence[Verdict],
    subjects: dict[str, str],
    unexplained: Collection[Mutant],
    reasons: Sequence[Reason],
    seconds: float,
) -> None:
    """Write docs/mutants.md."""
    survivors = [verdict.mutant for verdict in verdicts if verdict.noticed_by is None]
    lines = [
        "# Do the golden tests notice a rule that is wrong by one token?",
        "Written by `make mutants` (`python -m tests.mutants --write`); `tests/mutants` says how it"
        " works. A mutant is the SQL of one model with one comparison turned to its neighbour, one"
        " dated bound moved by a day, `and` for `or`, one condition left out of a filter, or a 0"
        " for a 1. For each, only the unit tests of its model and the golden modules that build it"
        " run, until one notices.",
        "",
        table(verdicts, subjects, unexplained),
        "",
        f"The last run took {seconds:.0f} s with two workers on two cores; `seconds` counts each"
        " worker's.",
        "",
        "## Mutants that no input can make visible",
        "The reasons stand in `tests/mutants/equivalent.toml`; a reason that stops being true fails"
        " the run.",
        "",
    ]
    for reason in reasons:
        covered = sum(reason.covers(mutant) for mutant in survivors)
        changes = ", ".join(f"`{change}`" for change in reason.changes)
        models = ", ".join(f"`{model}`" for model in reason.models)
        lines.append(f"- {models}: `{reason.line}`: {changes} ({covered}). {reason.why}")
    if unexplained:
        lines += ["", "## Survivors without a reason", *(f"- `{m}`" for m in unexplained)]
    PAGE.write_text("\n".join(lines) + "\n")
