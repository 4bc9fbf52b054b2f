"""Opens an XLSX package safely and writes the one sheet that is read as a plain workbook.

A delivered package is hostile until shown otherwise: it may expand without end, lie about sizes,
hide sheets, or hold one cell at the far corner of the grid. So nothing of it reaches the workbook
library but a copy that was measured while it was written.
Add here a part of the package that readers need. Keep out: what cells mean (xlsx.py).
"""

import errno
import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from ingest.outcomes import FileRefused
from ingest.readers.sheet_scan import SheetFacts, SheetScanner

MAX_MEMBERS = 1_000
MAX_SMALL_PART_BYTES = 8 << 20
MAX_STYLES_BYTES = 64 << 20
MAX_TEXTS_BYTES = 512 << 20
MAX_SHEET_BYTES = 4 << 30
# As for delivered archives: beyond a floor, nothing real expands 200-fold.
MAX_RATIO, RATIO_FLOOR_BYTES = 200, 16 << 20
_PIECE_BYTES = 4 << 20
_BOOK = "officeDocument"  # the relationship of a package to its workbook

_OLE_MARK = b"\xd0\xcf\x11\xe0"
_OFFICE = "http://schemas.openxmlformats.org"
_RELATIONS = f"{_OFFICE}/officeDocument/2006/relationships"
_MAIN = f"{_OFFICE}/spreadsheetml/2006/main"
_DAMAGE = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError,
    RuntimeError, OverflowError, ValueError,
)  # fmt: skip

# The parts of the copy that are ours. The sheet, the shared texts and the styles are copied.
_COPY_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_OFFICE}/package/2006/content-types"/>',
    "_rels/.rels": f'<Relationships xmlns="{_OFFICE}/package/2006/relationships"><Relationship '
    f'Id="r1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    f'<Relationship Id="r3" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
}


@dataclass(frozen=True)
class PlainWorkbook:
    """The copy: one sheet, number 0, uncompressed. facts: what its cells look like from outside.

    from_1904: whether its days count from 1904. notes: warnings for the sender.
    """

    path: Path
    facts: SheetFacts
    from_1904: bool
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Sheet:
    name: str
    part: str
    is_visible: bool


def plain_workbook(path: Path, sheet: str, folder: Path) -> PlainWorkbook:
    """Copy one sheet of the workbook at `path` into `folder`.

    sheet: its name; "" = the only visible sheet that holds cells. Raises FileRefused:
    corrupt_workbook, workbook_encrypted, workbook_too_large, xml_doctype_forbidden,
    sheet_not_found, several_sheets.
    """
    with _opened(path) as package:
        return _copied(package, sheet, folder / "workbook.xlsx")


def list_sheets(path: Path) -> list[tuple[str, bool, bool]]:
    """(name, visible, holds cells) of every worksheet in order. FileRefused as plain_workbook."""
    with _opened(path) as package:
        book = package.book()
        sheets = _sheets(package.tree(book), package.related(book))
        return [(item.name, item.is_visible, _holds_cells(package, item)) for item in sheets]


@contextmanager
def _opened(path: Path) -> Iterator["_Package"]:
    with path.open("rb") as stream:
        if stream.read(len(_OLE_MARK)) == _OLE_MARK:
            raise FileRefused(
                "workbook_encrypted",
                "the file is protected by a password or in the format before 2007; save it as an "
                "unprotected .xlsx",
            )
    try:
        with zipfile.ZipFile(path) as archive:
            yield _Package(archive, path.stat().st_size)
    except (*_DAMAGE, OSError) as error:
        # An offset that points in front of the file; other OSErrors are about our disk.
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise
        raise FileRefused(
            "corrupt_workbook", f"the file is not a readable workbook ({type(error).__name__})"
        ) from error


