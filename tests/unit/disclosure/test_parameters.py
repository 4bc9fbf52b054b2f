"""Parameters: shipped, private, refused. No message repeats a value."""

from pathlib import Path

import pytest

from disclosure.parameters import SETTING, load
from foundation.errors import UsageError


def test_the_defaults_ship_with_source_and_grade() -> None:
    import tomllib

    import disclosure.parameters

    path = Path(disclosure.parameters.__file__).with_name("defaults.toml")
    body = tomllib.loads(path.read_text(encoding="utf-8"))
    assert body.pop("valid_from")
    assert {entry["evidence_grade"] for entry in body.values()} <= {"R", "U"}
    assert all(entry["note"] for entry in body.values())
    found = load({})
    assert (found.minimum_contributors, found.p_pct, found.rounding_base) == (3, 10, 5)


def test_a_private_file_replaces_what_it_names(tmp_path: Path) -> None:
    path = tmp_path / "private.toml"
    path.write_text("[p_pct]\nvalue = 15.5\n", encoding="utf-8")
    found = load({SETTING: str(path)})
    assert (found.p_pct, found.minimum_contributors) == (15.5, 3)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[p]\nvalue = 15\n", "p is no parameter"),
        ("[p_pct]\nvalue = 150\n", "p_pct is no number from"),
        ("[p_pct]\nvalue = '15'\n", "p_pct is no number from"),
        ("[minimum_contributors]\nvalue = 3.5\n", "no whole number"),
        ("[minimum_contributors]\nvalue = true\n", "no whole number"),
        ("[minimum_contributors]\nvalue = 1\n", "no whole number"),
        ("[p_pct]\n", "p_pct has no value"),
        ("p_pct = 15\n", "p_pct has no value"),
        ("[p_pct", "cannot be read: TOMLDecodeError"),
    ],
)
def test_a_private_file_that_means_nothing_is_refused(
    text: str, sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "private.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=sentence) as caught:
        load({SETTING: str(path)})
    assert "150" not in str(caught.value)


def test_a_missing_private_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: FileNotFoundError"):
        load({SETTING: str(tmp_path / "none.toml")})
