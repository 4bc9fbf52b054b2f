"""Results of scenarios, kept in the home for the next release.

Defines: `compute`. Add here what is done with a result of a home. Keep out: how one is
computed (copy.py, outcome.py).
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from foundation.errors import UsageError
from foundation.files import canonical_json, write_atomically
from runs.scenario.copy import taxed
from runs.scenario.document import Scenario
from runs.scenario.outcome import outcome
from runs.settings import Settings


def compute(settings: Settings, scenarios: Sequence[Scenario]) -> list[dict[str, Any]]:
    """The result of each scenario, in order, kept as `scenarios/<name>.json`; one of the same name
    is replaced. Neighbours with the same days share what the law as it is makes of them.

    Raises UsageError for days or entries that cannot be computed, DbtFailed.
    """
    names = [scenario.name for scenario in scenarios]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UsageError(
            f"two scenarios are called {', '.join(twice)}",
            where="scenario",
            remedy="give each a name of its own: the later one would replace the result",
        )
    documents = []
    for _, same in groupby(scenarios, key=lambda one: (one.from_day, one.to_day)):
        asked = list(same)
        with taxed(settings, asked) as days:
            for scenario in asked:
                with days.changed(scenario) as connection:
                    documents.append(outcome(connection, scenario))
                file = settings.home.scenarios / f"{scenario.name}.json"
                write_atomically(file, canonical_json(documents[-1]) + "\n")
    return documents
