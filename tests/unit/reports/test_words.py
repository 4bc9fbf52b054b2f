"""Fixed words cover what the verdicts can say.

Not claimed: that the translations are good.
"""

from typing import get_args

from expectations.rules import Owner, Severity
from expectations.suites import gate1, gate2
from expectations.verdict import Outcome
from expectations.waivers import SUITE
from reports.owners import shipped_owners
from reports.quality_page import texts
from reports.quality_page.trend import kind_of


def test_every_suite_has_a_name_in_both_languages() -> None:
    names = {suite.name for suite in (*gate1.suites(), *gate2.suites())} | {SUITE}
    assert names - set(texts.SUITES) == set()


def test_every_outcome_and_severity_has_words() -> None:
    kinds = {kind_of(o, s) for o in get_args(Outcome) for s in get_args(Severity)}
    assert kinds == set(texts.OUTCOMES)
    assert set(get_args(Severity)) == set(texts.SEVERITIES)


def test_every_owner_of_a_rule_has_a_name() -> None:
    assert set(get_args(Owner)) - set(shipped_owners().roles) == set()


def test_no_text_is_empty_or_the_same_in_both_languages() -> None:
    maps = (texts.LABELS, texts.OUTCOMES, texts.SUITES, texts.GATES, texts.RUN_STATUSES)
    offenders = [
        key for words in maps for key, text in words.items() if not text.vi or text.vi == text.en
    ]
    assert offenders == []
