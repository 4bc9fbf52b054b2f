"""What-ifs of the law on a published week: both sides against the release, and what is left behind.

NOT claimed: that a response is one of a real market: the elasticities are illustrative.
"""

import json
from pathlib import Path

import pytest

from tests.integration.conftest import FIRST_DAY
from tests.support.cli import ImportRisk

pytestmark = pytest.mark.slow
DAY = FIRST_DAY.isoformat()
DAYS = ("--from", DAY, "--to", DAY)


def total(document: dict[str, list[dict[str, float]]]) -> dict[str, float]:
    [row] = [row for row in document["rows"] if str(row["dimension"]) == "total"]
    return row


def of_release(command: ImportRisk) -> dict[str, float]:
    [row] = command.rows(
        f"""
        select count(*) as consignments, sum(duty_due_vnd) as duty, sum(vat_due_vnd) as vat,
            sum(duty_due_vnd + duty_relieved_vnd) as full_duty, sum(
                round((customs_value_vnd + duty_due_vnd + duty_relieved_vnd)
                    * vat_rate_percent / 100, 2)) as full_vat,
            count(*) filter (where duty_relieved_vnd > 0) as relieved
        from core.fct_tax_assessments inner join core.fct_consignments using (consignment_id, day)
        where day = '{DAY}' and is_in_flows and customs_value_vnd is not null
        """
    )
    return {name: float(str(value)) for name, value in row.items()}


def test_relief_abolished_is_the_full_duty_of_the_release(published: ImportRisk) -> None:
    """Before: the taxes of the release. After: what was relieved too, and VAT on it."""
    document = published("scenario", "relief-abolished", *DAYS, "--json").json
    found, release = total(document), of_release(published)
    assert found["consignments"] == release["consignments"]
    assert found["duty_before_vnd"] == pytest.approx(release["duty"], abs=0.01)
    assert found["vat_before_vnd"] == pytest.approx(release["vat"], abs=0.01)
    assert found["duty_after_vnd"] == pytest.approx(release["full_duty"], abs=0.01)
    assert found["vat_after_vnd"] == pytest.approx(release["full_vat"], abs=1)
    assert found["affected_consignments"] == release["relieved"] > 0
    low, mean, high = (found[f"tax_after_response_vnd_{end}"] for end in ("low", "mean", "high"))
    assert low < mean < high < found["tax_after_vnd"]
    assert found["domestic_sales_change_vnd_low"] > 0 > found["import_value_change_percent_high"]


def test_scenarios_asked_together_know_nothing_of_each_other(published: ImportRisk) -> None:
    """Each begins from the law as it is: asked alone, or after others, it tells the same."""
    names = ("relief-abolished", "vat-back-to-10", "draft-decree")
    together = published("scenario", *names, *DAYS, "--json").json
    alone = [published("scenario", name, *DAYS, "--json").json for name in names[1:]]
    assert together[1:] == alone


def test_members_of_a_dimension_add_up_to_the_whole(published: ImportRisk) -> None:
    rows = published("scenario", "vat-back-to-10", *DAYS, "--json").json["rows"]
    whole = total({"rows": rows})
    for dimension in ("platform", "hs2", "province", "income_quintile"):
        members = [row for row in rows if row["dimension"] == dimension]
        for name in ("consignments", "tax_before_vnd", "tax_after_vnd", "customs_value_vnd"):
            assert sum(row[name] for row in members) == pytest.approx(whole[name], abs=0.5)
    assert whole["duty_before_vnd"] == whole["duty_after_vnd"]
    assert whole["vat_after_vnd"] > whole["vat_before_vnd"]
    assert {row["member_code"] for row in rows if row["dimension"] == "income_quintile"} >= {
        "q1", "q5",
    }  # fmt: skip


def test_a_limit_as_it_is_changes_nothing_and_a_tariff_line_changes_its_goods(
    published: ImportRisk, tmp_path: Path
) -> None:
    file = tmp_path / "same.yaml"
    told = "title_vi: a\ntitle_en: a\n" + f"from: {DAY}\nto: {DAY}\n"
    file.write_text(f"name: same\n{told}parameters: {{DUTY_RELIEF_VALUE: 1000000}}\n")
    same = total(published("scenario", file, "--json").json)
    assert (same["affected_consignments"], same["tax_change_vnd"]) == (0, 0)
    assert same["tax_after_response_vnd_mean"] is None
    counts: list[int] = []
    for code, moved in (("61", {"61"}), ("6109", {"61"}), ("98", set())):
        file.write_text(f"name: tariff\n{told}tariff: {{'{code}': 100}}\n")
        rows = published("scenario", file, "--json").json["rows"]
        changed = {row["member_code"]: row["affected_consignments"] for row in rows
                   if row["dimension"] == "hs2" and row["affected_consignments"]}  # fmt: skip
        assert set(changed) == moved
        counts.append(sum(changed.values()))
    assert counts[0] > counts[1] > counts[2] == 0  # a chapter, a heading of it, goods nobody sent


def test_a_result_is_kept_and_nothing_else_is_left(published: ImportRisk) -> None:
    folder = published.home / "scenarios"
    left = folder / ".working" / "work" / "warehouse.duckdb"  # by a process that was killed
    left.parent.mkdir(parents=True)
    left.write_text("half a database")
    published("scenario", "draft-decree", *DAYS, "--json")
    assert not (folder / ".working").exists()
    kept = json.loads((folder / "draft-decree.json").read_text(encoding="utf-8"))
    changed = {one["parameter_id"]: (one["before"], one["after"]) for one in kept["parameters"]}
    assert changed["DUTY_RELIEF_YEAR_VALUE"] == (None, "96000000")
    assert changed["DUTY_RELIEF_VALUE"][1] == "2000000"


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ("parameters: {RECEIPTS_PER_DAY_FLAG: 1}", "no model of taxes reads"),
        ("parameters: {DUTY_RELIEF_VALUE: many}", "cannot be 'many'"),
        ("parameters: {DUTY_RELIEF_VALUE: -1}", "cannot be '-1'"),
        ("parameters: {DUTY_RELIEF_VALUE: 1000000000000001}", "from 0 to 1,000,000,000,000,000"),
        ("parameters: {VAT_STANDARD: 401}", "cannot be '401'"),
        ("parameters: {DUTY_RELIEF_CHANNEL_EXPRESS: 2}", "from 0 to 1"),
    ],
)
def test_what_cannot_be_computed_is_a_sentence_and_leaves_nothing(
    published: ImportRisk, tmp_path: Path, entries: str, said: str
) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(f"name: wrong\ntitle_vi: a\ntitle_en: a\nfrom: {DAY}\nto: {DAY}\n{entries}\n")
    done = published("scenario", file, code=2)
    assert said in done.err
    assert not (published.home / "scenarios" / "wrong.json").exists()
