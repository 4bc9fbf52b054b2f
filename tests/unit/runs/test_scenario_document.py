"""The file of a scenario: what is read, and that everything else is named and refused."""

import datetime as dt
from pathlib import Path

import pytest
import yaml

from foundation.errors import UsageError
from runs.scenario.copy import tax_parameters
from runs.scenario.document import read, shipped

GOOD = {
    "name": "higher-limit",
    "title_vi": "Nâng mức",
    "title_en": "Higher limit",
    "from": dt.date(2026, 11, 9),
    "to": dt.date(2026, 11, 10),
    "parameters": {"DUTY_RELIEF_VALUE": 1_500_000},
    "tariff": {"6109": 30},
}
ONE = {"mean": 4, "standard_error": 1, "source": "a paper"}
ELASTICITIES = {
    "substitution": ONE,
    "demand": ONE | {"mean": -1},
    "import_supply": ONE,
    "domestic_supply": ONE,
}


def written(folder: Path, **changes: object) -> Path:
    file = folder / "scenario.yaml"
    entries = {key: value for key, value in (GOOD | changes).items() if value != "left out"}
    file.write_text(yaml.safe_dump(entries), encoding="utf-8")
    return file


def test_a_scenario_is_read_as_it_stands(tmp_path: Path) -> None:
    found = read(written(tmp_path, response={"draws": 7, "elasticities": ELASTICITIES}))
    assert (found.name, found.from_day, found.to_day) == (
        "higher-limit", dt.date(2026, 11, 9), dt.date(2026, 11, 10),
    )  # fmt: skip
    assert (found.parameters, found.tariff) == ({"DUTY_RELIEF_VALUE": "1500000"}, {"6109": 30.0})
    assert [one.name for one in found.elasticities] == list(ELASTICITIES)
    assert (found.draws, found.elasticities[1].mean, found.elasticities[1].sign) == (7, -1.0, -1)


def test_days_that_are_asked_for_replace_those_of_the_file(tmp_path: Path) -> None:
    found = read(written(tmp_path), dt.date(2026, 10, 1), dt.date(2026, 10, 2))
    assert (found.from_day, found.to_day) == (dt.date(2026, 10, 1), dt.date(2026, 10, 2))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"colour": "red"}, "colour"),
        ({"name": "Higher limit"}, "name"),
        ({"name": "../escape"}, "name"),
        ({"title_vi": ""}, "title_vi"),
        ({"from": "tomorrow"}, "from"),
        ({"to": dt.date(2026, 11, 8)}, "to"),
        ({"parameters": "left out", "tariff": "left out"}, "parameters"),
        ({"parameters": {"DUTY_RELIEF_VALUE": [1]}}, "DUTY_RELIEF_VALUE"),
        ({"parameters": {"DUTY_RELIEF_VALUE": float("inf")}}, "DUTY_RELIEF_VALUE"),
        ({"tariff": {6109: 30}}, "tariff"),
        ({"tariff": {"610": 30}}, "610"),
        ({"tariff": {"6109": -1}}, "6109"),
        ({"tariff": {"6109": "30 %"}}, "6109"),
        ({"response": {"draws": 0}}, "draws"),
        ({"response": {"elasticities": {"substitution": ONE}}}, "demand"),
        ({"response": {"elasticities": ELASTICITIES | {"demand": {"mean": -1}}}}, "demand"),
        ({"response": {"elasticities": ELASTICITIES | {"x": ONE}}}, "x"),
    ],
)
def test_what_cannot_be_read_is_named(
    tmp_path: Path, changes: dict[str, object], named: str
) -> None:
    with pytest.raises(UsageError, match=named):
        read(written(tmp_path, **changes))


@pytest.mark.parametrize("text", ["- a list", "a: [", "", "\x00"])
def test_a_file_that_is_no_scenario_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError):
        read(file)
    with pytest.raises(UsageError, match="No such file"):
        read(tmp_path / "missing.yaml")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("from: 2026-02-30", "no YAML"),
        ("tariff: {'61': 1, '61': 2}", "stands twice"),
        ("name: " + "a" * 61, "61 signs"),
        ("tariff: {'61': 1" + "0" * 400 + "}", "no number"),
        ("parameters: {VAT_REDUCED: 1" + "0" * 5000 + "}", "no YAML"),
        ("title_vi: " + "[" * 3000, "no YAML"),
    ],
)
def test_a_plain_mistake_is_a_sentence(tmp_path: Path, line: str, told: str) -> None:
    file = written(tmp_path, **{line.partition(":")[0]: "left out"})
    file.write_text(f"{line}\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
    with pytest.raises(UsageError, match=told):
        read(file)


def test_a_name_alone_is_a_shipped_scenario_whatever_lies_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path).rename(tmp_path / "draft-decree")
    assert read(Path("draft-decree")).name == "draft-decree"


def test_every_shipped_scenario_can_be_read_by_its_name() -> None:
    assert set(shipped()) == {"draft-decree", "relief-abolished", "vat-back-to-10"}
    for name in shipped():
        found = read(Path(name))
        assert found.name == name
        assert set(found.parameters) <= tax_parameters()
        assert all("illustrative" in one.source for one in found.elasticities)


def test_only_parameters_of_taxes_may_be_changed() -> None:
    readable = tax_parameters()
    assert {"DUTY_RELIEF_VALUE", "VAT_REDUCED", "DUTY_RELIEF_YEAR_VALUE"} <= readable
    assert not {"HOME_COUNTRY", "RECEIPTS_PER_DAY_FLAG"} & readable
