"""The formats of the report: PDF, one-file HTML, workbook; each from the spoken document.

Defines: `pdf`, `html`, `workbook`. Add here another format. Keep out: words (spoken.py), layout
(templates/). Equal reports give equal bytes: nothing here reads a clock or a system font.
"""

import base64
import datetime as dt
import hashlib
import io
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import typst
import xlsxwriter
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from foundation.errors import WarehouseError
from reports.impact.figures import Language, shown
from reports.impact.model import Figure, Report
from reports.impact.printable import printable

_FOLDER = Path(__file__).parent
_TEMPLATES = _FOLDER / "templates"
_FONTS = _FOLDER / "fonts"
# Archivable, and readable by a screen reader.
_STANDARDS: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
_SHEET_NAME = 31  # the longest that spreadsheet programs take


def pdf(document: Mapping[str, Any], charts: Mapping[str, str]) -> bytes:
    """PDF/A-2a and PDF/UA-1. charts: SVG texts by name. Raises WarehouseError for what the
    typesetter warns of: an unknown font, say."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "report.json").write_text(json.dumps(_printed(document)), encoding="utf-8")
        (root / "report.typ").write_bytes((_TEMPLATES / "report.typ").read_bytes())
        for name, text in charts.items():
            (root / name).write_text(printable(text), encoding="utf-8")
        made, warnings = typst.compile_with_warnings(
            str(root / "report.typ"),
            root=str(root),
            font_paths=[str(_FONTS)],
            ignore_system_fonts=True,
            pdf_standards=[*_STANDARDS],
            timestamp=_timestamp(document),
        )
    if warnings:
        raise WarehouseError(
            f"the typesetter warns: {warnings[0]}",
            where="reports/impact/templates/report.typ",
            remedy="mend the template or the text it names",
        )
    return bytes(made)


def _printed(document: Any) -> Any:
    """The document with texts that the shipped font can show."""
    if isinstance(document, str):
        return printable(document)
    if isinstance(document, Mapping):
        return {name: _printed(value) for name, value in document.items()}
    return [_printed(one) for one in document] if isinstance(document, list) else document


def html(document: Mapping[str, Any], charts: Mapping[str, str]) -> str:
    """One file: no script, no link to elsewhere; pictures stand in it."""
    style = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("report.html.jinja").render(
        report=document,
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        charts={name: base64.b64encode(text.encode()).decode() for name, text in charts.items()},
    )


def workbook(report: Report, document: Mapping[str, Any], language: Language) -> bytes:
    """A cover, contents, one table a sheet. Texts are texts: none is read as a formula."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties(
            {"title": document["title"], "created": _timestamp(document).replace(tzinfo=None)}
        )
        strong = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        cover = book.add_worksheet(document["period"].replace("/", "-")[:_SHEET_NAME])
        cover.set_column(0, 0, 34)
        cover.set_column(1, 1, 70)
        for at, line in enumerate(
            [
                [document["title"], ""], [document["period"], ""], [document["edition"], ""],
                [document["correction"], ""], [document["banner"], ""], *document["control"],
                ["", ""],
                *([headline, ""] for headline in document["headlines"]), ["", ""],
                [document["labels"]["contents"], ""],
                *([table.table_id, shown(table.title, language)] for table in report.tables),
            ]
        ):  # fmt: skip
            cover.write_string(at, 0, line[0], strong if at == 0 else wrapped)
            cover.write_string(at, 1, line[1], wrapped)
        for table in report.tables:
            sheet = book.add_worksheet(table.table_id[:_SHEET_NAME])
            sheet.write_string(0, 0, shown(table.title, language), strong)
            for place, column in enumerate(table.columns):
                unit = f" ({shown(column.unit, language)})" if column.unit else ""
                sheet.write_string(1, place, f"{shown(column.label, language)}{unit}", strong)
                sheet.set_column(place, place, 30 if column.unit is None else 16)
            for at, row in enumerate(table.rows, start=2):
                for place, cell in enumerate(row):
                    if isinstance(cell, Figure):
                        places = "." + "0" * cell.decimals if cell.decimals else ""
                        style = book.add_format({"num_format": f"#,##0{places}"})
                        sheet.write_number(at, place, float(cell.value), style)
                    else:
                        sheet.write_string(at, place, shown(cell, language), wrapped)
            sheet.freeze_panes(2, 0)
            sheet.write_string(len(table.rows) + 3, 0, table.source, wrapped)
    return stream.getvalue()


def _timestamp(document: Mapping[str, Any]) -> dt.datetime:
    """Midnight (UTC) of the last day told: a clock would make equal reports differ."""
    return dt.datetime.combine(dt.date.fromisoformat(document["data_to"]), dt.time(), tzinfo=dt.UTC)
