"""The HTTP face of the daemon: who asks, what for, and the answer with the release it came from.

Add here a path; describe it in openapi.py. Keep out: running SQL (worker.py), limits (settings.py).
"""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from foundation.errors import WarehouseError
from foundation.home import Home
from serving import freshness
from serving.current import current_id
from serving.daemon import catalogue
from serving.daemon.access_log import AccessLog, Note
from serving.daemon.errors import Refused
from serving.daemon.openapi import document
from serving.daemon.pool import Asked, Pool
from serving.daemon.requests import ARROW_TYPE, asked_in, form_of
from serving.daemon.settings import DaemonSettings
from serving.daemon.tokens import Tokens
from serving.daemon.wire import Answer

Handler = Callable[[Request, Note], Awaitable[Response]]
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_THREADS = 64


class Api:
    """The handlers of one daemon. Pools start with it for every audience that has a token."""

    def __init__(
        self, home: Home, settings: DaemonSettings, tokens: Tokens, log: AccessLog
    ) -> None:
        self._home = home
        self._settings = settings
        self._tokens = tokens
        self._log = log
        self._pools: dict[str, Pool] = {}
        self._pools_lock = threading.Lock()
        self._threads = ThreadPoolExecutor(_THREADS, "query")
        self._described = document(settings)

    def application(self) -> Starlette:
        """The ASGI application."""
        paths: dict[str, tuple[str, Handler]] = {
            "/v1/query": ("POST", self._query),
            "/v1/tables": ("GET", self._tables),
            "/v1/releases/current": ("GET", self._current),
            "/v1/health": ("GET", self._health),
            "/openapi.json": ("GET", self._openapi),
        }
        routes = [
            Route(path, self._noted(path, handler), methods=[method])
            for path, (method, handler) in paths.items()
        ]
        application = Starlette(
            routes=routes,
            lifespan=self._lifespan,
            exception_handlers={HTTPException: self._not_routed, Exception: self._defect},
        )
        application.router.redirect_slashes = False
        return application

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        try:
            for audience in sorted({token.audience for token in self._tokens.all()}):
                await self._in_thread(self._pool, audience)
            yield
        finally:
            for pool in self._pools.values():
                pool.stop()
            self._threads.shutdown()

    async def _in_thread(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    def _pool(self, audience: str) -> Pool:
        with self._pools_lock:
            if audience not in self._pools:
                self._pools[audience] = Pool(self._home, audience, self._settings)
            return self._pools[audience]

    def _noted(self, path: str, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """The handler, its refusals as JSON, and a line in the access log."""

        async def handle(request: Request) -> Response:
            note, began = Note(), time.monotonic()
            try:
                response = await handler(request, note)
            except Refused as refusal:
                note.code = refusal.code
                response = refusal.response()
            if note.release_id is not None:
                response.headers["X-Release-Id"] = note.release_id
            response.headers.update(_HEADERS)
            self._log.write(
                note,
                path=path,
                method=request.method,
                status=response.status_code,
                duration_ms=round((time.monotonic() - began) * 1000, 1),
                bytes=len(response.body),
            )
            return response

        return handle

    async def _not_routed(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = "method_not_allowed" if error.status_code == 405 else "not_found"
        response = Refused(code, str(error.detail)).response()
        response.headers.update({**(error.headers or {}), **_HEADERS})
        # The path is what a stranger wrote: it stays out of the log.
        self._log.write(
            Note(code=code), path="other", method=request.method, status=response.status_code
        )
        return response

    async def _defect(self, request: Request, _: Exception) -> Response:
        """The server logs the traceback; the reader learns that it is not his fault."""
        response = Refused("failed", "a defect of this program").response()
        response.headers.update(_HEADERS)
        self._log.write(Note(code="failed"), path="other", method=request.method, status=500)
        return response

    def _audience(self, request: Request, note: Note) -> str:
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        try:
            token = self._tokens.audience_of(secret.strip())
        except WarehouseError as error:  # the file was opened to others, or a line makes no sense
            raise Refused("failed", error.what) from error
        if scheme.lower() != "bearer" or token is None:
            raise Refused("unauthorised", "there is no token, or it is not known here")
        note.audience, note.label = token.audience, token.label
        return token.audience

    async def _run(self, audience: str, asked: Asked, note: Note) -> Answer:
        """The answer, when the statement gave one; Refused otherwise."""

        def work() -> tuple[str | None, Answer]:
            return self._pool(audience).run(asked)

        note.release_id, answer = await self._in_thread(work)
        if answer.code:
            raise Refused(answer.code, answer.what, note.release_id)
        note.tables, note.rows = answer.tables, answer.rows
        return answer

    async def _query(self, request: Request, note: Note) -> Response:
        audience = self._audience(request, note)
        asked = await asked_in(request, self._settings)
        note.of_statement(asked.sql)
        answer = await self._run(audience, asked, note)
        if asked.form == "arrow":
            headers = {"X-Row-Count": str(answer.rows), "X-Truncated": str(answer.cut).lower()}
            return Response(answer.body, media_type=ARROW_TYPE, headers=headers)
        head = json.dumps(
            {
                "release_id": note.release_id,
                "columns": [{"name": name, "type": kind} for name, kind in answer.columns],
                "row_count": answer.rows,
                "truncated": answer.cut,
            },
            ensure_ascii=False,
        )
        body = head[:-1].encode() + b', "rows": ' + answer.body + b"}"
        return Response(body, media_type="application/json")

    async def _rows(self, request: Request, note: Note, sql: str) -> list[list[Any]]:
        """The rows of a statement of ours, for whoever asks."""
        audience = self._audience(request, note)
        _json_only(request)
        answer = await self._run(audience, Asked(sql, [], None, "json"), note)
        rows: list[list[Any]] = json.loads(answer.body)
        return rows

    async def _tables(self, request: Request, note: Note) -> Response:
        rows = await self._rows(request, note, catalogue.TABLES)
        return JSONResponse({"release_id": note.release_id, "tables": catalogue.tables(rows)})

    async def _current(self, request: Request, note: Note) -> Response:
        found = catalogue.release(await self._rows(request, note, catalogue.RELEASE))
        return JSONResponse({**found, "freshness": await self._in_thread(self._freshness)})

    def _freshness(self) -> dict[str, Any] | None:
        try:
            found = freshness.read(self._home)
        except WarehouseError as error:
            raise Refused("failed", error.what) from error
        if found is None:
            return None
        vi, en = found.sentence()
        return {**asdict(found), "sentence": {"vi": vi, "en": en}}

    async def _health(self, request: Request, _: Note) -> Response:
        """For a watchdog: says whether there is something to read, and nothing about it."""
        _json_only(request)
        is_published = current_id(self._home) is not None
        status = "ok" if is_published else "nothing_published"
        return JSONResponse({"status": status}, 200 if is_published else 503)

    async def _openapi(self, request: Request, _: Note) -> Response:
        _json_only(request)
        return JSONResponse(self._described)


def _json_only(request: Request) -> None:
    if form_of(request.headers.get("accept")) != "json":
        raise Refused("not_acceptable", "this is given as JSON only")
