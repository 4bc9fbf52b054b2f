"""Why a mutant may survive: `equivalent.toml`, and whether what it says is still true.

Add here a check of the reasons. Keep out: the reasons themselves.
"""

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.derive import Mutant

EQUIVALENT = Path(__file__).with_name("equivalent.toml")


class BadReason(ValueError):
    """An entry lacks a field, has one that nobody reads, or gives no reason."""


@dataclass(frozen=True)
class Reason:
    """Mutants of these models on this line with this change cannot be noticed, because `why`.

    `numbers` limits it to some of several equal changes of equal lines.
    """

    models: tuple[str, ...]
    line: str
    changes: tuple[str, ...]
    numbers: tuple[int, ...]
    why: str

    def covers(self, mutant: Mutant) -> bool:
        return (
            mutant.model in self.models
            and mutant.line == self.line
            and mutant.change in self.changes
            and (not self.numbers or mutant.number in self.numbers)
        )


def read(path: Path = EQUIVALENT) -> list[Reason]:
    """The reasons of the file. Raises BadReason."""
    return [_reason(entry) for entry in tomllib.loads(path.read_text()).get("equivalent", [])]


def without_reason(survivors: Iterable[Mutant], reasons: Collection[Reason]) -> list[Mutant]:
    """The survivors that no reason covers."""
    return [mutant for mutant in survivors if not any(r.covers(mutant) for r in reasons)]


def stale(
    derived: Collection[Mutant], survivors: Collection[Mutant], reasons: Iterable[Reason]
) -> list[str]:
    """What the reasons say that is not so: a mutant that is gone, or that a test notices.

    `derived` are all mutants that were tried: entries for other models are not judged.
    """
    tried = {mutant.model for mutant in derived}
    wrong = []
    for reason in reasons:
        for model in reason.models:
            if model not in tried:
                continue
            for change in reason.changes:
                name = f"{model}: {reason.line}  [{change}]"
                covered = [m for m in derived if reason.covers(m)]
                covered = [m for m in covered if m.model == model and m.change == change]
                if not covered or not set(reason.numbers) <= {m.number for m in covered}:
                    wrong.append(f"no such mutant any more: {name}")
                wrong += [f"a test notices it: {m}" for m in covered if m not in survivors]
    return wrong


def _reason(entry: dict[str, object]) -> Reason:
    unknown = set(entry) - {"models", "line", "changes", "numbers", "why"}
    missing = {"models", "line", "changes", "why"} - set(entry)
    if unknown or missing or not str(entry.get("why", "")).strip():
        raise BadReason(f"unknown {sorted(unknown)}, missing {sorted(missing)}: {entry}")
    texts = {name: tuple(map(str, _listed(entry, name))) for name in ("models", "changes")}
    numbers = tuple(int(str(number)) for number in _listed(entry, "numbers"))
    line, why = str(entry["line"]), str(entry["why"])
    return Reason(texts["models"], line, texts["changes"], numbers, why)


def _listed(entry: dict[str, object], name: str) -> list[object]:
    found = entry.get(name, [])
    if not isinstance(found, list):
        raise BadReason(f"{name} is a list: {entry}")
    return found
