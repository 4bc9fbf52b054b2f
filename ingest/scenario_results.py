"""Results of scenarios that this home holds, as a raw table.

Defines: `SCENARIO_RESULT`, `table`. Add here another figure of a result. Keep out: how a result is
computed (runs/scenario/), who reads it (dbt).
"""

from pathlib import Path

from ingest.readers.base import literal
from ingest.reference.raw_tables import Columns, empty

_OF_THE_FILE: Columns = (
    ("scenario_name", "VARCHAR"),
    ("title_vi", "VARCHAR"),
    ("title_en", "VARCHAR"),
    ("from_day", "DATE"),
    ("to_day", "DATE"),
    ("draws", "BIGINT"),
    ("seed", "BIGINT"),
)
_MONEY = (
    "customs_value_vnd", "duty_before_vnd", "vat_before_vnd", "tax_before_vnd", "duty_after_vnd",
    "vat_after_vnd", "tax_after_vnd", "tax_change_vnd",
)  # fmt: skip
_ENDS = ("mean", "low", "high")
_OF_A_ROW: Columns = (
    ("dimension", "VARCHAR"),
    ("member_code", "VARCHAR"),
    ("consignments", "BIGINT"),
    ("affected_consignments", "BIGINT"),
    *((name, "DECIMAL(38,2)") for name in _MONEY),
    *((f"import_value_change_percent_{end}", "DECIMAL(18,4)") for end in _ENDS),
    *((f"tax_after_response_vnd_{end}", "DECIMAL(38,2)") for end in _ENDS),
    *((f"domestic_sales_change_vnd_{end}", "DECIMAL(38,2)") for end in _ENDS),
)
SCENARIO_RESULT: Columns = (*_OF_THE_FILE, *_OF_A_ROW)


def table(folder: Path) -> str:
    """The rest of the `create` statement of raw.scenario_result: every result in the folder."""
    files = sorted(folder.glob("*.json"))
    if not files:
        return f"table raw.scenario_result as {empty(SCENARIO_RESULT)}"
    listed = ", ".join(literal(str(file)) for file in files)
    row = ", ".join(f"{name} {sql_type}" for name, sql_type in _OF_A_ROW)
    stated = ", ".join(f"{name}: {literal(sql_type)}" for name, sql_type in _OF_THE_FILE)
    names = ", ".join(name for name, _ in _OF_THE_FILE)
    return (
        f"table raw.scenario_result as select {names}, member.* from (select {names}, "
        f'unnest("rows") as member from read_json([{listed}], columns = {{{stated}, '
        f"\"rows\": 'STRUCT({row})[]'}})) order by scenario_name, member.dimension, "
        "member.member_code"
    )
