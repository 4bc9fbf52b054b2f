"""`import-risk` as a person runs it: a child process with its own home (warm_python.py).

Add here a way to call the command that several tests need. Keep out: expectations.
"""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support import warm_python

PROJECT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Done:
    """A finished command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """stdout as the one JSON document it must be."""
        return json.loads(self.out)


@dataclass(frozen=True)
class ImportRisk:
    """The command bound to one home."""

    home: Path

    def __call__(self, *arguments: object, code: int | None = 0, **variables: str) -> Done:
        """Run it; `code` is the exit code demanded, None for any."""
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("IMPORT_RISK_")},
            "IMPORT_RISK_HOME": str(self.home),
            **variables,
        }
        command = [sys.executable, "-P", "-m", "cli.main", *map(str, arguments)]
        done = warm_python.run(command, environment, self.home.parent)
        if code is not None and done.returncode != code:
            raise AssertionError(
                f"import-risk {' '.join(map(str, arguments))} ended with {done.returncode}, "
                f"not {code}\nstdout: {done.stdout[-3000:]}\nstderr: {done.stderr[-3000:]}"
            )
        return Done(done.returncode, done.stdout, done.stderr)

    def rows(self, sql: str, audience: str = "customs") -> list[dict[str, Any]]:
        """Rows of a query on the current release."""
        return self("query", sql, "--audience", audience, "--format", "json").json
