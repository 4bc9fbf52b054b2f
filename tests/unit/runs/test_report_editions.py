"""When a report is told anew: the same figures never, others as a revision or as a correction that
says what changed; MR and MAR by hand.

NOT claimed: that a correction is right, nor what the sections of the report say.
"""

import datetime as dt
import io
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from contracts.facts import Words
from foundation.errors import UsageError, WarehouseError
from foundation.home import Home
from ledger.editions import Edition
from reports.impact.content import changes, content_of
from reports.impact.model import Change, Code, Figure, Report, Sentence, Status
from reports.impact.vintages import Told, revisions, size_of
from runs import impact_report
from runs.editions import draft_of, filed_editions
from tests.support.editions import filed, manifest, sent, told, with_table
from tests.unit.reports.impact.made import TABLE


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def page(home: Home, edition: Edition, language: str = "vi") -> str:
    at = home.root / edition.folder
    return next(at.glob(f"*-{language}.html")).read_text(encoding="utf-8")


def names(home: Home) -> list[tuple[int, str, int | None]]:
    return [(one.number, one.code, one.replaces) for one in filed_editions(home)]


def test_the_same_figures_are_the_same_edition(home: Home) -> None:
    first = sent(home, told())
    report = told()
    control = replace(report.control, release_id="r000009-ffffffff", run_id="another")
    assert filed(home, replace(report, control=control)) == first
    assert filed(home, replace(report, control=control), "a reason changes nothing") == first
    assert names(home) == [(1, "first", None)]


def test_before_it_is_sent_other_figures_are_no_correction(home: Home) -> None:
    filed(home, told())
    second = filed(home, told("1000"))
    assert names(home) == [(1, "first", None), (2, "first", None)]
    assert "ĐÍNH CHÍNH" not in page(home, second)
    assert manifest(home, second)["banner"] is None


def test_what_was_sent_is_corrected_with_a_reason_and_a_banner(home: Home) -> None:
    sent(home, told())
    with pytest.raises(UsageError, match="1 figures differ") as raised:
        filed(home, told("1000"))
    assert "flows_platform" in raised.value.what
    assert names(home) == [(1, "first", None)]
    edition = filed(home, told("1000"), "thiếu một tệp của <sàn>")
    assert names(home) == [(1, "first", None), (2, "C", 1)]
    for language, flag, old, new in (
        ("vi", "ĐÍNH CHÍNH: thay bản số 1. 1 số liệu thay đổi (Theo sàn)", "1.234,6", "1.000,0"),
        ("en", "CORRECTION: replaces vintage 1. 1 figures changed (By platform)", "1,234.6",
         "1,000.0"),
    ):  # fmt: skip
        text = page(home, edition, language)
        assert flag in text
        assert "thiếu một tệp của &lt;sàn&gt;" in text
        assert f">{old}</td>" in text
        assert f">{new}</td>" in text
        cells = workbook(home, edition, language)
        assert flag in cells
        assert "<v>1234.6</v>" in cells
        assert "<v>1000.0</v>" in cells or "<v>1000</v>" in cells
    assert manifest(home, edition)["changes"] == [
        {"table": "flows_platform", "row": "That one", "figure": "Value", "old": "1,234.6",
         "new": "1,000.0"}
    ]  # fmt: skip
    assert manifest(home, edition)["banner"]["vi"].startswith("ĐÍNH CHÍNH: thay bản số 1.")
    # The earlier vintage stands as it was sent.
    assert "1.234,6" in page(home, filed_editions(home)[0])


def workbook(home: Home, edition: Edition, language: str) -> str:
    """The texts and the cells of the workbook."""
    content = next((home.root / edition.folder).glob(f"*-{language}.xlsx")).read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        wanted = ("xl/sharedStrings", "xl/worksheets/sheet")
        return "".join(
            book.read(name).decode() for name in book.namelist() if name.startswith(wanted)
        )


def test_a_higher_status_is_a_routine_revision(home: Home) -> None:
    sent(home, told())
    preliminary = sent(home, told("1300", status="preliminary"))
    official = sent(home, told("1300", status="official"))
    assert names(home) == [(1, "first", None), (2, "R1", 1), (3, "R2", 2)]
    assert "ĐÍNH CHÍNH" not in page(home, preliminary)
    assert ">1.234,6</td>" in page(home, preliminary)
    assert "Không có số liệu nào thay đổi." in page(home, official)
    with pytest.raises(UsageError, match="cannot become estimate again"):
        filed(home, told("1300"))


def test_figures_that_go_back_withdraw_what_was_not_sent(home: Home) -> None:
    first = sent(home, told())
    filed(home, told("1000"), "a file was missing")
    assert filed(home, told()) == first
    assert names(home) == [(1, "first", None)]
    assert sent(home, told()) == first
    # Its number is never given again.
    assert filed(home, told("900"), "another file").number == 3


