"""Risk models of a home: how a document comes to rest, and how a person lets a version count.

Defines: `store_candidate`, `store_item_names`, `add_document`, `read_card`, `read_item_names`,
`promote`, `retire`, `displaced`. Tables of item names come to rest and count in the same way.
Nothing counts by itself: a fit leaves a candidate, and only a signed promotion, dated, lets it
count.
Add here another way in, or another thing to check before a version counts. Keep out: fitting and
judging (scoring), which version counts on a day (ledger/model_periods.py), printing (cli).
"""

import datetime as dt
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from contracts.base import FIRST_DAY
from contracts.shared_fields import RISK_TYPES
from foundation import locks
from foundation.decision import stated
from foundation.errors import UsageError, WarehouseError
from foundation.files import sha256_file
from foundation.home import Home
from ingest.items import document as item_document
from ingest.items.document import ItemDocument
from ingest.store.landing import put_in_place
from ledger.chain import Ledger
from ledger.entries import Entries
from ledger.model_periods import (
    CANDIDATE,
    ITEM_NAMES,
    PROMOTION,
    Candidate,
    Period,
    candidates,
    period_on,
    periods,
)
from scoring.document import content_hash, from_document, to_document, version_id
from scoring.model import Scorecard
from scoring.multipliers import INDICATOR_PREFIX

_LIMITS = "limits"  # of the settings: the labels and findings below which nothing may be fitted
_RESTORE = "restore the file from a copy of the home; a changed model is a new version"


def store_candidate(home: Home, card: Scorecard) -> str:
    """Bring a scorecard to rest as `models/<version>.json` with its ledger entry; its version.

    A card without a name gets that of its content. A version that is known already stays as it was
    written, whatever was measured about it since: the same rows are the same model. A known version
    whose file was lost is written again when the bytes are the same.
    Raises WarehouseError for a card that does not hold together, that bears the name of another
    content, or whose name another content has taken; and when the file of a known version differs.
    """
    version = version_id(card)
    if card.model_version not in ("", version):
        raise WarehouseError(
            f"the scorecard {card.model_version} bears the name of another content",
            where=f"model {card.model_version}",
            remedy=f"take the document as it was written; this content is {version}",
        )
    card = replace(card, model_version=version)
    card.validate(calibrated=bool(card.calibration))
    facts = {
        "version": version,
        "risk_type": card.risk_type,
        "trained_on_from": card.trained_on_from.isoformat(),
        "trained_on_to": card.trained_on_to.isoformat(),
        "labels": card.labels,
        "findings": card.findings,
    }
    return _store(
        home,
        to_document(card),
        facts,
        lambda text: content_hash(from_document(text)) == content_hash(card),
    )


def store_item_names(home: Home, table: ItemDocument) -> str:
    """Bring a table of item names to rest in the same way; its version. Raises as that does."""
    facts = {
        "version": table.version,
        "risk_type": ITEM_NAMES,
        "trained_on_from": table.trained_on_from.isoformat(),
        "trained_on_to": table.trained_on_to.isoformat(),
        "labels": table.labels,
        "findings": 0,
    }
    return _store(
        home,
        item_document.to_document(table),
        facts,
        lambda text: item_document.from_document(text).content_hash == table.content_hash,
    )


def _store(
    home: Home, document: str, facts: Mapping[str, Any], is_same: Callable[[str], bool]
) -> str:
    version = str(facts["version"])
    with locks.exclusive(home.models / ".lock", "risk models", wait=True):
        ledger = Ledger(home.ledger)
        known = candidates(ledger.entries()).get(version)
        if known is not None and (home.root / known.file).is_file():
            if not is_same(_text(home, known)):
                raise WarehouseError(
                    f"the version {version} is there with another content",
                    where=str(home.root / known.file),
                    remedy="fit with another seed: two contents came to one name by chance",
                )
            return version
        path = home.models / f"{version}.json"
        sha256 = _write(path, document + "\n", known)
        if known is None:
            at_rest = {"file": str(path.relative_to(home.root)), "sha256": sha256}
            ledger.append(CANDIDATE, {**facts, **at_rest})
    return version


