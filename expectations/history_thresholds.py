"""The numbers of rules that look at other days: holidays, senders' own past, freshness, disclosure.

Add here a threshold of such a rule, with source and reason. Keep out: numbers about one delivery or
one day alone (thresholds.py, which also says what a Threshold is), and law (dbt seeds).
"""

import datetime as dt

from expectations.thresholds import Threshold

_PEOPLE = dt.date(2026, 11, 27)  # the release that made gates something people can use
_JUDGEMENT = "project judgement; no operating history yet"

AFTER_HOLIDAY_DAYS = Threshold(
    3,
    "days after the last day off",
    _PEOPLE,
    "offices re-open on the next working day, up to three days later over a weekend",
    "In these days a back-load is expected and the bands are wider. More would blunt the rule for "
    "ordinary days.",
)
AFTER_HOLIDAY_HIGH = Threshold(
    400,
    "percent of the weekday's median",
    _PEOPLE,
    "a Tết of five days off leaves up to five days of parcels; carriers work through part of them",
    "Above it the rule asks. Higher hides a double delivery in the back-load.",
)
AFTER_HOLIDAY_CRITICAL_HIGH = Threshold(
    1_000,
    "percent of the weekday's median",
    _PEOPLE,
    "twice the ordinary limit of 500 percent",
    "Beyond nine closed days' worth of parcels in one day an error is likelier than trade.",
)
DRIFT_DELIVERIES = Threshold(
    10,
    "earlier deliveries of the same sender and source",
    _PEOPLE,
    _JUDGEMENT,
    "Two working weeks: long enough to be steady, short enough to follow a sender's growth.",
)
DRIFT_MINIMUM_DELIVERIES = Threshold(
    3,
    "earlier deliveries of the same sender and source",
    _PEOPLE,
    _JUDGEMENT,
    "With fewer, a sender has no past to be compared with: 'nothing to check'.",
)
DRIFT_MINIMUM_ROWS = Threshold(
    200,
    "rows of a delivery",
    _PEOPLE,
    "with 200 rows, chance alone moves about 5 percent of them between ten equal categories",
    "Smaller deliveries are not profiled: single-declaration files would be nothing but noise.",
)
DRIFT_HISTORY_DAYS = Threshold(
    120,
    "days before the delivery",
    _PEOPLE,
    _JUDGEMENT,
    "Bounds what a run reads. A sender that delivers monthly still has its last three deliveries.",
)
DRIFT_MIX = Threshold(
    30,
    "percent of rows that moved to another category",
    _PEOPLE,
    _JUDGEMENT,
    "Half the sum of the absolute differences of shares: 30 means that three rows in ten are "
    "elsewhere than before. Catches a swapped column or code list; lower asks about campaigns.",
)
DRIFT_MEDIAN_LOW = Threshold(
    40,
    "percent of the median of the earlier deliveries' medians",
    _PEOPLE,
    _JUDGEMENT,
    "Kilograms delivered as pounds are 220 percent, the other way 45: both directions of such a "
    "change of unit, and any factor of ten, must be seen on the high or the low side.",
)
DRIFT_MEDIAN_HIGH = Threshold(
    200,
    "percent of the median of the earlier deliveries' medians",
    _PEOPLE,
    "a pound is 0.45 kilogram: the mistake is a factor of 2.2",
    "Higher lets a change from kilograms to pounds pass.",
)
DISTRIBUTION_DAYS = Threshold(
    28,
    "days before the day",
    _PEOPLE,
    "four of each weekday",
    "Bounds what a run reads, and keeps the week's rhythm out of the comparison.",
)
DISTRIBUTION_MINIMUM_DAYS = Threshold(
    3,
    "earlier days with consignments",
    _PEOPLE,
    _JUDGEMENT,
    "With fewer, the day is not judged: 'nothing to check'.",
)
DISTRIBUTION_MINIMUM_ROWS = Threshold(
    1_000,
    "consignments of the day",
    _PEOPLE,
    "in synthetic weeks lanes moved 7 percent at 1,500 a day and more than 10 at 600, where the "
    "capacity of the offices is most of the day",
    "Smaller days are not judged; chance and capacity say more there than data.",
)
DISTRIBUTION_MOVED = Threshold(
    25,
    "percent of consignments that moved to another band",
    _PEOPLE,
    _JUDGEMENT,
    "Measured like DRIFT_MIX. Narrower than for one sender, because a day has many.",
)
LANES_MOVED = Threshold(
    10,
    "percent of consignments whose lane share moved",
    _PEOPLE,
    "lanes are filled to a fixed capacity per office: their share moves with the volume only",
    "Ten consignments in a hundred more (or fewer) inspected than in the weeks before is a change "
    "of capacity or a defect; either is worth a question.",
)
INDICATOR_DAYS = Threshold(
    7,
    "earlier days with consignments",
    dt.date(2026, 12, 1),
    "a week: every weekday once",
    "With fewer, what rests on Sundays would be missed on the first one.",
)
INDICATOR_EXPECTED = Threshold(
    30,
    "consignments of the day, at the rate of the days before",
    dt.date(2026, 12, 1),
    "what fires at random 30 times a day on average is missing on one day in ten million million",
    "Lower asks about indicators that are rare anyway.",
)
FRESH_WORKING_DAYS = Threshold(
    2,
    "working days between the newest business day and the last day computed",
    _PEOPLE,
    "operators deliver the day by 05:00 of the next",
    "One day late happens; at three days figures of 'today' describe last week.",
)
FRESH_STATE_DAYS = Threshold(
    95,
    "days since anything of the source was received",
    _PEOPLE,
    "market statistics come monthly or quarterly, a quarter has 92 days",
    "Higher lets a source that stopped stay unnoticed for longer.",
)
UNKNOWN_COUNTRY_SHARE = Threshold(
    1,
    "percent of rows that state a country",
    _PEOPLE,
    "the list is complete; a code beyond it is a typing error or another code system",
    "Lower asks about single errors.",
)
UNKNOWN_CURRENCY_SHARE = Threshold(
    1,
    "percent of rows that state a currency",
    _PEOPLE,
    "the list is complete; such a row never gets a value in dong",
    "Lower asks about single errors.",
)
UNKNOWN_PLATFORM_SHARE = Threshold(
    20,
    "percent of rows that name a platform",
    _PEOPLE,
    "platforms beyond the registry are what the warehouse looks for; a flood of new names is more "
    "likely a change of spelling",
    "Lower asks whenever an unregistered platform grows, which other marts show better.",
)
UNKNOWN_HS_SHARE = Threshold(
    5,
    "percent of declaration lines that state an HS code",
    _PEOPLE,
    "declared codes are checked at entry by VNACCS; more than slips means another nomenclature",
    "Lower asks about slips.",
)
SMALL_CELL_CONTRIBUTORS = Threshold(
    5,
    "distinct operators in a cell",
    _PEOPLE,
    "statistics offices use 3 to 5; the stricter end, reliability handbook row 72",
    "The rule counts such cells. What is hidden is decided by disclosure control, whose parameters "
    "are its own.",
)
