"""The report in one language, as plain data that templates lay out.

Defines: `speak`. Add here a fixed word of the pages. Keep out: markup and styles.

The document: title, edition, banner (of synthetic data), correction (its banner), labels, control
(pairs), headlines, contents, sections; a section has a heading and parts of kind text, table or
chart. A table has head (label, unit, is a number), rows (texts), notes; a chart has an SVG's name,
its alt text and its table.
"""

from collections.abc import Mapping
from typing import Any

from contracts.facts import Words
from reports.impact.figures import Language, day, month_name, shown, told, word
from reports.impact.model import Chart, Kind, Report, Section, Sentence, Table, Vintage
from reports.impact.vintages import CODES, STATUS_WORDS, banner_of

TITLES: Mapping[Kind, Words] = {
    "impact": Words(
        "Báo cáo tác động thị trường: hàng nhập khẩu qua thương mại điện tử xuyên biên giới",
        "Market impact report: imports by cross-border e-commerce",
    ),
    "389": Words(
        "Báo cáo phục vụ Ban Chỉ đạo 389: vi phạm phát hiện qua kiểm tra",
        "Report for Steering Committee 389: violations that inspections found",
    ),
    "quality": Words(
        "Báo cáo chất lượng dữ liệu của tháng: các cửa kiểm soát và bên gửi",
        "Data quality report of the month: gates and senders",
    ),
}
EDITIONS = {
    "internal": Words("Bản nội bộ, không chuyển ra ngoài", "Internal edition, not to be passed on"),
    "public": Words("Bản công khai", "Public edition"),
}
LABELS = {
    "month": Words("Tháng", "Month"),
    "control": Words("Hộp kiểm soát", "Control box"),
    "headlines": Words("Tóm tắt điều hành", "Headlines"),
    "contents": Words("Mục lục", "Contents"),
    "source": Words("Nguồn", "Source"),
    "denominator": Words("Mẫu số", "Denominator"),
    "note": Words("Ghi chú", "Note"),
    "no_rows": Words("Không có dòng nào.", "No rows."),
    "synthetic": Words(
        "DỮ LIỆU TỔNG HỢP: mọi con số là giả lập, không phải số thật.",
        "SYNTHETIC DATA: every figure is made up, none is real.",
    ),
    "page": Words("trang", "page"),
    "correction": Words("ĐÍNH CHÍNH", "CORRECTION"),
    "to_banner": Words("Xem mục 0: số cũ và số mới.", "See section 0: old and new figures."),
    "country": Words("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SOCIALIST REPUBLIC OF VIET NAM"),
    "motto": Words("Độc lập - Tự do - Hạnh phúc", "Independence - Freedom - Happiness"),
}


_NO_MORE = Words("không còn: số liệu chính thức", "none: these are the official figures")
_DRAFT = Words("bản thảo, chưa lưu và không gửi", "draft, neither filed nor sent")
_LEAST_WIDTH, _MOST_WIDTH = 7, 34  # characters


def speak(report: Report, language: Language) -> dict[str, Any]:
    """The whole report in `language`."""
    control = report.control
    grade = (
        (
            Words("Độ tin cậy", "Confidence"),
            f"{control.grade} ({told(control.grade_reason, language)})",
        ),
    )
    following = control.next_release
    lines = (
        (Words("Kỳ", "Period"), month_name(report.month, language)),
        (Words("Tình trạng số liệu", "Status"), word(STATUS_WORDS[report.status], language)),
        (Words("Bản số", "Vintage"), _vintage(report.vintage, language)),
        (Words("Dữ liệu đến ngày", "Data to"), day(control.data_to, language)),
        (
            Words("Ngày có dữ liệu", "Days covered"),
            f"{control.days_covered}/{control.days_in_month}",
        ),
        *(grade if control.grade is not None else ()),
        (Words("Bản phát hành", "Release"), control.release_id),
        (Words("Lần chạy", "Run"), control.run_id),
        (
            Words("Kỳ công bố sau", "Next release"),
            word(_NO_MORE, language) if following is None else day(following, language),
        ),
    )
    correction = banner_of(report.vintage)
    return {
        "language": language,
        "title": word(TITLES[report.kind], language),
        "period": f"{word(LABELS['month'], language)} {month_name(report.month, language)}",
        "edition": word(EDITIONS[report.edition], language),
        "banner": word(LABELS["synthetic"], language) if control.is_synthetic else "",
        "correction": "" if correction is None else told(correction, language),
        "labels": {name: word(words, language) for name, words in LABELS.items()},
        "data_to": control.data_to.isoformat(),
        "control": [[word(label, language), value] for label, value in lines],
        "headlines": [told(sentence, language) for sentence in report.headlines],
        "sections": [_section(section, language) for section in report.sections],
    }


def _vintage(vintage: Vintage | None, language: Language) -> str:
    if vintage is None or vintage.number is None:
        return word(_DRAFT, language)
    return f"{vintage.number} ({word(CODES[vintage.code], language)})"


def chart_name(chart: Chart) -> str:
    """The file of a chart's picture."""
    return f"{chart.chart_id}.svg"


def _section(section: Section, language: Language) -> dict[str, Any]:
    return {
        "heading": f"{section.number}. {word(section.title, language)}",
        "parts": [_part(part, language) for part in section.parts],
    }


def _part(part: Sentence | Table | Chart, language: Language) -> dict[str, Any]:
    if isinstance(part, Sentence):
        return {"kind": "text", "text": told(part, language)}
    if isinstance(part, Chart):
        return {
            "kind": "chart",
            "name": chart_name(part),
            "title": word(part.table.title, language),
            "alt": told(part.alt, language),
            "table": _table(part.table, language),
        }
    return {"kind": "table", "table": _table(part, language)}


def _table(table: Table, language: Language) -> dict[str, Any]:
    missing = word(table.missing or LABELS["no_rows"], language)
    rows = [[shown(cell, language) for cell in row] for row in table.rows]
    return {
        "id": table.table_id,
        "title": word(table.title, language),
        "head": [
            {
                "label": word(column.label, language),
                "unit": word(column.unit, language) if column.unit else "",
                "number": column.unit is not None,
                "width": _width(word(column.label, language), [row[place] for row in rows]),
            }
            for place, column in enumerate(table.columns)
        ],
        "rows": rows,
        "missing": "" if table.rows else missing,
        "source": table.source,
        "denominator": word(table.denominator, language) if table.denominator else "",
        "notes": [told(note, language) for note in table.notes],
    }


def _width(label: str, texts: list[str]) -> int:
    """Of a column beside the others: its longest text, and every word of its label whole."""
    longest = max((len(text) for text in texts), default=0)
    word_of_label = max(len(one) for one in label.split())
    return min(max(longest, word_of_label, _LEAST_WIDTH), _MOST_WIDTH)
