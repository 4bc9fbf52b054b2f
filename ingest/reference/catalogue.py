"""The kinds of reference data: which file, which columns, which key, whose licence, which date.

Add here a kind of reference data (README.md says how). Keep out: the loading (load.py) and any
reading of a value as law (dbt seeds): a cell that is no plain number stays text.

Dates, licences and origins are those stated by the collection the files come from. "none stated"
means its source names no licence: such a file may be loaded on a site, never shipped with the code.
"""

import datetime as dt
from dataclasses import dataclass
from types import MappingProxyType

from contracts.shared_fields import MAXIMUM_DUTY_RATE

NO_LICENCE = "none stated"


@dataclass(frozen=True)
class Column:
    """One loaded column. expression: DuckDB SQL over the file's columns, all of them VARCHAR.

    in_raw: whether the kind's table in schema raw shows it; the Parquet always has it.
    """

    name: str
    sql_type: str
    expression: str
    in_raw: bool = True


def _text(name: str, column: str, *, in_raw: bool = True) -> Column:
    """A text cell without outer blanks; null when empty."""
    return Column(name, "VARCHAR", f"""nullif(trim("{column}"), '')""", in_raw)


def _rate(name: str, column: str) -> Column:
    """A percentage; null when the cell is anything but a plain number."""
    return Column(name, "DECIMAL(9,3)", f'try_cast(trim("{column}") as decimal(9,3))')


def _remark(name: str, column: str, *, in_raw: bool = True) -> Column:
    """The cell as written, only where `_rate` can make no number of it."""
    cell = f"""nullif(trim("{column}"), '')"""
    is_text = f"try_cast({cell} as decimal(9,3)) is null"
    return Column(name, "VARCHAR", f"case when {is_text} then {cell} end", in_raw)


@dataclass(frozen=True)
class ReferenceKind:
    """One kind of reference data.

    file_name: of the file as collected. required: header names it must have. is_valid: SQL over
    the loaded columns; other rows are counted as rejected. key: columns by which raw keeps one row,
    the first in file order. raw_table: table of schema raw fed from it, None when nothing reads it
    yet. as_of, licence, provenance: of the file with that name. owner: the role that asks for the
    next edition. read_by_day: the columns on which figures of a day rest; such a kind is read with
    the edition of each day, any other one as of the last day held (names). edition_days: how long
    one serves before somebody should ask.
    """

    kind: str
    file_name: str
    required: tuple[str, ...]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    is_valid: str
    as_of: dt.date
    licence: str
    provenance: str
    raw_table: str | None = None
    owner: str = "data_engineering"
    read_by_day: tuple[str, ...] = ()
    edition_days: int = 400  # a year and a month: most lists change with the year


