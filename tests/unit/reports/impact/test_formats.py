"""Every format shows the same numbers in both languages, survives hostile text, and repeats.

NOT claimed: that pages look well (they are looked at), nor that the PDF conforms beyond what the
typesetter checks when it writes the standard.
"""

import base64
import hashlib
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from reports.impact import formats, spoken
from reports.impact.bundle import MANIFEST, write
from reports.impact.charts import draw
from reports.impact.figures import LANGUAGES, Language
from tests.unit.reports.impact.made import CHART, HOSTILE, report

_NUMBER = re.compile(r"\d[\d.,]*\d|\d")


def document(language: Language) -> dict[str, Any]:
    return spoken.speak(report(), language)


def charts(language: Language) -> dict[str, str]:
    return {"by_platform.svg": draw(CHART, language)}


def texts(part: Any) -> list[str]:
    """Every text of the document, in order; widths of columns are no texts."""
    if isinstance(part, str):
        return [part]
    children = part.values() if isinstance(part, dict) else part if isinstance(part, list) else []
    return [text for child in children for text in texts(child)]


def numbers(language: Language) -> list[str]:
    """Every number of the tables and headlines, as English writes it, in order."""
    told = document(language)
    found = " ".join(texts([told["headlines"], told["sections"]]))
    swap = str.maketrans(",.", ".,") if language == "vi" else {}
    return [one.translate(swap) for one in _NUMBER.findall(found)]


def test_both_languages_tell_the_same_numbers() -> None:
    assert numbers("vi") == numbers("en")
    assert "1,234.6" in numbers("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_one_file_and_escapes_what_it_shows(language: Language) -> None:
    page = formats.html(document(language), charts(language))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', page) == []
    # a table under the chart, and what a reader without pictures is told
    assert page.index("<img") < page.index("<table")
    assert page.count('alt="') == 1
    assert spoken.LABELS["synthetic"][language == "en"] in page


def test_the_style_is_the_one_that_the_content_policy_allows() -> None:
    """A browser lays the page out plainly, and says nothing, when the hash is of other bytes."""
    page = formats.html(document("vi"), charts("vi"))
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)[0]
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{allowed}'" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_written_and_repeats(language: Language) -> None:
    first = formats.pdf(document(language), charts(language))
    assert first.startswith(b"%PDF-")
    assert formats.pdf(document(language), charts(language)) == first


def test_a_name_in_another_script_stops_no_page() -> None:
    named = document("vi") | {"title": "淘宝网 \u202e🛒"}
    assert formats.pdf(named, charts("vi")).startswith(b"%PDF")


def test_a_text_is_never_a_formula() -> None:
    made = formats.workbook(report(), document("vi"), "vi")
    assert formats.workbook(report(), document("vi"), "vi") == made
    with zipfile.ZipFile(io.BytesIO(made)) as book:
        sheets = [
            book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name
        ]
        texts = book.read("xl/sharedStrings.xml").decode()
    assert all("<f>" not in sheet and "hyperlink" not in sheet.lower() for sheet in sheets)
    assert HOSTILE.split("(")[0] in texts


def test_the_folder_lists_the_hash_of_each_file(tmp_path: Path) -> None:
    files = write(report(), LANGUAGES, tmp_path)
    stated = json.loads((tmp_path / MANIFEST).read_text())["sha256"]
    found = {
        str(path.relative_to(tmp_path)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.name != MANIFEST
    }
    assert stated == found
    assert (tmp_path / "tidy/flows_platform.csv").read_text().splitlines()[:2] == [
        "member,value",
        "That one,1234.6",
    ]
