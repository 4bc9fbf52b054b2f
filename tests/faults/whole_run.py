"""A whole run on a tiny home: every step of the daily job in its order, without Dagster.

Add here what a test needs of a published run. Keep out: Dagster itself (tests/integration pays it)
and deliveries (tiny_home.py, story_of_days.py).
"""

from dataclasses import replace

from expectations.verdict import Verdict
from runs import end, steps
from runs.days.day_set import Days
from runs.days.reading import plan_now
from tests.faults.tiny_home import TinyHome

EVERY_MODEL = ("run", "--exclude", "resource_type:seed")


def publish(home: TinyHome, days: Days, run_id: str) -> str:
    """Run these days and publish them; the release id. Asserts that both gates pass."""
    settings = replace(home.settings, releases_kept=9, release_rows=1_000_000)
    steps.land_days(settings, run_id, plan_now(home.home, days))
    _require(steps.check_inputs(settings, run_id))
    home.build(EVERY_MODEL)
    home.later = home.refresh_later_days(run_id, on_record=True)
    _require(steps.check_marts(settings, run_id))
    release_id = steps.publish(settings, run_id)
    end.finish(home.home, run_id)
    return release_id


def _require(verdict: Verdict) -> None:
    assert verdict.passed, [(r.rule_id, r.observed, r.examples) for r in verdict.failures()]
