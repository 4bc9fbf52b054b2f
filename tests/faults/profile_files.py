"""Sender profiles of fault tests, written into the home's profiles folder.

Add here what several fault tests need of a profile. Keep out: the tests themselves.
"""

from pathlib import Path

from foundation.home import Home

_HEAD = """sender = "{sender}"
title = "t"
provenance = "made for a test"
valid_from = 2020-01-01
"""
_OUTPUT = """
[[outputs]]
source = "{source}"
suffix = "{suffix}"
format = "delimited"
"""


def write_profile(
    home: Home, sender: str, keys: str = "", *, source: str = "parcel_manifest",
    suffix: str = ".csv", head: str = "", tail: str = "",
) -> Path:  # fmt: skip
    """A profile of one delimited output. keys, head, tail: TOML of the output, above and below."""
    home.profiles.mkdir(parents=True, exist_ok=True)
    path = home.profiles / f"{sender}.toml"
    output = _OUTPUT.format(source=source, suffix=suffix)
    text = f"{_HEAD.format(sender=sender)}{head}\n{output}{keys}\n{tail}\n"
    path.write_text(text, encoding="utf-8")
    return path
