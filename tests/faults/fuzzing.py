"""Valid files of every format, damaged at random and read: `python -m tests.faults.fuzzing`.

Runs apart from the tests, so that a crash or a hang ends this process and not theirs. Prints one
JSON line per finding and one at the end; `--case` repeats one case.
Add here a format, a valid file of it, or a way to damage files. Keep out: what is promised of the
outcomes (test_fuzz.py).
"""

import argparse
import io
import json
import os
import random
import re
import resource
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from foundation.spreadsheet import write_spreadsheet
from ingest.senders.profile import Layout
from tests.faults.conftest import csv_bytes
from tests.faults.straight import Straight, read_straight
from tests.faults.workbooks import table, write_workbook

CASE_SECONDS = 20
MEMORY_BYTES = 6 << 30
# Bytes that mean something to one format or another.
SPICE = (
    b'"', b"\n", b"\r", b",", b"\0", b"\\", b"{", b"}", b"[", b"]", b"<", b">", b"&", b"&#x0;",
    b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"9" * 40, b"-1e300", b"NaN", b"1e999",
    b"<!DOCTYPE x>", b"]]>", b"<!--", b"\xf4\x90\x80\x80", b"=1+1", b"A1:XFD1048576", b"1048577",
    b"99999-99-99T99:99:99", b"../" * 9, b"PK\x03\x04", b"PAR1", b"{}" * 30, b"[" * 300,
)  # fmt: skip
ODD_WORDS = (
    b"0", b"-1", b"1e300", b"-1e300", b"NaN", b"Infinity", b"99999999999999999999", b"2147483648",
    b"XFD1048576", b"A0", b"ZZZZ9", b"A1:B9", b"2026-02-30", b"9999-12-31T23:59:59", b"1e-400",
    b"true", b"null", b"{}", b"x" * 5_000, b"0.1234567890123456789", b"61", b"-693593", b"",
)  # fmt: skip
_WORD = re.compile(rb"[A-Za-z0-9.:+-]+")

WCO = """<?xml version="1.0" encoding="UTF-8"?>
<m:MetaData xmlns:m="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"
 xmlns="urn:wco:datamodel:WCO:DEC-DMS:2" xmlns:t="urn:wco:datamodel:WCO:Types:2"><Declaration>
<AcceptanceDateTime><t:DateTimeString formatCode="304">20260302081500+07</t:DateTimeString>
</AcceptanceDateTime><FunctionCode>9</FunctionCode><ID>26VN0000000000001A</ID>
<TypeCode>IMA</TypeCode><GoodsItemQuantity>2</GoodsItemQuantity><GoodsShipment>
{items}</GoodsShipment></Declaration></m:MetaData>
"""
WCO_ITEM = """<GovernmentAgencyGoodsItem><SequenceNumeric>{number}</SequenceNumeric>
<StatisticalValueAmount currencyID="VND">2600000</StatisticalValueAmount><Commodity>
<Description>áo thun &amp; quần</Description><Classification><ID>61091000</ID>
<IdentificationTypeCode>TSP</IdentificationTypeCode></Classification><GoodsMeasure>
<GrossMassMeasure unitCode="KGM">10</GrossMassMeasure></GoodsMeasure></Commodity>
<Origin><CountryCode>CN</CountryCode></Origin></GovernmentAgencyGoodsItem>
"""
CARGO = """<?xml version="1.0" encoding="UTF-8"?>
<h:HouseWaybill xmlns:h="iata:housewaybill:1" xmlns="iata:datamodel:3">
<h:MessageHeaderDocument><PurposeCode>Creation</PurposeCode></h:MessageHeaderDocument>
<h:BusinessHeaderDocument><ID>HAWB0001</ID></h:BusinessHeaderDocument><h:MasterConsignment>
<TransportContractDocument><ID>888-00000001</ID></TransportContractDocument>
<IncludedHouseConsignment><DeclaredValueForCustomsAmount currencyID="USD">55.20
</DeclaredValueForCustomsAmount><TotalPieceQuantity>3</TotalPieceQuantity>
<SummaryDescription>Sample parts</SummaryDescription><ConsigneeParty><Name>Example Receiver</Name>
</ConsigneeParty><OriginLocation><ID>CAN</ID></OriginLocation></IncludedHouseConsignment>
</h:MasterConsignment></h:HouseWaybill>
"""

Damage = Callable[[random.Random, bytes], bytes]