def add_document(home: Home, file: Path) -> str:
    """Bring in a document that was written elsewhere; its version.

    Raises UsageError for a file that cannot be read as text, WarehouseError for one that is no
    document or was changed since it was written, and what `store_candidate` raises.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        told = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(
            f"the document of a risk model cannot be read: {told}",
            where=str(file),
            remedy="name the file that a fit wrote",
        ) from error
    if item_document.is_document(text):
        return store_item_names(home, item_document.from_document(text))
    return store_candidate(home, from_document(text))


def read_card(home: Home, version: str, entries: Entries | None = None) -> Scorecard:
    """The scorecard of a version of this home; entries: the ledger when it was read already.

    Raises UsageError for an unknown version, WarehouseError when its document is missing or was
    changed.
    """
    known = candidates(Ledger(home.ledger).entries() if entries is None else entries)
    found = _known(home, known, version)
    if found.risk_type == ITEM_NAMES:
        raise UsageError(
            f"{version} is a table of item names: it has no points of features",
            where=str(home.root / found.file),
            remedy="`import-risk models list` says what became of it; its document holds its words",
        )
    return from_document(_text(home, found))


def read_item_names(home: Home, version: str, entries: Entries | None = None) -> ItemDocument:
    """The table of item names of a version. Raises as `read_card` does."""
    known = candidates(Ledger(home.ledger).entries() if entries is None else entries)
    found = _known(home, known, version)
    if found.risk_type != ITEM_NAMES:
        raise UsageError(
            f"{version} is a risk model: it has no words of item names",
            where=str(home.root / found.file),
            remedy="`import-risk models list` names the tables of item names",
        )
    return item_document.from_document(_text(home, found))


def promote(
    home: Home,
    version: str,
    *,
    valid_from: dt.date,
    reason: str,
    signed_by: str,
    computed: Collection[str],
) -> Period:
    """Let a version count for its risk type from a day on; the period that it has now.

    It takes the place of whatever stands on that day and later. Published days of which this
    changes the version become pending (runs/days/model_days.py). `settings.limits` of a document
    say how many labels and findings a fit needs.
    computed: features that the warehouse computes (dbt_project.model_features).
    Raises UsageError for an unknown version, a day before the first of the warehouse, a missing
    reason or name; WarehouseError when the document is damaged, does not hold together, is not
    calibrated, states no limits or was fitted on fewer labels than they ask for, is of no known
    risk type, has no bins, adds points that no sentence explains or reads what nobody computes.
    """
    reason, signed_by = _signed(valid_from, reason, signed_by)
    known = candidates(Ledger(home.ledger).entries())
    if _known(home, known, version).risk_type == ITEM_NAMES:
        table = read_item_names(home, version)
        _require_limits(version, table.limits, {"names": table.names})
        return _promoted(home, ITEM_NAMES, version, valid_from, reason, signed_by)
    card = read_card(home, version)
    card.validate()
    _require_limits(
        version,
        card.settings.get(_LIMITS),
        {"labels": card.labels, "findings": card.findings},
    )
    _require_readable(card, computed)
    return _promoted(home, card.risk_type, version, valid_from, reason, signed_by)


def learned_days(candidate: Candidate | None, valid_from: dt.date) -> dict[str, str]:
    """`learned_from`, `learned_to`: the days of a version that counts from a day on and learned
    from results of them; {} where there are none. What it says of such a day it knows already: no
    figure of it is out of sample."""
    if candidate is None or valid_from > candidate.trained_on_to:
        return {}
    first = max(valid_from, candidate.trained_on_from)
    return {"learned_from": first.isoformat(), "learned_to": candidate.trained_on_to.isoformat()}


def displaced(home: Home, period: Period) -> list[Period]:
    """What counted on the days of a period before it was promoted, the earliest first."""
    before = [one for one in Ledger(home.ledger).entries() if one.seq < period.seq]
    return [
        one for one in periods(before).get(period.risk_type, ()) if one.reaches(period.valid_from)
    ]


def retire(
    home: Home, risk_type: str, *, valid_from: dt.date, reason: str, signed_by: str
) -> Period:
    """Let the expert's points count for a risk type from a day on; the period that they have now.

    Raises UsageError when no version stands on that day or later, and for a day, reason or name
    as `promote` does.
    """
    reason, signed_by = _signed(valid_from, reason, signed_by)
    return _promoted(home, risk_type, None, valid_from, reason, signed_by)


def _promoted(
    home: Home,
    risk_type: str,
    version: str | None,
    valid_from: dt.date,
    reason: str,
    signed_by: str,
) -> Period:
    def decide(entries: Entries) -> tuple[str, Mapping[str, Any]]:
        standing = periods(entries).get(risk_type, ())
        if version is None and not any(one.version and one.reaches(valid_from) for one in standing):
            raise UsageError(
                f"no model of {risk_type!r} counts on {valid_from} or later: the expert's points "
                "do already",
                where="--expert, --from",
                remedy="`import-risk models list` names risk types and their models",
            )
        known = candidates(entries).get(version or "")
        return PROMOTION, learned_days(known, valid_from) | {
            "version": version,
            "risk_type": risk_type,
            "valid_from": valid_from.isoformat(),
            "reason": reason,
            "signed_by": signed_by,
        }

    ledger = Ledger(home.ledger)
    entry = ledger.append_with(decide)
    now = [one for one in ledger.entries() if one.seq <= entry.seq]
    period = period_on(periods(now)[risk_type], valid_from)
    assert period is not None, "it was promoted just now"
    return period


def _signed(valid_from: dt.date, reason: str, signed_by: str) -> tuple[str, str]:
    """The reason and the name as they are kept."""
    told = stated("--reason", reason), stated("--signed-by", signed_by)
    if valid_from < FIRST_DAY:
        raise UsageError(
            f"no model can count from {valid_from}: the warehouse keeps no day before {FIRST_DAY}",
            where="--from",
            remedy="name the first day that the version is to score",
        )
    return told


def _require_limits(version: str, limits: object, had: Mapping[str, int]) -> None:
    for name, count in had.items():
        least = limits.get(name) if isinstance(limits, Mapping) else None
        if type(least) is not int:
            raise WarehouseError(
                f"risk model {version} does not say how many {name} a fit needs",
                where=f"model {version}, settings.{_LIMITS}.{name}",
                remedy="fit it with `import-risk calibrate`, which states the dated limits",
            )
        if count < least:
            raise WarehouseError(
                f"risk model {version} was fitted on {count} {name}, fewer than the "
                f"{least} that its own settings ask for",
                where=f"model {version}",
                remedy="wait for more of them and fit again; until then the version in force stays",
            )


def _require_readable(card: Scorecard, computed: Collection[str]) -> None:
    """A model that reads what no row has, or says what no officer can be told, would stop every run
    that it counts for."""
    # What an indicator says is told by the evidence of the consignment.
    unexplained = [
        row.feature
        for row in card.bins
        if row.points > 0 and row.reason_id is None and not row.feature.startswith(INDICATOR_PREFIX)
    ]
    unknown = sorted(set(card.features) - set(computed))
    if card.risk_type not in RISK_TYPES:
        what = f"is of the risk type {card.risk_type}, which nobody inspects for"
        remedy = f"the risk types are {', '.join(RISK_TYPES)}"
    elif not card.bins:
        what, remedy = "has no bins: it scores nothing", "fit a version that has features"
    elif unknown:
        what = f"reads {', '.join(unknown)}, which this warehouse does not compute"
        remedy = (
            "fit a version here; the seeds risk_model_features and risk_indicators name what can "
            "be read"
        )
    elif unexplained:
        what = f"adds points for {unexplained[0]} and names no reason that an officer could read"
        remedy = "name a reason_id in each bin that adds points; `risk.dim_risk_reason` has them"
    else:
        return
    raise WarehouseError(
        f"risk model {card.model_version} {what}",
        where=f"model {card.model_version}",
        remedy=remedy,
    )


def _known(home: Home, known: Mapping[str, Candidate], version: str) -> Candidate:
    if version not in known:
        raise UsageError(
            f"there is no risk model {version!r}",
            where=str(home.models),
            remedy="`import-risk models list` names them; `import-risk models add FILE` brings "
            "one in",
        )
    return known[version]


def _text(home: Home, known: Candidate) -> str:
    """The document as it was written. Raises WarehouseError when it is missing or was changed."""
    path = home.root / known.file
    if not path.is_file():
        raise _damaged(known, path, "is missing")
    if sha256_file(path) != known.sha256:
        raise _damaged(known, path, "is not what was written")
    return path.read_text(encoding="utf-8")


def _damaged(known: Candidate, path: Path, what: str) -> WarehouseError:
    return WarehouseError(
        f"the document of risk model {known.version} {what}", where=str(path), remedy=_RESTORE
    )


def _write(path: Path, text: str, known: Candidate | None) -> str:
    """Put the document at rest, read-only; its sha256. known: what it must be, when it was lost."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_text(text, encoding="utf-8")
    if known is not None and sha256_file(temporary) != known.sha256:
        temporary.unlink()
        raise _damaged(known, path, "is missing")
    sha256 = put_in_place(temporary, path)
    return sha256
