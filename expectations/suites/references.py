"""Gate 1's look at reference data: is each list there, recent, and still the one it was?

Add here a question about the editions of reference data. Keep out: how long an edition serves and
who owns it (ingest/reference/catalogue.py says so; raw.reference_version carries it), and the rows
of the lists (dbt tests).
"""

from expectations.rules import RowsThatFail, Rule, Suite

_LOAD_VI = "Hỏi bộ phận phụ trách nêu trong ví dụ; nạp ấn bản mới (import-risk reference load)."
_LOAD_EN = "Ask the owner named in the examples; load the edition (import-risk reference load)."
_NAMED = "kind, file_name, owner"


def reference_suite() -> Suite:
    """One row per kind and edition; a kind that was never loaded has a row without a hash."""
    return Suite(
        "references",
        "select * from raw.reference_version",
        (
            _rule(
                "reference_loaded",
                "Mọi danh mục tham chiếu mà mô hình đọc đã được nạp",
                "Every reference list that the models read is loaded",
                f"select {_NAMED} from subject where sha256 is null",
                "select count(distinct kind) from subject",
            ),
            _rule(
                "reference_current",
                "Ấn bản đang dùng không quá hạn và không có ngày sau các ngày được tính",
                "The edition in use has not run out and is not dated after the days computed",
                f"select {_NAMED}, as_of_date, used_from, used_to from subject "
                "where as_of_date > used_to "
                "or as_of_date + cast(edition_days as integer) < used_from",
                "select count(*) from subject where used_to is not null",
            ),
            _rule(
                "reference_not_replaced",
                "Ấn bản đang dùng không thay một ấn bản khác cùng ngày (số liệu cũ sẽ đổi)",
                "The edition in use replaced no other of its date (past figures would change)",
                f"select {_NAMED}, as_of_date, sha256, replaced_sha256 from subject "
                "where used_to is not null and replaced_sha256 is not null",
                "select count(*) from subject where used_to is not null",
            ),
        ),
    )


def _rule(rule_id: str, title_vi: str, title_en: str, failing: str, examined: str) -> Rule:
    # A warning: without a list the models fall back on seeds or on the bucket 'unknown', visibly.
    return Rule(
        rule_id,
        title_vi,
        title_en,
        "warning",
        "ingest_operations",
        _LOAD_VI,
        _LOAD_EN,
        RowsThatFail(failing),
        examined_sql=examined,
    )
