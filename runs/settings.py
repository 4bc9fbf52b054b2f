"""One typed record of every setting, read once from the environment.

Add here a setting that a site may change. Keep out: rules with a legal basis (dbt seeds) and
paths (foundation.home).
"""

import os
from dataclasses import dataclass
from pathlib import Path

from foundation.errors import UsageError
from foundation.home import Home

PROJECT_ROOT = Path(__file__).resolve().parent.parent
DBT_PROJECT = PROJECT_ROOT / "dbt"
DBT_TARGET = "local"
CODE_LOCATION = "import_risk"
TIME_ZONE = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True)
class Settings:
    """Settings of one process.

    release_rows: rows of detail (consignments, indicators, scores ...) that a release file holds in
    whole days, newest first; the full history is Parquet beside it. releases_kept: releases on
    disk. memory_limit: of the working database.
    working_database: its file, when it is not the home's own (a rebuild works beside it).
    """

    home: Home
    release_rows: int
    releases_kept: int
    memory_limit: str
    working_database: Path | None = None

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read IMPORT_RISK_* variables; a malformed one raises UsageError."""
        return cls(
            home=Home.from_environment(),
            release_rows=_positive("IMPORT_RISK_RELEASE_ROWS", 500_000),
            releases_kept=_positive("IMPORT_RISK_RELEASES_KEPT", 3),
            memory_limit=os.environ.get("IMPORT_RISK_MEMORY_LIMIT", "4GB"),
        )

    @property
    def warehouse(self) -> Path:
        """The working database that steps of this process write."""
        return self.working_database or self.home.warehouse

    @property
    def spill(self) -> Path:
        """Where the working database puts what does not fit into memory; collected by every run."""
        return self.home.work / "spill"

    @property
    def duckdb_config(self) -> dict[str, str]:
        """How every connection to the working database is opened: DuckDB wants all alike."""
        return {"memory_limit": self.memory_limit, "temp_directory": str(self.spill)}

    def dbt_environment(self) -> dict[str, str]:
        """What dbt needs to find the working database; never data, never secrets."""
        return {
            "IMPORT_RISK_WAREHOUSE": str(self.warehouse),
            "IMPORT_RISK_MEMORY_LIMIT": self.memory_limit,
            "IMPORT_RISK_SPILL_FOLDER": str(self.spill),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DO_NOT_TRACK": "1",
        }


def _positive(variable: str, default: int) -> int:
    text = os.environ.get(variable, str(default))
    if not text.isdigit() or int(text) < 1:
        raise UsageError(
            f"{variable} must be a whole number of at least 1, not {text!r}",
            where="environment",
            remedy=f"unset {variable} or set it to a number such as {default}",
        )
    return int(text)
