"""Whom a party stands with: contacts, links, places where it received, splitting clusters.

Read from `OWN`, the consignments that entity.py gathered. Tokens are compared and counted, never
shown. Add here another mart about several parties together. Keep out: what a party did alone.
"""

from serving.explain import CONSIGNMENTS
from serving.listing import Listing, listing
from serving.stored_rows import StoredRows, quoted

OWN = "_consignments_of_entity"  # a temporary table of the connection
_GATHERING = "compliance.fct_suspected_gathering_points"
_WINDOWS = "compliance.fct_gathering_point_windows"
_LINKS = "risk.fct_party_links"
_VELOCITY = "risk.fct_entity_velocity"
_OWNERS = "risk.fct_owner_profiles"
_PARTIES = "risk.dim_party"
_CLUSTERS = "risk.fct_splitting_clusters"
_MEMBERS = "risk.fct_splitting_cluster_members"
_CLUSTER_COLUMNS = (
    "cluster_id, cluster_kind, window_days, last_day, rank_in_window, receipts, active_days,"
    " distinct_consignees, value_vnd, limit_vnd, value_to_limit_micro, legal_instrument_id,"
    " evidence_grade"
)
_RECEIVED_AT = f"""(
    select day, 'address' as kind, consignee_address_token as token from {OWN} where is_consignee
    union all
    select day, 'phone' as kind, consignee_phone_token as token from {OWN} where is_consignee
)"""


def contacts(rows: StoredRows, party_id: str) -> Listing:
    """Of the addresses and phones it received at: how many, how many of them others share, and how
    many others."""
    found = []
    for contact in ("address", "phone"):
        token = f"consignee_{contact}_token"
        found += rows.select(
            f"""
            with own as (
                select distinct {token} as token
                from {OWN} where is_consignee and {token} is not null
            )
            select
                '{contact}' as contact,
                (select count(*) from own) as distinct_tokens,
                count(distinct consignments.{token}) as shared_tokens,
                count(distinct consignments.consignee_party_id) as other_parties
            from {quoted(CONSIGNMENTS)} as consignments
            inner join own on consignments.{token} = own.token
            where consignments.consignee_party_id <> ?
            """,
            [party_id],
        )
    return Listing.first(found, len(found))


def gathering_points(rows: StoredRows) -> Listing:
    """The days on which an address or phone that it received at was one, without the token."""
    if _GATHERING not in rows.present:
        return Listing(0, ())
    return listing(
        rows,
        f"select * exclude (point_key) from {quoted(_GATHERING)} as points"
        f" where (points.day, points.point_kind, points.point_key) in"
        f" (select day, kind, token from {_RECEIVED_AT})",
        "day desc, point_kind, rank_in_day nulls last, consignments desc",
    )


def gathering_windows(rows: StoredRows) -> Listing:
    """The same over the windows that end on the last day held."""
    if _WINDOWS not in rows.present:
        return Listing(0, ())
    return listing(
        rows,
        f"select * exclude (point_key) from {quoted(_WINDOWS)} as points"
        f" where (points.point_kind, points.point_key) in"
        f" (select kind, token from {_RECEIVED_AT})",
        "window_days, point_kind, rank_in_window nulls last, consignments desc",
    )


def links(rows: StoredRows, party_id: str) -> Listing:
    """Parties taken for the same one, each with the reason and the days on which it was seen."""
    if _LINKS not in rows.present:
        return Listing(0, ())
    return listing(
        rows,
        "select case when party_id = $id then other_party_id else party_id end as other_party_id,"
        " link_reason, min(day) as first_day, max(day) as last_day,"
        f" count(distinct day) as days from {quoted(_LINKS)}"
        " where party_id = $id or other_party_id = $id group by all",
        "first_day, other_party_id, link_reason",
        parameters={"id": party_id},
    )


def owner_profiles(rows: StoredRows, party_id: str) -> Listing:
    """What was found of all identities that are taken for one with it; none when it is alone."""
    if not {_OWNERS, _PARTIES} <= rows.present:
        return Listing(0, ())
    return listing(
        rows,
        f"select * exclude (owner_party_id) from {quoted(_OWNERS)} where owner_party_id in"
        f" (select resolved_party_id from {quoted(_PARTIES)} where party_id = $id)",
        "risk_type",
        parameters={"id": party_id},
    )


def velocity(rows: StoredRows, party_id: str) -> Listing:
    """How much it grew against the window before, as a consignee and as a seller."""
    if _VELOCITY not in rows.present:
        return Listing(0, ())
    return listing(
        rows,
        f"select * exclude (entity_key) from {quoted(_VELOCITY)} where entity_key = $id",
        "window_days, entity_kind",
        parameters={"id": party_id},
    )


def clusters_of_party(rows: StoredRows, party_id: str) -> Listing:
    """Splitting clusters that hold a receipt of it or from it, largest first."""
    return _clusters(rows, "consignee_party_id = $id or consignor_party_id = $id", party_id)


def clusters_of_consignment(rows: StoredRows, consignment_id: str) -> Listing:
    """Splitting clusters that it is a member of, largest first."""
    return _clusters(rows, "consignment_id = $id", consignment_id)


def _clusters(rows: StoredRows, members: str, subject: str) -> Listing:
    if not {_CLUSTERS, _MEMBERS} <= rows.present:
        return Listing(0, ())
    return listing(
        rows,
        f"select {_CLUSTER_COLUMNS} from {quoted(_CLUSTERS)} where cluster_id in"
        f" (select cluster_id from {quoted(_MEMBERS)} where {members})",
        "value_vnd desc, cluster_id",
        parameters={"id": subject},
    )
