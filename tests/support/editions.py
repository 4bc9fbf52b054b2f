"""A report made by hand, filed and released in an empty home, and settings that list who gets it.

Add here a thing that several tests of editions need. Keep out: assertions.
"""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from contracts.facts import Words
from foundation.home import Home
from ledger.editions import Edition
from reports.impact.model import Edition as Audience
from reports.impact.model import Figure, Measure, Report, Section, Status, Table
from runs.editions import approve, file_edition
from tests.unit.reports.impact import made

MONTH = "2026-11"
UNIT = Words("tỷ đồng", "VND bn")


def told(
    value: str = "1234.56",
    *,
    status: Status = "estimate",
    edition: Audience = "internal",
    **more: Any,
) -> Report:
    """The report made by hand with another figure in its only row that has one to change."""
    report = made.report()
    table = made.TABLE
    (name, _), *others = table.rows
    rows = ((name, Figure(Decimal(value), 1)), *others)
    section = replace(report.sections[0], parts=(replace(table, rows=rows),))
    return replace(
        report,
        status=status,
        edition=edition,
        sections=(section, *report.sections[1:]),
        measures=(Measure("value", Words("Trị giá", "Value"), UNIT, Figure(Decimal(value), 1)),),
        **more,
    )


def filed(home: Home, report: Report, reason: str = "") -> Edition:
    """File it."""
    return file_edition(home, report, None, reason)


def sent(home: Home, report: Report, reason: str = "") -> Edition:
    """File and release it; whoever the settings list gets it."""
    filed(home, report, reason)
    month = f"{report.month:%Y-%m}"
    edition, _ = approve(home, report.kind, month, report.edition, signed_by="Lê Văn A")
    return edition


def manifest(home: Home, edition: Edition) -> dict[str, Any]:
    """The manifest of a filed edition."""
    text = (home.root / edition.folder / "manifest.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def configure(
    home: Home, port: int = 0, folder: Path | None = None, *, approval: str = "required"
) -> None:
    """Internal editions by mail to one list and public ones to another; all into a folder."""
    lines = ['site = "Kho A"', f'report_approval = "{approval}"']
    if port:
        lines += [
            "[mail]", 'sender = "warehouse@example.vn"', 'host = "127.0.0.1"', f"port = {port}",
            'tls = "none"',
        ]  # fmt: skip
        for name, audience in (("unit", "internal"), ("readers", "public")):
            lines += ["[[recipients]]", f'name = "{name}"', f'to = ["{name}@example.vn"]']
            lines += [f'editions = ["impact/{audience}"]']
    if folder:
        lines += ["[[folders]]", 'name = "share"', f"path = {json.dumps(str(folder))}"]
        lines += ['editions = ["impact/internal", "impact/public"]']
    home.root.mkdir(parents=True, exist_ok=True)
    (home.root / "notices.toml").write_text("\n".join(lines), encoding="utf-8")


def with_table(report: Report, table: Table) -> Report:
    """The report with one more section that holds a table."""
    section = Section(5, Words("Thêm", "More"), (table,))
    return replace(report, sections=(*report.sections, section))
