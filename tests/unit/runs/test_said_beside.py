"""What `calibrate` says of a candidate beside what counts now."""

import pytest

from cli.modelling import _say_beside

FIGURES = {"auc": 0.5}


def beside(low: float, high: float) -> dict[str, object]:
    apart = {"difference": (low + high) / 2, "low": low, "high": high}
    same = {
        "rows": 109, "is_unseen": True, "candidate": FIGURES, "in_force": FIGURES,
        "paired_auc_difference": apart,
    }  # fmt: skip
    return {"version": None, "same_rows": same}


@pytest.mark.parametrize(("high", "is_said"), [(-0.001, True), (0.0, False), (0.2, False)])
def test_a_candidate_that_ranks_measurably_worse_is_called_so(
    high: float, is_said: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    _say_beside(beside(-0.29, high))
    printed = capsys.readouterr()
    assert ("measurably worse" in printed.out + printed.err) == is_said
