"""How to spoil totals, codes, distributions and disclosure; test_gate2_rules.py runs the cases.

Add here the biting case of a rule of those suites. Keep out: assertions.
"""

FACT = "core.fct_consignments"
ONE_FACT = f"consignment_id = (select min(consignment_id) from {FACT})"

# (suite, rule) -> (statements, failing rows, rules of the whole gate that must fail with it)
Cases = dict[tuple[str, str], tuple[tuple[str, ...], int, tuple[tuple[str, str], ...]]]

CASES: Cases = {
    ("reconciliation", "staging_accounts_for_raw"): (
        (
            "update quality.fct_reconciliation set raw_rows = 119 "
            "where source_name = 'parcel_manifest' and day = '2026-11-03'",
            "update quality.fct_reconciliation set current_records = 121 "
            "where source_name = 'customs_declaration' and day = '2026-11-03'",
        ),
        2,
        (),
    ),
    # One kilogram more in core than in the row it names; one hundredth in value on 120 rows is
    # rounding (half a hundredth a row are 0.60), a whole unit is not.
    ("reconciliation", "core_keeps_delivered_amounts"): (
        (
            f"update {FACT} set gross_weight_kg = 1 where {ONE_FACT}",
            f"update {FACT} set declared_value = declared_value + 0.01 "
            "where consignment_id = 'P-H2026-11-03-7'",
            f"update {FACT} set declared_value = declared_value + 1 "
            "where consignment_id = 'P-H2026-11-04-7'",
        ),
        2,
        (),
    ),
    # One dong more in one mart; a day that one mart does not have.
    ("reconciliation", "marts_agree"): (
        (
            "update compliance.fct_tax_gap_daily set vat_due_vnd = 80001 where day = '2026-11-03'",
            "delete from reporting.rpt_daily_summary where day = '2026-11-04'",
        ),
        2,
        (),
    ),
    # 43 of 840 lines are 5.1 %.
    ("codes", "hs_codes_known"): (
        (
            f"update {FACT} set hs_code = '99999999' where consignment_kind = 'declaration_line' "
            "and (source_line <= 6 or (source_line = 7 and day = '2026-11-02'))",
        ),
        1,
        (),
    ),
    # 14 of 840 rows are 1.7 %, 7 are 0.8 %.
    ("codes", "country_codes_known"): (
        (
            f"update {FACT} set consignor_country_code = 'UK' where source_line <= 2 "
            "and consignment_kind = 'parcel'",
            f"update {FACT} set origin_country_code = 'UK' where source_line <= 1 "
            "and consignment_kind = 'declaration_line'",
        ),
        1,
        (),
    ),
    ("codes", "currency_codes_known"): (
        (
            f"update {FACT} set currency_code = 'RMB' where source_line <= 2 "
            "and consignment_kind = 'parcel'",
        ),
        1,
        (),
    ),
    ("codes", "offices_known"): (
        (f"update {FACT} set customs_office_code = '99ZZ' where source_line <= 7",),
        2,
        (),
    ),
    # 25 of 120 parcels a day are 20.8 %; declaration lines name no platform.
    ("codes", "platforms_known"): (
        (
            f"update {FACT} set platform_code = 'omega' where source_line <= 25 "
            "and consignment_kind = 'parcel'",
        ),
        1,
        (),
    ),
    # 770 of 1,000 in one band where 500 were: 27 % moved, and 11 % for lanes.
    **{
        ("distributions", f"{field}_distribution_steady"): (
            (
                f"update pipeline.day_profile set amount = {more} where field = '{field}' "
                "and category = '16' and day = '2026-11-05'",
                f"update pipeline.day_profile set amount = {1000 - more} where field = '{field}' "
                "and category = '17' and day = '2026-11-05'",
            ),
            1,
            (),
        )
        for field, more in (("value", 770), ("weight", 770), ("score", 770), ("lane", 612))
    },
    # Each way of linking is lost once, one by the day; a result of another run's day is not asked.
    ("inspections", "outcome_has_consignment"): (
        (
            "update intermediate.int_risk__inspected_consignments set consignment_id = "
            "replace(consignment_id, 'H', 'X') where consignment_id in ('P-H1', 'L-H2')",
            "update intermediate.int_risk__inspected_consignments set consignment_id = 'D-D3-5' "
            "where consignment_id = 'D-D3-4'",
            "update intermediate.int_risk__inspected_consignments set consignment_id = 'D-D41-1' "
            "where consignment_id = 'D-D4-1'",
            "insert into core.fct_inspection_outcomes values ('I6', 'none', 'H6', null, 'P-H6', "
            "'finding', '2026-10-03', 'sender', 'outcomes', 2)",
        ),
        4,
        (),
    ),
    # Of both, the one that is to be expected 29 times a day may fall silent.
    ("distributions", "indicators_present"): (
        ("delete from pipeline.day_profile where field = 'indicator' and day = '2026-11-05'",),
        1,
        (),
    ),
    ("disclosure", "no_private_column"): (
        (
            "alter table core.dim_office add column consignee_phone_token varchar",
            "alter table core.dim_office add column operator_code varchar",
            "alter table core.dim_office add column operator_count bigint",
            "alter table core.dim_province add column second_contribution_vnd bigint",
        ),
        4,
        (),
    ),
    ("disclosure", "contributors_counted"): (
        (
            "delete from impact.fct_flow_contributors_monthly where contributor_role = 'seller'",
            "insert into impact.fct_flows_monthly values "
            "('2026-11-01', 'hs2', '61', 'consignments'), "
            "('2026-11-01', 'hs2', '62', 'delivered')",
        ),
        2,
        (),
    ),
    # More than the whole; a second contribution above the first.
    ("disclosure", "contributions_plausible"): (
        (
            "update impact.fct_import_flows_monthly set largest_contribution_vnd = 800001",
            "update impact.fct_flow_contributors_monthly set second_contribution_vnd = 300001 "
            "where contributor_role = 'seller'",
            "update impact.fct_flow_contributors_monthly set "
            "largest_contribution_parcel_count = 30 where contributor_role = 'importer'",
        ),
        3,
        (),
    ),
    ("disclosure", "small_cells_none"): (
        ("update impact.fct_import_flows_monthly set contributor_count = 4",),
        1,
        (),
    ),
}
