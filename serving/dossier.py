"""The dossier of one consignment, and the one door to every dossier: each look is recorded first.

Add here what an officer must see beside the scores of a consignment. Keep out: its arithmetic
(explain.py), the dossier of a party (entity.py), personal data and tokens of persons.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from foundation.errors import UsageError
from foundation.home import Home
from serving import looks
from serving.entity import EntityDossier, entity_rows, read_entity
from serving.explain import CONSIGNMENTS, REQUIRED, SELECTIONS, account_for
from serving.explanation import Explanation
from serving.findings import OUTCOMES, Findings, findings
from serving.listing import Listing
from serving.relations import clusters_of_consignment
from serving.stored_rows import Row, StoredRows, block, opened, plain, quoted, without_tokens

_REASONS = "risk.fct_risk_reasons"
_ITEMS = "core.fct_consignment_items"
_OVERRIDES = "risk.fct_selection_overrides"
_PROFILES = "risk.fct_consignment_profiles"
_MOST = 50  # rows of a list
_LAST = 10  # earlier consignments
_OF_PROFILE = frozenset(
    {
        "entity_kind", "inspected_count", "finding_count", "rate_micro", "cohort_rate_micro",
        "sentence_vi", "sentence_en",
    }
)  # fmt: skip
# said once above, or for machines
_OWN = frozenset(
    {"consignment_id", "is_active", "importing_country_code", "channel", "item_description_folded"}
)


@dataclass(frozen=True)
class Earlier:
    """What one party of a consignment did on earlier days of the release.

    role: consignee or consignor. consignments: each counted once, as flows count them.
    """

    role: str
    party_id: str
    consignments: int
    value_vnd: str
    first_day: str | None
    selected: int
    findings: Findings
    last: Listing


@dataclass(frozen=True)
class ConsignmentDossier:
    """explanation: all of `explain`. reasons, items, clusters: rows of their marts. inspections,
    overrides: what was decided about it. profiles: what earlier inspections found of whom it goes
    through, the highest rate first. earlier: per party that it names."""

    explanation: Explanation
    reasons: Listing
    items: Listing
    clusters: Listing
    inspections: Listing
    overrides: Listing
    profiles: Listing
    earlier: tuple[Earlier, ...]

    def to_json(self) -> Row:
        """JSON-ready: dates as ISO text, decimals as exact text."""
        document = {"kind": looks.CONSIGNMENT, **self.explanation.to_json()}
        for name, value in asdict(self).items():
            if name != "explanation":
                document[name] = plain(value)
        return document

    def lines(self) -> list[str]:
        """Text for a terminal, Vietnamese label first."""
        text = ["HỒ SƠ LÔ HÀNG | CONSIGNMENT DOSSIER", *self.explanation.lines()]
        text += self.reasons.lines("Lý do | Reasons")
        text += self.items.lines("Mặt hàng | Items")
        text += self.clusters.lines("Cụm chia nhỏ | Splitting clusters")
        text += self.inspections.lines("Kết quả kiểm tra | Inspection results")
        text += self.overrides.lines("Quyết định của cán bộ | Officers' decisions")
        text += self.profiles.lines("Hồ sơ kiểm tra | Profiles of earlier inspections")
        for party in self.earlier:
            facts = {name: value for name, value in asdict(party).items() if name in _EARLIER}
            text += block(_ROLES[party.role], {**facts, **party.findings.to_row()})
            text += party.last.lines("  gần nhất | latest")
        return text


_EARLIER = ("party_id", "consignments", "value_vnd", "first_day", "selected")
_ROLES = {
    "consignee": "Các lô trước của bên nhận | Earlier consignments of the consignee",
    "consignor": "Các lô trước của bên gửi | Earlier consignments of the sender",
}


def dossier(home: Home, kind: str, subject: str) -> ConsignmentDossier | EntityDossier:
    """The dossier of a `consignment` or an `entity` from the current customs release.

    One look is recorded before anything of it is known to the caller, also when there is no such
    id (UsageError). Raises WarehouseError, and shows nothing, when the look cannot be recorded.
    """
    with opened(home) as rows:
        rows.require(*REQUIRED)
        if kind == looks.ENTITY:
            with _recorded(home, kind, subject, rows, found=entity_rows(rows, subject)):
                return read_entity(rows, subject)
        known = rows.of(CONSIGNMENTS, subject)
        with _recorded(home, kind, subject, rows, found=bool(known)):
            return _consignment(rows, subject)


@contextmanager
def _recorded(
    home: Home, kind: str, subject: str, rows: StoredRows, *, found: bool
) -> Iterator[None]:
    looks.record(home, kind, subject, release_id=rows.release_id, found=found)
    if not found:
        raise UsageError(
            f"{kind} {subject!r} is not in the current release",
            where=f"{CONSIGNMENTS} of {rows.release_id}",
            remedy="give a consignment_id (P-<waybill>, D-<declaration>-<line>), or for an entity"
            " a consignee_party_id or consignor_party_id",
        )
    yield


def _consignment(rows: StoredRows, consignment_id: str) -> ConsignmentDossier:
    explanation = account_for(rows, consignment_id)
    reasons = _listed(rows, _REASONS, consignment_id)
    return ConsignmentDossier(
        explanation=explanation,
        reasons=Listing.first(
            sorted(reasons, key=lambda row: (row["reason_rank"], row["risk_type"])), _MOST
        ),
        items=Listing.first(_listed(rows, _ITEMS, consignment_id), _MOST),
        clusters=clusters_of_consignment(rows, consignment_id),
        inspections=Listing.first(_listed(rows, OUTCOMES, consignment_id), _MOST),
        overrides=Listing.first(_listed(rows, _OVERRIDES, consignment_id), _MOST),
        profiles=Listing.first(_profiles(rows, consignment_id), _MOST),
        earlier=tuple(_earlier(rows, explanation.consignment)),
    )


def _listed(rows: StoredRows, table: str, consignment_id: str) -> list[Row]:
    """The rows of one consignment without its id and tokens, in the order of all columns."""
    found = [
        {name: value for name, value in without_tokens(row).items() if name not in _OWN}
        for row in rows.of(table, consignment_id)
    ]
    return sorted(found, key=lambda row: [str(value) for value in row.values()])


def _profiles(rows: StoredRows, consignment_id: str) -> list[Row]:
    """Sentences with their numbers; a key may be the token of a person and stays out."""
    found = [
        {name: value for name, value in row.items() if name in _OF_PROFILE}
        for row in rows.of(_PROFILES, consignment_id)
    ]
    return sorted(found, key=lambda row: (-row["rate_micro"], row["entity_kind"]))


def _earlier(rows: StoredRows, facts: Row) -> Iterator[Earlier]:
    for role in ("consignee", "consignor"):
        party_id = facts.get(f"{role}_party_id")
        if party_id is None:
            continue
        before = f"from {quoted(CONSIGNMENTS)} where {role}_party_id = $party and day < $day"
        parameters = {"party": party_id, "day": facts["day"]}
        counted = rows.select(
            "select count(*) filter (where is_in_flows) as consignments, min(day) as first_day,"
            " coalesce(sum(value_vnd) filter (where is_in_flows), 0) as value_vnd " + before,
            parameters,
        )[0]
        last = rows.select(
            "select day, consignment_id, record_status, platform_code, hs_code, value_vnd,"
            f" count(*) over () as total {before}"
            f" order by day desc, consignment_id limit {_LAST}",
            parameters,
        )
        subject = f"select consignment_id {before}"
        selected = 0
        if SELECTIONS in rows.present:
            selected = rows.select(
                f"select count(*) as n from {quoted(SELECTIONS)}"
                f" where day < $day and consignment_id in ({subject})",
                parameters,
            )[0]["n"]
        yield Earlier(
            role=role,
            party_id=party_id,
            consignments=counted["consignments"],
            value_vnd=plain(counted["value_vnd"]),
            first_day=plain(counted["first_day"]),
            selected=selected,
            findings=findings(rows, subject, parameters),
            last=Listing.counted(last),
        )
