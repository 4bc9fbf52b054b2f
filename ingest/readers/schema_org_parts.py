"""What a schema.org page says of each offer: from decoded JSON-LD to the texts of contract fields.

Defines how products and offers are found in a page and what their properties mean to the contract
of listings. Add here a property, or a place where pages put their products. Keep out: lines, files
and rows (schema_org.py); a property of a page that no contract field asks for.

Properties as schema.org names them (no prefix, no expanded form). Nothing is computed: a price that
is no plain number stays as written and breaks its row, with these exceptions.
- `price` "1.234" or "1,234": a thousand and more, or one and a bit: ambiguous_price.
- A range (AggregateOffer without offers) is no price: price_range.
- A date with a time becomes the date in Viet Nam.
- A barcode that came as a number gets back the zeros that JSON cannot hold in front of a number;
  its check digit tells whether that was right.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

Node = Mapping[str, Any]
Values = dict[str, str | None]
Resolve = Callable[[Any], Any]

# A page of a marketplace offers a product by tens of sellers; a category page has a hundred.
MAXIMUM_OFFERS = 10_000
MAXIMUM_DEPTH = 12  # of what leads to a product: list, graph, page, list of items, group, variant

_PRODUCTS = frozenset(("Product", "IndividualProduct", "ProductModel", "SomeProducts"))
_GROUP, _AGGREGATE = "ProductGroup", "AggregateOffer"
_LEADS_TO_PRODUCTS = ("@graph", "mainEntity", "itemListElement", "item")
_GTINS = ("gtin13", "gtin14", "gtin12", "gtin8", "gtin")
_GTIN_LINK = re.compile(r"https?://.*/01/([0-9]{8,14})(?:[/?#].*)?")
_AMBIGUOUS = re.compile(r"\s*-?[1-9][0-9]{0,2}[.,][0-9]{3}\s*")
_EXPONENT = re.compile(r"(-?)([0-9]+)(?:[.]([0-9]+))?[eE]([+-]?[0-9]{1,2})")
_LOCAL = dt.timezone(dt.timedelta(hours=7))


class Number(str):
    """The digits of a JSON number, as delivered."""

    __slots__ = ()


class Defect(Exception):
    """Why an offer, or a whole line, gives no row. column: the contract field, if it is one's."""

    def __init__(self, reason_code: str, column: str | None = None, raw: object = None) -> None:
        super().__init__(reason_code)
        self.reason_code = reason_code
        self.column = column
        self.raw_text = raw if isinstance(raw, str) else None


class Offer(NamedTuple):
    """One offer: its own node, what it is offered of, and the nodes around both.

    group: of a variant, its ProductGroup; aggregate: the AggregateOffer around it. Empty if none.
    """

    offer: Node
    product: Node
    group: Node
    aggregate: Node


_NOTHING: Node = {}


def types_of(node: Node) -> tuple[str, ...]:
    """The types of a node without prefix or address."""
    stated = node.get("@type")
    if type(stated) is str:
        return (stated.rsplit("/", 1)[-1].rsplit(":", 1)[-1],)
    if not isinstance(stated, list):
        return ()
    return tuple(
        item.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for item in stated if isinstance(item, str)
    )


def is_page(value: object) -> bool:
    """Whether a value is JSON-LD: a node, a graph, or a list that begins with one."""
    if isinstance(value, list):
        return bool(value) and is_page(value[0]) and not isinstance(value[0], list)
    return isinstance(value, dict) and ("@type" in value or "@graph" in value)


def resolver(page: object) -> Resolve:
    """What follows a reference ({"@id": ...}) to the node of that name in the graph of the page."""
    outer = page if isinstance(page, list) else [page]
    graphs = [node["@graph"] for node in outer if isinstance(node, dict) and "@graph" in node]
    nodes = [*outer, *(node for graph in graphs if isinstance(graph, list) for node in graph)]
    if len(nodes) == 1:
        return lambda value: value
    named = {
        node["@id"]: node
        for node in nodes
        if isinstance(node, dict) and isinstance(node.get("@id"), str) and len(node) > 1
    }

    def resolve(value: Any) -> Any:
        if type(value) is dict and len(value) == 1 and "@id" in value:
            name = value["@id"]
            return named.get(name, value) if isinstance(name, str) else value
        return value

    return resolve


def offers_of(page: object, resolve: Resolve) -> Iterator[Offer | Defect]:
    """Every offer of every product of a page, in its order; a Defect for a product without one.

    Raises Defect: too_many_offers.
    """
    found = 0
    for product, group in _products(page, resolve, MAXIMUM_DEPTH):
        for offer in _offers(product, group, resolve):
            found += 1
            if found > MAXIMUM_OFFERS:
                raise Defect("too_many_offers")
            yield offer


