"""What `calibrate` says before it fits: which risk types there are, how few results are known.

Not claimed: what a fit makes of enough of them (tests/golden/test_calibrated_points.py).
"""

import datetime as dt
from pathlib import Path

import pytest

from foundation.errors import UsageError
from foundation.home import Home
from runs.calibration import calibrate
from runs.settings import Settings


@pytest.mark.parametrize("name", ["origins", "data_quality", "none", ""])
def test_a_risk_type_that_no_inspection_finds_is_named_with_those_that_are(
    name: str, tmp_path: Path
) -> None:
    """Asked before anything is read: the home is empty."""
    settings = Settings(Home(tmp_path), release_rows=1, releases_kept=1, memory_limit="1GB")
    with pytest.raises(UsageError) as caught:
        calibrate(settings, name, dt.date(2026, 11, 11))
    assert repr(name) in caught.value.what
    assert caught.value.remedy.startswith("use one of undervaluation, misclassification, origin")
    assert "none" not in caught.value.remedy
