"""A small report made by hand, with hostile texts in it."""

import datetime as dt
from decimal import Decimal

from contracts.facts import Words
from reports.impact.model import (
    Chart,
    Column,
    Control,
    Figure,
    Report,
    Section,
    Sentence,
    Table,
)

HOSTILE = '=HYPERLINK("http://x","<script>alert(1)</script>") #image("x") $x$ *b* \\'
TABLE = Table(
    "flows_platform",
    Words("Theo sàn", "By platform"),
    (
        Column("member", Words("Sàn", "Platform")),
        Column("value", Words("Trị giá", "Value"), Words("tỷ đồng", "VND bn")),
    ),
    (
        (Words("Đơn vị ấy", "That one"), Figure(Decimal("1234.56"), 1)),
        (HOSTILE, Figure(Decimal("-0.04"), 1)),
        ("2026-11", None),
    ),
    "impact.fct_flows_monthly",
    Words("Mẫu số.", "Denominator."),
)
EMPTY = Table(
    "nothing", Words("Không", "Nothing"), TABLE.columns, (), "impact.none",
    missing=Words("Chưa có.", "Not out."),
)  # fmt: skip
CHART = Chart(
    "by_platform", "bar", TABLE, "member", "value",
    Sentence(Words("Lớn nhất {most}", "Largest {most}"), {"most": Figure(1234567)}),
)  # fmt: skip


def report() -> Report:
    """Two sections: a chart with its table, and a table without rows."""
    control = Control(
        release_id="r000001-0123abcd",
        run_id="run",
        data_to=dt.date(2026, 11, 15),
        next_release=dt.date(2027, 1, 14),
        days_covered=15,
        days_in_month=30,
        grade="D",
        grade_reason=Sentence(Words("{days} ngày", "{days} days"), {"days": Figure(15)}),
        is_synthetic=True,
    )
    headline = Sentence(
        Words("Tăng {change} %.", "Up {change} %."), {"change": Figure(Decimal("12.345"), 1)}
    )
    return Report(
        dt.date(2026, 11, 1), "internal", "estimate", control, (headline,),
        (
            Section(3, Words("Luồng hàng", "Flows"), (CHART,)),
            Section(4, Words("Khác", "Other"), (EMPTY,)),
        ),
    )  # fmt: skip
