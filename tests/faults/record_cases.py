"""Deliveries of records that come more than once, for rows 51, 52, 53 and 56: one home, one build.

Add here a case with a key of its own. Keep out: what is expected of it (the module of its row).
Days are of March 2026; the third is the first on which the desk of customs has precedence.
"""

import datetime as dt
from pathlib import Path

import pytest

from tests.faults.tiny_home import EVERYTHING, TinyHome, line, parcel

CUSTOMS, CARRIER, OTHER = "customs-desk", "carrier", "other-carrier"
PLAIN = 200  # parcels that came once, on the 4th; every tenth states what no list knows
FROM_DAY, TO_DAY = dt.date(2026, 3, 2), dt.date(2026, 3, 20)


def day(number: int) -> dt.date:
    return dt.date(2026, 3, number)


def plain_parcels() -> list[dict[str, object]]:
    """Parcels of the 4th; every tenth has unknown codes in every list-bound column."""
    return [
        parcel(
            f"PLAIN-{number:03d}",
            day(4),
            declared_value=100000 + number,
            consignee_province_code="ZZ" if number % 10 == 0 else "01",
            hs_code="770000" if number % 10 == 0 else "610910",
            platform_code="nobody-knows" if number % 10 == 0 else "",
            currency_code="XXX" if number % 10 == 0 else "VND",
            colour="red",
        )
        for number in range(1, PLAIN + 1)
    ]


def deliver_everything(home: TinyHome) -> None:
    """In the order of receipt; a comment names the row of the matrix."""
    for sender in (CUSTOMS, CARRIER, OTHER):
        home.sender(sender)
    # Line numbers of the file start at 2: line 1 is the header.
    home.deliver(
        [
            parcel("TWO", day(3), version_number=1, declared_value=90),  # 51, line 2
            parcel("AGREE", day(3), version_number=1, declared_value=50, gross_weight_kg=""),  # 51
            parcel("DATED", day(2), version_number=1, declared_value=10),  # 51
            parcel("V2-FIRST", day(2), version_number=2, declared_value=70),  # 52
            parcel("CANCEL-FIRST", None, record_status="cancelled", operator_code=""),  # 52
            parcel("SAME-FILE", day(2), declared_value=1),  # 53, line 7
            parcel("SAME-FILE", day(2), declared_value=2),  # 53, line 8
            parcel("V2-TWICE", day(2), version_number=1, declared_value=1),  # 53, line 9
            parcel("V2-TWICE", day(2), version_number=2, declared_value=2),  # 53, line 10
            parcel("REPEATED", day(2), version_number=1, declared_value=7),  # 53, line 11
            parcel("SETTLED", day(2), version_number=1, declared_value=5),  # 53, line 12
        ],
        day(3),
        sender=CUSTOMS,
    )
    home.deliver(
        [
            parcel("TWO", day(3), version_number=3, declared_value=100),  # 51, line 2
            parcel("AGREE", day(3), version_number=1, declared_value=50),  # 51
            parcel("DATED", day(2), version_number=1, declared_value=11),  # 51
            parcel("EQUAL", day(3), version_number=1, declared_value=20),  # 51
        ],
        day(4),
        sender=CARRIER,
    )
    home.deliver(
        [
            parcel("V2-FIRST", day(2), version_number=1, declared_value=50),  # 52
            parcel("CANCEL-FIRST", day(2), declared_value=33),  # 52
            parcel("V2-TWICE", day(2), version_number=2, declared_value=3),  # 53, line 4
            parcel("REPEATED", day(2), version_number=1, declared_value=7),  # 53
            parcel("SETTLED", day(2), version_number=1, declared_value=6),  # 53, line 6
            parcel("SETTLED", day(2), version_number=2, declared_value=8),  # 53, line 7
        ],
        day(5),
        sender=CUSTOMS,
    )
    home.deliver(
        [parcel("EQUAL", day(3), version_number=1, declared_value=21)], day(5), sender=OTHER
    )
    declarations = {"source": "customs_declaration"}
    home.deliver(
        [line("D-TWO", day(3), declared_value=1000)], day(4), sender=CUSTOMS, **declarations
    )
    home.deliver(
        [line("D-TWO", day(3), declared_value=1200)], day(5), sender=CARRIER, **declarations
    )
    home.deliver(plain_parcels(), day(5))


@pytest.fixture(scope="session")
def record_home(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> TinyHome:
    """All of the above, built whole and tested by dbt; read it, copy it, do not change it."""
    home = TinyHome(tmp_path_factory.mktemp("records") / "home", seeded)
    deliver_everything(home)
    home.change(
        "insert into seeds.sender_precedence values "
        f"('parcel_manifest', '{CUSTOMS}', 10, '2026-03-03', null, 'synthetic', 'U'), "
        f"('customs_declaration', '{CUSTOMS}', 10, '2026-03-03', null, 'synthetic', 'U')"
    )
    home.register(FROM_DAY, TO_DAY)
    home.build(EVERYTHING)
    return home
