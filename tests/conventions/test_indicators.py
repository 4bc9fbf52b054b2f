"""An indicator is its model, its rows in seeds and its golden case: nothing else names it.

Claims nothing about what an indicator finds (tests/golden).
"""

import re
from pathlib import Path

import pytest

from synthetic.plan import LINE_TYPOLOGIES, TYPOLOGIES
from tests import indicator_models
from tests.conventions.test_tree import tracked
from tests.support.seeds import seed

MODELS = indicator_models.models()
# Where product files are, besides those that an indicator consists of. The script of the national
# day's baseline states every rule a second time: that is what it is for.
ELSEWHERE = {"tests", "docs", "benchmarks"}
FACT = re.compile(r"\[\s*'(\w+)',[^\n]+, '(?:number|text|json)'\]")
LOOPED = re.compile(r"~ '(_\w+)'")
LISTED = re.compile(r"set (?:kinds|contacts) = \[([^\]]+)\]")
BY_DAY = re.compile(r"parameters_by_day\(\{([^{}]*)\}")


def test_dbt_reads_every_indicator_that_is_a_model() -> None:
    path = indicator_models.PROJECT / "macros" / "indicator_models.sql"
    remedy = "run `python -m tests.indicator_models`"
    assert path.read_text(encoding="utf-8") == indicator_models.listed(), remedy


@pytest.mark.parametrize("indicator", MODELS)
def test_a_model_is_called_as_what_it_finds(indicator: str) -> None:
    """Under another id its rows would meet no weight and be dropped."""
    text = MODELS[indicator].read_text(encoding="utf-8")
    assert re.findall(r"'(\w+)' as indicator_id", text) == [indicator]
    says = [name for name in indicator_models.OWN if re.search(rf"\b{name}\b", text)]
    assert indicator_models.own_columns(MODELS[indicator]) == says, "name it in the YAML"


def test_models_and_seeds_know_the_same_indicators() -> None:
    for name in ("risk_indicators", "risk_indicator_weights", "risk_indicator_sentences"):
        assert {row["indicator_id"] for row in seed(name)} == set(MODELS), name


def stated_facts(sql: str) -> set[str]:
    """The keys in the evidence of a model; those in a loop are written out."""
    keys = set(FACT.findall(sql))
    for name in LOOPED.findall(sql):
        keys |= {value + name for value in re.findall(r"'(\w+)'", LISTED.findall(sql)[0])}
    return keys


@pytest.mark.parametrize("indicator", MODELS)
def test_the_facts_of_an_evidence_are_those_that_the_seed_explains(indicator: str) -> None:
    """An officer can look up what each number means, and a sentence names facts that exist."""
    explained = {
        row["fact_key"]: row for row in seed("risk_evidence") if row["indicator_id"] == indicator
    }
    assert stated_facts(MODELS[indicator].read_text(encoding="utf-8")) == set(explained)
    (told,) = [row for row in seed("risk_indicator_sentences") if row["indicator_id"] == indicator]
    in_sentence = {key for key, row in explained.items() if row["fact_no"]}
    numbers = [row["fact_no"] for row in explained.values() if row["fact_no"]]
    assert len(numbers) == len(set(numbers))
    for language in ("vi", "en"):
        named = set(re.findall(r"\{(\w+)\}", told[f"sentence_{language}"]))
        assert named <= in_sentence, language


def test_both_ways_of_stating_facts_are_seen() -> None:
    looped = "{% set kinds = ['a', 'b'] %} [k ~ '_parcels', k ~ '_share']\n['own', 'x', 'text']"
    assert stated_facts(looped) == {"own", "a_parcels", "b_parcels", "a_share", "b_share"}


def asked_for(sql: str) -> set[str]:
    by_day = " ".join(BY_DAY.findall(sql))
    return {*re.findall(r"rule_number\(\s*'(\w+)'", sql), *re.findall(r"\[\s*'(\w+)'", by_day)}


def test_every_parameter_that_a_model_asks_for_is_a_row_of_the_law() -> None:
    """One that is misspelt is never in force, and its rule never fires."""
    known = {row["parameter_id"] for name in ("rule_parameters", "risk_parameters")
             for row in seed(name)}  # fmt: skip
    asked = {
        str(path.relative_to(indicator_models.PROJECT)): asked_for(path.read_text("utf-8"))
        for folder in ("models", "macros")
        for path in (indicator_models.PROJECT / folder).rglob("*.sql")
    }
    assert sum(map(len, asked.values())) > 15
    assert {path: names - known for path, names in asked.items() if names - known} == {}


def test_every_way_of_asking_is_seen() -> None:
    sql = (
        "{{ rule_number('ONE', 'bigint') }} {{ parameters_by_day({\n 'a': ['TWO', 'bigint']\n}) }}"
        " {{ parameters_by_day({'b': ['THREE', 'bigint']}, days='later') }} {{ other(['FOUR']) }}"
    )
    assert asked_for(sql) == {"ONE", "TWO", "THREE"}


def named_elsewhere(project: Path, indicators: dict[str, Path]) -> list[tuple[str, str]]:
    """(indicator, file) of product files that name one and are none of its own."""
    words = re.compile(rf"\b(?:{indicator_models.PREFIX})?({'|'.join(indicators)})\b")
    found = []
    for path in tracked(project):
        relative = path.relative_to(project)
        if path.suffix == ".md" or relative.parts[0] in ELSEWHERE:
            continue
        if path.parent.name == "rules" and path.suffix == ".csv":
            continue
        if path.name == "indicator_models.sql" or path.stem.startswith(indicator_models.PREFIX):
            continue
        if path.name.endswith("__unit_tests.yml"):  # what dbt tests of its model, on tiny inputs
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [(name, str(relative)) for name in sorted(set(words.findall(text)))]
    return found


def test_no_other_file_of_the_product_names_an_indicator(project: Path) -> None:
    # Words that are also a risk type, or what the synthetic deliveries plant, are named as such.
    planted = {*TYPOLOGIES, *LINE_TYPOLOGIES.values()}
    other = {row["risk_type"] for row in seed("risk_indicator_weights")} | planted
    own = {name: path for name, path in MODELS.items() if name not in other}
    assert len(own) > 4
    assert named_elsewhere(project, own) == []
    # Negative control: a word that does stand elsewhere is seen.
    assert named_elsewhere(project, {"undervaluation": Path()}) != []
