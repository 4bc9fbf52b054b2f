"""Whatever a text holds, a written profile says exactly what was decided and nothing more."""

import datetime as dt
import tomllib

from hypothesis import given
from hypothesis import strategies as st

from ingest.senders.profile_text import Section, write_toml

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(keys=st.dictionaries(TEXTS, TEXTS, max_size=5), notes=st.lists(st.text(max_size=200)))
def test_texts_come_back_unchanged_and_notes_stay_comments(
    keys: dict[str, str], notes: list[str]
) -> None:
    text = write_toml(notes, {"top": "x"}, [Section("[[outputs]]", dict(keys), notes)])
    assert tomllib.loads(text) == {"top": "x", "outputs": [keys]}


def test_every_kind_of_value() -> None:
    section = Section("[calendar]", {"weekdays": ["mon", 'a"b'], "required": True, "header_row": 3})
    text = write_toml([], {"valid_from": dt.date(2026, 1, 31)}, [section])
    assert tomllib.loads(text) == {
        "valid_from": dt.date(2026, 1, 31),
        "calendar": {"weekdays": ["mon", 'a"b'], "required": True, "header_row": 3},
    }


def test_a_text_cannot_open_a_table_or_run_a_template() -> None:
    hostile = 'x"\n[outputs.constants]\ncurrency_code = "USD" # {{ env_var(\'A\') }}'
    document = tomllib.loads(write_toml([hostile], {"title": hostile}, []))
    assert document == {"title": hostile}