_VN_TARIFF = ReferenceKind(
    kind="vn_tariff",
    file_name="vn_tariff_hs8_2026-01.csv",
    required=("hs8", "desc_vi", "desc_en", "mfn", "acfta"),
    columns=(
        _text("hs8", "hs8"),
        _text("description_vi", "desc_vi"),
        _text("description_en", "desc_en"),
        _rate("mfn_rate_percent", "mfn"),
        _remark("mfn_text", "mfn"),
        _rate("acfta_rate_percent", "acfta"),
        _remark("acfta_text", "acfta", in_raw=False),
    ),
    key=("hs8",),
    # A rate beyond what a declaration may state is a typing error; a cell without one is text.
    is_valid="regexp_full_match(hs8, '[0-9]{8}') "
    f"and coalesce(mfn_rate_percent between 0 and {MAXIMUM_DUTY_RATE}, true) "
    f"and coalesce(acfta_rate_percent between 0 and {MAXIMUM_DUTY_RATE}, true)",
    as_of=dt.date(2026, 1, 1),
    licence=NO_LICENCE,
    provenance="quyphong91/tariffvn @719d076, public/data/Tariff.xlsx",
    raw_table="reference_tariff",
    read_by_day=("hs8", "mfn_rate_percent"),
    owner="customs_valuation",
)
_SPECIALISED_PROCEDURES = ReferenceKind(
    kind="specialised_procedures",
    file_name="vn_specialised_procedures_hs8_2026-01.csv",
    required=("hs8", "procedures_vi"),
    columns=(_text("hs8", "hs8"), _text("procedures_vi", "procedures_vi")),
    key=("hs8",),
    is_valid="regexp_full_match(hs8, '[0-9]{8}') and procedures_vi is not null",
    as_of=dt.date(2026, 1, 1),
    licence=NO_LICENCE,
    provenance="quyphong91/tariffvn @719d076, public/data/Specialised_procedures.xlsx",
    raw_table="reference_specialised_procedure",
    owner="risk_management",
)
_CUSTOMS_OFFICES = ReferenceKind(
    kind="customs_offices",
    file_name="vn_customs_offices_2020.csv",
    required=("office_code", "office_name_vi", "department_code", "is_express_or_postal"),
    columns=(
        _text("customs_office_code", "office_code"),
        _text("name_vi", "office_name_vi"),
        _text("department_code", "department_code"),
        Column(
            "is_express_or_postal",
            "BOOLEAN",
            "case trim(is_express_or_postal) when '1' then true when '0' then false end",
        ),
    ),
    key=("customs_office_code",),
    is_valid="customs_office_code is not null and is_express_or_postal is not null",
    as_of=dt.date(2020, 10, 1),
    licence=NO_LICENCE,
    provenance="phongtn2010/MARDJAVA @f709dc5, National Single Window form tokhai.jsp",
    raw_table="reference_customs_office",
    owner="ingest_operations",
)
_PROVINCES = ReferenceKind(
    kind="provinces",
    file_name="vn_provinces_63_to_34.csv",
    required=("old_code", "old_name_vi", "cccd_prefix", "new_code_2025", "new_name_vi"),
    columns=(
        _text("old_province_code", "old_code"),
        _text("old_name_vi", "old_name_vi"),
        _text("personal_id_prefix", "cccd_prefix", in_raw=False),
        _text("province_code", "new_code_2025"),
        _text("name_vi", "new_name_vi"),
    ),
    key=("old_province_code",),
    is_valid="old_province_code is not null and province_code is not null",
    as_of=dt.date(2025, 7, 1),
    licence="MIT",
    provenance="ThangLeQuoc/vietnamese-provinces-database @fac6308 and @cd58063; "
    "mapping by Resolution 202/2025/QH15",
    raw_table="reference_province",
    owner="ingest_operations",
    edition_days=1_830,  # five years: reforms are rare and announced
)
_HS_CODES = ReferenceKind(
    kind="hs_codes",
    file_name="harmonized-system.csv",
    required=("hscode", "description", "parent", "level"),
    columns=(
        _text("hs_code", "hscode"),
        _text("description_en", "description"),
        # A chapter's parent is written TOTAL: it has none.
        Column(
            "parent_code",
            "VARCHAR",
            "case when regexp_full_match(trim(parent), '[0-9]+') then trim(parent) end",
        ),
        Column("level", "INTEGER", "try_cast(trim(level) as integer)"),
    ),
    key=("hs_code",),
    is_valid="regexp_full_match(hs_code, '[0-9]+') and level = length(hs_code)",
    as_of=dt.date(2022, 1, 1),
    licence="ODC-PDDL-1.0",
    provenance="datasets/harmonized-system @905e5a0, data/ (HS 2022)",
    raw_table="reference_hs_code",
    owner="customs_valuation",
    edition_days=2_200,  # six years: the nomenclature changes every five or six
)
_COUNTRIES = ReferenceKind(
    kind="countries",
    file_name="iso-country-codes.csv",
    required=(
        "ISO3166-1-Alpha-2",
        "ISO3166-1-Alpha-3",
        "official_name_en",
        "ISO4217-currency_alphabetic_code",
    ),
    columns=(
        _text("country_code", "ISO3166-1-Alpha-2"),
        _text("country_code_alpha3", "ISO3166-1-Alpha-3"),
        _text("name_en", "official_name_en"),
        _text("currency_codes", "ISO4217-currency_alphabetic_code"),
    ),
    key=("country_code",),
    is_valid="regexp_full_match(country_code, '[A-Z]{2}')",
    as_of=dt.date(2026, 5, 1),
    licence="ODC-PDDL-1.0",
    provenance="datasets/country-codes @caa72d1, data/country-codes.csv",
)
_WARDS = ReferenceKind(
    kind="wards",
    file_name="vn_wards_2026-07.csv",
    required=("province_code", "province_name", "ward_code", "ward_name"),
    columns=(
        _text("ward_code", "ward_code"),
        _text("name_vi", "ward_name"),
        _text("province_code", "province_code"),
        _text("province_name_vi", "province_name"),
    ),
    key=("ward_code",),
    is_valid="ward_code is not null and province_code is not null",
    as_of=dt.date(2026, 7, 25),
    licence="MIT",
    provenance="thanglequoc/vietnamese-provinces-database @cd58063, units of 2026-07-25",
)
_HS_ISIC3 = ReferenceKind(
    kind="hs_isic3",
    file_name="hs2022_to_isic3.csv",
    required=("HS6_6d", "ISIC3_4d"),
    columns=(_text("hs6", "HS6_6d"), _text("isic3_class", "ISIC3_4d")),
    key=("hs6",),
    is_valid="regexp_full_match(hs6, '[0-9]{6}') and isic3_class is not null",
    as_of=dt.date(2023, 1, 1),
    licence="MIT",
    provenance="insongkim/concordance @201c812 (package 2.1.0), hs6_isic3",
)
_HS_ISIC4 = ReferenceKind(
    kind="hs_isic4",
    file_name="hs6_to_isic4.csv",
    required=("HS_6d", "ISIC4_4d"),
    columns=(_text("hs6", "HS_6d"), _text("isic4_class", "ISIC4_4d")),
    key=("hs6", "isic4_class"),
    is_valid="regexp_full_match(hs6, '[0-9]{6}') and isic4_class is not null",
    as_of=dt.date(2023, 1, 1),
    licence="MIT",
    provenance="insongkim/concordance @201c812 (package 2.1.0), hs_isic4; many to many",
)

KINDS: MappingProxyType[str, ReferenceKind] = MappingProxyType(
    {
        kind.kind: kind
        for kind in (
            _VN_TARIFF,
            _SPECIALISED_PROCEDURES,
            _CUSTOMS_OFFICES,
            _PROVINCES,
            _HS_CODES,
            _COUNTRIES,
            _WARDS,
            _HS_ISIC3,
            _HS_ISIC4,
        )
    }
)


def kind_of_file(file_name: str) -> ReferenceKind | None:
    """The kind whose collected file has this name, None for any other file."""
    return next((kind for kind in KINDS.values() if kind.file_name == file_name), None)
