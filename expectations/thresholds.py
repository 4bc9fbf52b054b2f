"""Every number a gate compares with: value, unit, when and why it was chosen.

Add here a threshold before using it in a suite. Keep out: law (dbt seeds) and anything a model
computes. All values are whole numbers, so that a comparison never rests on a rounded double.
"""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Threshold:
    """One limit. source: who or what it rests on. reason: why this, and what moving it does."""

    value: int
    unit: str
    decided_on: dt.date
    source: str
    reason: str

    def __str__(self) -> str:
        return str(self.value)


_FIRST_RELEASE = dt.date(2026, 11, 21)
_DELIVERIES = dt.date(2026, 11, 22)  # the release that made deliveries dependable
_JUDGEMENT = "project judgement; no operating history yet"

QUARANTINED_SHARE_CRITICAL = Threshold(
    20,
    "percent of a delivery's rows",
    _FIRST_RELEASE,
    _JUDGEMENT,
    "Meant to catch a changed layout, which quarantines most rows, not typing errors. Higher "
    "loads a broken file; lower blocks a day for one careless sender.",
)
QUARANTINED_ROWS_CRITICAL = Threshold(
    20,
    "rows",
    _FIRST_RELEASE,
    "single-declaration XML files: one bad row is 100 percent",
    "Below this the share says nothing; such a delivery still raises the warning.",
)
QUARANTINED_SHARE_WARNING = Threshold(
    2,
    "percent of a delivery's rows",
    _FIRST_RELEASE,
    _JUDGEMENT,
    "Above it the sender should hear from us. Lower means more letters, higher fewer.",
)
MISSING_CODE_SHARE = Threshold(
    20,
    "percent of a source's rows",
    _FIRST_RELEASE,
    _JUDGEMENT,
    "Above it figures by office, origin or chapter rest on the 'unknown' bucket too much to be "
    "read. Sources differ by nature, hence a warning only.",
)
UNKNOWN_OFFICE_SHARE = Threshold(
    5,
    "percent of rows that state an office",
    _FIRST_RELEASE,
    _JUDGEMENT,
    "Offices merge and get new codes; more than this points at an outdated code list.",
)
SHARE_MINIMUM_ROWS = Threshold(
    100,
    "rows",
    _FIRST_RELEASE,
    "one row is at most one percent",
    "Below it a share is not judged, and the rule says 'nothing to check'.",
)
FUTURE_DAYS = Threshold(
    1,
    "days after receipt",
    _FIRST_RELEASE,
    "time zones differ by under a day",
    "A business day later than this is a wrong clock or a swapped date. Raise it only for a "
    "source that delivers advance notices, and say so in its contract.",
)
LATE_DAYS = Threshold(
    366,
    "days before receipt",
    _FIRST_RELEASE,
    "VNACCS outage of August 2024: paper declarations were entered days, not years, later",
    "Older rows are legal (amendments, archives) but worth a look: swapped day and month, "
    "two-digit years.",
)
VOLUME_HISTORY_DAYS = Threshold(
    90,
    "days around the window",
    _FIRST_RELEASE,
    _JUDGEMENT,
    "Twelve days of each weekday for a median, short enough to follow growth.",
)
VOLUME_WEEKDAY_DAYS = Threshold(
    3,
    "other days of the same weekday with rows",
    _DELIVERIES,
    "parcels follow the week: offices close on Sundays, platforms sell on weekends",
    "From here on a day is compared with its own weekday, not with all days.",
)
VOLUME_WEEKDAY_LOW = Threshold(
    60,
    "percent of the weekday's median",
    _DELIVERIES,
    "half a day must be seen: one of two daily files missing, an outage of hours",
    "Above 50, or half a day passes; nearer to 100 asks about ordinary days.",
)
VOLUME_WEEKDAY_HIGH = Threshold(
    200,
    "percent of the weekday's median",
    _DELIVERIES,
    "everything delivered twice under new numbers doubles a day",
    "Sales days of platforms can exceed it; hence a warning.",
)
VOLUME_CRITICAL_WEEKDAYS = Threshold(
    4,
    "other days of the same weekday with rows",
    _DELIVERIES,
    _JUDGEMENT,
    "A month of history before a day can be refused by its weekday.",
)
VOLUME_CRITICAL_LOW = Threshold(
    20,
    "percent of the weekday's median",
    _DELIVERIES,
    "VNACCS outage of 6-7 August 2024, 16 hours: most of a day was missing",
    "An empty or nearly empty day is not published as if nothing had been imported. Days off of "
    "the calendar (expectations/lists) are not judged by it.",
)
VOLUME_CRITICAL_HIGH = Threshold(
    500,
    "percent of the weekday's median",
    _DELIVERIES,
    "after an outage ten times a normal day is expected, and somebody knows of it",
    "A back-load is then waived by name. Higher lets a loop in a sender's program through.",
)
VOLUME_CRITICAL_MEDIAN = Threshold(
    1_000,
    "rows, the weekday's median",
    _DELIVERIES,
    "small sources jump by nature",
    "A source that is usually smaller is never refused for a day that is too small.",
)
VOLUME_WARNING_DAYS = Threshold(
    3,
    "other days with rows",
    _FIRST_RELEASE,
    _JUDGEMENT,
    "With fewer, the day is not judged and the rule says 'nothing to check'.",
)
VOLUME_LOW = Threshold(
    30,
    "percent of the median of the other days",
    _FIRST_RELEASE,
    _JUDGEMENT,
    "While a weekday has no history of its own. Catches an empty or mostly missing day. Weekends "
    "and holidays can fall below it; hence a warning only.",
)
VOLUME_HIGH = Threshold(
    300,
    "percent of the median of the other days",
    _FIRST_RELEASE,
    _JUDGEMENT,
    "While a weekday has no history of its own. Higher misses a double delivery in several files, "
    "lower asks about every busy day.",
)
VOLUME_CRITICAL_DAYS = Threshold(
    5,
    "other days with rows",
    _FIRST_RELEASE,
    _JUDGEMENT,
    "A refusal needs more history than a warning; a first week has six other days.",
)
VOLUME_CRITICAL_FACTOR = Threshold(
    20,
    "times the median of the other days",
    _FIRST_RELEASE,
    "after the 2024 VNACCS outage ten times a normal day had to be expected; doubled by judgement",
    "While a weekday has no history of its own. Beyond it a loop or a test file is likelier than "
    "trade. Lower would refuse a real back-load in a first month.",
)
VOLUME_CRITICAL_ROWS = Threshold(
    10_000,
    "rows in a day",
    _FIRST_RELEASE,
    "small sources jump by nature",
    "A day below it can never be refused for being too large.",
)
UNKNOWN_PROVINCE_SHARE = Threshold(
    5,
    "percent of parcels that state a province",
    _DELIVERIES,
    "63 provinces became 34 on 1 July 2025; old codes stay in use for a while",
    "They fall into the bucket 'unknown'; above this, figures by province mislead.",
)
SET_ASIDE_SHARE_CRITICAL = Threshold(
    5,
    "percent of a source's rows in the window",
    _DELIVERIES,
    _JUDGEMENT,
    "Contradicting rows are left out of every figure. More than this is a defect of a sender's "
    "program (one key for several goods), not a slip. Lower blocks a day for a careless sender.",
)
NO_EXCHANGE_RATE_SHARE = Threshold(
    5,
    "percent of valued active consignments",
    _FIRST_RELEASE,
    _JUDGEMENT,
    "Their value in dong is null and leaves every sum; above this the sums mislead.",
)
UNKNOWN_CHAPTER_SHARE = Threshold(
    20,
    "percent of active declaration lines",
    _FIRST_RELEASE,
    _JUDGEMENT,
    "Declaration lines carry an HS code by law; parcels need not and are not judged.",
)
SCORED_SHARE_LOW = Threshold(
    1,
    "per 1,000 active consignments",
    _FIRST_RELEASE,
    _JUDGEMENT,
    "Fewer with any score: rules or reference data are probably missing.",
)
SCORED_SHARE_HIGH = Threshold(
    600,
    "per 1,000 active consignments",
    _FIRST_RELEASE,
    _JUDGEMENT,
    "More: the score no longer separates, an indicator fires on nearly everything.",
)
SCORED_MINIMUM_CONSIGNMENTS = Threshold(
    1_000,
    "active consignments",
    _FIRST_RELEASE,
    "one consignment is one per 1,000",
    "Below it the share is not judged.",
)
TAX_ROUNDING_VND = Threshold(
    1,
    "VND",
    _FIRST_RELEASE,
    "both parts are rounded to whole dong",
    "Due and relieved amounts may each be half a dong off; more is an error of the model.",
)
