"""A check says what a delivery would do, shows no personal value and leaves no trace.

Negative control throughout: the same file, really delivered, ends as the check said.
"""

import datetime as dt
import json
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from foundation.errors import UsageError
from foundation.home import Home
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.onboarding.sender_check import Check, check, find_profile
from ingest.senders.profile import load_profile

pytestmark = pytest.mark.slow

DAY = dt.date(2026, 11, 21)
PROFILE = """
sender = "thu"
title = "Thử"
provenance = "synthetic"
valid_from = 2026-01-01
[[outputs]]
source = "parcel_manifest"
suffix = ".csv"
format = "delimited"
delimiter = ";"
decimal_separator = ","
thousands_separator = "."
keep = ["Ghi chú"]
[outputs.columns]
house_waybill_number = "Mã"
declared_value = "Giá"
consignee_name = "Tên"
channel = "Kênh"
[outputs.codes.channel]
CPN = "express"
[outputs.constants]
currency_code = "CNY"
"""
ROWS = (
    "Mã;Giá;Tên;Kênh;Ghi chú;Lạ\n"
    "A;1.234,5;Nguyễn Văn A;CPN;x;0912345678\n"
    "B;1,5;;XX;;\n"
    ";2;;CPN;;\n"
    "A;1.234,5;Nguyễn Văn A;CPN;x;0912345678\n"
)


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    path = tmp_path / "thu.toml"
    path.write_text(PROFILE, encoding="utf-8")
    return path


def checked(tmp_path: Path, profile: Path, content: str | bytes, name: str = "a.csv") -> Check:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return check(Home(tmp_path / "home"), load_profile(profile), path, received_date=DAY)


def delivered(tmp_path: Path, profile: Path, name: str = "a.csv") -> list[tuple]:
    home = Home(tmp_path / "really")
    home.profiles.mkdir(parents=True, exist_ok=True)
    (home.profiles / "thu.toml").write_text(profile.read_text(encoding="utf-8"), encoding="utf-8")
    outcomes = deliver(home, [tmp_path / name], sender="thu", received_date=DAY,
                       key=PseudonymKey.demonstration())  # fmt: skip
    return [(o.status, o.rows_in, o.accepted, o.quarantined, o.duplicates, o.reason)
            for o in outcomes]  # fmt: skip


def told(result: Check) -> list[tuple]:
    return [
        (o.status, o.rows_in, o.accepted, o.quarantined, o.duplicates, o.reason)
        for o in (file.outcome for file in result.files)
    ]


@dataclass(frozen=True)
class Example:
    """ROWS checked once. left: what lies in the folder, and the temporary one in it, afterwards."""

    folder: Path
    profile: Path
    result: Check
    left: list[str]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Example:
    folder = tmp_path_factory.mktemp("check")
    profile = folder / "thu.toml"
    profile.write_text(PROFILE, encoding="utf-8")

    (folder / "temporary").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder / "temporary"))
        result = checked(folder, profile, ROWS)
    left = [str(path.relative_to(folder)) for path in folder.rglob("*")]
    return Example(folder, profile, result, sorted(left))


def test_mapping_rows_and_refusals_are_those_of_a_delivery(example: Example) -> None:
    told_before = told(example.result)
    assert told_before == delivered(example.folder, example.profile)
    assert told_before == [("accepted", 4, 1, 2, 1, None)]
    (file,) = example.result.files
    fed = {feed.field: (feed.how, feed.origin) for feed in file.feeds if feed.how != "missing"}
    assert fed == {
        "house_waybill_number": ("column", "Mã"),
        "declared_value": ("column", "Giá"),
        "consignee_name": ("column", "Tên"),
        "channel": ("column", "Kênh"),
        "currency_code": ("constant", "CNY"),
    }
    assert file.unknown_columns == (("Ghi chú", True), ("Lạ", False))
    assert [(row["line"], row["refused"]) for row in file.rows] == [
        (2, False), (3, True), (4, True),
    ]  # fmt: skip
    assert file.rows[0]["delivered"]["declared_value"] == "1.234,5"
    assert file.rows[0]["typed"]["declared_value"] == "1234.50"
    assert file.rows[0]["typed"]["consignee_name"] == "xxxxxx xxx x"
    shown = [(row["line"], row["column_name"], row["reason_code"]) for row in file.refused.shown]
    assert shown == [(3, "channel", "code_not_mapped"), (4, "house_waybill_number", "required")]


