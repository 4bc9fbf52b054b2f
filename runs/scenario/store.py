"""Results of scenarios, kept in the home for the next release.

Defines: `compute`. Add here what is done with a result of a home. Keep out: how one is
computed (copy.py, outcome.py).
"""

from typing import Any

from foundation.files import canonical_json, write_atomically
from runs.scenario.copy import assessed
from runs.scenario.document import Scenario
from runs.scenario.outcome import outcome
from runs.settings import Settings


def compute(settings: Settings, scenario: Scenario) -> dict[str, Any]:
    """The result of a scenario, kept as `scenarios/<name>.json`; one of the same name is replaced.

    Raises UsageError for days or entries that cannot be computed, DbtFailed.
    """
    with assessed(settings, scenario) as connection:
        document = outcome(connection, scenario)
    file = settings.home.scenarios / f"{scenario.name}.json"
    write_atomically(file, canonical_json(document) + "\n")
    return document
