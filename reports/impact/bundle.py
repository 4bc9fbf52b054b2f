"""The report's folder: every format, tidy files and a manifest of their hashes.

Defines: `write`. Add here another file of the folder. Keep out: how a format is made (formats.py).
"""

import csv
import hashlib
import io
import json
import tempfile
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

from disclosure import tidy
from disclosure.tidy import Edition as TreatedCells
from foundation.files import canonical_json, write_atomically
from foundation.sealed import MANIFEST
from reports.impact import formats
from reports.impact.charts import draw
from reports.impact.figures import LANGUAGES, Language, shown, told, word
from reports.impact.model import Chart, Figure, Report, Table, Vintage
from reports.impact.spoken import TITLES, chart_name, speak
from reports.impact.vintages import banner_of

CONTENT = "content.json"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(
    report: Report,
    languages: tuple[Language, ...],
    folder: Path,
    treated: TreatedCells | None = None,
    content: Mapping[str, Any] | None = None,
) -> list[Path]:
    """Write the whole report into `folder`, the manifest last; returns the files.

    treated: the cells of a public edition; they are its tidy files. content: what later vintages
    are compared with (content.py). Raises OSError when the folder cannot be written.
    """
    stem = report.stem
    files: dict[str, bytes] = {}
    for language in languages:
        document = speak(report, language)
        charts = {
            chart_name(part): draw(part, language)
            for section in report.sections
            for part in section.parts
            if isinstance(part, Chart)
        }
        files[f"{stem}-{language}.pdf"] = formats.pdf(document, charts)
        files[f"{stem}-{language}.html"] = formats.html(document, charts).encode()
        files[f"{stem}-{language}.xlsx"] = formats.workbook(report, document, language)
    if content is not None:
        files[CONTENT] = (canonical_json(content) + "\n").encode()
    if treated is None:
        for table in report.tables:
            files[f"tidy/{table.table_id}.csv"] = _tidy(table).encode()
        files["tidy/schema.json"] = _schema(report).encode()
    else:
        files |= _public_files(treated)
    written = []
    for name, made in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, made)
        written.append(path)
    manifest = folder / MANIFEST
    write_atomically(manifest, _manifest(report, files))
    return [*written, manifest]


def _public_files(treated: TreatedCells) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        paths = tidy.write(treated.cells, treated.hierarchies, treated.measures, Path(folder))
        return {f"tidy/{path.name}": path.read_bytes() for path in paths}


def _tidy(table: Table) -> str:
    """The table in neither language: codes and English words, point as decimal sign."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    for row in table.rows:
        writer.writerow(
            [
                ""
                if cell is None
                else str(_rounded(cell))
                if isinstance(cell, Figure)
                else _inert(shown(cell, "en"))
                for cell in row
            ]
        )
    return stream.getvalue()


def _inert(text: str) -> str:
    """A text that a spreadsheet does not take for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _rounded(figure: Figure) -> Decimal:
    rounded = Decimal(figure.value).quantize(Decimal(1).scaleb(-figure.decimals), ROUND_HALF_EVEN)
    return rounded + 0  # a small loss rounds to zero and not to minus zero


def _schema(report: Report) -> str:
    tables = {
        table.table_id: {
            "title_vi": table.title.vi,
            "title_en": table.title.en,
            "source": table.source,
            "columns": [
                {
                    "name": column.name,
                    "label_vi": column.label.vi,
                    "label_en": column.label.en,
                    "unit": column.unit.en if column.unit else None,
                    "type": "number" if column.unit else "string",
                }
                for column in table.columns
            ],
        }
        for table in report.tables
    }
    return json.dumps(tables, indent=1, ensure_ascii=False) + "\n"


def _manifest(report: Report, files: dict[str, bytes]) -> str:
    control = report.control
    return canonical_json(
        {
            "report": report.kind,
            "title": TITLES[report.kind]._asdict(),
            "month": f"{report.month:%Y-%m}",
            "edition": report.edition,
            "status": report.status,
            "release_id": control.release_id,
            "run_id": control.run_id,
            "data_to": control.data_to.isoformat(),
            "confidence_grade": control.grade,
            "is_synthetic": control.is_synthetic,
            **_vintage(report.vintage),
            "sha256": {
                name: hashlib.sha256(content).hexdigest() for name, content in files.items()
            },
        }
    )


def _vintage(vintage: Vintage | None) -> dict[str, Any]:
    """Which vintage it is, and every change beside the one that it replaces."""
    if vintage is None:
        return {}
    banner = banner_of(vintage)
    return {
        "vintage": vintage.number,
        "code": vintage.code,
        "replaces": vintage.replaces,
        "reason": vintage.reason,
        "banner": banner and {language: told(banner, language) for language in LANGUAGES},
        "changes": [
            {
                "table": one.table_id,
                "row": word(one.row, "en"),
                "figure": word(one.column, "en"),
                "old": None if one.before is None else shown(one.before, "en"),
                "new": None if one.after is None else shown(one.after, "en"),
            }
            for one in vintage.changes
        ],
    }
