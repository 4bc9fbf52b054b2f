"""Amendments from delivered XML to current lines: what a message says of the whole declaration
reaches every line, and nothing it leaves out changes anything.

The documents are made up; each case is worked out by hand in a comment. NOT claimed: that an
authority accepts such a sequence of messages.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from foundation.home import Home
from ingest.conforming.pseudonymise import PseudonymKey
from ingest.delivery import deliver
from ingest.raw_views import register_raw_views
from tests.support.dbt_run import run_dbt

# Its raw tables are views of files below its own home: no replay finds them elsewhere.
pytestmark = pytest.mark.dbt_itself

DAY = dt.date(2026, 3, 2)
ENVELOPE = """<MetaData xmlns="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2">
<ResponsibleCountryCode>{country}</ResponsibleCountryCode>{declarations}</MetaData>"""
HEADER = """<TotalPackageQuantity>3</TotalPackageQuantity>
<Exporter><Name>First Example Exporter</Name></Exporter>
<AcceptanceDateTime><DateTimeString formatCode="304">20260302081500+07</DateTimeString>
</AcceptanceDateTime>"""
IMPORTER = """<Destination><CountryCode>{country}</CountryCode></Destination>
<Importer><ID>0100233488</ID><Name>Example Importer</Name></Importer>
<TradeTerms><ConditionCode>CIF</ConditionCode></TradeTerms>"""


def original(number: str, country: str, *items: str) -> str:
    return (
        f"<Declaration><FunctionCode>9</FunctionCode><ID>{number}</ID><TypeCode>IMA</TypeCode>"
        f"{HEADER}<GoodsShipment>{IMPORTER.format(country=country)}{''.join(items)}"
        "</GoodsShipment></Declaration>"
    )


def item(number: int, price: int, hs_code: str = "61091000") -> str:
    return (
        f"<GovernmentAgencyGoodsItem><SequenceNumeric>{number}</SequenceNumeric><Commodity>"
        f"<Description>Sample {number}</Description>"
        f"<Classification><ID>{hs_code}</ID></Classification><InvoiceLine>"
        f"<ItemChargeAmount currencyID='USD'>{price}</ItemChargeAmount></InvoiceLine></Commodity>"
        "</GovernmentAgencyGoodsItem>"
    )


def amendment(number: str, body: str, kind: str = "COR") -> str:
    return (
        f"<Declaration><FunctionCode>13</FunctionCode><ID>{number}</ID><TypeCode>{kind}</TypeCode>"
        f"{body}</Declaration>"
    )


def whole_item(number: int) -> str:
    steps = (("42A", 1), ("67A", 1), ("68A", number))
    pointers = "".join(
        f"<Pointer><SequenceNumeric>{place}</SequenceNumeric>"
        f"<DocumentSectionCode>{section}</DocumentSectionCode></Pointer>"
        for section, place in steps
    )
    return f"<Amendment><ChangeReasonCode>32</ChangeReasonCode>{pointers}</Amendment>"


# (day of receipt, file, country of the message's metadata, declarations)
MESSAGES = [
    (
        DAY,
        "originals",
        "VN",
        original("A", "LA", item(1, 100), item(2, 200), item(3, 300))
        + original("B", "VN", item(1, 10), item(2, 20))
        + original("C", "VN", item(1, 7)),
    ),
    # A: another exporter for all, line 2 costs 250, line 3 goes, line 4 comes.
    (
        DAY + dt.timedelta(days=1),
        "changes",
        "VN",
        amendment(
            "A",
            "<Exporter><Name>Second Example Exporter</Name></Exporter>"
            + whole_item(3)
            + whole_item(4)
            + f"<GoodsShipment>{item(2, 250)}{item(4, 400, '95030000')}</GoodsShipment>",
        )
        + amendment("B", "", "INV"),
    ),
    # A once more: other trade terms, for all lines, the added one included.
    (
        DAY + dt.timedelta(days=2),
        "terms",
        "VN",
        amendment(
            "A",
            "<GoodsShipment><TradeTerms><ConditionCode>DDP</ConditionCode></TradeTerms>"
            "</GoodsShipment>",
        ),
    ),
]

LINES = """
    select declaration_number, line_number, record_status, importing_country_code, incoterm_code,
        cast(declared_value as integer), hs_code, day
    from staging.stg_customs__declaration_lines order by 1, 2
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    root = tmp_path_factory.mktemp("amendments")
    home = Home(root)
    for received, name, country, declarations in MESSAGES:
        path = root / f"{name}.xml"
        path.write_text(
            ENVELOPE.format(country=country, declarations=declarations), encoding="utf-8"
        )
        (outcome,) = deliver(home, [path], received_date=received, key=PseudonymKey.demonstration())
        assert (outcome.status, outcome.quarantined) == ("accepted", 0), outcome
    home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(home.warehouse)) as connection:
        register_raw_views(connection, home, DAY, DAY + dt.timedelta(days=10))
    run_dbt(
        root, "build", "--select", "+fct_reconciliation", "--indirect-selection", "cautious",
        "--exclude-resource-type", "unit_test",
    )  # fmt: skip
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        yield connection


def rows(warehouse: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return warehouse.execute(sql).fetchall()


def test_the_lines_that_stand_after_all_messages(warehouse: duckdb.DuckDBPyConnection) -> None:
    # The amendments' metadata say VN and state no destination: A stays a declaration of Laos.
    assert rows(warehouse, LINES) == [
        ("A", 1, "amended", "LA", "DDP", 100, "61091000", DAY),
        ("A", 2, "amended", "LA", "DDP", 250, "61091000", DAY),
        ("A", 3, "cancelled", "LA", "DDP", 300, "61091000", DAY),
        ("A", 4, "amended", "LA", "DDP", 400, "95030000", DAY),
        ("B", 1, "cancelled", "VN", "CIF", 10, "61091000", DAY),
        ("B", 2, "cancelled", "VN", "CIF", 20, "61091000", DAY),
        ("C", 1, "original", "VN", "CIF", 7, "61091000", DAY),
    ]


def test_every_line_has_the_exporter_and_the_importer_that_stand(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    found = rows(
        warehouse,
        "select declaration_number, count(distinct consignor_name_token), "
        "count(distinct importer_id_token), min(importer_id_status), max(importer_id_status), "
        "count(*) filter (where consignor_name_token is null), min(total_package_count) "
        "from staging.stg_customs__declaration_lines group by 1 order by 1",
    )
    # An amendment that says nothing of the importer does not make the importer "missing".
    assert found == [
        ("A", 1, 1, "tax_code", "tax_code", 0, 3),
        ("B", 1, 1, "tax_code", "tax_code", 0, 3),
        ("C", 1, 1, "tax_code", "tax_code", 0, 3),
    ]
    tokens = rows(
        warehouse,
        "select count(distinct consignor_name_token) from staging.stg_customs__declaration_lines",
    )
    assert tokens == [(2,)]  # A has the second exporter, B and C the first


def test_every_delivered_row_is_accounted_for(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        warehouse,
        "select day, raw_rows, superseded_rows, waiting_rows, moved_out_rows, moved_in_rows, "
        "current_records from quality.fct_reconciliation "
        "where source_name = 'customs_declaration' order by day",
    )
    assert sum(row[1] for row in found) == 6 + 4 + 1
    # Seven lines stand, whatever messages brought them.
    assert sum(row[6] for row in found) == 7
    assert [row[3] for row in found] == [0] * len(found)
