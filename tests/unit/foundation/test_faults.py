"""The README of the fault tests names every fault point, and each is in the code once or more."""

from pathlib import Path

from foundation.faults import POINTS
from tests.support.rooms import ROOMS


def test_every_point_is_listed_and_stands_in_the_code(project: Path) -> None:
    readme = (project / "tests" / "faults" / "README.md").read_text(encoding="utf-8")
    code = "".join(
        path.read_text(encoding="utf-8")
        for folder in ROOMS
        for path in (project / folder).rglob("*.py")
    )
    names = [name for listed in POINTS.values() for name in listed]
    assert len(names) == len(set(names))
    assert [name for name in names if f"`{name}`" not in readme] == []
    assert [name for name in names if f'fault_point("{name}")' not in code] == []
