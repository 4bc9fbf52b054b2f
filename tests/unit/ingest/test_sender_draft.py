"""A profile is written by asking: ambiguity is named, nothing ambiguous is suggested or assumed.

NOT claimed: that the evidence suffices for a person to decide rightly.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import xlsxwriter

from foundation.errors import UsageError
from foundation.home import Home
from ingest.onboarding.questions import Answers, Question
from ingest.onboarding.sample import Sample
from ingest.onboarding.sender_check import check
from ingest.onboarding.sender_draft import draft
from ingest.outcomes import FileRefused
from ingest.senders.profile import load_profile

WHO = {
    "sender": "thu", "title": "Thử", "provenance": "synthetic", "valid_from": "2026-01-01",
    "more_constants": {"currency_code": "VND"},
}  # fmt: skip


@dataclass
class Listener:
    """Answers as told, else confirms what is suggested; remembers every question."""

    given: dict[str, object]
    asked: dict[str, Question] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def tell(self, lines: Sequence[str]) -> None:
        self.told.extend(lines)

    def ask(self, question: Question) -> str:
        self.asked[question.name] = question
        answer = self.given.get(question.name, question.suggestion)
        assert isinstance(answer, str), f"nothing is suggested for {question.name}"
        assert question.complaint(answer) is None, question.complaint(answer)
        return answer

    def ask_map(self, question: Question) -> dict[str, str]:
        self.asked[question.name] = question
        stated = self.given.get(question.name, {})
        assert isinstance(stated, dict)
        assert [c for key, text in stated.items() if (c := question.complaint(text, key))] == []
        return stated


def sample(tmp_path: Path, content: str | bytes, name: str = "mẫu.csv") -> Sample:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Sample(path)


COLUMNS = {
    'columns."Mã vận đơn"': "house_waybill_number",
    'columns."Ngày đến"': "arrived_at",
    "columns.Gi": "declared_value",
    'columns."Người nhận"': "consignee_name",
    "columns.Lu": "channel",
}
HEADER = "Mã vận đơn;Ngày đến;Gi;Người nhận;Lu\n"


def test_what_two_formats_read_differently_is_ambiguous_and_not_suggested(tmp_path: Path) -> None:
    """1.234 is 1234 or 1.234 (weights have four decimals); 01/02/2026 is January or February."""
    text = "Mã vận đơn;Ngày đến;Kg\nA;01/02/2026;1.234\nB;03/04/2026;2.500\n"
    person = Listener(
        {**WHO, **COLUMNS, "columns.Kg": "gross_weight_kg", "decimal_separator": ",",
         "thousands_separator": ".", "timestamp_format": "%d/%m/%Y"}
    )  # fmt: skip
    draft(sample(tmp_path, text), "parcel_manifest", person)
    for name in ("decimal_separator", "thousands_separator", "timestamp_format"):
        assert person.asked[name].suggestion is None
        assert any("AMBIGUOUS" in line for line in person.asked[name].evidence), name
    assert any("%m/%d/%Y reads 2 of 2" in x for x in person.asked["timestamp_format"].evidence)


def test_what_the_sample_settles_is_suggested_with_its_evidence(tmp_path: Path) -> None:
    """A 21st day and a comma behind grouped points leave one reading; still it is asked."""
    text = f"{HEADER}A;21/01/2026;1.234,5;Lê Thị B;CPN\nB;01/02/2026;12,25;;BC\n"
    person = Listener(
        {**WHO, **COLUMNS, "codes.channel": {"CPN": "express", "BC": "postal"}}
    )  # fmt: skip
    written = draft(sample(tmp_path, text), "parcel_manifest", person)
    assert person.asked["delimiter"].suggestion == ";"
    assert person.asked["encoding"].suggestion == "utf-8"
    assert person.asked["timestamp_format"].suggestion == "%d/%m/%Y"
    assert person.asked["decimal_separator"].suggestion == ","
    assert person.asked["thousands_separator"].suggestion == "."
    assert "codes.channel" in person.asked
    assert not any("Lê" in line for q in person.asked.values() for line in q.evidence)
    profile = _loaded(tmp_path, written.text)
    layout = profile.outputs[0].layout
    assert dict(layout.columns)["arrived_at"] == "Ngày đến"
    assert (layout.decimal_separator, layout.thousands_separator) == (",", ".")
    assert dict(layout.constants) == {"currency_code": "VND"}
    checked = check(Home(tmp_path / "home"), profile, tmp_path / "mẫu.csv",
                    received_date=dt.date(2026, 11, 21))  # fmt: skip
    assert [file.outcome.accepted for file in checked.files] == [2]


def _loaded(tmp_path: Path, text: str):  # type: ignore[no-untyped-def]
    path = tmp_path / "profile.toml"
    path.write_text(text, encoding="utf-8")
    return load_profile(path)


def test_encodings_are_told_apart_by_their_own_decoders(tmp_path: Path) -> None:
    text = "Mã vận đơn,Người nhận\nA,Nguyễn Thị Đào\nB,Trần Văn Hữu\n"
    utf16 = sample(tmp_path, text.encode("utf-16"), "a.csv")
    assert [item.value for item in utf16.encodings() if item.fits] == ["utf-16"]
    ascii_only = sample(tmp_path, "a,b\n1,2\n", "b.csv")
    fitting = [item.value for item in ascii_only.encodings() if item.fits]
    assert set(fitting) >= {"utf-8", "windows-1258", "tcvn3", "vni"}
    person = Listener({**WHO, "columns.a": "house_waybill_number", "columns.b": "",
                       "encoding": "utf-8"})  # fmt: skip
    draft(ascii_only, "parcel_manifest", person)
    assert person.asked["encoding"].suggestion is None


def test_answers_of_a_file_must_be_complete(tmp_path: Path) -> None:
    """Each answer is needed: without it the error names its question."""
    lines = {
        "sender": 'sender = "thu"', "title": 'title = "t"', "provenance": 'provenance = "p"',
        "licence": 'licence = ""', "layout_version": 'layout_version = ""',
        "valid_from": "valid_from = 2026-01-01", "valid_to": 'valid_to = ""',
        "suffix": 'suffix = ".csv"', "format": 'format = "delimited"',
        "encoding": 'encoding = "utf-8"', "delimiter": 'delimiter = ","',
        "header_row": "header_row = 1", "more_constants": "more_constants = {}",
        "timestamp_format": 'timestamp_format = ""', "time_zone": 'time_zone = "Asia/Ho_Chi_Minh"',
        "columns.house_waybill_number": 'columns.house_waybill_number = "house_waybill_number"',
        "columns.arrived_at": 'columns.arrived_at = "arrived_at"',
        "control.suffix": 'control.suffix = ""', "calendar.weekdays": "calendar.weekdays = []",
    }  # fmt: skip
    file = sample(tmp_path, "house_waybill_number,arrived_at\nA,2026-01-01\n")
    path = tmp_path / "answers.toml"
    path.write_text("\n".join(lines.values()), encoding="utf-8")
    assert draft(file, "parcel_manifest", Answers(path)).sender == "thu"
    for name in ("sender", "delimiter", "timestamp_format", "columns.arrived_at",
                 "control.suffix", "more_constants"):  # fmt: skip
        left = [line for key, line in lines.items() if key != name]
        path.write_text("\n".join(left), encoding="utf-8")
        with pytest.raises(UsageError, match=f"question {name} has no answer"):
            draft(file, "parcel_manifest", Answers(path))


def test_answers_that_do_not_fit_the_file_refuse_it(tmp_path: Path) -> None:
    file = sample(tmp_path, "a,b\n1,2\n")
    person = Listener({**WHO, "encoding": "utf-8", "delimiter": ";", "header_row": "5"})
    with pytest.raises(FileRefused):
        draft(file, "parcel_manifest", person)


def test_a_column_named_like_a_field_cannot_be_declared_unused(tmp_path: Path) -> None:
    file = sample(tmp_path, "house_waybill_number,quantity\nA,1\n")
    person = Listener({**WHO, "encoding": "utf-8", "columns.quantity": ""})
    with pytest.raises(AssertionError, match="always feeds it"):
        draft(file, "parcel_manifest", person)


def test_what_no_reader_takes_is_named(tmp_path: Path) -> None:
    for content, note in ((b"", "0 bytes"), (b"PK\x03\x04zz", "unpack"), (b"<html/>", "root")):
        with pytest.raises(UsageError, match=note):
            draft(sample(tmp_path, content), "parcel_manifest", Listener(dict(WHO)))
    with pytest.raises(UsageError, match="plain file"):
        Sample(tmp_path)


def test_a_workbook_shows_its_sheets_and_asks_about_codes_stored_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "mẫu.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Dữ liệu")
        hidden = book.add_worksheet("Ẩn")
        hidden.write_string(0, 0, "x")
        hidden.hide()
        sheet.write_row(0, 0, ["Danh sách"])
        sheet.write_row(2, 0, ["Mã vận đơn", "Mã HS"])
        sheet.write_string(3, 0, "A1")
        sheet.write_number(3, 1, 1019000)
    person = Listener(
        {**WHO, **COLUMNS, 'columns."Mã HS"': "hs_code", "header_row": "3", "zero_pad.hs_code": "8"}
    )
    written = draft(Sample(path), "parcel_manifest", person)
    assert any("HIDDEN" in line for line in person.asked["sheet"].evidence)
    assert person.asked["sheet"].suggestion == "Dữ liệu"
    assert person.asked["header_row"].suggestion is None
    layout = _loaded(tmp_path, written.text).outputs[0].layout
    assert (layout.sheet, layout.header_row, dict(layout.zero_pad)) == (
        "Dữ liệu",
        3,
        {"hs_code": 8},
    )
