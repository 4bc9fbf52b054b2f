"""A new sender from the first sample to a replay, as a person types it on the command line.

Claims the exit codes and what the commands print as JSON. NOT claimed: the wording of tables.
"""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from foundation.home import HOME_VARIABLE
from tests.support.cli import ImportRisk

# Line 4 has a code that the first profile does not map, line 5 a date that is none.
SAMPLE = (
    "Mã vận đơn;Ngày đến;Giá trị;Người nhận;Luồng\n"
    "A1;21/11/2026;1.234,5;Nguyễn Văn A;CPN\n"
    "A2;20/11/2026;12,25;Lê Thị B;CPN\n"
    "A3;20/11/2026;99;;BC\n"
    "A4;không rõ;1;;CPN\n"
)
ANSWERS = """
sender = "thu"
title = "Bảng kê thử"
provenance = "synthetic"
licence = ""
layout_version = "1"
valid_from = 2026-01-01
valid_to = ""
suffix = ".csv"
format = "delimited"
encoding = "utf-8"
delimiter = ";"
header_row = 1
decimal_separator = ","
thousands_separator = "."
timestamp_format = "%d/%m/%Y"
time_zone = "Asia/Ho_Chi_Minh"
more_constants = {currency_code = "VND"}
control = {suffix = ""}
calendar = {weekdays = []}
codes.channel = {CPN = "express"}
[columns]
"Mã vận đơn" = "house_waybill_number"
"Ngày đến" = "arrived_at"
"Giá trị" = "declared_value"
"Người nhận" = "consignee_name"
"Luồng" = "channel"
"""


@pytest.fixture
def run(tmp_path: Path) -> ImportRisk:
    (tmp_path / "mẫu.csv").write_text(SAMPLE, encoding="utf-8")
    (tmp_path / "answers.toml").write_text(ANSWERS, encoding="utf-8")
    return ImportRisk(tmp_path / "home")


def test_from_a_sample_to_a_replay(run: ImportRisk, tmp_path: Path) -> None:
    sample, profile = tmp_path / "mẫu.csv", run.home / "profiles" / "thu.toml"
    new = ("sender", "new", sample, "--source", "parcel_manifest", "--out", profile)
    written = run(*new, "--answers", tmp_path / "answers.toml", "--json").json
    assert [
        (file["accepted"], file["quarantined"], file["status"]) for file in written["files"]
    ] == [(2, 2, "accepted")]
    assert written["answers_not_asked"] == []
    assert sorted(path.name for path in run.home.iterdir()) == ["profiles"]  # nothing was loaded
    taken = run(*new, "--answers", tmp_path / "answers.toml", code=2)
    assert "free" in taken.err
    assert "thu" in {item["sender"] for item in run("sender", "list", "--json").json}

    delivery = ("deliver", sample, "--sender", "thu", "--received-date", "2026-11-21", "--json")
    (delivered,) = run(*delivery).json
    found = run("quarantine", "list", "--json").json
    assert {(row["reason_code"], row["rows"]) for row in found["rows"]} == {
        ("code_not_mapped", 1), ("timestamp_format", 1),
    }  # fmt: skip
    shown = run("quarantine", "show", delivered["sha256"][:12], "--json").json
    assert [(row["line"], row["column_name"]) for row in shown["shown"]] == [
        (4, "channel"), (5, "arrived_at"),
    ]  # fmt: skip
    out = tmp_path / "cho bên gửi.xlsx"
    assert run("quarantine", "export", "--out", out, "--json").json["violations"] == 2
    assert out.stat().st_size > 0

    text = profile.read_text(encoding="utf-8")
    profile.write_text(text.replace('CPN = "express"', 'CPN = "express"\nBC = "postal"'), "utf-8")
    replayed = run(
        "quarantine", "replay", delivered["sha256"][:12],
        "--reason", "BC mapped", "--signed-by", "tester", "--json",
    ).json  # fmt: skip
    before, after = replayed["before"]["parcel_manifest"], replayed["after"]["parcel_manifest"]
    assert (before["accepted"], after["accepted"]) == (2, 3)
    assert before["reasons"] == {"code_not_mapped": 1, "timestamp_format": 1}
    assert after["reasons"] == {"timestamp_format": 1}
    (left,) = run("quarantine", "list", "--json").json["rows"]
    assert left["reason_code"] == "timestamp_format"
    assert run("ledger", "verify", "--json").json["verified"]


def test_what_would_be_refused_ends_with_3_and_leaves_no_home(
    run: ImportRisk, tmp_path: Path
) -> None:
    wrong = ANSWERS.replace('decimal_separator = ","\n', "")
    (tmp_path / "answers.toml").write_text(wrong, encoding="utf-8")
    sample = tmp_path / "mẫu.csv"
    asked = run(
        "sender", "new", sample, "--source", "parcel_manifest", "--out", tmp_path / "p.toml",
        "--answers", tmp_path / "answers.toml", code=2,
    )  # fmt: skip
    assert "question decimal_separator has no answer" in asked.err
    assert not (tmp_path / "p.toml").exists()
    sample.write_text("không;phải\n1;2\n", encoding="utf-8")
    checked = run("sender", "check", "standard", sample, "--source", "parcel_manifest", code=3)
    assert "delimiter_not_as_stated" in checked.out
    assert not run.home.exists()


def test_a_person_is_asked_again_after_a_wrong_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    sample = tmp_path / "a.csv"
    sample.write_text("Mã,Giá\nA1,12.50\n", encoding="utf-8")
    typed = [
        "Sai tên", "thu", "Thử", "synthetic", "", "", "ngày mai", "2026-01-01", "",  # who, when
        "", "", "latin1", "utf-8", "", "",  # suffix, format, encoding, delimiter, header row
        "no_such_field", "house_waybill_number", "declared_value",  # columns
        "no_such_field", "currency_code", "VND", "",  # constants
        ".", "",  # numbers
        "", "",  # control, calendar
    ]  # fmt: skip
    done = CliRunner().invoke(
        app,
        ["sender", "new", str(sample), "--source", "parcel_manifest", "--out",
         str(tmp_path / "p.toml")],
        input="\n".join(typed) + "\n",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert done.output.count("must be") >= 3
    assert "'no_such_field' is no field" in done.output
    text = (tmp_path / "p.toml").read_text(encoding="utf-8")
    assert 'declared_value = "Giá"' in text
    assert 'currency_code = "VND"' in text
