"""Row 34. dd/mm/yyyy vs ISO vs mm/dd, two-digit years, 31/02: "contract; if contract d/m and > 0
rows impossible -> refuse; never sniff".

A date that the stated order cannot mean, but the other order can, shows that the profile does not
describe the file: it is refused. A day that no order can mean (31/02) costs its row.
"""

import datetime as dt

import pytest

from tests.faults.conftest import Door, csv_bytes, parcel_rows, reason_of, write_bytes
from tests.faults.profile_files import write_profile

ISO, DAY_FIRST, MONTH_FIRST, SHORT = "", "%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y"
FORMAT, EARLY, FILE = "date_format", "before_first_day", "the file"

# text -> day under ISO, d/m/Y, m/d/Y, d/m/y; a reason of the row; or the file is refused
DATES: dict[str, tuple[str, str, str, str]] = {
    "2026-11-05": ("2026-11-05", FORMAT, FORMAT, FORMAT),
    "2024-02-29": ("2024-02-29", FORMAT, FORMAT, FORMAT),
    "2026-02-29": (FORMAT, FORMAT, FORMAT, FORMAT),
    "2026-13-05": (FORMAT, FORMAT, FORMAT, FORMAT),
    "2026-5-1": (FORMAT, FORMAT, FORMAT, FORMAT),
    "20261105": (FORMAT, FORMAT, FORMAT, FORMAT),
    "05/11/2026": (FORMAT, "2026-11-05", "2026-05-11", FORMAT),
    "5/1/2026": (FORMAT, "2026-01-05", "2026-05-01", FORMAT),
    "21/11/2026": (FORMAT, "2026-11-21", FILE, FORMAT),
    "11/21/2026": (FORMAT, FILE, "2026-11-21", FORMAT),
    "12/13/2025": (FORMAT, FILE, "2025-12-13", FORMAT),
    "31/02/2026": (FORMAT, FORMAT, FORMAT, FORMAT),
    "30/02/2026": (FORMAT, FORMAT, FORMAT, FORMAT),
    "29/02/2024": (FORMAT, "2024-02-29", FILE, FORMAT),
    "31/04/2026": (FORMAT, FORMAT, FORMAT, FORMAT),
    "00/11/2026": (FORMAT, FORMAT, FORMAT, FORMAT),
    "32/11/2026": (FORMAT, FORMAT, FORMAT, FORMAT),
    "13/13/2026": (FORMAT, FORMAT, FORMAT, FORMAT),
    "05-11-2026": (FORMAT, FORMAT, FORMAT, FORMAT),
    "05.11.2026": (FORMAT, FORMAT, FORMAT, FORMAT),
    "05/11/26": (FORMAT, FORMAT, FORMAT, "2026-11-05"),
    "21/11/26": (FORMAT, FORMAT, FORMAT, "2026-11-21"),
    "11/21/26": (FORMAT, FORMAT, FORMAT, FILE),
    # read as 1999, which the warehouse does not keep
    "05/11/99": (FORMAT, FORMAT, FORMAT, EARLY),
    "05/11/0026": (FORMAT, FORMAT, FORMAT, FORMAT),
    "05/11/1975": (FORMAT, FORMAT, FORMAT, FORMAT),
    "05/11/2026 10:00": (FORMAT, FORMAT, FORMAT, FORMAT),
    "2026-11-05T00:00:00": (FORMAT, FORMAT, FORMAT, FORMAT),
    "5 thg 11 2026": (FORMAT, FORMAT, FORMAT, FORMAT),
    "46331": (FORMAT, FORMAT, FORMAT, FORMAT),
    "hôm nay": (FORMAT, FORMAT, FORMAT, FORMAT),
    " 05/11/2026\u00a0": (FORMAT, "2026-11-05", "2026-05-11", FORMAT),
}


def declarations(*days: str) -> bytes:
    lines = [f"{number},{day}" for number, day in enumerate(days, start=1)]
    return "\n".join(["house_waybill_number,arrived_on", *lines, ""]).encode()


@pytest.mark.parametrize(
    ("place", "pattern"), list(enumerate((ISO, DAY_FIRST, MONTH_FIRST, SHORT))),
    ids=["iso", "day-first", "month-first", "two-digit-year"],
)  # fmt: skip
def test_each_text_has_the_meaning_of_the_stated_format(
    door: Door, place: int, pattern: str
) -> None:
    """All texts that cost at most their row are delivered together, the others one by one."""
    write_profile(door.home, "post", f'date_format = "{pattern}"', source="low_value_declaration")
    together = {text: found[place] for text, found in DATES.items() if found[place] != FILE}
    path = write_bytes(door.folder / "x.csv", declarations(*together))
    (outcome,) = door.deliver(path, sender="post", received_date=dt.date(2026, 12, 31))
    good = [day for day in together.values() if day not in (FORMAT, EARLY)]
    reasons = sorted(day for day in together.values() if day in (FORMAT, EARLY))
    assert (outcome.accepted, outcome.quarantined) == (len(good), len(together) - len(good))
    source = "low_value_declaration"
    assert [row["arrived_on"].isoformat() for row in door.rows(source)] == good
    assert sorted(row["reason_code"] for row in door.quarantine(source)) == reasons
    for text, found in DATES.items():
        if found[place] == FILE:
            alone = write_bytes(door.folder / "y.csv", declarations(text))
            refused = door.deliver(alone, sender="post", received_date=dt.date(2026, 12, 31))
            assert reason_of(refused) == "date_order_contradicted", text


def test_one_contradiction_among_many_refuses_the_file(door: Door) -> None:
    pattern = '"%d/%m/%Y %H:%M"'
    write_profile(door.home, "post", f"timestamp_format = {pattern}\ndecimal_separator = '.'")
    rows = parcel_rows(300, arrived_at="05/11/2026 09:30")
    good = write_bytes(door.folder / "good.csv", csv_bytes(rows))
    assert door.deliver(good, sender="post")[0].accepted == 300
    rows[217]["arrived_at"] = "11/20/2026 09:30"
    bad = write_bytes(door.folder / "bad.csv", csv_bytes(rows))
    outcomes = door.deliver(bad, sender="post")
    assert reason_of(outcomes) == "date_order_contradicted"
    assert "line 219, column arrived_at" in str(outcomes[0].reason)
    assert len(door.rows()) == 300  # those of the good file


def test_the_order_is_never_sniffed(door: Door) -> None:
    """Days up to 12 fit both orders: the contract alone decides."""
    for sender, pattern in (("day", DAY_FIRST), ("month", MONTH_FIRST)):
        write_profile(
            door.home, sender, f'date_format = "{pattern}"', source="low_value_declaration"
        )
        content = declarations("05/11/2026", "06/10/2026") + f"9{sender},01/02/2026\n".encode()
        path = write_bytes(door.folder / f"{sender}.csv", content)
        assert door.deliver(path, sender=sender)[0].accepted == 3
    days = [(row["_sender"], row["arrived_on"].isoformat()) for row in door.rows(
        "low_value_declaration"
    )]  # fmt: skip
    assert sorted(days) == [
        ("day", "2026-02-01"), ("day", "2026-10-06"), ("day", "2026-11-05"),
        ("month", "2026-01-02"), ("month", "2026-05-11"), ("month", "2026-06-10"),
    ]  # fmt: skip
