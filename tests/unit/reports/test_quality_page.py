"""The quality page: complete, harmless, readable, bounded.

Not claimed: that it is pretty (it is looked at as a picture when it changes), nor that what the
verdict says is right.
"""

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from foundation.home import Home
from reports.quality_page import evidence as reading
from reports.quality_page.evidence import TREND_RUNS, read_run
from reports.quality_page.page import cell, day, number, render, told, write_quality_page
from reports.quality_page.trend import HEIGHT, trend_of
from tests.unit.reports.runs import ended, failed, result, verdict

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script></style><b>&{{ 7 * 7 }}\u202etxt'
START = {"base_release": "r000001-aaaaaaaa", "inputs": ["a", "b"], "inputs_hash": "9" * 64}
DELIVERIES = {
    "rows": [
        {
            "source": "parcel_manifest",
            "sender": "kcs",
            "file_name": "day.csv",
            "received_date": "2026-11-05",
            "status": "accepted",
            "reason": None,
            "rows_in": 14300,
            "accepted": 14286,
            "quarantined": 9,
            "duplicates": 5,
        }
    ],
    "total": {
        "deliveries": 3,
        "rows_in": 1214300,
        "accepted": 1214286,
        "quarantined": 9,
        "duplicates": 5,
    },
}
VOID = {"meta", "input", "line", "rect", "br"}


