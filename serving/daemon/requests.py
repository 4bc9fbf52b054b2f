"""A query request: read within its limits, checked word by word.

Add here a field of the request. Keep out: running it (pool.py); a field that is not known is
refused, so a misspelt limit is never taken for no limit.
"""

import asyncio
import json
import math
from typing import Any

from starlette.requests import ClientDisconnect, Request

from serving.daemon.errors import Refused
from serving.daemon.pool import Asked
from serving.daemon.settings import DaemonSettings
from serving.daemon.wire import Form

JSON_TYPE = "application/json"
ARROW_TYPE = "application/vnd.apache.arrow.stream"
FIELDS = ("sql", "parameters", "limit_rows")
_SLOWEST_BODY_S = 10
_MOST_PARAMETERS = 1_000
_INT64 = 2**63


def form_of(accept: str | None) -> Form:
    """Which form the Accept header asks for; the first that is known wins, none or */* is JSON."""
    for part in (accept or "*/*").split(","):
        kind = part.split(";")[0].strip().lower()
        if kind in ("*/*", "application/*", JSON_TYPE):
            return "json"
        if kind == ARROW_TYPE:
            return "arrow"
    raise Refused("not_acceptable", "no form of a result that is accepted is known")


async def asked_in(request: Request, settings: DaemonSettings) -> Asked:
    """The statement of a request; Refused when it makes no sense."""
    form = form_of(request.headers.get("accept"))
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != JSON_TYPE:
        raise Refused("media_type", "the body must be JSON")
    try:
        document = json.loads(await _body(request, settings.max_request_bytes))
    except (ValueError, RecursionError) as error:
        raise Refused("request_malformed", f"the body is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise _malformed("the body must be an object")
    if unknown := sorted(set(document) - set(FIELDS)):
        raise _malformed(f"unknown fields: {', '.join(map(repr, unknown))[:200]}")
    sql = document.get("sql")
    if not isinstance(sql, str) or not sql.strip():
        raise _malformed("sql must be a text")
    if "\x00" in sql or not _is_text(sql):
        raise _malformed("sql holds a character that no text has")
    limit = document.get("limit_rows")
    if limit is not None and (
        not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= settings.max_rows
    ):
        raise _malformed(f"limit_rows must be a whole number from 1 to {settings.max_rows}")
    return Asked(sql, _parameters(document.get("parameters")), limit, form)


def _parameters(given: Any) -> list[Any] | dict[str, Any]:
    if given is None:
        return []
    if not isinstance(given, list | dict) or len(given) > _MOST_PARAMETERS:
        raise _malformed(f"parameters must be a list or an object of at most {_MOST_PARAMETERS}")
    names = list(given) if isinstance(given, dict) else []
    values = list(given.values()) if isinstance(given, dict) else given
    if not all(map(_is_text, names)) or not all(map(_is_scalar, values)):
        raise _malformed("a parameter must be a text, a number, true, false or null")
    return given


def _is_scalar(value: Any) -> bool:
    if isinstance(value, str):
        return _is_text(value)
    if isinstance(value, int):
        return -_INT64 <= value < _INT64
    return value is None or (isinstance(value, float) and math.isfinite(value))


def _is_text(value: str) -> bool:
    """Whether it can be written as UTF-8: half of a surrogate pair cannot."""
    return not any("\ud800" <= letter <= "\udfff" for letter in value)


async def _body(request: Request, most: int) -> bytes:
    """The body; Refused as soon as it is too long or too slow, whatever Content-Length says."""
    stated = request.headers.get("content-length", "")
    if stated.isdigit() and int(stated) > most:
        raise Refused("request_too_large", f"the body has more than {most} bytes")
    content = bytearray()
    try:
        async with asyncio.timeout(_SLOWEST_BODY_S):
            async for chunk in request.stream():
                content += chunk
                if len(content) > most:
                    raise Refused("request_too_large", f"the body has more than {most} bytes")
    except TimeoutError as error:
        raise Refused("request_slow", "the body did not come in time") from error
    except ClientDisconnect as error:
        raise Refused("request_malformed", "the body ended early") from error
    return bytes(content)


def _malformed(what: str) -> Refused:
    return Refused("request_malformed", what)
