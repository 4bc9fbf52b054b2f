"""What the server of warm_python.py loads before it forks: everything that a command imports.

Add here what a command loads late and slowly. Keep out: anything that opens a file of a home,
starts a thread or reads a variable of a home.
"""

import gc

import cli.main
import dagster_project.runner
import expectations.engine
import runs.dbt_invocation
from dagster_project.definitions import defs

LOADED = (cli.main, dagster_project.runner, expectations.engine, runs.dbt_invocation, defs())

gc.collect()
gc.freeze()  # pages that nobody looks through stay shared with the children