def test_no_personal_value_and_no_unknown_value_is_shown(example: Example) -> None:
    text = json.dumps(example.result.to_json(), default=str, ensure_ascii=False)
    assert "Nguyễn" not in text
    assert "0912345678" not in text
    assert "1.234,5" in text


def test_a_name_mapped_to_the_wrong_field_is_still_shown_as_a_shape(tmp_path: Path) -> None:
    """What a field is called protects nobody when the mapping is wrong."""
    profile = tmp_path / "thu.toml"
    profile.write_text(PROFILE.replace("consignee_name =", "operator_code ="), encoding="utf-8")
    result = checked(tmp_path, profile, ROWS)
    assert result.files[0].rows[0]["typed"]["operator_code"] == "xxxxxx xxx x"


def test_nothing_is_written_and_nothing_is_left(example: Example) -> None:
    assert example.left == ["a.csv", "temporary", "thu.toml"]
    assert not example.result.is_refused


def test_a_missing_required_column_is_named_beside_what_is_there(
    tmp_path: Path, profile: Path
) -> None:
    result = checked(tmp_path, profile, "Giá;Tên;Kênh\n1;Lê B;CPN\n")
    assert told(result) == delivered(tmp_path, profile)
    assert result.is_refused
    (file,) = result.files
    assert (file.outcome.reason or "").startswith("missing_column")
    assert file.missing_required == ("house_waybill_number",)
    assert "declared_value" in {feed.field for feed in file.feeds if feed.how == "column"}


@pytest.mark.parametrize("content", [b"", "Mã;Mã\n1;2\n".encode()])
def test_files_refused_whole(tmp_path: Path, profile: Path, content: bytes) -> None:
    result = checked(tmp_path, profile, content)
    assert result.is_refused
    assert told(result) == delivered(tmp_path, profile)
    assert result.files[0].reason_vi


def test_members_of_an_archive(tmp_path: Path, profile: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x/one.csv", ROWS)
        archive.writestr("two.csv", "Mã;Giá\nZ;1\n")
    result = checked(tmp_path, profile, (tmp_path / "a.zip").read_bytes(), "a.zip")
    assert told(result) == delivered(tmp_path, profile, "a.zip")
    assert [(len(file.rows), file.no_preview) for file in result.files] == [(3, ""), (1, "")]


def test_control_totals_are_compared(tmp_path: Path, profile: Path) -> None:
    profile.write_text(f'{PROFILE}[control]\nsuffix = ".manifest.csv"\n', encoding="utf-8")
    manifest = tmp_path / "a.csv.manifest.csv"
    manifest.write_text("file,sha256,rows\na.csv,,4\n", encoding="utf-8")
    agreed = checked(tmp_path, profile, ROWS)
    assert (agreed.is_refused, agreed.files[0].has_manifest) == (False, True)
    manifest.write_text("file,sha256,rows\na.csv,,5\n", encoding="utf-8")
    refused = checked(tmp_path, profile, ROWS)
    assert (refused.files[0].outcome.reason or "").startswith("control_rows_mismatch")


def test_bytes_that_stand_already_are_announced(tmp_path: Path, profile: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(ROWS, encoding="utf-8")
    delivered(tmp_path, profile)
    result = check(Home(tmp_path / "really"), load_profile(profile), path, received_date=DAY)
    assert result.files[0].already_delivered.startswith("as entry 1 on 2026-11-21")
    assert result.files[0].outcome.status == "accepted"


def test_profiles_are_found_by_name_and_by_path(tmp_path: Path, profile: Path) -> None:
    home = Home(tmp_path / "home")
    assert find_profile(home, str(profile), DAY).sender == "thu"
    assert find_profile(home, "kcs", DAY).sender == "kcs"
    for wrong in ("nobody", str(tmp_path / "none.toml")):
        with pytest.raises(UsageError):
            find_profile(home, wrong, DAY)
    with pytest.raises(UsageError, match="not in force"):
        check(home, load_profile(profile), tmp_path / "a.csv", received_date=dt.date(2025, 1, 1))