def flipped(chance: random.Random, body: bytes) -> bytes:
    """Some bits turned over."""
    out = bytearray(body)
    for _ in range(chance.choice((1, 1, 2, 8, 40))):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def cut(chance: random.Random, body: bytes) -> bytes:
    """The end, the beginning or a part missing."""
    start, stop = sorted(chance.randrange(len(body) + 1) for _ in range(2))
    return chance.choice((body[:start], body[start:], body[:start] + body[stop:]))


def doubled(chance: random.Random, body: bytes) -> bytes:
    """A part twice, or many times."""
    start = chance.randrange(len(body))
    part = body[start : start + chance.choice((1, 10, 100, 1_000))]
    return body[:start] + part * chance.choice((2, 2, 3, 50)) + body[start:]


def spiced(chance: random.Random, body: bytes) -> bytes:
    """Meaningful bytes put in, or over others."""
    out = bytearray(body)
    for _ in range(chance.choice((1, 2, 5))):
        place = chance.randrange(len(out) + 1)
        spice = chance.choice(SPICE)
        out[place : place + chance.choice((0, len(spice)))] = spice
    return bytes(out)


def swapped(chance: random.Random, body: bytes) -> bytes:
    """Two parts in each other's place."""
    a, b, c, d = sorted(chance.randrange(len(body) + 1) for _ in range(4))
    return body[:a] + body[c:d] + body[b:c] + body[a:b] + body[d:]


def reworded(chance: random.Random, body: bytes) -> bytes:
    """Words or numbers replaced by others of the file or by odd ones: the form stays whole."""
    words = list(_WORD.finditer(body))
    if not words:
        return body
    for word in sorted(
        chance.sample(words, min(len(words), chance.choice((1, 1, 3, 10)))),
        key=lambda found: -found.start(),
    ):
        other = chance.choice((chance.choice(words).group(), chance.choice(ODD_WORDS)))
        body = body[: word.start()] + other + body[word.end() :]
    return body


DAMAGES: tuple[Damage, ...] = (flipped, cut, doubled, spiced, swapped, reworded, reworded)


def damaged(chance: random.Random, body: bytes) -> bytes:
    """One or two kinds of damage."""
    for _ in range(chance.choice((1, 1, 2))):
        body = chance.choice(DAMAGES)(chance, body or b"x")
    return body


def damaged_part(chance: random.Random, body: bytes) -> bytes:
    """A package with one part damaged and every checksum right: what a hostile writer makes."""
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    # Mostly the parts that hold data: the others are read by few lines.
    names = [name for name in parts if "sheet1" in name or "shared" in name or "styles" in name]
    name = chance.choice(names if chance.random() < 0.8 else sorted(parts))
    parts[name] = chance.choice((damaged, reworded, reworded))(chance, parts[name])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for part, content in parts.items():
            package.writestr(part, content)
    return out.getvalue()


@dataclass(frozen=True)
class Target:
    """A valid file and how it is read. ways: how it may be damaged."""

    body: bytes
    layout: Layout
    source: str = "inspection_outcome"  # every type of field in few columns, so it reads quickly
    ways: tuple[Damage, ...] = field(default=(damaged,))


def outcomes(count: int) -> list[dict[str, object]]:
    """Flawless rows of inspection_outcome, with quotes, line ends and letters of all kinds."""
    return [
        {
            "inspection_id": f"00{number}",
            "consignment_reference": f'P-HW{number:06d} "đồ",\n;chơi',
            "line_number": str(number),
            "selection_method": "score",
            "result": "finding",
            "finding_type": "origin",
            "found_value": f"{number}.50",
            "currency_code": "VND",
            "inspected_at": f"2026-11-09T{number:02d}:00:00",
            "known_at": "2026-11-10T08:00:00",
            "inspector_id_number": f"0010990123{number:02d}",
        }
        for number in range(1, count + 1)
    ]


