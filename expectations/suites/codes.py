"""Gate 2's look at codes that no list knows, per source: HS, country, currency, office, platform.

A row with such a code stays, in the bucket 'unknown' or with the code as sent; above a share the
figures by that code mislead. Codes that are not stated at all are gate 1's key_codes_stated.
Add here another code. Keep out: numbers, and lists (expectations/lists, the dimensions).
"""

from expectations import history_thresholds as limits
from expectations import thresholds
from expectations.lists.codes import codes_sql
from expectations.rules import Measured, Owner, RowsThatFail, Rule, Suite
from expectations.thresholds import Threshold

_ENOUGH = f"stated_rows >= {thresholds.SHARE_MINIMUM_ROWS}"
_WHAT_VI = "Xem mã nêu trong ví dụ cùng bên gửi; cập nhật danh mục nếu mã là mới."
_WHAT_EN = "Look at the codes in the examples with the sender; update the list if a code is new."


def code_suite() -> Suite:
    """One rule per kind of code; a failing row is a source."""
    return Suite(
        "codes",
        "select source, day, consignment_kind, hs_code, hs_chapter, origin_country_code, "
        "consignor_country_code, currency_code, customs_office_code, platform_code "
        "from core.fct_consignments where is_active and day in (select day from raw.run_day)",
        (
            _rule(
                "hs_codes_known",
                ("mã HS có chương không tồn tại", "an HS code of no known chapter"),
                limits.UNKNOWN_HS_SHARE,
                "risk_management",
                "case when consignment_kind = 'declaration_line' then hs_code end",
                "select hs_chapter as code from core.dim_commodity",
                compared="left(code, 2)",
            ),
            _rule(
                "country_codes_known",
                ("mã nước ngoài danh mục ISO 3166", "a country code beyond ISO 3166"),
                limits.UNKNOWN_COUNTRY_SHARE,
                "ingest_operations",
                "nullif(coalesce(origin_country_code, consignor_country_code), 'unknown')",
                codes_sql("countries"),
            ),
            _rule(
                "currency_codes_known",
                ("mã tiền tệ ngoài danh mục ISO 4217", "a currency code beyond ISO 4217"),
                limits.UNKNOWN_CURRENCY_SHARE,
                "ingest_operations",
                "currency_code",
                codes_sql("currencies"),
            ),
            _rule(
                "offices_known",
                ("mã hải quan ngoài danh mục", "a customs office beyond the list"),
                thresholds.UNKNOWN_OFFICE_SHARE,
                "ingest_operations",
                # Without a loaded list there is nothing to compare with, and the rule says so.
                "case when exists (select 1 from core.dim_office where name_source = 'loaded') "
                "then nullif(customs_office_code, 'unknown') end",
                "select customs_office_code as code from core.dim_office",
            ),
            _rule(
                "platforms_known",
                ("sàn không có trong đăng ký", "a platform that the registry does not know"),
                limits.UNKNOWN_PLATFORM_SHARE,
                "risk_management",
                "nullif(platform_code, 'unstated')",
                "select platform_code as code from core.dim_platform",
            ),
        ),
    )


def _rule(
    rule_id: str,
    named: tuple[str, str],
    limit: Threshold,
    owner: Owner,
    code: str,
    known: str,
    *,
    compared: str = "code",
) -> Rule:
    """code: SQL of the stated code, null when none is. known: select (code). compared: what of the
    stated code is looked up."""
    shares = f"""
        select source, count(*) as stated_rows, count(*) - count(known_code) as unknown_rows,
            min(case when known_code is null then code end) as one_code,
            max(case when known_code is null then code end) as another_code
        from (
            select source, stated.code, listed.code as known_code
            from (select source, {code} as code from subject) as stated
            left join (select distinct code from ({known}) as known_list) as listed
                on {compared.replace("code", "stated.code")} = listed.code
            where stated.code is not null
        ) as looked_up group by source
    """
    return Rule(
        rule_id,
        f"Mỗi nguồn: không quá {limit} % số dòng có {named[0]}",
        f"Per source: at most {limit} % of rows have {named[1]}",
        "warning",
        owner,
        _WHAT_VI,
        _WHAT_EN,
        RowsThatFail(
            f"select * from ({shares}) as shares "
            f"where {_ENOUGH} and unknown_rows * 100 > stated_rows * {limit}"
        ),
        examined_sql=f"select coalesce(sum(stated_rows), 0) from ({shares}) as shares "
        f"where {_ENOUGH}",
        measured=Measured(
            f"select max(unknown_rows * 100 // stated_rows) from ({shares}) as shares "
            f"where {_ENOUGH}",
            "% mã không rõ, nguồn cao nhất",
            "% unknown codes, the highest source",
            high=limit.value,
        ),
    )
