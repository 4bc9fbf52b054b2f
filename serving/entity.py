"""The dossier of one party: what it received and sent, whom it shares contacts with, what came out.

A party is a token (consignee_party_id, consignor_party_id): no name, number or address is known to
the warehouse, and of its contact tokens only counts are shown. Its consignments are gathered once
into a temporary table; every list is cut at a stated length.
Add here what an officer must see about a party. Keep out: one consignment (dossier.py).
"""

from dataclasses import asdict, dataclass

from serving import looks
from serving.explain import CONSIGNMENTS, INDICATORS, SCORES, SELECTIONS
from serving.findings import OUTCOMES, Findings, findings
from serving.listing import Listing, listing
from serving.relations import (
    OWN,
    clusters_of_party,
    contacts,
    gathering_points,
    gathering_windows,
    links,
    owner_profiles,
    velocity,
)
from serving.stored_rows import Row, StoredRows, block, plain, quoted, without_tokens

_PARTY = "risk.dim_party"
_DAYS = 31
_LAST = 10
_ROLES = f"""(
    select 'consignee' as role, * from {OWN} where is_consignee
    union all
    select 'consignor' as role, * from {OWN} where is_consignor
)"""
# each consignment once, as flows count it: a parcel and the declaration about it are one
_COUNTED = """
    count(*) filter (where is_in_flows) as consignments,
    coalesce(sum(value_vnd) filter (where is_in_flows), 0) as value_vnd"""


@dataclass(frozen=True)
class EntityDossier:
    """party: its row of dim_party, None when no consignment of the queue names it. roles, days:
    consignments and value by role, by day and role (newest first). contacts: of the addresses and
    phones it received at, how many there are and how many other parties received there. links:
    parties taken for the same one. owner_profiles: what was found of all of them together.
    gathering_points, gathering_windows: of those places. clusters: of splitting, also from it.
    risk, indicators: on how many of its consignments, and the most points of one: points of
    different days may be of different models, and are not added up."""

    release_id: str
    entity_id: str
    first_day: str
    last_day: str
    party: Row | None
    roles: Listing
    days: Listing
    platforms: Listing
    origins: Listing
    contacts: Listing
    links: Listing
    owner_profiles: Listing
    gathering_points: Listing
    gathering_windows: Listing
    clusters: Listing
    velocity: Listing
    risk: Listing
    indicators: Listing
    selections: Listing
    findings: Findings
    last: Listing

    def to_json(self) -> Row:
        """JSON-ready: dates as ISO text, decimals as exact text."""
        return {
            "kind": looks.ENTITY,
            **{name: plain(value) for name, value in asdict(self).items()},
        }

    def lines(self) -> list[str]:
        """Text for a terminal, Vietnamese label first."""
        text = [
            f"HỒ SƠ BÊN | ENTITY DOSSIER: {self.entity_id}",
            f"Bản phát hành | Release: {self.release_id}",
            f"Từ ngày, đến ngày | First and last day: {self.first_day}, {self.last_day}",
            *block("Bên | Party", self.party),
        ]
        for name, title in _TITLES.items():
            text += getattr(self, name).lines(title)
        return [*text, *block("Kết quả kiểm tra | Findings", self.findings.to_row())]


_TITLES = {
    "roles": "Vai trò | Roles",
    "days": "Theo ngày | By day",
    "platforms": "Sàn | Platforms",
    "origins": "Xuất xứ | Origins",
    "contacts": "Liên hệ dùng chung | Shared contacts",
    "links": "Các bên được coi là một | Parties taken for the same",
    "owner_profiles": "Kết quả kiểm tra của các bên đó | What was found of these parties",
    "gathering_points": "Nghi điểm tập kết | Suspected gathering points",
    "gathering_windows": "Nghi điểm tập kết theo khoảng ngày | Gathering points over windows",
    "clusters": "Cụm chia nhỏ | Splitting clusters",
    "velocity": "Mức tăng | Velocity",
    "risk": "Loại rủi ro | Risk types",
    "indicators": "Dấu hiệu | Indicators",
    "selections": "Được chọn | Selections",
    "last": "Các lô gần nhất | Latest consignments",
}


def entity_rows(rows: StoredRows, party_id: str) -> bool:
    """Gather the consignments of a party; whether there are any."""
    rows.connection.execute(
        f"""
        create or replace temp table {OWN} as
        select
            consignment_id, day, record_status, is_in_flows, platform_code, platform_status,
            origin_country_code, hs_code, value_vnd, consignee_address_token,
            consignee_phone_token,
            coalesce(consignee_party_id = $party, false) as is_consignee,
            coalesce(consignor_party_id = $party, false) as is_consignor
        from {quoted(CONSIGNMENTS)}
        where consignee_party_id = $party or consignor_party_id = $party
        """,
        {"party": party_id},
    )
    return bool(rows.select(f"select 1 from {OWN} limit 1"))


