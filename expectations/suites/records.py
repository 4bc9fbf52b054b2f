"""Gate 2's look at records that came more than once: contradictions, and senders who disagree.

Add here a question about record versions. Keep out: how a version is chosen (dbt), numbers
(thresholds.py), and the count of consignments (reconciliation.py).
"""

from expectations import thresholds as limits
from expectations.rules import RowsThatFail, Rule, Suite

_WINDOW = "in (select day from raw.run_day)"
_ASK_VI = "Xem hai dòng nêu trong quality.fct_record_conflicts và hỏi bên gửi dòng nào đúng."
_ASK_EN = "Look at both lines in quality.fct_record_conflicts and ask the sender which is right."
# source -> when raw row `twin` is of the same record as raw row `own`. An amendment may have come
# under the sender's reference instead of the declaration's number.
_SAME_RECORD = {
    "parcel_manifest": "twin.house_waybill_number = own.house_waybill_number",
    "low_value_declaration": "twin.house_waybill_number = own.house_waybill_number",
    "customs_declaration": "(twin.line_number = own.line_number "
    "or (twin.statement_scope = 'declaration' and own.statement_scope = 'declaration')) "
    "and (twin.declaration_number = own.declaration_number "
    "or twin.local_reference_number = own.local_reference_number "
    "or twin.local_reference_number = own.declaration_number "
    "or twin.declaration_number = own.local_reference_number)",
}


def record_suite() -> Suite:
    """Conflicts are shown, bounded, and real."""
    rows = " union all ".join(
        f"select '{source}' as source_name, count(*) as raw_rows from raw.{source} "
        f"where day {_WINDOW}"
        for source in _SAME_RECORD
    )
    aside = (
        "select source_name, count(*) as set_aside_rows from quality.fct_record_versions "
        f"where fate = 'set_aside' and day {_WINDOW} group by source_name"
    )
    shares = (
        f"select source_name, raw_rows, coalesce(set_aside_rows, 0) as set_aside_rows from ({rows})"
        f" as delivered left join ({aside}) as aside using (source_name)"
    )
    enough = f"raw_rows >= {limits.SHARE_MINIMUM_ROWS}"
    return Suite(
        "records",
        f"select * from quality.fct_record_conflicts where day {_WINDOW}",
        (
            Rule(
                "no_contradiction_open",
                "Không có hai dòng mâu thuẫn cùng phiên bản còn để ngỏ",
                "No two rows of one version contradict each other unresolved",
                "warning",
                "ingest_operations",
                _ASK_VI,
                _ASK_EN,
                RowsThatFail(
                    "select source_name, record_key, day, sender, differing_columns, "
                    "source_sha256, source_line, other_source_sha256, other_source_line "
                    "from subject where conflict_kind = 'same_version' "
                    "and resolution <> 'later_version'"
                ),
            ),
            Rule(
                "senders_agree",
                "Hai bên gửi cùng một bản ghi nói như nhau",
                "Two senders of one record say the same",
                "warning",
                "ingest_operations",
                _ASK_VI,
                _ASK_EN,
                RowsThatFail(
                    "select source_name, record_key, day, resolution, sender, other_sender, "
                    "differing_columns, source_sha256, source_line, other_source_sha256, "
                    "other_source_line from subject where conflict_kind = 'between_senders'"
                ),
            ),
            Rule(
                "set_aside_share_bearable",
                f"Không quá {limits.SET_ASIDE_SHARE_CRITICAL} % số dòng của nguồn bị để riêng",
                f"At most {limits.SET_ASIDE_SHARE_CRITICAL} % of a source's rows are set aside",
                "critical",
                "ingest_operations",
                _ASK_VI,
                _ASK_EN,
                RowsThatFail(
                    f"select source_name, raw_rows, set_aside_rows from ({shares}) as shares "
                    f"where {enough} and set_aside_rows * 100 > raw_rows * "
                    f"{limits.SET_ASIDE_SHARE_CRITICAL}"
                ),
                examined_sql=f"select count(*) from ({shares}) as shares where {enough}",
            ),
            Rule(
                "set_aside_rows_contradict",
                "Mỗi dòng để riêng có một dòng thô khác cùng khóa, bên gửi, phiên bản",
                "Every row set aside has another raw row of its key, sender and version",
                "critical",
                "data_engineering",
                "Lỗi của mô hình: không công bố, báo bộ phận kỹ thuật dữ liệu.",
                "A defect of the models: do not publish, call data engineering.",
                RowsThatFail(" union all ".join(_unlike(source) for source in _SAME_RECORD)),
                examined_sql="select count(*) from quality.fct_record_versions "
                f"where fate = 'set_aside' and day {_WINDOW}",
            ),
        ),
    )


def _unlike(source: str) -> str:
    """Rows set aside though raw holds no other row of the same record, sender and version."""
    return (
        f"select '{source}' as source_name, record_key, own._src_sha, own._src_line from ("
        "select raw_row.*, aside.record_key from (select distinct record_key, source_sha256, "
        f"source_line from quality.fct_record_versions where fate = 'set_aside' "
        f"and source_name = '{source}' and day {_WINDOW}) as aside "
        f"inner join raw.{source} as raw_row on aside.source_sha256 = raw_row._src_sha "
        "and aside.source_line = raw_row._src_line) as own "
        f"where not exists (select 1 from raw.{source} as twin where {_SAME_RECORD[source]} "
        "and twin._sender is not distinct from own._sender "
        "and coalesce(twin.version_number, 1) = coalesce(own.version_number, 1) "
        "and (twin._src_sha <> own._src_sha or twin._src_line <> own._src_line))"
    )
