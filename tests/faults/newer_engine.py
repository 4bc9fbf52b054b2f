"""Opens published files with a newer DuckDB, in a throw-away environment: part of `make faults`.

Row 15: a reader with DuckDB 2.0 must be able to read what we publish. The newer engine is never a
dependency of the product; where the package index has it not, that is said and nothing is claimed.
Add here another engine that reads our files. Keep out: what the product itself uses.
"""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from serving.current import require_current
from tests.support.frozen_home import unpack

NEWER = "2.0.1"
READ = """
import duckdb, sys
tables = rows = 0
for database in sys.argv[1:]:
    with duckdb.connect(database, read_only=True) as connection:
        for schema, table in connection.execute(
                "select schema_name, table_name from duckdb_tables()").fetchall():
            name = f'"{schema}"."{table}"'
            count, _ = connection.execute(
                f"select count(*), bit_xor(hash(t)) from {name} as t").fetchone()
            tables, rows = tables + 1, rows + count
print(f"DuckDB {duckdb.__version__}: {tables} tables, {rows} rows read")
"""


def main() -> int:
    """0 when the files were read or could not be tried, which is printed; 1 when reading failed."""
    with tempfile.TemporaryDirectory(prefix="import-risk-engine-") as folder:
        home, _ = unpack(Path(folder) / "home")
        release = require_current(home)
        files = [str(release.database(audience)) for audience in ("customs", "ministry")]
        venv.create(Path(folder) / "engine", with_pip=True)
        python = str(Path(folder) / "engine" / "bin" / "python")
        install = [python, "-m", "pip", "install", "--quiet", f"duckdb=={NEWER}"]
        if subprocess.run(install, check=False).returncode != 0:
            print(f"NOT TESTED: DuckDB {NEWER} could not be installed here")
            return 0
        for engine in (sys.executable, python):  # the product's own reads as many
            done = subprocess.run([engine, "-c", READ, *files], check=False)
            if done.returncode != 0:
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
