"""Delivered text made safe to show: characters that steer a terminal or a reader become visible.

Control, direction-changing, zero-width and line-separating characters and undecodable bytes of a
file name come out as \\x1b or \\u202e; everything else, Vietnamese included, stays.
Add here another character that must never reach a screen. Keep out: markup of one output form
(the CLI switches rich markup off, reports escape HTML, spreadsheets escape formulas).
"""

import json
import re

# Unicode categories Cc, Cf, Cs, Zl and Zp as far as they are assigned.
_STEERING = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\xad\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u180e"
    "\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\ud800-\\udfff"
    "\\U000110bd\\U000110cd\\U00013430-\\U0001343f\\U0001bca0-\\U0001bca3"
    "\\U0001d173-\\U0001d17a\\U000e0001\\U000e0020-\\U000e007f]"
)
# JSON structure is ASCII, so what matches here stands inside a string of the document.
_STEERING_IN_JSON = re.compile(_STEERING.pattern.replace("\\x00-\\x1f", ""))


def visible(text: str) -> str:
    """`text` with every steering character spelled out; line breaks and tabs too."""
    return _STEERING.sub(lambda found: _spelled(ord(found.group())), text)


def visible_json(document: str) -> str:
    """The same JSON document in other bytes: steering characters as \\uXXXX escapes."""
    return _STEERING_IN_JSON.sub(lambda found: json.dumps(found.group())[1:-1], document)


def _spelled(code: int) -> str:
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
