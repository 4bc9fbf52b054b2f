"""Waivers: dated, signed, reasoned exceptions from a rule, one TOML file each in the home.

A waiver lets work go on; it never hides the finding (outcome `waived`, counts and examples stay),
covers stated business days only, and cannot waive a defect of the warehouse itself. A file that
cannot be used waives nothing and is named in the verdict.

Add here a property of a waiver. Keep out: which rules may be waived (rules.py) and what a waived
finding means for the verdict (verdict.py).
"""

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from expectations.rules import RowsThatFail, Rule, Suite
from expectations.verdict import GateName, RuleResult
from foundation.files import sha256_file

SUITE = "waivers"
_TEXTS = ("gate", "source", "rule", "reason", "signed_by")
_DATES = ("from_day", "to_day", "signed_on")
_OPTIONAL = ("sender",)
# The gate name of a waiver that lets runs over later days go on while days are held back after a
# failed run (runs/days/plan.py): no rule of a gate, so its source and rule are fixed.
HOLD = "hold"
HOLD_NAMES = ("run", "failed_days")
_REASON_CHARACTERS = 20  # a reason is a sentence: shorter ones were typed to get past


@dataclass(frozen=True)
class Waiver:
    """One file. source: the rule's suite. sender: only findings about this sender, or None.

    from_day, to_day: the business days it covers, both included; that is also how it ends.
    """

    file: str
    sha256: str
    gate: str
    source: str
    rule: str
    sender: str | None
    from_day: dt.date
    to_day: dt.date
    reason: str
    signed_by: str
    signed_on: dt.date

    def document(self) -> dict[str, str]:
        """JSON-ready, as verdicts and fct_gate_results carry it."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "from_day": self.from_day.isoformat(),
            "to_day": self.to_day.isoformat(),
            "reason": self.reason,
            "signed_by": self.signed_by,
            "signed_on": self.signed_on.isoformat(),
            **({} if self.sender is None else {"sender": self.sender}),
        }

    def covers_sql(self, columns: Sequence[str]) -> str:
        """A condition on a failing row with these columns. A row without a day of its own is
        covered when the whole window of the run is."""
        ends = f"date '{self.from_day}' and date '{self.to_day}'"
        covered = (
            f"day between {ends}"
            if "day" in columns
            else f"(select min(from_day) between {ends} and max(to_day) between {ends} "
            "from raw.run_window)"
        )
        if self.sender is None:
            return f"({covered})"
        if "sender" not in columns:
            return "false"
        sender = self.sender.replace("'", "''")
        return f"({covered} and sender = '{sender}')"


@dataclass(frozen=True)
class Waivers:
    """What lies in the folder: usable waivers, and one sentence for each file that is not."""

    usable: tuple[Waiver, ...] = ()
    unusable: tuple[str, ...] = ()

    @property
    def holds(self) -> tuple[Waiver, ...]:
        """The waivers of days held back after a failed run."""
        return tuple(waiver for waiver in self.usable if waiver.gate == HOLD)

    def of(self, gate: GateName, suite: Suite, rule: Rule) -> tuple[Waiver, ...]:
        """The waivers that name this rule, whatever days they cover."""
        named = (gate, suite.name, rule.rule_id)
        return tuple(w for w in self.usable if (w.gate, w.source, w.rule) == named)


def waiver_hashes(folder: Path) -> dict[str, str]:
    """File name -> sha256 of every waiver file: what a run records before it is judged."""
    return {path.name: sha256_file(path) for path in _files(folder)}


def load_waivers(folder: Path, recorded: Mapping[str, str] | None = None) -> Waivers:
    """Every waiver in the folder; a missing folder holds none. Never raises for a bad file.

    recorded: what `waiver_hashes` gave when the run began; a file that is not as recorded is
    unusable, so that the lineage of a run names every waiver it may have used.
    """
    usable: list[Waiver] = []
    unusable: list[str] = []
    for path in _files(folder):
        sha256 = sha256_file(path)
        if recorded is not None and recorded.get(path.name) != sha256:
            unusable.append(f"{path.name}: was added or changed after the run began")
            continue
        try:
            usable.append(_parsed(path, sha256))
        except ValueError as error:
            unusable.append(f"{path.name}: {error}")
    return Waivers(tuple(usable), tuple(unusable))


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.toml")) if folder.is_dir() else []


def _parsed(path: Path, sha256: str) -> Waiver:
    """Raises ValueError (of which TOMLDecodeError and UnicodeDecodeError are kinds)."""
    body = tomllib.loads(path.read_text(encoding="utf-8"))
    for key in body:
        if key not in (*_TEXTS, *_DATES, *_OPTIONAL):
            raise ValueError(f"the key {key!r} is not known")
    for key in (*_TEXTS, *_DATES):
        if key not in body:
            raise ValueError(f"the key {key!r} is missing")
    for key in (*_TEXTS, *(key for key in _OPTIONAL if key in body)):
        if not isinstance(body[key], str) or not body[key].strip():
            raise ValueError(f"{key!r} must be a text that is not empty")
    for key in _DATES:
        if not isinstance(body[key], dt.date) or isinstance(body[key], dt.datetime):
            raise ValueError(f"{key!r} must be a date such as 2026-11-21, without quotes")
    if body["gate"] not in (*get_args(GateName), HOLD):
        raise ValueError(f"'gate' must be one of {', '.join((*get_args(GateName), HOLD))}")
    if body["gate"] == HOLD and (body["source"], body["rule"]) != HOLD_NAMES:
        raise ValueError(
            f"with gate = {HOLD!r}, 'source' must be {HOLD_NAMES[0]!r}, 'rule' {HOLD_NAMES[1]!r}"
        )
    if body["to_day"] < body["from_day"]:
        raise ValueError("'to_day' lies before 'from_day'")
    if len(body["reason"].strip()) < _REASON_CHARACTERS:
        raise ValueError(f"'reason' must say why, in at least {_REASON_CHARACTERS} characters")
    return Waiver(file=path.name, sha256=sha256, sender=body.get("sender"), **_stated(body))


def _stated(body: Mapping[str, Any]) -> dict[str, Any]:
    return {key: body[key] for key in (*_TEXTS, *_DATES)}


def misdirected(waivers: Waivers, gate: GateName, suites: Sequence[Suite]) -> list[str]:
    """One sentence for each waiver of this gate that names no rule, or one nobody may waive."""
    rules = {(suite.name, rule.rule_id): rule for suite in suites for rule in suite.rules}
    problems = []
    for waiver in waivers.usable:
        if waiver.gate != gate:
            continue
        rule = rules.get((waiver.source, waiver.rule))
        if rule is None:
            problems.append(f"{waiver.file}: {gate} has no rule {waiver.source}.{waiver.rule}")
        elif not rule.waivable:
            problems.append(
                f"{waiver.file}: {waiver.rule} finds defects of the warehouse itself; "
                "nobody may waive it"
            )
    return problems


def report(unusable: Sequence[str], short: Sequence[str], used: int) -> list[RuleResult]:
    """The results that tell of waivers themselves: files that waive nothing, and findings that a
    waiver names but does not cover (it ended, or is for another sender)."""
    return [
        _told(
            "waivers_usable",
            "Mọi tệp miễn trừ đều dùng được",
            "Every waiver file can be used",
            unusable,
            used,
            "Sửa hoặc xóa tệp miễn trừ; khi đó phát hiện vẫn giữ nguyên.",
            "Correct or remove the waiver file; until then its finding stands.",
        ),
        _told(
            "waivers_cover_their_findings",
            "Không có phát hiện nào vượt ra ngoài miễn trừ của nó (hết hạn, bên gửi khác)",
            "No finding reaches beyond its waiver (ended, another sender)",
            short,
            used,
            "Xem lại phát hiện; ký miễn trừ mới có lý do nếu vẫn chấp nhận.",
            "Look at the finding again; sign a new waiver with its reason if it is still accepted.",
        ),
    ]


def _told(
    rule_id: str, title_vi: str, title_en: str, problems: Sequence[str], used: int,
    what_to_do_vi: str, what_to_do_en: str,
) -> RuleResult:  # fmt: skip
    examined = used + len(problems)
    return RuleResult(
        suite=SUITE,
        rule_id=rule_id,
        severity="warning",
        outcome="failed" if problems else "passed" if examined else "nothing_to_check",
        observed="; ".join(problems) or f"0 / {examined}",
        examined_count=examined,
        failing_count=len(problems),
        examples=tuple({"waiver": problem} for problem in problems),
        title_vi=title_vi,
        title_en=title_en,
        owner="ingest_operations",
        what_to_do_vi=what_to_do_vi,
        what_to_do_en=what_to_do_en,
    )


def uncovered(check_sql: str, covering: Sequence[Waiver], columns: Sequence[str]) -> RowsThatFail:
    """The failing rows of `check_sql` that none of the waivers covers."""
    conditions = " or ".join(waiver.covers_sql(columns) for waiver in covering) or "false"
    return RowsThatFail(f"select * from ({check_sql}) as finding where not ({conditions})")
