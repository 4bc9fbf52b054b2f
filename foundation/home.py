"""Where state lives: every path under `$IMPORT_RISK_HOME`, named once.

Add here when a stage needs a new place at rest (see docs/adr/0002). Keep out: reading or writing
those places, and any path outside the home.
"""

import os
from dataclasses import dataclass
from pathlib import Path

HOME_VARIABLE = "IMPORT_RISK_HOME"
DEFAULT_HOME = "data"


@dataclass(frozen=True)
class Home:
    """The layout of one warehouse home; all paths absolute."""

    root: Path

    @classmethod
    def from_environment(cls) -> "Home":
        """`$IMPORT_RISK_HOME`, else ./data below the current directory."""
        return cls(Path(os.environ.get(HOME_VARIABLE) or DEFAULT_HOME).resolve())

    @property
    def inputs(self) -> Path:
        """Delivered bytes by content hash: inputs/sha256/ab/abcd...; immutable."""
        return self.root / "inputs" / "sha256"

    @property
    def ledger(self) -> Path:
        """Hash-chained record of deliveries, verdicts, runs and releases."""
        return self.root / "inputs" / "ledger.jsonl"

    @property
    def arriving_lock(self) -> Path:
        """flock shared by all who bring files in; who collects leftovers wants it alone."""
        return self.root / "inputs" / "arriving.lock"

    @property
    def profiles(self) -> Path:
        """Sender profiles added on this site (TOML), beside the shipped ones."""
        return self.root / "profiles"

    @property
    def waivers(self) -> Path:
        """Signed exceptions from quality rules (TOML); the gates read them, see expectations/."""
        return self.root / "waivers"

    @property
    def calendar(self) -> Path:
        """Days off that this site corrects or adds (CSV), see expectations/lists."""
        return self.root / "calendar.csv"

    @property
    def parameters(self) -> Path:
        """Parameters without an official figure that this site sets (CSV), dated and signed."""
        return self.root / "parameters.csv"

    @property
    def reports(self) -> Path:
        """What reports leave behind beside their editions (public_records)."""
        return self.root / "reports"

    @property
    def public_records(self) -> Path:
        """What editions outside customs have told: later ones must not tell more with it."""
        return self.reports / "public-records"

    @property
    def editions(self) -> Path:
        """Filed editions of reports: editions/<report>-<month>-<edition>-v<number>/; immutable."""
        return self.root / "editions"

    @property
    def scenarios(self) -> Path:
        """Results of what-ifs of the law (`import-risk scenario`): scenarios/<name>.json."""
        return self.root / "scenarios"

    @property
    def raw(self) -> Path:
        """Typed, tokenised rows: raw/<source>/received_date=YYYY-MM-DD/<sha>.parquet; immutable."""
        return self.root / "raw"

    @property
    def quarantine(self) -> Path:
        """Refused rows with line, column, reason: quarantine/<source>/<sha>.parquet."""
        return self.root / "quarantine"

    @property
    def reference(self) -> Path:
        """Loaded reference data: reference/<kind>/<sha>.parquet."""
        return self.root / "reference"

    @property
    def models(self) -> Path:
        """Documents of risk models, in force or not: models/<version>.json; immutable."""
        return self.root / "models"

    @property
    def work(self) -> Path:
        """Private to the pipeline; rebuildable from raw at any time."""
        return self.root / "work"

    @property
    def warehouse(self) -> Path:
        """The working DuckDB database; one writer."""
        return self.work / "warehouse.duckdb"

    @property
    def warehouse_lock(self) -> Path:
        """flock of the one writer."""
        return self.work / "warehouse.lock"

    @property
    def history(self) -> Path:
        """Full scored history: history/<schema>.<table>/day=YYYY-MM-DD/*.parquet."""
        return self.root / "history"

    @property
    def releases(self) -> Path:
        """releases/<release_id>/<audience>/warehouse.duckdb and the symlink `current`."""
        return self.root / "releases"

    @property
    def tokens(self) -> Path:
        """Hashes of the tokens that the reader daemon accepts; mode 0600."""
        return self.root / "tokens"

    @property
    def runs(self) -> Path:
        """Evidence per run: verdicts, counts, hashes; append-only."""
        return self.root / "runs"

    @property
    def looks(self) -> Path:
        """Hash-chained record of who looked into a dossier; mode 0600 in a folder of mode 0700."""
        return self.root / "audit" / "looks.jsonl"

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME of this warehouse."""
        return self.root / "dagster"
