"""The shape of quality.fct_gate_results: the gates fill it, a release publishes it.

Add here a column that whoever reads a gate's answers must see. Keep out: rules and their evaluation
(expectations/), how the table is written (serving/).
"""

# (column, SQL type) in file order; the keys of expectations.verdict.Verdict.rows().
GATE_RESULT_COLUMNS: tuple[tuple[str, str], ...] = (
    ("gate", "VARCHAR"),
    ("suite", "VARCHAR"),
    ("rule_id", "VARCHAR"),
    ("severity", "VARCHAR"),
    ("passed", "BOOLEAN"),
    ("outcome", "VARCHAR"),
    ("observed", "VARCHAR"),
    ("examined_count", "BIGINT"),
    ("failing_count", "BIGINT"),
    ("examples_json", "VARCHAR"),
    ("waivers_json", "VARCHAR"),
    ("title_vi", "VARCHAR"),
    ("title_en", "VARCHAR"),
    ("owner", "VARCHAR"),
    ("what_to_do_vi", "VARCHAR"),
    ("what_to_do_en", "VARCHAR"),
)
