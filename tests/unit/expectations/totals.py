"""Marts of the small warehouse that only add up: the ministry's tables and the reconciliation.

Add here a mart that a rule adds up. Keep out: the marts whose single rows rules look at
(warehouses.py), the spoiling (the test modules).
"""

_AMOUNTS = """customs_value_vnd decimal(38,2), duty_due_vnd decimal(38,2),
    duty_relieved_vnd decimal(38,2), vat_due_vnd decimal(38,2), vat_relieved_vnd decimal(38,2)"""
_CONTRIBUTIONS = """contributor_count bigint, largest_contribution_vnd decimal(38,2),
    second_contribution_vnd decimal(38,2)"""

TABLES = (
    "create schema impact",
    "create schema compliance",
    "create schema reporting",
    f"create table impact.fct_import_flows_daily (day date, consignments bigint, {_AMOUNTS})",
    f"create table compliance.fct_tax_gap_daily (day date, consignments bigint, {_AMOUNTS})",
    f"create table reporting.rpt_daily_summary (day date, consignments bigint, {_AMOUNTS})",
    "create schema intermediate",
    "create table intermediate.int_risk__inspected_consignments (consignment_id varchar, day date)",
    """create table core.fct_inspection_outcomes (inspection_id varchar, finding_type varchar,
        consignment_reference varchar, line_number bigint, consignment_id varchar, result varchar,
        known_day date, sender varchar, source_sha256 varchar, source_line bigint)""",
    "create table compliance.fct_platform_flows (day date, value_vnd decimal(38,2))",
    "create table reporting.rpt_platforms (platform_code varchar)",
    "create table impact.fct_import_flows_monthly (month date, value_vnd decimal(38,2), "
    f"{_CONTRIBUTIONS})",
    "create table impact.fct_flow_contributors_monthly (month date, dimension varchar, "
    "member_code varchar, contributor_role varchar, total_vnd decimal(38,2), "
    f"{_CONTRIBUTIONS}, total_parcel_count bigint, largest_contribution_parcel_count bigint, "
    "second_contribution_parcel_count bigint)",
    "create table impact.fct_flows_monthly (month date, dimension varchar, member_code varchar, "
    "basis varchar)",
    *(
        f"create table {table} (month date, landed_value_vnd decimal(38,2))"
        for table in ("impact.fct_retail_share_monthly", "reporting.rpt_monthly_impact")
    ),
    """create table quality.fct_reconciliation (source_name varchar, day date, raw_rows bigint,
        superseded_rows bigint, set_aside_rows bigint, waiting_rows bigint, moved_out_rows bigint,
        moved_in_rows bigint, current_records bigint, describing_rows bigint,
        consignments bigint)""",
)

_DAYS = "(select distinct day from core.fct_consignments)"
# 240 consignments a day, value 1,000,000 with 12 % duty relieved and 8 % VAT due.
_DAY = "day, 240, 1000000, 0, 120000, 80000, 0"
ROWS = (
    f"insert into impact.fct_import_flows_daily select {_DAY} from {_DAYS}",
    f"insert into compliance.fct_tax_gap_daily select {_DAY} from {_DAYS}",
    f"insert into reporting.rpt_daily_summary select {_DAY} from {_DAYS}",
    "insert into impact.fct_import_flows_monthly values ('2026-11-01', 1000000, 9, 300000, 200000)",
    "insert into impact.fct_flows_monthly values ('2026-11-01', 'total', 'all', 'consignments')",
    *(
        "insert into impact.fct_flow_contributors_monthly values "
        f"('2026-11-01', 'total', 'all', '{role}', 1000000, 9, 300000, 200000, 40, 20, 11)"
        for role in ("platform", "operator", "declarant", "seller", "importer")
    ),
    *(
        f"insert into {table} values ('2026-11-01', 1000000)"
        for table in ("impact.fct_retail_share_monthly", "reporting.rpt_monthly_impact")
    ),
    *(
        f"insert into quality.fct_reconciliation select '{source}', day, 120, 0, 0, 0, 0, 0, 120, "
        f"{'120, 0' if source == 'low_value_declaration' else '0, 120'} from {_DAYS}"
        for source in ("parcel_manifest", "customs_declaration", "low_value_declaration")
    ),
)

# (inspection, reference, line, id by its own form, result, id of the consignment linked to it)
_RESULTS = (
    ("I1", "H1", "null", "P-H1", "no_finding", "P-H1"),
    ("I2", "H2", "null", "P-H2", "finding", "L-H2"),
    ("I3", "D3", "4", "D-D3-4", "finding", "D-D3-4"),
    ("I4", "D4", "null", "P-D4", "no_finding", "D-D4-1"),
    ("I5", "H5", "null", "P-H5", "pending", None),
)
ROWS = (
    *ROWS,
    *(
        "insert into core.fct_inspection_outcomes values "
        f"('{name}', 'none', '{reference}', {line}, '{own}', '{result}', '2026-11-03', 'sender', "
        "'outcomes', 2)"
        for name, reference, line, own, result, _ in _RESULTS
    ),
    *(
        "insert into intermediate.int_risk__inspected_consignments values "
        f"('{linked}', '2026-11-03')"
        for *_, linked in _RESULTS
        if linked is not None
    ),
)

# What the models would count after raw rows were changed: for a spoiling of something else.
RECOUNTED = (
    "delete from quality.fct_reconciliation",
    *(
        f"insert into quality.fct_reconciliation select '{source}', day, count(*), 0, 0, 0, 0, 0, "
        f"count(*), 0, 0 from raw.{source} group by day"
        for source in ("parcel_manifest", "customs_declaration", "low_value_declaration")
    ),
)
