"""Each look into a dossier is one record, before anything is shown; a removed record is seen."""

import getpass
import json
import os
from pathlib import Path

import pytest

from foundation.errors import WarehouseError
from foundation.home import Home
from serving.looks import CONSIGNMENT, ENTITY, looks, record

PARTY = "0123456789abcdef" * 2


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def _three(home: Home) -> list[str]:
    for subject in ("P-1", "P-2", "P-3"):
        record(home, CONSIGNMENT, subject, release_id="r000001-0123abcd", found=True)
    return home.looks.read_text(encoding="utf-8").splitlines(keepends=True)


def test_a_look_says_who_when_what_and_whether_it_was_there(home: Home) -> None:
    made = record(home, ENTITY, PARTY, release_id="r000001-0123abcd", found=False)
    stored = json.loads(home.looks.read_text(encoding="utf-8"))
    assert stored == made.to_json()
    assert stored["at"].endswith("Z")
    assert stored["body"]["user"] == getpass.getuser()
    del stored["body"]["user"], stored["body"]["login_user"]
    assert stored["body"] == {
        "subject_kind": "entity",
        "subject_id": PARTY,
        "release_id": "r000001-0123abcd",
        "found": False,
    }
    assert home.looks.stat().st_mode & 0o777 == 0o600
    assert home.looks.parent.stat().st_mode & 0o777 == 0o700


def test_what_nobody_has_as_an_id_is_not_kept_in_words(home: Home) -> None:
    for subject in ("Nguyễn Văn A", "0912 345 678"):
        body = record(home, ENTITY, subject, release_id="r", found=False).body
        assert set(body["subject_id"]) == {"x", " "}
    asked = record(home, CONSIGNMENT, "P-Nguyễn Văn A", release_id="r", found=False).body
    assert "Nguy" not in asked["subject_id"]
    # an id that the release has is a waybill number, however a sender writes it
    assert (
        record(home, CONSIGNMENT, "P-A 1", release_id="r", found=True).body["subject_id"] == "P-A 1"
    )


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_removed_look_is_seen(home: Home, lost: int) -> None:
    lines = _three(home)
    assert [entry.body["subject_id"] for entry in looks(home)] == ["P-1", "P-2", "P-3"]
    del lines[lost]
    home.looks.write_text("".join(lines), encoding="utf-8")
    with pytest.raises(WarehouseError, match=r"sequence number|tail is cut"):
        list(looks(home))


def test_a_changed_look_is_seen(home: Home) -> None:
    lines = _three(home)
    home.looks.write_text("".join(lines).replace('"P-2"', '"P-9"'), encoding="utf-8")
    with pytest.raises(WarehouseError, match="was changed"):
        list(looks(home))


def test_after_a_cut_tail_no_look_is_recorded(home: Home) -> None:
    lines = _three(home)
    home.looks.write_text("".join(lines[:1]), encoding="utf-8")
    with pytest.raises(WarehouseError, match="tail is cut"):
        record(home, CONSIGNMENT, "P-4", release_id="r", found=True)
    assert home.looks.read_text(encoding="utf-8") == lines[0]


def test_what_cannot_be_written_is_an_error(home: Home) -> None:
    home.looks.parent.mkdir(parents=True)
    home.looks.mkdir()  # holds for root too, whom no mode stops
    with pytest.raises(WarehouseError, match="nothing is shown"):
        record(home, CONSIGNMENT, "P-1", release_id="r", found=True)
    assert os.listdir(home.looks) == []
