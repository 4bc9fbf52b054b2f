"""Whom a party stands with: shared contacts and the places where it received.

Read from `OWN`, the consignments that entity.py gathered. Tokens are compared and counted, never
shown. Add here another mart about several parties together. Keep out: what a party did alone.
"""

from serving.explain import CONSIGNMENTS
from serving.listing import Listing, listing
from serving.stored_rows import StoredRows, quoted

OWN = "_consignments_of_entity"  # a temporary table of the connection
_GATHERING = "compliance.fct_suspected_gathering_points"


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
    """The days on which an address that it received at was one, without the address."""
    if _GATHERING not in rows.present:
        return Listing(0, ())
    return listing(
        rows,
        f"""
        select * exclude (point_key) from {quoted(_GATHERING)} as points
        where points.point_kind = 'address' and (points.day, points.point_key) in (
            select day, consignee_address_token from {OWN} where is_consignee
        )
        """,
        "day desc, rank_in_day",
    )
