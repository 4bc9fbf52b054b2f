"""Match keys of a party: pieces of name, identifier and address that together say "the same one".

Defines: `Party`, `pieces`, `LINKS`, `keys`. A link is a deterministic key: two parties whose pieces
named in one line of LINKS are equal are one. Each names one thing that hardly two people share and
one name-or-address check, so that spelling may differ in any single piece.
Add here a piece or a line of LINKS; choose it on FEBRL3 (`python -m benchmarks.identity`).
Keep out: normal forms (normalise.py), tokens (conforming/pseudonymise.py), limits (dated, dbt).

Not landed: raw rows carry the tokens of whole values, and dbt links parties by those (ADR 0034 says
what landing one or two of these would give and cost).
"""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

# A Vietnamese syllable is short, and one other letter makes another name (Lan, Linh); longer words
# are compared by their consonants, which a typing mistake seldom changes.
_WHOLE_WORD = 5
_SOUND = 4  # first letter and three consonants
_CLASSES = str.maketrans("bfpvcgjkqsxzdtlmnraeiouyhw", "11112222222233455600000000")
_SHORTEST_WORD = 3  # in an address: shorter ones are "of", "no", "st"
_SHORTEST_IDENTIFIER = 6
_WORD = re.compile(r"[a-z]+")
_NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class Party:
    """Folded texts of one party; empty where nothing is stated.

    name: family name first. lines: house and street, without the places. places: ward, postcode and
    the like, never a province: half the country lives in two of them.
    """

    name: str
    identifier: str
    lines: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


# What must agree. The checks: name_word, full_name, given_name, and address_piece or address_pair
# (two pieces of different kinds). A family name and one address are a household, not a person.
LINKS: tuple[tuple[str, ...], ...] = (
    ("identifier", "name_word"),
    ("identifier", "address_piece"),
    ("full_name", "identifier_tail"),
    ("full_name", "address_pair"),
    ("identifier_tail", "name_word", "address_piece"),
    ("identifier_tail", "address_pair"),
    ("identifier_head", "full_name", "address_piece"),
    ("identifier_head", "address_pair"),
    ("given_name", "address_pair"),
)


def sound(word: str) -> str:
    """A short word itself, a longer one as its first letter and the classes of its consonants."""
    if len(word) <= _WHOLE_WORD:
        return word
    classes = word.translate(_CLASSES)
    runs = (digit for digit, _ in itertools.groupby(classes[1:]))
    return (word[0] + "".join(digit for digit in runs if digit != "0"))[:_SOUND]


def _street(line: str) -> str | None:
    return next((word for word in _WORD.findall(line) if len(word) >= _SHORTEST_WORD), None)


def pieces(party: Party) -> Mapping[str, tuple[str, ...]]:
    """Kind -> its pieces; a kind that the party does not state has none."""
    words = [sound(word) for word in _WORD.findall(party.name)]
    number = next(
        (found for line in party.lines[:1] for found in _NUMBER.findall(line) if found.strip("0")),
        "",
    )
    streets = [word for word in map(_street, party.lines) if word]
    address = [("number", number.lstrip("0"))] if number else []
    address += [("street", sound(word)) for word in streets]
    address += [("place", sound(place)) for place in party.places if place]
    pairs = {
        "|".join(f"{kind} {text}" for kind, text in sorted(pair))
        for pair in itertools.combinations(address, 2)
        if pair[0][0] != pair[1][0]
    }
    identifier = party.identifier if len(party.identifier) >= _SHORTEST_IDENTIFIER else ""
    half = len(identifier) // 2
    return MappingProxyType(
        {
            "name_word": tuple(sorted(set(words))),
            "full_name": (" ".join(sorted(words)),) if len(words) > 1 else (),
            "given_name": tuple(words[-1:]),
            "identifier": (identifier,) if identifier else (),
            "identifier_head": (identifier[:half],) if identifier else (),
            "identifier_tail": (identifier[half:],) if identifier else (),
            "address_piece": tuple(sorted({f"{kind} {text}" for kind, text in address})),
            "address_pair": tuple(sorted(pairs)),
        }
    )


def keys(of: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """(what must agree, the key) for every combination of a party's pieces, or of their tokens."""
    for link in LINKS:
        for combination in itertools.product(*(of[kind] for kind in link)):
            yield "+".join(link), "\n".join(combination)