def test_a_reason_may_be_mended_before_it_is_sent(home: Home) -> None:
    sent(home, told())
    filed(home, told("1000"), "tpyo")
    filed(home, told("1000"), "typo")
    assert [one.reason for one in filed_editions(home)] == ["", "tpyo", "typo"]


def test_months_and_editions_do_not_correct_each_other(home: Home) -> None:
    sent(home, told())
    filed(home, told("1", edition="public"))
    filed(home, told("2", month=dt.date(2026, 12, 1)))
    assert [one.code for one in filed_editions(home)] == ["first"] * 3


def test_a_draft_shows_what_would_change_and_is_not_kept(home: Home) -> None:
    sent(home, told())
    draft = draft_of(home, told("1000"))
    assert draft.vintage is not None
    assert (draft.vintage.number, draft.vintage.code) == (None, "C")
    assert names(home) == [(1, "first", None)]


def test_vintages_and_the_size_of_revisions_are_printed_once_there_are_two(home: Home) -> None:
    """Revisions 65.4 and -20.0: MR 22.7, MAR 42.7, s = 60.3869..., t = 22.7 / (s / sqrt 2)."""
    only = sent(home, told())
    assert "không có MR" not in page(home, only)
    assert "chưa tính được MR và MAR" in page(home, only)
    october = dt.date(2026, 10, 1)
    sent(home, told("100", month=october))
    sent(home, told("80", month=october, status="preliminary"))
    edition = sent(home, told("1300", status="preliminary"))
    text = page(home, edition, "en")
    assert "Mean absolute revision so far (MAR): 42.70 VND bn, 2 months." in text
    found = size_of([Decimal("65.4"), Decimal(-20)])
    assert found[:2] == (Decimal("22.7"), Decimal("42.7"))
    assert found[2] is not None
    assert round(found[2], 4) == Decimal("0.5316")


def one(month: str, status: Status, code: Code, value: int) -> Told:
    return Told(month, 1, status, code, "2026-11-30", {"value": Decimal(value)})


def test_a_correction_stands_for_what_it_corrects_and_is_no_revision() -> None:
    estimate = one("2026-10", "estimate", "first", 100)
    wrong = one("2026-11", "estimate", "first", 500)
    assert revisions([estimate, wrong, one("2026-11", "estimate", "C", 50)], "value") == []
    told_of = [wrong, one("2026-11", "estimate", "C", 50), one("2026-11", "preliminary", "R1", 57)]
    assert revisions(told_of, "value") == [Decimal(7)]
    assert size_of([Decimal(7)]) == (Decimal(7), Decimal(7), None)
    assert size_of([Decimal(7), Decimal(7)])[2] is None  # no spread: no t


def differences(before: Report, after: Report) -> tuple[Change, ...]:
    return changes(content_of(before), content_of(after))


def test_what_the_page_rounds_away_is_no_change() -> None:
    assert differences(told("1234.56"), told("1234.6")) == ()
    [change] = differences(told("1234.54"), told("1234.56"))
    assert (change.before, change.after) == (
        Figure(Decimal("1234.5"), 1), Figure(Decimal("1234.6"), 1),
    )  # fmt: skip


def test_rows_and_tables_that_come_or_go_are_changes() -> None:
    more = replace(TABLE, table_id="more", rows=TABLE.rows[:1])
    [change] = differences(told(), with_table(told(), more))
    assert (change.table_id, change.before, change.after) == (
        "more", None, Figure(Decimal("1234.6"), 1),
    )  # fmt: skip
    [gone] = differences(with_table(told(), more), told())
    assert (gone.before, gone.after) == (Figure(Decimal("1234.6"), 1), None)


def test_headlines_and_the_control_box_are_compared() -> None:
    report = told()
    said = Sentence(Words("Tăng {x}", "Up {x}"), {"x": Figure(3)})
    control = replace(report.control, days_covered=30)
    found = differences(report, replace(report, control=control, headlines=(said,)))
    assert [(change.table_id, change.before, change.after) for change in found] == [
        ("control", "15/30", "30/30"),
        ("headlines", Words("Tăng 12,3 %.", "Up 12.3 %."), Words("Tăng 3", "Up 3")),
    ]


def test_higher_figures_wait_for_their_day(home: Home) -> None:
    """Preliminary figures replace an estimate for good: not before they are due, but as a draft."""
    this = dt.datetime.now(dt.timezone(dt.timedelta(hours=7))).date().replace(day=1)
    higher: tuple[Status, ...] = ("preliminary", "official")
    for status in higher:
        with pytest.raises(UsageError, match="are due on"):
            impact_report.write_impact_report(home, this, status=status)
        with pytest.raises(WarehouseError, match="release"):  # a draft is only refused for that
            impact_report.write_impact_report(home, this, status=status, folder=home.root / "x")


def test_a_draft_is_never_written_over_what_is_filed(home: Home) -> None:
    with pytest.raises(UsageError, match="over filed editions"):
        impact_report._written(home, told(), ("vi",), home.editions / "impact-2026-11-v1", "")
