"""The running daemon against its own description, with requests that schemathesis makes up.

Seeded and short; IMPORT_RISK_FUZZ_EXAMPLES=2000 makes it long. Not demanded: that every request
which fits the description is accepted (a text is rarely SQL). schemathesis' own pytest plugin does
not work with the pytest of this environment, so its strategies are used.
"""

import os
from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode, checks

from tests.support.daemon import TOKENS, Daemon

pytestmark = pytest.mark.slow

SEED = 20261127
EXAMPLES = int(os.environ.get("IMPORT_RISK_FUZZ_EXAMPLES", "25"))
SHORT = settings(
    max_examples=EXAMPLES,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
PATHS = [
    "GET /v1/health",
    "GET /v1/releases/current",
    "GET /v1/tables",
    "POST /v1/query",
]
checks.load_all_checks()


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("audience", ["customs", None])
def test_no_request_breaks_the_daemon_or_its_description(
    daemon: Daemon, audience: str | None, mode: GenerationMode
) -> None:
    print(f"seed {SEED}, {EXAMPLES} examples a path")
    described = schemathesis.openapi.from_url(f"{daemon.url}/openapi.json")
    headers = {} if audience is None else {"Authorization": f"Bearer {TOKENS[audience]}"}
    sent: Counter[str] = Counter()

    def hold(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers, excluded_checks=[checks.positive_data_acceptance])
        sent[f"{case.method} {case.path}"] += 1

    for result in described.get_all_operations():
        operation = result.ok()
        if operation.path == "/v1/query" or mode is GenerationMode.POSITIVE:
            seed(SEED)(SHORT(given(case=operation.as_strategy(mode))(hold)))()
    assert sorted(sent) == (PATHS if mode is GenerationMode.POSITIVE else ["POST /v1/query"])
    assert sent["POST /v1/query"] > 3
    assert daemon.value("select 1") == 1
