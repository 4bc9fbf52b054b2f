"""Real files from other hands go through the whole path, every row counted."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.support.cli import ImportRisk

pytestmark = [pytest.mark.slow, pytest.mark.shared]


@pytest.fixture(scope="module")
def real_home(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> ImportRisk:
    return ImportRisk(tmp_path_factory.mktemp("real") / "home")


def goods_items(path: Path) -> int:
    return sum(
        element.tag.endswith("}GovernmentAgencyGoodsItem") for element in ET.parse(path).iter()
    )


def test_real_input_is_delivered_run_and_published(
    real_home: ImportRisk, shared_data: Path
) -> None:
    declarations = sorted((shared_data / "wco_declarations").glob("*.xml"))
    wco = real_home("deliver", *declarations, "--json", code=None).json
    assert len(wco) == len(declarations)
    for outcome in wco:
        assert outcome["rows_in"] == sum(
            outcome[k] for k in ("accepted", "quarantined", "duplicates")
        )
    taken = {o["file"]: o["rows_in"] for o in wco if o["status"] == "accepted"}
    by_name = {Path(name).name: rows for name, rows in taken.items()}
    for path in declarations:
        if path.name in by_name and goods_items(path):
            assert by_name[path.name] == goods_items(path), path.name
    assert sum(goods_items(path) for path in declarations if path.name not in by_name) == 0

    cargo = real_home("deliver", *sorted((shared_data / "cargo_xml").glob("*.xml")), "--json").json
    assert [o["accepted"] > 0 for o in cargo] == [True, True]

    kcs = real_home(
        "deliver", "--sender", "kcs", *sorted((shared_data / "kcs").glob("*.parquet")), "--json"
    ).json
    lines = [o for o in kcs if o["source"] == "customs_declaration"]
    labels = [o for o in kcs if o["source"] == "inspection_outcome"]
    assert sum(o["rows_in"] for o in lines) == 45_519
    assert sum(o["accepted"] for o in lines) == 45_519
    assert sum(o["accepted"] for o in labels) == 45_519

    published = real_home("run", "--json").json
    assert published["status"] == "published", published
    [counted] = real_home.rows(
        "select count(*) as n from core.fct_consignments where importing_country_code = 'KR'"
    )
    assert counted["n"] > 0


def test_reference_data_records_origin_date_and_licence(
    real_home: ImportRisk, shared_data: Path
) -> None:
    outcomes = real_home("reference", "load", shared_data / "reference", "--json").json
    tariff = [o for o in outcomes if o["kind"] == "vn_tariff"]
    assert len(tariff) == 1
    assert tariff[0]["licence"]
    assert tariff[0]["as_of"]
    assert tariff[0]["rows"] > 11_000
