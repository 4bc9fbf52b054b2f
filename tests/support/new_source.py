"""The recipe of contracts/README.md followed in a copy of the tree, and what then happens there.

Defines `copy_of_the_tree`, `blocks` (the files that the recipe writes) and, run as a module inside
the copy, the trial itself: `python -m tests.support.new_source <source> <folder>` generates files,
delivers that of the new source, judges gate 1, builds its staging model, renders the quality page
and exports the raw tables, each by the product's own functions, and prints what it found as JSON.
Add here another place in which a source must appear by itself. Keep out: expectations.
"""

import datetime as dt
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

FIRST_DAY = dt.date(2026, 11, 9)
RECEIVED = dt.date(2026, 11, 15)
_BLOCK = re.compile(r"^```\w+\n(?:#|--) (\S+/\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(recipe: str) -> dict[str, str]:
    """Path -> text of every file that the recipe says to write."""
    return dict(_BLOCK.findall(recipe))


def copy_of_the_tree(project: Path, target: Path) -> None:
    """What git tracks or would track, copied to `target`."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in listed.stdout.splitlines():
        if (project / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(project / name, target / name)


def _trial(source: str, folder: Path) -> dict[str, Any]:
    # Imported here: the test imports this module for the functions above.
    import duckdb

    from expectations.gate import run_gate
    from expectations.suites import gate1
    from foundation.home import Home
    from foundation.run_index import EndedRun
    from ingest.conforming.pseudonymise import PseudonymKey
    from ingest.delivery import deliver
    from ingest.raw_export import export_raw
    from ingest.raw_views import register_raw_views
    from reports.quality_page.page import write_quality_page
    from runs import dbt_invocation, dbt_project
    from runs.settings import Settings
    from synthetic.generate import generate

    home = Home(folder / "home")
    settings = Settings(home, release_rows=1_000, releases_kept=1, memory_limit="1GB")
    generate(folder / "set", first_day=FIRST_DAY, days=1, parcels_per_day=10)
    delivered = deliver(
        home,
        [folder / "set" / f"{source}.csv"],
        received_date=RECEIVED,
        key=PseudonymKey.demonstration(),
    )
    home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(home.warehouse)) as connection:
        counts = register_raw_views(connection, home, FIRST_DAY, FIRST_DAY)
        listing = export_raw(connection, home, FIRST_DAY, FIRST_DAY, folder / "raw")
    verdict = run_gate(
        "gate1", gate1.suites(), database=home.warehouse, subject_hash="x",
        evidence=home.runs / "trial",
    )  # fmt: skip
    day = FIRST_DAY.isoformat()
    page = write_quality_page(home, EndedRun("trial", "partial", day, day, None, f"{day}T00:00:00"))
    assets = [table["name"] for table in dbt_project.raw_sources()]
    dbt_invocation.run(
        ["build", "--select", *_models(source)], settings=settings, target=folder / "dbt_target"
    )
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        staged = {
            name: connection.execute(f"select count(*) from staging.{name}").fetchone()
            for name in _models(source)
        }
    [exported] = [
        row
        for row in map(json.loads, listing.read_text(encoding="utf-8").splitlines())
        if row["table_name"] == source
    ]
    return {
        "outcomes": [[item.source, item.status, item.accepted] for item in delivered],
        "raw_rows": counts[source],
        "gate_rules": [item.rule_id for item in verdict.results if item.suite == source],
        "gate_failing": [
            item.rule_id for item in verdict.results if item.suite == source and not item.passed
        ],
        "gate_problems": list(verdict.problems),
        "quality_page": page.read_text(encoding="utf-8"),
        "staged": staged,
        "exported_columns": exported["column_list"],
        "exported_files": sorted(path.name for path in Path(exported["folder"]).iterdir()),
        "raw_assets": assets,
    }


def _models(source: str) -> list[str]:
    """The staging models that read a source, by name."""
    project = Path(__file__).resolve().parent.parent.parent
    return sorted(
        path.stem
        for path in (project / "dbt" / "models" / "staging").rglob("*.sql")
        if f"source('raw', '{source}')" in path.read_text(encoding="utf-8")
    )


if __name__ == "__main__":
    print(json.dumps(_trial(sys.argv[1], Path(sys.argv[2])), ensure_ascii=False))
