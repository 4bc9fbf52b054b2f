"""Row 43, SQL and Jinja injection through values, file names and profiles.

Promise: "only ISO dates pass by var, validated by regex in Python AND in a macro; all else via
tables/parameters". Ours is stricter: dbt gets no vars at all. Here: whatever stands in a value, a
column name, a file name, a sender's profile or a filter of the command line has no effect but to be
that text; every row arrives.

NOT claimed here: what dbt does with tables (dbt tests), readers of a release (serving tests).
"""

import ast
import csv
import datetime as dt
import json
from pathlib import Path

import duckdb
import jinja2
import pytest

from foundation.errors import UsageError
from foundation.home import Home
from ingest.delivery import deliver
from ingest.onboarding.sender_check import check
from ingest.raw_views import register_raw_views
from ingest.senders.profile import load_profile
from ingest.senders.profile_text import Section, write_toml
from ingest.store.landing import raw_files
from ingest.store.quarantine import Selection, counts, export, violations
from tests.faults.conftest import DAY, KEY, Door, parcel_rows, write_csv
from tests.support.rooms import ROOMS

TEXTS = (
    "'; drop table delivered_rows; --",
    '" or 1=1 --',
    "x'); attach 'y.db' as z; --",
    "{{ env_var('IMPORT_RISK_PII_KEY') }}",
    "{% for x in range(3) %}a{% endfor %}",
    "{# comment #}${HOME} %(a)s $1 ? :name",
    "\\'; select 1; /*",
)
ALL = " ".join(TEXTS)


def profile_text(sender: str = "thu") -> str:
    """A profile in which every text is hostile, written by our own writer."""
    columns = {
        "item_description": f"hàng {ALL}",
        "house_waybill_number": "mã'; --",
        "channel": '"; {{ 1 }}',
    }
    return write_toml(
        [ALL],
        {"sender": sender, "title": ALL, "provenance": ALL, "valid_from": dt.date(2026, 1, 1)},
        [
            Section(
                "[[outputs]]",
                {"source": "parcel_manifest", "format": "delimited", "decimal_separator": ".",
                 "keep": [TEXTS[0]]},
            ),
            Section("[outputs.columns]", dict(columns)),
            Section("[outputs.constants]", {"customs_notes": ALL, "warehouse_code": "a'b"}),
            Section("[outputs.codes.channel]", {TEXTS[0]: "express", "{{ 2 }}": "postal"}),
            Section("[outputs.prefix]", {"house_waybill_number": "'{{p}}"}),
        ],
    )  # fmt: skip


def hostile_rows() -> list[dict[str, object]]:
    return [
        {
            "mã'; --": f"HW{number}",
            f"hàng {ALL}": text,
            '"; {{ 1 }}': (TEXTS[0], "{{ 2 }}")[number % 2],
            TEXTS[0]: text,
        }
        for number, text in enumerate(TEXTS)
    ]


def test_values_and_file_names_in_our_own_layout(door: Door) -> None:
    name = f"parcel_manifest {ALL.replace('/', '_')}"[:150] + ".csv"
    rows = [
        {**row, "item_description": text, "seller_id_platform": text, text: text}
        for text, row in zip(TEXTS, parcel_rows(len(TEXTS)), strict=True)
    ]
    for row in rows:
        row |= {text: text for text in TEXTS}  # as column names, too
    (outcome,) = door.deliver(write_csv(door.folder / name, rows))
    assert (outcome.accepted, outcome.quarantined) == (len(TEXTS), 0)
    assert [row["item_description"] for row in door.rows()] == list(TEXTS)
    assert [row["seller_id_platform"] for row in door.rows()] == list(TEXTS)
    assert {name for row in door.rows() for name in json.loads(row["_extra"])} == set(TEXTS)


def test_every_text_of_a_profile(door: Door) -> None:
    door.home.profiles.mkdir(parents=True)
    sender = "o'brien; {{ x }}"
    (door.home.profiles / "thu.toml").write_text(profile_text(sender), encoding="utf-8")
    path = write_csv(door.folder / "f.csv", hostile_rows())
    (outcome,) = door.deliver(path, sender=sender)
    assert (outcome.accepted, outcome.quarantined) == (len(TEXTS), 0)
    rows = door.rows()
    assert [row["item_description"] for row in rows] == list(TEXTS)
    assert {row["customs_notes"] for row in rows} == {ALL}
    assert {row["_sender"] for row in rows} == {sender}
    assert [row["house_waybill_number"] for row in rows] == [
        f"'{{{{p}}}}HW{number}" for number in range(len(TEXTS))
    ]
    assert {row["channel"] for row in rows} == {"express", "postal"}
    assert [json.loads(row["_extra"])[TEXTS[0]] for row in rows] == list(TEXTS)