def targets(folder: Path) -> dict[str, Target]:
    """One or more valid files of every format, by name."""
    rows = outcomes(12)
    texts = pa.table({name: [str(row[name]) for row in rows] for name in rows[0]})
    typed = [{**row, "found_value": 1.5, "line_number": 2} for row in rows]
    write_workbook(folder / "a.xlsx", table(typed))
    write_spreadsheet(texts, folder / "b.xlsx")
    pq.write_table(texts, folder / "a.parquet")
    lines = [json.dumps({**row, "box": {"a": [at, 1.50]}}) for at, row in enumerate(typed)]
    pages = [
        {
            "platform_code": "plx",
            "observed_at": f"2026-11-09T{number:02d}:00:00",
            "jsonld": {
                "@graph": [
                    {"@id": "#s", "name": "Cửa hàng", "identifier": number},
                    {
                        "@type": ["Product"],
                        "name": 'Áo "thun"',
                        "sku": f"0{number}",
                        "offers": [
                            {"@type": "Offer", "price": 1.50, "priceCurrency": "VND",
                             "seller": {"@id": "#s"}},
                            {"@type": "AggregateOffer", "offers": {"price": "2"},
                             "priceCurrency": "VND"},
                        ],
                    },
                ]
            },
        }
        for number in range(1, 7)
    ]  # fmt: skip
    items = "".join(WCO_ITEM.format(number=number) for number in range(1, 4))
    documents = (damaged, reworded, reworded)
    books = (damaged, damaged_part, damaged_part, damaged_part)
    return {
        "delimited": Target(csv_bytes(rows), Layout("delimited")),
        "delimited_utf16": Target(
            csv_bytes(rows, encoding="utf-16", end="\r\n", delimiter=";"),
            Layout("delimited", encoding="utf-16", delimiter=";"),
        ),
        "delimited_windows": Target(
            csv_bytes([{**row, "consignment_reference": "x"} for row in rows], encoding="cp1258"),
            Layout("delimited", encoding="windows-1258"),
        ),
        "json_lines": Target(
            "\n".join([*lines, ""]).encode(),
            Layout("json_lines", columns={"inspector_id_number": "box.b"}),
        ),
        "schema_org": Target(
            "".join(f"{json.dumps(page, ensure_ascii=False)}\n" for page in pages).encode(),
            Layout("schema_org"),
            "listing_observation",
        ),
        "xlsx": Target((folder / "a.xlsx").read_bytes(), Layout("xlsx"), ways=books),
        "xlsx_inline": Target((folder / "b.xlsx").read_bytes(), Layout("xlsx"), ways=books),
        "parquet": Target((folder / "a.parquet").read_bytes(), Layout("parquet")),
        "wco_xml": Target(
            WCO.format(items=items).encode(), Layout("wco_xml"), "customs_declaration", documents
        ),
        "cargo_xml": Target(CARGO.encode(), Layout("cargo_xml"), "parcel_manifest", documents),
    }


def case_bytes(target: Target, seed: int, name: str, number: int) -> bytes:
    """The damaged file of one case; case 0 is the valid file."""
    if not number:
        return target.body
    chance = random.Random(f"{seed} {name} {number}")
    return chance.choice(target.ways)(chance, target.body)


def run(seed: int, seconds: float, only: str | None, first: int, last: int | None) -> None:
    """Read cases of all formats in turn until the time is over; print what is wrong and a sum."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    counts: dict[str, dict[str, int]] = {}
    with tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(1) as reader:
        folder = Path(place)
        known = targets(folder)
        names = [only] if only else list(known)
        end, number = time.monotonic() + seconds, first
        while time.monotonic() < end and (last is None or number <= last):
            for name in names:
                path = folder / "delivered"
                path.write_bytes(case_bytes(known[name], seed, name, number))
                print(json.dumps({"now": f"{name}:{number}"}), flush=True)
                started = time.monotonic()
                work = reader.submit(
                    read_straight, path, known[name].layout, folder / "work", known[name].source
                )
                try:
                    error = work.exception(timeout=CASE_SECONDS)
                except TimeoutError:
                    print(json.dumps({"finding": "hangs", "case": f"{name}:{number}"}), flush=True)
                    os._exit(3)
                told = _told(error) if error else _outcome(work.result())
                if error or (not number and told != "accepted"):
                    print(json.dumps({"finding": told, "case": f"{name}:{number}"}), flush=True)
                    told = "finding"
                of_name = counts.setdefault(name, {})
                of_name[told] = of_name.get(told, 0) + 1
                slowest = max(
                    of_name.get("slowest_ms", 0), int(1000 * (time.monotonic() - started))
                )
                of_name["slowest_ms"] = slowest
            number += 1
    print(json.dumps({"sum": counts}), flush=True)


def _outcome(found: Straight) -> str:
    return "accepted" if found.refusal is None else found.refusal


def _told(error: BaseException) -> str:
    places = traceback.extract_tb(error.__traceback__)
    ours = [item for item in places if "/ingest/" in item.filename] or places
    where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
    return f"{type(error).__name__} at {where}: {str(error)[:300]}"


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=36)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--case", help="one case again, as format:number")
    arguments = parser.parse_args()
    if arguments.case:
        name, number = arguments.case.split(":")
        run(arguments.seed, 3600, name, int(number), int(number))
    else:
        run(arguments.seed, arguments.seconds, None, 0, None)


if __name__ == "__main__":
    main()
