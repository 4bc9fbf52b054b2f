"""Profiles are typed and dated; a mistake names the file and the key."""

import datetime as dt
from pathlib import Path

import pytest

from contracts.catalogue import CONTRACTS
from foundation.errors import UsageError, WarehouseError
from ingest.readers.registry import FORMATS
from ingest.senders.profile import FORMAT_NAMES, load_profile, load_profiles, profile_for

GOOD = """
sender = "post"
title = "t"
provenance = "p"
valid_from = 2026-01-01
valid_to = 2026-06-30
[[outputs]]
source = "parcel_manifest"
format = "delimited"
[outputs.columns]
house_waybill_number = "Bill"
"""


def written(folder: Path, text: str, name: str = "post.toml") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text)
    return path


def test_shipped_profiles_load_and_formats_have_readers() -> None:
    assert {profile.sender for profile in load_profiles()} >= {"standard", "kcs", "listing_pages"}
    assert set(FORMAT_NAMES) == set(FORMATS)


def test_standard_covers_every_source_in_both_tables() -> None:
    standard = profile_for(load_profiles(), "standard", dt.date(2026, 1, 1))
    for suffix in (".csv", ".parquet"):
        outputs = standard.outputs_for(f"x{suffix.upper()}", None)
        assert {output.source for output in outputs} == set(CONTRACTS)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (("title", "titel"), "titel"),
        (("2026-01-01", '"2026-01-01"'), "valid_from"),
        (("house_waybill_number", "hawb"), "columns.hawb"),
        (("delimited", "csv"), "format"),
        (('source = "parcel_manifest"', 'source = "parcels"'), "source"),
        (('format = "delimited"', 'format = "delimited"\ncolour = "x"'), "colour"),
        (('format = "delimited"', 'format = "delimited"\nthousands_separator = "."'), "thousands"),
    ],
)
def test_mistakes_name_file_and_key(tmp_path: Path, change: tuple[str, str], key: str) -> None:
    path = written(tmp_path, GOOD.replace(*change, 1))
    with pytest.raises(WarehouseError) as caught:
        load_profile(path)
    assert key in caught.value.what
    assert caught.value.where == str(path)


def test_the_day_decides_and_the_site_replaces(tmp_path: Path) -> None:
    site = tmp_path / "profiles"
    written(site, GOOD)
    later = GOOD.replace("2026-01-01", "2026-07-01").replace("valid_to = 2026-06-30", "")
    written(site, later, "post-2.toml")
    written(site, GOOD.replace("post", "kcs").replace("valid_to = 2026-06-30", ""), "kcs.toml")
    profiles = load_profiles(site)
    assert profile_for(profiles, "post", dt.date(2026, 6, 30)).valid_to == dt.date(2026, 6, 30)
    assert profile_for(profiles, "post", dt.date(2026, 7, 1)).valid_to is None
    assert len(profile_for(profiles, "kcs", dt.date(2026, 7, 1)).outputs) == 1
    with pytest.raises(WarehouseError, match="0 profiles"):
        profile_for(profiles, "post", dt.date(2025, 12, 31))
    with pytest.raises(UsageError, match="unknown sender"):
        profile_for(profiles, "nobody", dt.date(2026, 1, 1))
