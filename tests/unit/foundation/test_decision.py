"""What a person signs is kept as it reads: nothing empty, endless or unseen."""

import pytest

from foundation.decision import stated
from foundation.errors import UsageError


def test_a_statement_is_kept_without_blanks_around_it() -> None:
    assert stated("--reason", "  Nguyễn Văn Ánh, đội 2 \n") == "Nguyễn Văn Ánh, đội 2"
    assert stated("--reason", "x" * 600) == "x" * 600


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" \t\n", "must say something"),
        ("x" * 601, "601 signs, more than 600"),
        ("An\x1b[2K", r"nobody sees: An\\x1b\[2K"),
        ("An\u202egnud", r"nobody sees: An\\u202egnud"),
        ("one\ntwo", r"nobody sees: one\\x0atwo"),
    ],
)
def test_what_is_no_statement_is_refused_by_its_option(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as refused:
        stated("--signed-by", text)
    assert refused.value.where == "--signed-by"
