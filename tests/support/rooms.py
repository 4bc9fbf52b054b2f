"""The rooms of the product and their floors: the table that tests hold the code against.

Add here a room, with its floor. Keep out: which package pyproject.toml ships (a test compares).
"""

import ast

# From top to ground. A room imports only rooms of lower floors; of a neighbour nothing.
FLOORS = (
    ("cli",),
    ("dagster_project",),
    ("recovery",),
    ("runs",),
    ("ingest", "expectations", "serving", "reports", "notices", "scoring", "scenarios"),
    ("ledger", "synthetic"),
    ("contracts", "disclosure"),
    ("foundation",),
)
ROOMS = tuple(room for floor in FLOORS for room in floor)

# Frameworks that one room alone may know.
FRAMEWORKS = {
    "dagster": {"dagster_project"},
    "dagster_dbt": {"dagster_project"},
    "dagster_shared": {"dagster_project"},
    "dbt": {"runs"},
    "dbt_common": {"runs"},
    "great_expectations": {"expectations"},
    "lightgbm": {"scoring"},
    "scipy": {"disclosure", "scenarios", "scoring"},
}


def below(room: str) -> set[str]:
    """The rooms that `room` may import."""
    floor = next(number for number, rooms in enumerate(FLOORS) if room in rooms)
    return {lower for rooms in FLOORS[floor + 1 :] for lower in rooms}


def imports_of(source: str) -> set[str]:
    """Top-level names that a module imports, at any depth of nesting."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return names
