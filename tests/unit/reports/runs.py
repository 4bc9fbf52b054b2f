"""Stored evidence of invented runs, written the way a run leaves it.

Add here another evidence file. Keep out: assertions.
"""

import json
from pathlib import Path
from typing import Any

from foundation.home import Home
from foundation.run_index import EndedRun, append


def result(rule_id: str = "volume_usual", **changes: Any) -> dict[str, Any]:
    """A stored rule result that passed."""
    return {
        "suite": "parcel_manifest",
        "rule_id": rule_id,
        "severity": "warning",
        "outcome": "passed",
        "passed": True,
        "observed": "0 / 840",
        "examined_count": 840,
        "failing_count": 0,
        "examples": [],
        "waivers": [],
        "measured": None,
        "title_vi": f"Quy tắc {rule_id}",
        "title_en": f"Rule {rule_id}",
        "owner": "ingest_operations",
        "what_to_do_vi": "Hỏi bên gửi.",
        "what_to_do_en": "Ask the sender.",
        **changes,
    }


def failed(rule_id: str, severity: str = "warning", **changes: Any) -> dict[str, Any]:
    """A stored rule result that failed with one example."""
    stated = {"severity": severity, "failing_count": 1, "examples": [{"day": "2026-11-04"}]}
    return result(rule_id, outcome="failed", passed=False, **{**stated, **changes})


def verdict(gate: str, *results: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A stored verdict document."""
    stops = any(r["severity"] == "critical" and r["outcome"] == "failed" for r in results)
    return {
        "gate": gate,
        "subject_hash": "5" * 64,
        "gx_version": "1.24.1",
        "declared": len(results),
        "evaluated": len(results),
        "status": "failed" if stops else "passed",
        "passed": not stops,
        "problems": [],
        "results": list(results),
        "verdict_sha256": "7" * 64,
        **changes,
    }


def ended(
    home: Home, number: int, status: str = "published", **files: dict[str, Any] | str | None
) -> EndedRun:
    """A run with these evidence files (name without suffix -> document, or text as it stands)."""
    run = EndedRun(
        run_id=f"run-{number:04d}",
        status=status,
        from_day="2026-11-04",
        to_day="2026-11-04",
        release_id=f"r{number:06d}-0123abcd" if status == "published" else None,
        ended_at="2026-11-04T23:12:00+00:00",
    )
    folder: Path = home.runs / run.run_id
    folder.mkdir(parents=True)
    for name, document in files.items():
        if document is not None:
            text = document if isinstance(document, str) else json.dumps(document)
            (folder / f"{name}.json").write_text(text, encoding="utf-8")
    append(home, run)
    return run
