"""From delivered bytes to UTF-8: a byte order mark first, then what the profile states, no guess.

A legacy encoding (windows-1258, TCVN3, VNI) is only read when the profile states it, and only
believed when what comes out looks Vietnamese. Text is decoded in pieces, NFC for legacy encodings.
Add here an encoding (encodings/README.md). Keep out: records and fields (readers/).
"""

import codecs
import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from ingest.outcomes import FileRefused
from ingest.senders.profile_document import ENCODINGS

PIECE_BYTES = 4 << 20
# A longer stretch without a blank, comma or line end is cut anywhere: it is no text.
_MOST_HELD = 1 << 20
# Of the words with a letter beyond ASCII, how many must be possible Vietnamese syllables. Names
# and goods in the right encoding reach 95 % and more, in a wrong one at most 50 % (row 23).
MINIMUM_PLAUSIBLE_PERCENT = 80
# The score is taken over the beginning of each piece and its most frequent words: enough to judge
# a file, cheap to count.
_CHARACTERS_JUDGED = 512 << 10
_WORDS_JUDGED = 2_000

_UTF8, _UTF16 = "utf-8", "utf-16"
_ALIASES = {"utf8": _UTF8, "utf-8-sig": _UTF8, "cp1258": "windows-1258", "utf_16": _UTF16}
_TABLES = {"tcvn3": "tcvn3.csv", "vni": "vni.csv"}
_LEGACY = ("windows-1258", *_TABLES)
_FOLDER = Path(__file__).resolve().parent / "encodings"
_UTF32_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_MARKS = (
    (codecs.BOM_UTF8, _UTF8),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_TONES = ("\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_VOWELS = "aăâeêioôơuưy"
# Spellings of the vowel part of a Vietnamese syllable, tones aside.
_NUCLEI = (
    "a ă â e ê i o ô ơ u ư y ai ao au âu ay ây eo êu ia iê iu oa oă oe oi ôi ơi oo ua uă uâ ưa uê "
    "ui ưi uơ uô ươ ưu uy yê oai oao oay oeo iêu uôi ươi ươu uao uai uay uây uya uyê uyu yêu"
)


@dataclass(frozen=True)
class ReadableText:
    """A text as UTF-8. path: the delivered file itself, or a decoded copy of it.

    encoding: the one that was used, a name of ENCODINGS. warnings: for the sender.
    """

    path: Path
    encoding: str
    warnings: tuple[str, ...] = ()


def as_utf8(path: Path, stated: str, folder: Path) -> ReadableText:
    """The file as UTF-8 text; a decoded copy, where one is needed, lies in `folder`.

    A byte order mark wins over `stated`; a file that is stated to be legacy but is valid UTF-8
    with letters beyond ASCII is UTF-8. Both are warned about. Raises FileRefused:
    encoding_mismatch. UTF-8 itself is checked by the readers, as they go.
    """
    stated = _ALIASES.get(stated.lower(), stated.lower())
    if stated not in ENCODINGS:
        raise FileRefused("encoding_mismatch", f"{stated!r} is no known encoding")
    with path.open("rb") as stream:
        start = stream.read(256)
    if start.startswith(_UTF32_MARKS[0]) or start.startswith(_UTF32_MARKS[1]):
        raise FileRefused("encoding_mismatch", "byte 0 begins a UTF-32 text, which is not read")
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
    if marked is not None:
        used, shown = marked, _UTF8 if marked == _UTF8 else _UTF16
        agrees = stated.startswith(shown)
        warnings = () if agrees else (_differs(shown, stated, "by its byte order mark"),)
        if used == _UTF8:
            return ReadableText(path, _UTF8, warnings)
        return ReadableText(_decoded(path, used, folder), shown, warnings)
    if stated == _UTF8:
        if _zero_half(start) is not None:
            raise FileRefused(
                "encoding_mismatch",
                "every second byte is zero: UTF-16 without a byte order mark; a sender profile "
                "must state utf-16",
            )
        return ReadableText(path, _UTF8)
    if stated == _UTF16:
        half = _zero_half(start)
        if half is None:
            raise FileRefused("encoding_mismatch", "no byte order mark and not UTF-16")
        return ReadableText(_decoded(path, ("utf-16-be", "utf-16-le")[half], folder), _UTF16)
    if stated in _LEGACY and _is_utf8_beyond_ascii(path):
        return ReadableText(path, _UTF8, (_differs(_UTF8, stated, "throughout"),))
    return ReadableText(_decoded(path, stated, folder), stated)


def _differs(used: str, stated: str, how: str) -> str:
    return f"encoding_not_as_stated: the file is {used} {how}, the profile states {stated}"


def _zero_half(start: bytes) -> int | None:
    """0 when the first byte of each pair is zero, 1 when the second is; the header is ASCII."""
    even, odd = start[: len(start) & ~1 : 2], start[1::2]
    if len(even) > 1 and even.count(0) * 2 > len(even):
        return 0
    if len(odd) > 1 and odd.count(0) * 2 > len(odd):
        return 1
    return None


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(PIECE_BYTES):
            yield piece


def _is_utf8_beyond_ascii(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder(_UTF8)()
    beyond = False
    try:
        for piece in _pieces(path):
            beyond |= not decoder.decode(piece).isascii()
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return beyond


def _decoded(path: Path, encoding: str, folder: Path) -> Path:
    """A UTF-8 copy of the file; legacy text is NFC and must look Vietnamese."""
    target = folder / "decoded.txt"
    judge = _Plausibility() if encoding in _LEGACY else None
    with target.open("wb") as sink:
        for text in _texts(path, encoding):
            if judge is not None:
                judge.take(text)
            sink.write(text.encode("utf-8"))
    if judge is not None:
        judge.decide(encoding)
    return target


def _texts(path: Path, encoding: str) -> Iterator[str]:
    """The decoded pieces, without a byte order mark, cut where composition cannot cross."""
    if encoding in _TABLES:
        decode = _table_decoder(encoding)
    else:
        incremental = codecs.getincrementaldecoder(encoding)(errors="strict")
        decode = incremental.decode
    offset, held = 0, ""
    for piece in chain(_pieces(path), (b"",)):
        try:
            text = held + decode(piece, not piece)
        except UnicodeError as error:
            at = offset + getattr(error, "start", 0)
            raise FileRefused("encoding_mismatch", f"near byte {at}: not {encoding}") from error
        if not offset:
            text = text.removeprefix("\ufeff")
        offset += len(piece)
        if encoding not in _LEGACY:
            yield text
            continue
        cut = len(text) if not piece else _boundary(text)
        yield _composed(text[:cut], encoding)
        held = text[cut:]


def _boundary(text: str) -> int:
    """Where a text may be cut before it is composed: behind the last line end or comma."""
    return max(text.rfind("\n"), text.rfind(","), text.rfind(" "), len(text) - _MOST_HELD) + 1


def _composed(text: str, encoding: str) -> str:
    text = unicodedata.normalize("NFC", text)
    if encoding == "tcvn3":
        pattern, capitals = _capital_pairs()
        text = pattern.sub(lambda match: capitals[match[0]], text)
    return text


@cache
def _table(encoding: str) -> dict[int, str]:
    """Byte -> text of one of our tables, ASCII included."""
    path = _FOLDER / _TABLES[encoding]
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(line for line in stream if not line.startswith("#"))
        beyond = {
            int(row["byte"], 16): "".join(chr(int(code, 16)) for code in row["code_points"].split())
            for row in rows
        }
    return {byte: chr(byte) for byte in range(128)} | beyond


def _table_decoder(encoding: str) -> Callable[[bytes, bool], str]:
    table = _table(encoding)

    def decode(piece: bytes, final: bool) -> str:
        # A code point may stand for several letters, which the type stubs do not know.
        return codecs.charmap_decode(piece, "strict", table)[0]  # type: ignore[arg-type]

    return decode


@cache
def _capital_pairs() -> tuple[re.Pattern[str], dict[str, str]]:
    """TCVN3 writes À as A and à: the pairs, which no Vietnamese word holds, and what they mean."""
    pairs = {}
    for vowel in _VOWELS.upper():
        for tone in _TONES:
            toned = unicodedata.normalize("NFC", vowel + tone)
            pairs[vowel + toned.lower()] = toned
    return re.compile("|".join(pairs)), pairs


@cache
def _syllable() -> re.Pattern[str]:
    """A possible Vietnamese syllable in lower case, or an abbreviation with đ."""
    classes = {
        vowel: "["
        + vowel
        + "".join(unicodedata.normalize("NFC", vowel + tone) for tone in _TONES)
        + "]"
        for vowel in _VOWELS
    }
    nuclei = "|".join(
        "".join(classes[vowel] for vowel in nucleus)
        for nucleus in sorted(_NUCLEI.split(), key=len, reverse=True)
    )
    onset = "(?:ngh|ng|gh|gi|kh|nh|ph|qu|th|tr|ch|[bcdđghklmnprstvx])?"
    return re.compile(f"{onset}(?:{nuclei})(?:ch|nh|ng|[ckmnpt])?|[bcdđghklmnpqrstvx]{{1,5}}")


class _Plausibility:
    """Counts how many words beyond ASCII could be Vietnamese."""

    # Runs of letters and marks with at least one beyond ASCII, in lower case.
    _WORD = re.compile(
        r"[a-z]*(?:[^\W\d_\u0000-\u007f]|[\u0300-\u036f])(?:[^\W\d_]|[\u0300-\u036f])*"
    )

    def __init__(self) -> None:
        self.judged = 0
        self.plausible = 0

    def take(self, text: str) -> None:
        """Judge the most frequent words at the beginning of one composed piece."""
        sample = text[:_CHARACTERS_JUDGED].lower()
        if sample.isascii():
            return
        counted = Counter(self._WORD.findall(sample)).most_common(_WORDS_JUDGED)
        syllable = _syllable()
        self.judged += sum(count for _, count in counted)
        self.plausible += sum(count for word, count in counted if syllable.fullmatch(word))

    def decide(self, encoding: str) -> None:
        """Raise FileRefused when what was read does not look Vietnamese."""
        if self.plausible * 100 < self.judged * MINIMUM_PLAUSIBLE_PERCENT:
            raise FileRefused(
                "encoding_mismatch",
                f"read as {encoding}, {self.plausible} of {self.judged} words beyond ASCII look "
                "Vietnamese: the sender profile states another encoding than the file has",
            )
