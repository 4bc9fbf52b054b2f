"""Starts and stops the daemon: one listening socket, no other way in.

Add here what concerns the process as a whole. Keep out: requests (app.py).
"""

import ipaddress
import sys
from pathlib import Path

import uvicorn

from foundation.errors import UsageError
from foundation.home import Home
from serving.daemon.access_log import AccessLog
from serving.daemon.app import Api
from serving.daemon.settings import DaemonSettings
from serving.daemon.tokens import VARIABLES, Tokens

_MOST_CONNECTIONS = 200
_KEEP_ALIVE_S = 5
_LONGEST_HEAD_BYTES = 16 * 1024


def serve(
    home: Home,
    settings: DaemonSettings,
    *,
    certificate: Path | None = None,
    private_key: Path | None = None,
) -> None:
    """Listen until a signal; running queries end first. Blocks.

    Raises UsageError when nobody could be let in, or when tokens would cross a network in clear.
    """
    tokens = Tokens(home)
    if not tokens.all():
        raise UsageError(
            "there is no token, so nobody could read",
            where=f"{home.tokens}, {', '.join(VARIABLES.values())}",
            remedy="make one with `import-risk token new`",
        )
    if (certificate is None) != (private_key is None):
        raise UsageError(
            "a certificate and its key belong together", where="serve", remedy="give both"
        )
    if certificate is None and not is_loopback(settings.host):
        raise UsageError(
            f"without TLS the daemon listens on loopback only, not on {settings.host}",
            where="IMPORT_RISK_SERVE_HOST",
            remedy="give --tls-certificate and --tls-key, or put a proxy with TLS before it",
        )
    api = Api(home, settings, tokens, AccessLog(sys.stderr))
    uvicorn.run(
        api.application(),
        host=settings.host,
        port=settings.port,
        ssl_certfile=certificate,
        ssl_keyfile=private_key,
        http="h11",
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,  # it would print what strangers write into paths
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=int(settings.timeout_s + settings.grace_s + settings.queue_s),
        h11_max_incomplete_event_size=_LONGEST_HEAD_BYTES,
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
