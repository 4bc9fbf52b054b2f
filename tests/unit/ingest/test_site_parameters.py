"""The site's own parameters: every odd line is named, none is half used.

Not claimed: what a value means (tests/golden/test_risk_rules.py changes each one).
"""

import datetime as dt
from pathlib import Path

import duckdb
import pytest

from foundation.errors import UsageError
from ingest import site_parameters
from ingest.site_parameters import SITE_PARAMETER, SiteParameter
from runs.dbt_project import overridable_parameters

HEADER = "parameter_id,value,valid_from,valid_to,reason,signed_by"
HOME = "HOME_COUNTRY,KR,2020-01-01,2020-12-31,public set,an analyst"


def written(folder: Path, *lines: str, header: str = HEADER) -> Path:
    file = folder / "parameters.csv"
    file.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return file


def test_no_file_sets_nothing_and_has_no_hash(tmp_path: Path) -> None:
    assert site_parameters.read(tmp_path / "parameters.csv") == ()
    assert site_parameters.sha256(tmp_path / "parameters.csv") is None


def test_two_periods_of_a_parameter_may_touch(tmp_path: Path) -> None:
    file = written(tmp_path, "HOME_COUNTRY,VN,2021-01-01,,back,an analyst", HOME)
    later, first = site_parameters.read(file)
    assert first == SiteParameter(
        "HOME_COUNTRY", "KR", dt.date(2020, 1, 1), dt.date(2020, 12, 31), "public set", "an analyst"
    )
    assert (later.valid_from, later.valid_to) == (dt.date(2021, 1, 1), None)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("HOME_COUNTRY,KR,2020-01-01,2020-12-31,why", "line 3: 6 fields are needed"),
        ("HOME_COUNTRY,,2021-01-01,,why,who", "line 3: value must be stated"),
        (",KR,2021-01-01,,why,who", "line 3: parameter_id must be stated"),
        ("HOME_COUNTRY,KR,2021-01-01,,,who", "line 3: reason must be stated"),
        ("HOME_COUNTRY,KR,2021-01-01,,why,", "line 3: signed_by must be stated"),
        ("HOME_COUNTRY,KR,2021-13-01,,why,who", "line 3: '2021-13-01' is no day"),
        ("HOME_COUNTRY,KR,,,why,who", "line 3: valid_from must be a day"),
        ("HOME_COUNTRY,KR,2021-02-01,2021-01-31,why,who", "not after valid_to"),
        ("HOME_COUNTRY,LA,2020-12-31,,why,who", "two values on 2020-12-31"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(UsageError, match="cannot be used") as refusal:
        site_parameters.read(written(tmp_path, HOME, line))
    assert words in str(refusal.value)


def test_a_file_without_the_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the header must be parameter_id,value"):
        site_parameters.read(written(tmp_path, HOME, header="parameter_id;value"))


def test_only_parameters_without_an_official_figure_may_be_set(tmp_path: Path) -> None:
    file = written(tmp_path, HOME)
    rows = site_parameters.read(file)
    site_parameters.require_overridable(rows, {"HOME_COUNTRY"}, file)
    with pytest.raises(UsageError, match="HOME_COUNTRY: no parameter of evidence grade U"):
        site_parameters.require_overridable(rows, {"VAT_STANDARD"}, file)


def test_what_a_text_fixes_in_any_of_its_periods_is_no_site_s_to_set() -> None:
    """The VAT rate before Law 48/2024 was not verified (grade U); the one since is the law's."""
    allowed = overridable_parameters()
    assert {"HOME_COUNTRY", "PRICE_MIN_PEERS"} <= allowed
    assert not {"VAT_STANDARD", "DUTY_RELIEF_VALUE"} & allowed


@pytest.mark.parametrize("lines", [(), (HOME, "SALT,a'b,2020-01-01,,it's,o'n")])
def test_the_table_holds_what_the_file_says(tmp_path: Path, lines: tuple[str, ...]) -> None:
    rows = site_parameters.read(written(tmp_path, *lines))
    with duckdb.connect() as connection:
        connection.execute("create schema raw")
        connection.execute(f"create {site_parameters.table(rows)}")
        described = connection.execute("describe raw.site_parameter").fetchall()
        assert [(name, sql_type) for name, sql_type, *_ in described] == list(SITE_PARAMETER)
        found = connection.execute("from raw.site_parameter").fetchall()
    assert [SiteParameter(*row) for row in found] == sorted(rows, key=lambda r: r.parameter_id)
