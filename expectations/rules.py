"""The vocabulary of a gate: checks, rules, suites.

Add here a kind of check (and its translation in engine.py). Keep out: single rules (suites/) and
Great Expectations imports.
"""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["critical", "warning", "info"]
Owner = Literal[
    "ingest_operations",
    "data_engineering",
    "risk_management",
    "customs_valuation",
    "domestic_market",
]


@dataclass(frozen=True)
class RowsThatFail:
    """Passes when `sql` returns no row. `sql` may read the suite's rows as `subject`."""

    sql: str

    def failing_sql(self) -> str:
        """A select of the failing rows."""
        return f"select * from ({self.sql}) as failing"


@dataclass(frozen=True)
class NotNull:
    """Every row has a value in `column`. show: columns that identify a row in an example."""

    column: str
    show: tuple[str, ...]

    def failing_sql(self) -> str:
        """A select of the failing rows."""
        return f'select {_columns(*self.show)} from subject where "{self.column}" is null'


@dataclass(frozen=True)
class InSet:
    """Every value of `column` is one of `values`; nulls are another rule's business."""

    column: str
    values: tuple[str, ...]
    show: tuple[str, ...]

    def failing_sql(self) -> str:
        """A select of the failing rows."""
        known = ", ".join(f"'{value}'" for value in self.values)
        return (
            f"select {_columns(*self.show, self.column)} from subject "
            f'where "{self.column}" is not null and "{self.column}" not in ({known})'
        )


@dataclass(frozen=True)
class Between:
    """Every value of `column` lies in [minimum, maximum]; nulls are another rule's business."""

    column: str
    minimum: int
    maximum: int
    show: tuple[str, ...]

    def failing_sql(self) -> str:
        """A select of the failing rows."""
        return (
            f"select {_columns(*self.show, self.column)} from subject "
            f'where "{self.column}" < {self.minimum} or "{self.column}" > {self.maximum}'
        )


Check = RowsThatFail | NotNull | InSet | Between


def _columns(*names: str) -> str:
    return ", ".join(f'"{name}"' for name in names)


@dataclass(frozen=True)
class Measured:
    """The figure of a rule that is worth following from run to run.

    sql: one whole number or null; may read `subject`. low, high: what the rule accepts, where that
    is a number. Without it the quality page follows the failing rows.
    """

    sql: str
    unit_vi: str
    unit_en: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Rule:
    """One assertion that officials can read.

    examined_sql: one number, how many things the rule looked at (rows, deliveries, days); may read
    `subject`. 0 is recorded as "nothing to check". measure_sql: one text, the value observed, as
    "vi | en" where it has words; without it the failing and the examined count are shown.
    """

    rule_id: str
    title_vi: str
    title_en: str
    severity: Severity
    owner: Owner
    what_to_do_vi: str
    what_to_do_en: str
    check: Check
    examined_sql: str = "select count(*) from subject"
    measure_sql: str | None = None
    measured: Measured | None = None

    @property
    def waivable(self) -> bool:
        """Findings about deliveries and data may be waived by a signed file, defects of the
        warehouse never: no reason makes a wrong sum publishable."""
        return self.owner != "data_engineering"


@dataclass(frozen=True)
class Suite:
    """Rules on the rows of one query (a plain select, no trailing semicolon)."""

    name: str
    query: str
    rules: tuple[Rule, ...]

    def __post_init__(self) -> None:
        ids = [rule.rule_id for rule in self.rules]
        twice = sorted({rule_id for rule_id in ids if ids.count(rule_id) > 1})
        if twice:
            raise ValueError(f"suite {self.name} declares a rule twice: {twice}")