class Reader(HTMLParser):
    """Elements, visible text and outline of a page; fails on a tag that closes another."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1] != "style":
            self.text += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def page(home: Home, **arguments: object) -> Reader:
    run = ended(home, 500, **arguments)  # type: ignore[arg-type]
    return Reader(render(home, run))


def test_every_finding_says_expected_seen_owner_and_what_to_do(home: Home) -> None:
    finding = failed(
        "volume_plausible",
        "critical",
        observed="0..14286 dòng mỗi ngày | rows a day",
        title_vi="Số dòng trong khoảng",
        examples=[{"day": "2026-11-04", "day_rows": 14286}],
    )
    shown = page(
        home, status="refused", gate1=verdict("gate1", finding), start=START, deliveries=DELIVERIES
    ).text
    for wanted in (
        "Không công bố: cửa chất lượng từ chối",
        "Not published: a gate refused",
        "Người đọc vẫn dùng bản phát hành trước, r000001-aaaaaaaa.",
        "Số dòng trong khoảng",
        "0..14.286 dòng mỗi ngày",
        "rows a day",
        "Hỏi bên gửi.",
        "Ask the sender.",
        "Bộ phận tiếp nhận dữ liệu",
        "04/11/2026",
        "14.286",
        "06:12 05/11/2026",  # 23:12 UTC is the next morning in Viet Nam
        "1.214.300",
        "và 2 lần gửi khác",
    ):
        assert wanted in shown, wanted
    # Gate 2 was never reached, and the page says so instead of showing nothing.
    assert "Cửa này chưa được chạy" in shown


def test_a_clean_run_says_that_nothing_is_to_be_done(home: Home) -> None:
    """Negative control: nothing of the warnings appears."""
    shown = page(
        home, gate1=verdict("gate1", result()), gate2=verdict("gate2", result("score_unique"))
    ).text
    assert "Không có việc gì" in shown
    assert "Đã công bố" in shown
    assert "có cảnh báo" not in shown


def test_warnings_and_waivers_change_the_banner_of_a_published_run(home: Home) -> None:
    waiver = {
        "file": "outage.toml",
        "from_day": "2026-11-04",
        "to_day": "2026-11-05",
        "reason": "VNACCS ngừng 16 giờ",
        "signed_by": "Trưởng ca",
        "signed_on": "2026-11-05",
    }
    waived = failed("volume_plausible", "critical") | {"outcome": "waived", "waivers": [waiver]}
    shown = page(home, gate1=verdict("gate1", waived, failed("senders_agree")))
    assert "Đã công bố, có cảnh báo" in shown.text
    assert "VNACCS ngừng 16 giờ" in shown.text
    assert "04/11/2026 – 05/11/2026" in shown.text


def test_a_run_that_failed_says_what_stopped_it(home: Home) -> None:
    failure = {
        "step": "dbt_daily",
        "what": "the disk is full",
        "where": "work",
        "remedy": "free it",
    }
    shown = page(home, status="failed", failure=failure).text
    for wanted in ("Không công bố: lần chạy bị lỗi", "the disk is full", "free it", "dbt_daily"):
        assert wanted in shown, wanted


def test_hostile_text_stays_text(home: Home) -> None:
    """Row 42: whatever a sender chose is shown letter by letter, wherever it appears."""
    row = DELIVERIES["rows"][0]
    deliveries = {**DELIVERIES, "rows": [{**row, "file_name": HOSTILE, "sender": HOSTILE,
                                          "source": HOSTILE, "status": HOSTILE}]}  # fmt: skip
    finding = failed(
        HOSTILE,
        suite=HOSTILE,
        observed=HOSTILE,
        title_vi=HOSTILE,
        title_en=HOSTILE,
        owner=HOSTILE,
        examples=[{HOSTILE: HOSTILE}],
    )
    plain = page(home, gate1=verdict("gate1", failed("x"), problems=["y"]), deliveries=DELIVERIES)
    hostile = Reader(
        render(
            home,
            ended(
                home,
                501,
                status="failed",
                gate1=verdict("gate1", finding, problems=[HOSTILE]),
                deliveries=deliveries,
                failure={"step": HOSTILE, "what": HOSTILE, "where": HOSTILE, "remedy": HOSTILE},
            ),
        )
    )
    assert {tag for tag, _ in hostile.elements} <= {tag for tag, _ in plain.elements} | {"dd"}
    assert hostile.named("script") == hostile.named("img") == hostile.named("b") == []
    handlers = [name for _, given in hostile.elements for name in given if name.startswith("on")]
    assert handlers == []
    assert hostile.text.count("<script>alert(2)</script>") >= 10
    assert "{{ 7 * 7 }}" in hostile.text
    assert "\u202e" not in hostile.text
    assert "\\u202etxt" in hostile.text


def test_the_page_needs_and_may_load_nothing_from_elsewhere(home: Home) -> None:
    run = ended(home, 500, gate1=verdict("gate1", failed("x")), deliveries=DELIVERIES)
    html = render(home, run)
    read = Reader(html)
    assert not {"script", "link", "img", "iframe", "object", "a", "form"} & {
        tag for tag, _ in read.elements
    }
    assert not {"src", "href", "style", "srcset"} & {n for _, given in read.elements for n in given}
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    assert "url(" not in style.group(1)
    assert "@import" not in style.group(1)
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    [policy] = [m["content"] for m in read.named("meta") if m.get("http-equiv")]
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_the_page_can_be_read_without_seeing_it(home: Home) -> None:
    read = page(
        home, gate1=verdict("gate1", failed("x", "critical"), result("y")), status="refused"
    )
    assert read.named("html")[0]["lang"] == "vi"
    assert len(read.named("h1")) == len(read.named("main")) == 1
    levels = [int(tag[1]) for tag, _ in read.elements if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(chart["role"] == "img" and chart["aria-label"] for chart in read.named("svg"))
    assert all(heading.get("scope") for heading in read.named("th"))
    regions = [given for _, given in read.elements if given.get("role") == "region"]
    assert regions
    assert all(given.get("aria-label") or given.get("aria-labelledby") for given in regions)
    ids = {given["id"] for _, given in read.elements if given.get("id")}
    pointed = {given["aria-labelledby"] for _, given in read.elements if "aria-labelledby" in given}
    assert pointed <= ids
    assert any(given.get("lang") == "en" for _, given in read.elements)


def test_missing_and_damaged_evidence_is_named_not_guessed(home: Home) -> None:
    shown = page(home, status="failed", gate1="{not json", gate2="[]", start='{"inputs": []}').text
    assert "Không đọc được bằng chứng: gate1.json, gate2.json" in shown
    assert "Lần chạy dừng trước khi đọc các lần gửi." in shown


def test_a_gate_that_could_not_judge_is_not_shown_as_passed(home: Home) -> None:
    broken = verdict(
        "gate1", result(outcome="error", observed="Catalog Error"), evaluated=0, passed=False
    )
    shown = page(home, status="refused", gate1=broken)
    assert "Chỉ 0 trên 1 quy tắc được đánh giá." in shown.text
    assert "Chặn công bố" in shown.text


def test_at_most_thirty_runs_are_read(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for count in range(45):
        ended(home, count, gate1=verdict("gate1", failed("x", failing_count=count)))
    run = ended(home, 45, gate1=verdict("gate1", failed("x", failing_count=45)))
    read: list[str] = []
    real = reading._read
    monkeypatch.setattr(reading, "_read", lambda h, r: read.append(r.run_id) or real(h, r))
    moments = read_run(home, run).moments(("gate1", "parcel_manifest", "x"))
    assert [moment.failing_count for moment in moments] == list(range(16, 46))
    assert len(read) == len(moments) == TREND_RUNS == 30


def test_a_trend_shows_the_rule_s_own_figure_between_its_limits(home: Home) -> None:
    """Two runs: 50 of limit 200 is a quarter of the height, 100 is half."""
    for count, value in ((1, 50), (2, 100)):
        measured = {"value": value, "unit_vi": "%", "unit_en": "%", "low": None, "high": 200}
        run = ended(home, count, gate1=verdict("gate1", result("x", measured=measured)))
    moments = read_run(home, run).moments(("gate1", "parcel_manifest", "x"))
    trend = trend_of(moments, None, 200)
    # The drawing height is 32: 3 of 36 are the foot of every bar, 1 stays free at the top.
    assert [bar.height for bar in trend.bars] == [3 + 8, 3 + 16]
    assert trend.limits == (HEIGHT - 3 - 32,)
    assert (trend.least, trend.most, trend.counts) == (50, 100, {"ok": 2})


def test_the_same_evidence_gives_the_same_bytes(home: Home) -> None:
    run = ended(home, 1, gate1=verdict("gate1", failed("x")), deliveries=DELIVERIES, start=START)
    first = write_quality_page(home, run).read_bytes()
    assert write_quality_page(home, run).read_bytes() == first


def test_a_site_names_its_own_owners(home: Home) -> None:
    home.root.mkdir(parents=True)
    own = home.root / "owners.toml"
    own.write_text(
        '[roles.ingest_operations]\nname_vi = "Tổ số liệu"\ncontact = "to-so-lieu@example.vn"\n'
        '[suites.parcel_manifest]\nname_vi = "Tổ bưu gửi"\n',
        encoding="utf-8",
    )
    shown = page(home, gate1=verdict("gate1", failed("x"))).text
    assert "Tổ số liệu" in shown
    assert "to-so-lieu@example.vn" in shown
    assert "Tổ bưu gửi" in shown
    own.write_text("[roles.ingest_operations]\nboss = 1\n", encoding="utf-8")
    shown = Reader(render(home, ended(home, 501, gate1=verdict("gate1", failed("x"))))).text
    assert "Không đọc được owners.toml" in shown
    assert "Bộ phận tiếp nhận dữ liệu" in shown


def test_numbers_and_days_are_written_the_vietnamese_way() -> None:
    assert number(1234567) == "1.234.567"
    assert number(None) == "—"
    assert day("2026-11-04") == "04/11/2026"
    # A year is no number, a hash is no number, a day inside a sentence is a day.
    assert told("0..14286 on 2026-11-04") == "0..14.286 on 04/11/2026"
    assert told("a1234b 12345c") == "a1234b 12345c"
    assert (cell(True), cell(None), cell(12345)) == ("true", "—", "12.345")
