"""The match keys of parties reach their claim on the public set that they were not chosen on."""

import pytest

from benchmarks import identity

FOUND = identity.folder()
installed = pytest.mark.skipif(
    FOUND is None, reason="the public sets are not installed: requirements/identity.txt"
)


@installed
@pytest.mark.slow
def test_the_reported_set_is_linked_purely_and_nearly_whole() -> None:
    result = identity.measure(identity.REPORTED_ON)
    assert result.records == 10_000
    assert result.match_keys.true_pairs == 5_000  # one duplicate of each of 5,000
    assert result.match_keys.precision >= 0.995
    assert result.match_keys.recall >= 0.98
    # Negative control: whole values alone do not reach it.
    assert result.whole_values.recall < 0.98


def test_a_key_of_more_records_than_the_limit_links_none_of_them() -> None:
    limit = identity.FAN_IN_LIMIT

    def pairs(records: int) -> int:
        found = identity.linked((number, "phone", "locker") for number in range(records))
        return len(found.get("phone", ()))

    assert pairs(1) == 0
    assert pairs(2) == 1
    assert pairs(limit) == limit * (limit - 1) // 2
    assert pairs(limit + 1) == 0