def _each(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _products(value: Any, resolve: Resolve, depth: int) -> Iterator[tuple[Node, Node]]:
    """(product, its group or an empty node)."""
    for item in _each(value):
        node = resolve(item)
        if not isinstance(node, dict) or not depth:
            continue
        types = types_of(node)
        if not _PRODUCTS.isdisjoint(types):
            yield node, _NOTHING
        elif _GROUP in types:
            variants = [resolve(variant) for variant in _each(node.get("hasVariant"))]
            products = [variant for variant in variants if isinstance(variant, dict)]
            yield from ((product, node) for product in products)
            if not products:
                yield node, _NOTHING
        else:
            for key in _LEADS_TO_PRODUCTS:
                if key in node:
                    yield from _products(node[key], resolve, depth - 1)


def _offers(product: Node, group: Node, resolve: Resolve) -> Iterator[Offer | Defect]:
    stated = _each(product.get("offers")) or _each(group.get("offers"))
    if not stated:
        yield Defect("no_offer")
    for item in stated:
        node = resolve(item)
        if not isinstance(node, dict):
            yield Defect("nested_value", "price")
        elif _AGGREGATE not in types_of(node):
            yield Offer(node, product, group, _NOTHING)
        elif inner := _each(node.get("offers")):
            for part in inner:
                offer = resolve(part)
                if isinstance(offer, dict) and _AGGREGATE not in types_of(offer):
                    yield Offer(offer, product, group, node)
                else:
                    yield Defect("nested_value", "price")
        else:
            yield Defect("price_range", "price", _plain(node.get("lowPrice")))


def values_of(found: Offer, resolve: Resolve, *, states_numbers: bool) -> Values:
    """Contract field -> text of one offer, null where the page does not say.

    states_numbers: the sender states how it writes numbers, so no text is ambiguous.
    Raises Defect: nested_value, ambiguous_price, several_prices, price_currencies_differ.
    """
    offer, product, group, aggregate = found
    price, list_price, currency, tax = _prices(found, resolve, states_numbers)
    seller = _named_node(resolve(offer.get("seller") or offer.get("offeredBy")))
    rating = resolve(product.get("aggregateRating") or group.get("aggregateRating"))
    rating = rating if isinstance(rating, dict) else _NOTHING
    until = _day(_text(offer, "priceValidUntil", "promotion_to"))
    since = _day(_text(offer, "validFrom", "promotion_from")) if until else None
    return {
        "listing_id": (
            _text(offer, "sku", "listing_id")
            or _identifier(offer.get("identifier"), "listing_id")
            or _text(product, "sku", "listing_id")
            or _text(product, "productID", "listing_id")
            or _identifier(product.get("identifier"), "listing_id")
        ),
        "seller_code": (
            _identifier(seller.get("identifier"), "seller_code")
            or _text(seller, "sku", "seller_code")
        ),
        "seller_name": _label(seller.get("name"), "seller_name"),
        "product_title": (
            _label(product.get("name"), "product_title")
            or _label(group.get("name"), "product_title")
            or _label(offer.get("name"), "product_title")
        ),
        "brand": _label(resolve(product.get("brand") or group.get("brand")), "brand"),
        "category": _path(product.get("category") or group.get("category")),
        "gtin": _gtin(offer) or _gtin(product),
        "origin_stated": _label(
            resolve(product.get("countryOfOrigin") or group.get("countryOfOrigin")),
            "origin_stated",
        ),
        "price": price,
        "list_price": list_price,
        "currency_code": currency or _text(aggregate, "priceCurrency", "currency_code"),
        "is_tax_included": tax,
        "promotion_from": since,
        "promotion_to": until,
        "rating_count": (
            _text(rating, "ratingCount", "rating_count")
            or _text(rating, "reviewCount", "rating_count")
        ),
        "url": _text(offer, "url", "url") or _text(product, "url", "url"),
    }


def _prices(
    found: Offer, resolve: Resolve, states_numbers: bool
) -> tuple[str | None, str | None, str | None, str | None]:
    """(price, list price, currency, whether tax is included) of an offer."""
    offer = found.offer
    price = _text(offer, "price", "price")
    currency = _text(offer, "priceCurrency", "currency_code")
    tax = shown = shown_currency = None
    stated = offer.get("priceSpecification")
    if stated is not None:
        nodes = [resolve(item) for item in _each(stated)]
        if not all(isinstance(node, dict) for node in nodes):
            raise Defect("nested_value", "price")
        kinds = [(_kind(node), node) for node in nodes]
        asked = [node for kind, node in kinds if kind == ""] or [
            node for kind, node in kinds if kind == "SalePrice"
        ]
        listed = [node for kind, node in kinds if kind == "ListPrice"] or [
            node for kind, node in kinds if kind == "StrikethroughPrice"
        ]
        if price is None:
            amounts = {_text(node, "price", "price") for node in asked}
            if len(amounts) > 1:
                raise Defect("several_prices", "price")
            price = next(iter(amounts), None)
            currency = currency or _first(asked, "priceCurrency", "currency_code")
        shown = _first(listed, "price", "list_price")
        shown_currency = _first(listed, "priceCurrency", "currency_code")
        tax = _first(asked, "valueAddedTaxIncluded", "is_tax_included")
    common = currency or _text(found.aggregate, "priceCurrency", "currency_code")
    if shown is not None and shown_currency is not None and shown_currency != (common or ""):
        if common is not None:
            raise Defect("price_currencies_differ", "list_price", shown_currency)
        currency = shown_currency
    _require_clear(price, "price", states_numbers)
    _require_clear(shown, "list_price", states_numbers)
    return price, shown, currency, tax


def _kind(specification: Node) -> str:
    """The type of a price without its address; "" for the price that is asked."""
    stated = specification.get("priceType")
    if stated is None:
        return ""
    if not isinstance(stated, str):
        raise Defect("nested_value", "price")
    return stated.rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def _first(nodes: list[Node], key: str, column: str) -> str | None:
    return next((text for node in nodes if (text := _text(node, key, column)) is not None), None)


def _require_clear(price: str | None, column: str, states_numbers: bool) -> None:
    """No program writes the number 199 as 199.000; a shop's page writes so what costs 199,000.
    How texts are written, a sender can state; what a JSON number is, nobody can."""
    if price is None or not _AMBIGUOUS.fullmatch(price):
        return
    if price.endswith("0") if isinstance(price, Number) else not states_numbers:
        raise Defect("ambiguous_price", column, price)


def _plain(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _text(node: Node, key: str, column: str) -> str | None:
    """The text of a scalar; "" is null. Raises Defect nested_value."""
    value = node.get(key)
    if value is None:
        return None
    if type(value) is str:
        return value or None
    return scalar(value, column)


def scalar(value: Any, column: str) -> str | None:
    """The text of a delivered value; numbers keep their digits, exponents are written out."""
    if isinstance(value, Number):
        return _written_out(value)
    if isinstance(value, str):
        return value or None
    if value is True or value is False:
        return "true" if value else "false"
    if value is None:
        return None
    if isinstance(value, dict) and "@value" in value and not isinstance(value["@value"], dict):
        return scalar(value["@value"], column)
    if isinstance(value, list) and len(value) == 1 and not isinstance(value[0], list):
        return scalar(value[0], column)
    raise Defect("nested_value", column)


def _written_out(number: Number) -> Number:
    """1.5e3 is as exact as 1500; further exponents stay and break the contract."""
    if "e" not in number and "E" not in number:
        return number
    parts = _EXPONENT.fullmatch(number)
    if parts is None:
        return number
    sign, whole, fraction, power = parts[1], parts[2], parts[3] or "", int(parts[4])
    places = len(fraction) - power
    digits = whole + fraction + "0" * max(-places, 0)
    if places <= 0:
        return Number(sign + (digits.lstrip("0") or "0"))
    digits = digits.zfill(places + 1)
    return Number(f"{sign}{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip("."))


def _named_node(value: Any) -> Node:
    """A seller: a node, the first of several, or a name alone."""
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, dict):
        return first
    return {"name": first} if isinstance(first, str) else _NOTHING


def _label(value: Any, column: str) -> str | None:
    """A name: a text, a node that has one, or the first of several."""
    if type(value) is str:
        return value or None
    if isinstance(value, list):
        return _label(value[0], column) if value and not isinstance(value[0], list) else None
    if isinstance(value, dict) and "@value" not in value:
        return scalar(value.get("name"), column)
    return scalar(value, column)


def _path(value: Any) -> str | None:
    """A category: a text, or its steps from the general to the special."""
    if isinstance(value, list):
        steps = [_label(step, "category") for step in value if not isinstance(step, list)]
        return " > ".join(step for step in steps if step) or None
    return _label(value, "category")


def _identifier(value: Any, column: str) -> str | None:
    """An identifier: a text or number, a PropertyValue, or the first of several."""
    if type(value) is str:
        return value or None
    if isinstance(value, list):
        return _identifier(value[0], column) if value and not isinstance(value[0], list) else None
    if isinstance(value, dict) and "@value" not in value:
        return scalar(value.get("value"), column)
    return scalar(value, column)


def _gtin(node: Node) -> str | None:
    for key in _GTINS:
        if key not in node:
            continue
        stated = _text(node, key, "gtin")
        if isinstance(stated, Number):
            return stated.zfill(8 if len(stated) <= 8 else 12)
        link = None if stated is None else _GTIN_LINK.fullmatch(stated)
        return link[1] if link else stated
    return None


def _day(stated: str | None) -> str | None:
    """The date in Viet Nam of a date with a time; everything else as stated."""
    if stated is None or len(stated) <= 10:
        return stated
    try:
        moment = dt.datetime.fromisoformat(stated)
        return (moment.astimezone(_LOCAL) if moment.tzinfo else moment).date().isoformat()
    except (ValueError, OverflowError):  # the latter at the ends of the calendar
        return stated
