"""Row 23. "detect: BOM -> UTF-8 strict -> UTF-16 -> declared source encoding; legacy only if the
SOURCE CONTRACT says so; a Vietnamese-letter plausibility score must pass, else refuse. Record
encoding in lineage." Golden: the same 1,000 names in six encodings give identical rows.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import Door, csv_bytes, parcel_rows, reason_of, write_bytes
from tests.faults.legacy_text import CAPITAL, SMALL, encoded, thousand_names
from tests.faults.profile_files import write_profile

LEGACY = ("windows-1258", "tcvn3", "vni")
# name -> (what the profile states, how the bytes are made, what is recorded)
SIX = {
    "utf-8": ("utf-8", lambda text: text.encode("utf-8"), "utf-8"),
    "utf-8 with mark": ("utf-8", lambda text: text.encode("utf-8-sig"), "utf-8"),
    "utf-16": ("utf-16", lambda text: text.encode("utf-16"), "utf-16"),
    **{name: (name, lambda text, name=name: encoded(text, name), name) for name in LEGACY},
}


def text_of_names() -> str:
    names = thousand_names()
    rows = [
        row | {"consignee_name": name, "consignor_name": name.upper(), "item_description": name}
        for row, name in zip(parcel_rows(len(names)), names, strict=True)
    ]
    return csv_bytes(rows).decode()


def without_file(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows without what says which file and sender they came from."""
    return [
        {name: value for name, value in row.items() if name not in ("_src_sha", "_sender")}
        for row in rows
    ]


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The rows of the plain UTF-8 file."""
    from foundation.home import Home

    folder = tmp_path_factory.mktemp("golden")
    door = Door(Home(folder / "home"), folder)
    path = write_bytes(folder / "parcel_manifest.csv", text_of_names().encode())
    (outcome,) = door.deliver(path)
    assert (outcome.accepted, outcome.encoding, outcome.warnings) == (1000, "utf-8", ())
    return without_file(door.rows())


@pytest.mark.parametrize("name", list(SIX))
def test_one_thousand_names_in_six_encodings(
    door: Door, golden: list[dict[str, Any]], name: str
) -> None:
    stated, make, recorded = SIX[name]
    write_profile(door.home, "names", f'encoding = "{stated}"\ndecimal_separator = "."')
    content = make(text_of_names())
    (outcome,) = door.deliver(write_bytes(door.folder / "x.csv", content), sender="names")
    assert (outcome.accepted, outcome.quarantined, outcome.warnings) == (1000, 0, ())
    assert outcome.encoding == recorded
    assert door.ledger.deliveries()[-1].body["encoding"] == recorded
    assert without_file(door.rows()) == golden


@pytest.mark.parametrize("stated", ["utf-8", *LEGACY])
@pytest.mark.parametrize("real", LEGACY)
def test_a_legacy_file_under_a_wrong_declaration_is_refused(
    door: Door, real: str, stated: str
) -> None:
    write_profile(door.home, "names", f'encoding = "{stated}"')
    content = encoded(text_of_names(), real)
    outcomes = door.deliver(write_bytes(door.folder / "x.csv", content), sender="names")
    if real == stated:
        assert outcomes[0].accepted == 1000
    else:
        assert reason_of(outcomes) == "encoding_mismatch"
        assert door.rows() == []


@pytest.mark.parametrize("stated", ["utf-8", *LEGACY])
def test_a_byte_order_mark_wins_over_the_declaration(door: Door, stated: str) -> None:
    write_profile(door.home, "names", f'encoding = "{stated}"')
    content = text_of_names().encode("utf-16")
    (outcome,) = door.deliver(write_bytes(door.folder / "x.csv", content), sender="names")
    assert (outcome.accepted, outcome.encoding) == (1000, "utf-16")
    assert [text.split(":")[0] for text in outcome.warnings] == ["encoding_not_as_stated"]


def test_utf8_under_a_legacy_declaration_is_read_as_what_it_is(door: Door) -> None:
    write_profile(door.home, "names", 'encoding = "tcvn3"')
    content = text_of_names().encode()
    (outcome,) = door.deliver(write_bytes(door.folder / "x.csv", content), sender="names")
    assert (outcome.accepted, outcome.encoding) == (1000, "utf-8")
    assert [text.split(":")[0] for text in outcome.warnings] == ["encoding_not_as_stated"]


@pytest.mark.parametrize(
    ("content", "stated"),
    [
        (text_of_names().encode("utf-16-le"), "utf-8"),  # no mark: only the profile can tell
        (text_of_names().encode("utf-32"), "utf-8"),
        (text_of_names().encode("utf-16")[:-1], "utf-16"),  # half a character at the end
        (text_of_names().encode() + b"\xff\n", "utf-8"),
        (b"house_waybill_number\n" + b"\x81\n", "vni"),  # a byte that VNI does not have
    ],
    ids=["utf16-no-mark", "utf32", "utf16-cut", "utf8-bad-byte", "vni-undefined"],
)
def test_what_cannot_be_decoded_is_refused(door: Door, content: bytes, stated: str) -> None:
    write_profile(door.home, "names", f'encoding = "{stated}"')
    outcomes = door.deliver(write_bytes(door.folder / "x.csv", content), sender="names")
    assert reason_of(outcomes) == "encoding_mismatch"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_when_the_profile_says_so(door: Door, encoding: str) -> None:
    write_profile(door.home, "names", f'encoding = "{encoding}"')
    for real in ("utf-16-le", "utf-16-be"):
        if encoding in ("utf-16", real):
            content = text_of_names().encode(real) + b""
            path = write_bytes(door.folder / f"{real}.csv", content)
            assert door.deliver(path, sender="names")[0].accepted == 1000


@pytest.mark.parametrize("encoding", LEGACY)
def test_every_vietnamese_letter_in_both_cases(tmp_path: Path, encoding: str) -> None:
    from ingest.readers.text_encoding import as_utf8

    text = "\n".join(SMALL + CAPITAL) + "\n"
    assert len(set(text)) == 135  # 134 letters and the line end
    path = write_bytes(tmp_path / "letters.txt", encoded(text, encoding))
    assert as_utf8(path, encoding, tmp_path).path.read_text(encoding="utf-8") == text


def test_tcvn3_capitals_by_combining_marks_and_under_a_capital_font(tmp_path: Path) -> None:
    from ingest.readers.text_encoding import as_utf8

    # A + combining grave; under a capital font the small letter stands for the capital.
    path = write_bytes(tmp_path / "x.txt", b"LA\xb0 NGUY\xd4N A\xb5\n")
    assert as_utf8(path, "tcvn3", tmp_path).path.read_text(encoding="utf-8") == "LÀ NGUYễN À\n"
