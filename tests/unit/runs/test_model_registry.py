"""Documents of risk models come to rest once; a version counts only by a signed promotion.

Not claimed: which days that makes pending (test_model_days.py).
"""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from foundation.errors import UsageError, WarehouseError
from foundation.files import sha256_file
from foundation.home import Home
from ledger.chain import Ledger
from ledger.model_periods import CANDIDATE, PROMOTION, candidates, periods
from runs.model_registry import add_document, promote, read_card, retire, store_candidate
from scoring.document import named, to_document
from scoring.model import Scorecard
from tests.support.risk_models import INDICATORS, candidate, document, edit, promoted, retired
from tests.support.risk_models import of_indicators as by_hand
from tests.unit.scoring.cards import by_hand as of_features
from tests.unit.scoring.cards import with_bin

DAY = dt.date(2026, 3, 2)
SIGNED: dict[str, Any] = {"valid_from": DAY, "reason": "better", "signed_by": "an officer"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def kinds(home: Home) -> list[str]:
    return [entry.kind for entry in Ledger(home.ledger).entries()]


# --- how a document comes to rest ---------------------------------------------------------------


def test_a_candidate_is_at_rest_and_on_record_and_counts_for_nothing(home: Home) -> None:
    version = candidate(home)
    path = document(home, version)
    (known,) = candidates(Ledger(home.ledger).entries()).values()
    assert (known.version, known.sha256) == (version, sha256_file(path))
    assert (known.risk_type, known.labels, known.findings) == ("undervaluation", 100, 20)
    assert path.stat().st_mode & 0o777 == 0o440
    assert read_card(home, version) == named(by_hand())
    assert periods(Ledger(home.ledger).entries()) == {}


def test_the_same_model_is_stored_once_whatever_was_measured_since(home: Home) -> None:
    version = candidate(home)
    again = replace(by_hand(), evaluation={"auc": 0.7})
    assert store_candidate(home, again) == version
    assert kinds(home) == [CANDIDATE]
    assert read_card(home, version).evaluation["auc"] == 0.6125
    assert candidate(home, -1400) != version  # negative control: another number, another version
    assert kinds(home) == [CANDIDATE, CANDIDATE]


def test_a_lost_document_is_written_again_only_as_it_was(home: Home) -> None:
    version = candidate(home)
    document(home, version).unlink()
    with pytest.raises(WarehouseError, match=f"{version} is missing"):
        store_candidate(home, replace(by_hand(), evaluation={}))
    assert candidate(home) == version
    assert read_card(home, version) == named(by_hand())
    assert kinds(home) == [CANDIDATE]
    assert [path.name for path in home.models.glob(".*.tmp")] == []


def test_what_does_not_hold_together_never_comes_to_rest(home: Home) -> None:
    hole = with_bin(by_hand(), "indicator_vague_description", 2, low_milli=1001)
    with pytest.raises(WarehouseError, match="a hole"):
        store_candidate(home, hole)
    with pytest.raises(WarehouseError, match="bears the name of another content"):
        store_candidate(home, replace(named(by_hand()), intercept_points=-1))
    assert kinds(home) == []
    assert not list(home.models.glob("*.json"))


def test_a_document_from_elsewhere_comes_in_as_it_was_written(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "from another machine.json"
    file.write_text(to_document(named(by_hand())), encoding="utf-8")
    version = add_document(home, file)
    assert read_card(home, version) == named(by_hand())
    file.write_text(to_document(named(by_hand())).replace('"points":700', '"points":701'))
    with pytest.raises(WarehouseError, match="its content is not what its hash says"):
        add_document(home, file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="not UTF-8"):
        add_document(home, file)
    with pytest.raises(UsageError, match="cannot be read"):
        add_document(home, tmp_path / "nowhere.json")


# --- how a version comes to count ---------------------------------------------------------------


def test_a_promotion_is_dated_reasoned_and_signed(home: Home) -> None:
    version = candidate(home)
    period = promote(home, version, computed=INDICATORS, **SIGNED)
    entry = Ledger(home.ledger).entries()[-1]
    assert entry.kind == PROMOTION
    assert entry.body == {
        "version": version, "risk_type": "undervaluation", "valid_from": "2026-03-02",
        "reason": "better", "signed_by": "an officer",
        "learned_from": "2026-11-01", "learned_to": "2026-11-12",
    }  # fmt: skip
    assert (period.version, period.valid_from, period.valid_to) == (version, DAY, None)


def test_the_way_back_and_the_way_to_the_expert(home: Home) -> None:
    first, second = candidate(home), candidate(home, -1400)
    later = DAY + dt.timedelta(days=3)
    promoted(home, first, DAY)
    promoted(home, second, later)
    assert promoted(home, first, later).version == first
    assert retired(home, later).version is None
    found = periods(Ledger(home.ledger).entries())["undervaluation"]
    assert [one.version for one in found] == [first, None]


def uncalibrated() -> Scorecard:
    return replace(by_hand(), calibration=())


def with_limits(**limits: int) -> Scorecard:
    return replace(by_hand(), settings={**by_hand().settings, "limits": limits})


@pytest.mark.parametrize(
    ("card", "words"),
    [
        (uncalibrated(), "it has no calibration"),
        (with_limits(), "does not say how many labels"),
        (with_limits(labels=100), "does not say how many findings"),
        (with_limits(labels=True, findings=20), "does not say how many labels"),
        (with_limits(labels=101, findings=20), "100 labels, fewer than the 101"),
        (with_limits(labels=100, findings=21), "20 findings, fewer than the 21"),
    ],
)
def test_a_candidate_that_is_not_good_enough_is_refused(
    home: Home, card: Scorecard, words: str
) -> None:
    version = store_candidate(home, card)
    with pytest.raises(WarehouseError, match=words):
        promote(home, version, computed=INDICATORS, **SIGNED)
    assert kinds(home) == [CANDIDATE]


def test_a_candidate_at_its_limits_is_good_enough(home: Home) -> None:
    version = store_candidate(home, with_limits(labels=100, findings=20))
    assert promote(home, version, computed=INDICATORS, **SIGNED).version == version


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"reason": "  "}, "--reason must say something"),
        ({"signed_by": ""}, "--signed-by must say something"),
        ({"valid_from": dt.date(2014, 12, 31)}, "no day before 2015-01-01"),
    ],
)
def test_an_unsigned_or_undated_promotion_is_a_usage_error(
    home: Home, changed: dict[str, Any], words: str
) -> None:
    version = candidate(home)
    with pytest.raises(UsageError, match=words):
        promote(home, version, computed=INDICATORS, **{**SIGNED, **changed})
    with pytest.raises(UsageError, match=words):
        retire(home, "undervaluation", **{**SIGNED, **changed})
    assert kinds(home) == [CANDIDATE]