class _Package:
    """The members of a package, read under limits."""

    def __init__(self, archive: zipfile.ZipFile, size: int) -> None:
        members = archive.infolist()
        if len(members) > MAX_MEMBERS:
            raise FileRefused("workbook_too_large", f"more than {MAX_MEMBERS} parts")
        self.archive = archive
        self.size = size
        self.written = 0
        self.members = {member.filename: member for member in members}
        if len(self.members) < len(members):
            raise FileRefused("corrupt_workbook", "the package names a part twice")

    def pieces(self, name: str, limit: int) -> Iterator[bytes]:
        """The bytes of a part; FileRefused when it is missing or expands beyond the limits."""
        member = self.members.get(name)
        if member is None:
            raise FileRefused("corrupt_workbook", "a part of the workbook is missing")
        if member.flag_bits & 1:
            raise FileRefused("workbook_encrypted", "the package is encrypted")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileRefused("corrupt_workbook", "the package is packed in an unusual way")
        total = 0
        with self.archive.open(member) as stream:
            while piece := stream.read(_PIECE_BYTES):
                total += len(piece)
                self.written += len(piece)
                allowed = max(RATIO_FLOOR_BYTES, MAX_RATIO * self.size)
                if total > limit or self.written > allowed:
                    raise FileRefused(
                        "workbook_too_large",
                        f"a part of the workbook expands beyond {min(limit, allowed)} bytes",
                    )
                yield piece

    def tree(self, name: str) -> etree._Element:
        """A small part, parsed."""
        body = b"".join(self.pieces(name, MAX_SMALL_PART_BYTES))
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            root = etree.fromstring(body, parser)
        except etree.XMLSyntaxError as error:
            raise FileRefused("corrupt_workbook", "a part of the workbook is no XML") from error
        if root.getroottree().docinfo.doctype:
            raise FileRefused("xml_doctype_forbidden", "a part of the workbook declares a DTD")
        return root

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Relationship id -> (kind, name of the part it points to) of a part; "" = the package."""
        folder, name = posixpath.split(part)
        found = {}
        for item in self.tree(posixpath.join(folder, "_rels", f"{name}.rels")):
            if isinstance(item.tag, str) and item.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, item.get("Target", "")))
                kind = item.get("Type", "").rpartition("/")[2]
                found[item.get("Id", "")] = (kind, target.lstrip("/"))
        return found

    def book(self) -> str:
        """The name of the part that lists the sheets."""
        parts = [part for kind, part in self.related("").values() if kind == _BOOK]
        if len(parts) != 1:
            raise FileRefused("corrupt_workbook", "the package holds no workbook")
        return parts[0]


def _copied(package: _Package, wanted: str, target: Path) -> PlainWorkbook:
    book_part = package.book()
    related, book = package.related(book_part), package.tree(book_part)
    sheets = _sheets(book, related)
    chosen = _chosen(package, sheets, wanted)
    hidden = sum(not sheet.is_visible for sheet in sheets if sheet is not chosen)
    notes = [f"hidden_sheets: {hidden} hidden sheets were not read"] if hidden else []
    if not chosen.is_visible:
        notes.append("hidden_sheets: the sheet that the profile names is hidden; it was read")
    by_kind, from_1904 = dict(related.values()), _counts_from_1904(book)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy:
        for name, body in _COPY_PARTS.items():
            copy.writestr(name, body)
        copy.writestr("xl/workbook.xml", _workbook_xml(from_1904))
        for kind, limit in (("sharedStrings", MAX_TEXTS_BYTES), ("styles", MAX_STYLES_BYTES)):
            if by_kind.get(kind) in package.members:
                with copy.open(f"xl/{kind}.xml", "w", force_zip64=True) as sink:
                    for piece in package.pieces(by_kind[kind], limit):
                        sink.write(piece)
        scanner = SheetScanner()
        with copy.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sink:
            for piece in package.pieces(chosen.part, MAX_SHEET_BYTES):
                scanner.take(piece)
                sink.write(piece)
    return PlainWorkbook(target, scanner.finish(), from_1904, tuple(notes))


def _workbook_xml(from_1904: bool) -> str:
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
        f'<workbookPr date1904="{int(from_1904)}"/>'
        '<sheets><sheet name="data" sheetId="1" r:id="r1"/></sheets></workbook>'
    )


def _named(root: etree._Element, name: str) -> list[etree._Element]:
    """Elements by local name: the strict and the usual variant have different namespaces."""
    return list(root.iterfind(f".//{{*}}{name}"))


def _counts_from_1904(book: etree._Element) -> bool:
    stated = [item.get("date1904", "0") for item in _named(book, "workbookPr")]
    return any(value.lower() in ("1", "true", "on") for value in stated)


def _sheets(book: etree._Element, related: dict[str, tuple[str, str]]) -> list[_Sheet]:
    """The worksheets, without charts and macros."""
    sheets = []
    for item in _named(book, "sheet"):
        ids = [value for key, value in item.attrib.items() if str(key).endswith("}id")]
        kind, part = related.get(str(ids[0]) if ids else "", ("", ""))
        if kind == "worksheet":
            is_visible = item.get("state", "visible") == "visible"
            sheets.append(_Sheet(item.get("name", ""), part, is_visible))
    return sheets


def _chosen(package: _Package, sheets: Sequence[_Sheet], wanted: str) -> _Sheet:
    if wanted:
        found = [sheet for sheet in sheets if sheet.name == wanted]
        if len(found) != 1:
            raise FileRefused(
                "sheet_not_found",
                f"the profile names the sheet {wanted!r}; the workbook has {len(sheets)} others",
            )
        return found[0]
    visible = [sheet for sheet in sheets if sheet.is_visible]
    if len(visible) > 1:
        visible = [sheet for sheet in visible if _holds_cells(package, sheet)]
    if not visible:
        raise FileRefused("sheet_not_found", "the workbook has no visible sheet with cells")
    if len(visible) > 1:
        raise FileRefused(
            "several_sheets",
            f"{len(visible)} visible sheets hold cells; a sender profile must name one (sheet)",
        )
    return visible[0]


def _holds_cells(package: _Package, sheet: _Sheet) -> bool:
    """Whether a sheet has a cell at all: old programs add empty sheets to every workbook."""
    held, written = b"", package.written
    for piece in package.pieces(sheet.part, MAX_SHEET_BYTES):
        body = held + piece
        if SheetScanner.first_cell(body):
            package.written = written
            return True
        held = body[-256:]
    package.written = written
    return False