def read_entity(rows: StoredRows, party_id: str) -> EntityDossier:
    """The dossier of the party whose consignments `entity_rows` gathered."""
    period = rows.select(f"select min(day) as first_day, max(day) as last_day from {OWN}")[0]
    party = []
    if _PARTY in rows.present:
        party = rows.select(f"select * from {quoted(_PARTY)} where party_id = ?", [party_id])
    return EntityDossier(
        release_id=rows.release_id,
        entity_id=party_id,
        first_day=plain(period["first_day"]),
        last_day=plain(period["last_day"]),
        party=without_tokens(party[0]) if party else None,
        roles=listing(
            rows,
            f"select role, {_COUNTED}, count(*) filter (where is_in_flows and value_vnd is null)"
            " as without_value, count(*) filter (where record_status = 'cancelled') as cancelled,"
            f" min(day) as first_day, max(day) as last_day from {_ROLES} group by role",
            "role",
        ),
        days=listing(
            rows,
            f"select day, role, {_COUNTED} from {_ROLES} group by day, role",
            "day desc, role",
            _DAYS,
        ),
        platforms=listing(
            rows,
            f"select platform_code, platform_status, {_COUNTED} from {OWN} group by all",
            "consignments desc, platform_code, platform_status",
        ),
        origins=listing(
            rows,
            f"select origin_country_code, {_COUNTED} from {OWN} group by all",
            "consignments desc, origin_country_code",
        ),
        contacts=contacts(rows, party_id),
        links=links(rows, party_id),
        owner_profiles=owner_profiles(rows, party_id),
        gathering_points=gathering_points(rows),
        gathering_windows=gathering_windows(rows),
        clusters=clusters_of_party(rows, party_id),
        velocity=velocity(rows, party_id),
        risk=_risk(rows),
        indicators=_indicators(rows),
        selections=_selections(rows),
        findings=findings(rows, f"select consignment_id from {OWN}", {}),
        last=_last(rows),
    )


def _joined(table: str) -> str:
    return (
        f"from {quoted(table)} as stored inner join {OWN} as own"
        " on stored.day = own.day and stored.consignment_id = own.consignment_id"
    )


def _risk(rows: StoredRows) -> Listing:
    return listing(
        rows,
        "select stored.risk_type, count(*) as consignments,"
        " max(stored.score_points) as highest_points,"
        " arg_min(stored.consignment_id, (-stored.score_points, stored.consignment_id))"
        " as highest_consignment_id"
        f" {_joined(SCORES)} group by stored.risk_type",
        "risk_type",
    )


def _indicators(rows: StoredRows) -> Listing:
    return listing(
        rows,
        "select stored.risk_type, stored.indicator_id, count(*) as consignments,"
        " max(stored.points) as highest_points"
        f" {_joined(INDICATORS)} group by stored.risk_type, stored.indicator_id",
        "consignments desc, risk_type, indicator_id",
    )


def _selections(rows: StoredRows) -> Listing:
    if SELECTIONS not in rows.present:
        return Listing(0, ())
    return listing(
        rows,
        "select stored.selection_method, stored.lane, stored.risk_type,"
        f" count(*) as consignments {_joined(SELECTIONS)} group by all",
        "selection_method, lane, risk_type nulls last",
    )


def _last(rows: StoredRows) -> Listing:
    """The latest consignments, each with how it was selected and what an inspection found."""
    selected = result = "null"
    if SELECTIONS in rows.present:
        selected = (
            f"(select min(selection_method) from {quoted(SELECTIONS)} as selections"
            " where selections.day = latest.day"
            " and selections.consignment_id = latest.consignment_id)"
        )
    if OUTCOMES in rows.present:
        result = (
            f"(select min(result) from {quoted(OUTCOMES)} as outcomes"
            " where outcomes.consignment_id = latest.consignment_id)"
        )
    return Listing.counted(
        rows.select(
            f"""
            select latest.*, {selected} as selection_method, {result} as inspection_result
            from (
                select
                    day, consignment_id, is_consignee, is_consignor, record_status,
                    platform_code, hs_code, value_vnd, count(*) over () as total
                from {OWN} order by day desc, consignment_id limit {_LAST}
            ) as latest
            order by latest.day desc, latest.consignment_id
            """
        )
    )