def test_an_unknown_version_is_a_usage_error(home: Home) -> None:
    candidate(home)
    with pytest.raises(UsageError, match="no risk model 'splitting-2026-01-01-00000000'"):
        promote(home, "splitting-2026-01-01-00000000", computed=INDICATORS, **SIGNED)


@pytest.mark.parametrize("harm", ["edited", "missing"])
def test_a_damaged_document_is_named_and_never_counts(home: Home, harm: str) -> None:
    version = candidate(home)
    path = document(home, version)
    if harm == "edited":
        edit(path, '"points":700', '"points":900')
    else:
        path.unlink()
    with pytest.raises(WarehouseError, match=f"{version} is (missing|not what was written)"):
        promote(home, version, computed=INDICATORS, **SIGNED)
    assert kinds(home) == [CANDIDATE]


def test_a_document_that_an_earlier_check_let_through_is_judged_again(home: Home) -> None:
    """Written and recorded as it is, so hash and name agree; its bins have a hole."""
    card = named(with_bin(by_hand(), "indicator_vague_description", 2, low_milli=1001))
    path = document(home, card.model_version)
    path.parent.mkdir(parents=True)
    path.write_text(to_document(card), encoding="utf-8")
    Ledger(home.ledger).append(
        CANDIDATE,
        {
            "version": card.model_version, "risk_type": card.risk_type,
            "file": f"models/{path.name}", "sha256": sha256_file(path), "labels": 100,
            "findings": 20, "trained_on_from": "2026-11-01", "trained_on_to": "2026-11-12",
        },
    )  # fmt: skip
    with pytest.raises(WarehouseError, match="a hole"):
        promote(home, card.model_version, computed=INDICATORS, **SIGNED)


def test_there_must_be_a_model_to_take_back(home: Home) -> None:
    with pytest.raises(UsageError, match="no model of 'undervaluation' counts on 2026-03-02"):
        retire(home, "undervaluation", **SIGNED)
    promoted(home, candidate(home), DAY)
    retired(home, DAY)
    with pytest.raises(UsageError, match="the expert's points do already"):
        retire(home, "undervaluation", **SIGNED)
    with pytest.raises(UsageError, match="no model of 'undervaluatoin'"):
        retire(home, "undervaluatoin", **SIGNED)


def of_one_bin_without_reason() -> Scorecard:
    return with_bin(of_features(), "mass", 1, reason_id=None)


@pytest.mark.parametrize(
    ("card", "computed", "words"),
    [
        (replace(by_hand(), risk_type="fraud"), INDICATORS, "the risk type fraud, which nobody"),
        (replace(by_hand(), bins=(), monotone={}), INDICATORS, "has no bins"),
        (of_one_bin_without_reason(), {"margin", "mass"}, "adds points for mass and names no"),
        (of_features(), {"margin"}, "reads mass, which this warehouse does not compute"),
        (by_hand(), {"indicator_undervaluation"}, "reads indicator_vague_description, which"),
    ],
)
def test_a_model_that_would_stop_every_run_never_counts(
    home: Home, card: Scorecard, computed: set[str], words: str
) -> None:
    version = store_candidate(home, card)
    with pytest.raises(WarehouseError, match=words):
        promote(home, version, computed=computed, **SIGNED)
    assert kinds(home) == [CANDIDATE]


def test_points_taken_off_need_no_reason(home: Home) -> None:
    version = store_candidate(home, with_bin(of_features(), "margin", 1, points=-1))
    assert promote(home, version, computed={"margin", "mass"}, **SIGNED).version == version
