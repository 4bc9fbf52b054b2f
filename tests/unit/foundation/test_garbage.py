"""The search for cycles is spared, and what others keep out of it stays out."""

import gc

import pytest

from foundation.garbage import no_search_for_cycles


@pytest.fixture
def frozen() -> int:
    """Some objects are kept out of the search, as in a process that shares its pages."""
    gc.freeze()
    return gc.get_freeze_count()


def test_what_is_kept_out_of_the_search_stays_out(frozen: int) -> None:
    with no_search_for_cycles():
        assert not gc.isenabled()
    # Some of them may be released by then; none comes back into the search.
    assert gc.get_freeze_count() > frozen / 2
    assert gc.isenabled()


def test_where_nothing_was_kept_out_nothing_is_afterwards() -> None:
    gc.unfreeze()
    try:
        with no_search_for_cycles():
            pass
        assert gc.get_freeze_count() == 0
    finally:
        gc.freeze()  # as tests/conftest.py left it


def test_a_search_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with no_search_for_cycles():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
