"""What goes wrong, as HTTP: one code, one status, what to do about it.

Add here a new code; openapi.py lists them by itself. Keep out: finding out what is wrong.
"""

from dataclasses import dataclass, field

from starlette.responses import JSONResponse

# code -> (status, where, what to do)
CODES: dict[str, tuple[int, str, str]] = {
    "request_malformed": (400, "the request", "see /openapi.json for what is expected"),
    "refused": (400, "sql", "give one SELECT over the tables that /v1/tables lists"),
    "unauthorised": (401, "Authorization", "send `Authorization: Bearer <token>`"),
    "not_found": (404, "the path", "see /openapi.json for the paths"),
    "method_not_allowed": (405, "the method", "see /openapi.json for the methods"),
    "not_acceptable": (
        406,
        "Accept",
        "accept application/json or application/vnd.apache.arrow.stream",
    ),
    "timeout": (408, "sql", "ask for less: filter by day, aggregate, name the columns"),
    "request_slow": (408, "the request", "send the whole request at once"),
    "too_large": (413, "the result", "aggregate, filter, or set limit_rows"),
    "memory": (413, "sql", "ask for less: filter by day, aggregate, name the columns"),
    "request_too_large": (413, "the request", "send a shorter statement and fewer parameters"),
    "media_type": (415, "Content-Type", "send application/json"),
    "busy": (429, "the daemon", "try again after the seconds in Retry-After"),
    "failed": (500, "the daemon", "look into the daemon's log"),
    "nothing_published": (503, "releases/current", "publish a release first"),
    "release_unreadable": (503, "the release", "check it with `import-risk ledger verify --deep`"),
}
RETRY_AFTER_S = 2


@dataclass
class Refused(Exception):
    """A request that gets an error as its answer."""

    code: str
    what: str
    release_id: str | None = None
    tables: tuple[str, ...] = field(default=())

    def response(self) -> JSONResponse:
        """The JSON error, with the headers that its status asks for."""
        status, where, remedy = CODES[self.code]
        headers = {}
        if status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="releases"'
        if status == 429:
            headers["Retry-After"] = str(RETRY_AFTER_S)
        error = {"code": self.code, "what": self.what, "where": where, "remedy": remedy}
        return JSONResponse({"error": error, "release_id": self.release_id}, status, headers)