def test_raw_views_and_the_ledger_tables_hold_texts_as_texts(door: Door, tmp_path: Path) -> None:
    """What dbt reads: the views over raw files and the tables made from the ledger."""
    door.home.profiles.mkdir(parents=True)
    sender = "o'brien; {{ x }}"
    (door.home.profiles / "thu.toml").write_text(profile_text(sender), encoding="utf-8")
    path = write_csv(door.folder / "'; drop schema raw; -- {{ y }}.csv", hostile_rows())
    door.deliver(path, sender=sender)
    database = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(database)) as connection:
        register_raw_views(connection, door.home, DAY, DAY)
        found = connection.execute("select file_name, sender from raw.delivery_outcome").fetchall()
        texts = connection.execute(
            "select item_description from raw.parcel_manifest order by _src_line"
        ).fetchall()
    assert found == [(path.name, sender)]
    assert [text for (text,) in texts] == list(TEXTS)


def test_filters_and_exports(door: Door, tmp_path: Path) -> None:
    rows = [{**row, "channel": "'--{{x}}"} for row in parcel_rows(2)]
    (outcome,) = door.deliver(write_csv(door.folder / "parcel_manifest.csv", rows))
    assert outcome.quarantined == 2
    for text in TEXTS:
        for selection in (
            Selection(reason=text), Selection(sender=text), Selection(source=text),
        ):  # fmt: skip
            assert counts(door.home, selection) == []
        with pytest.raises(UsageError):
            violations(door.home, Selection(delivery=text))
    target = tmp_path / "o'ut {{ x }}; --.csv"
    assert export(door.home, Selection(), target) == 2
    with target.open(encoding="utf-8-sig", newline="") as stream:
        assert [row[-1].lstrip("'") for row in csv.reader(stream)][1:] == ["--{{x}}"] * 2


def test_a_check_of_a_hostile_profile_and_file(door: Door) -> None:
    profile = door.folder / "p'; {{ x }}.toml"
    profile.write_text(profile_text("o'brien"), encoding="utf-8")
    path = write_csv(door.folder / "f'; --{{ y }}.csv", hostile_rows())
    result = check(door.home, load_profile(profile), path, received_date=DAY, rows=len(TEXTS))
    (file,) = result.files
    assert (file.outcome.accepted, len(file.rows)) == (len(TEXTS), len(TEXTS))
    assert not door.home.root.exists()


def test_a_home_whose_path_is_hostile(tmp_path: Path) -> None:
    folder = tmp_path / 'it\'s {{ x }}; -- "q" %s'
    folder.mkdir()
    home = Home(folder / "home")
    rows = parcel_rows(2)
    rows[1]["channel"] = "?"
    path = write_csv(folder / "parcel_manifest.csv", rows)
    (outcome,) = deliver(home, [path], received_date=DAY, key=KEY)
    assert (outcome.accepted, outcome.quarantined) == (1, 1)
    assert len(raw_files(home, "parcel_manifest", DAY, DAY)) == 1
    assert violations(home, Selection()).violations == 1


def test_dbt_is_given_no_variables(project: Path) -> None:
    """`--vars` renders Jinja in the caller's environment: nothing of ours passes it."""
    modules = [path for room in ROOMS for path in (project / room).rglob("*.py")]
    assert any(path.name == "dbt_invocation.py" for path in modules)
    callers = [
        path.name
        for path in modules
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and str(node.value).startswith("--vars")
    ]
    assert callers == []


def test_the_texts_would_act_where_somebody_interpolates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: pasted into SQL they break or run, rendered they give the secret away."""
    with duckdb.connect() as connection:
        connection.execute("create table delivered_rows (a varchar)")
        connection.execute(f"select '{TEXTS[0]}'")
        with pytest.raises(duckdb.CatalogException):
            connection.execute("select * from delivered_rows")
        with pytest.raises(duckdb.Error):
            connection.execute(f"select '{TEXTS[2]}'")
    environment = jinja2.Environment(autoescape=True)
    environment.globals["env_var"] = {"IMPORT_RISK_PII_KEY": "secret"}.get
    assert environment.from_string(ALL).render().count("secret") == 1
