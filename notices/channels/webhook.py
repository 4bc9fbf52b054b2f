"""A notice as a signed JSON POST to a configured, allowed address.

The receiver checks `X-Import-Risk-Signature`: hex HMAC-SHA256, under the shared key, of the
time stamp header, a dot, and the body; an old time stamp or a known id is a repetition.
Add here another header. Keep out: redirects (a receiver must not choose our addressee) and
proxies from the environment.
"""

import datetime as dt
import hashlib
import hmac
import http.client
import json
from urllib.parse import urlsplit

from notices.channels.delivery import NotTaken, secret
from notices.outbox import Notice, stamp

_TRY_AGAIN = (408, 425, 429)


def body_of(notice: Notice) -> bytes:
    """The JSON document: what happened, in text; no personal data (message.py)."""
    document = {
        "id": notice.id,
        "kind": notice.kind,
        "run_id": notice.run_id,
        "created_at": notice.created_at,
        "subject": notice.subject,
        "text": notice.text,
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True).encode()


def signature(key: str, timestamp: str, body: bytes) -> str:
    """What the receiver computes too."""
    return hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def send(
    notice: Notice, url: str, secret_variable: str, now: dt.datetime, timeout_seconds: float
) -> None:
    """POST the notice; any 2xx answer is a receipt. Raises NotTaken."""
    key = secret(secret_variable)
    body, timestamp = body_of(notice), stamp(now)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Import-Risk-Id": notice.id,
        "X-Import-Risk-Timestamp": timestamp,
        "X-Import-Risk-Signature": signature(key, timestamp, body),
    }
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(str(parts.hostname), parts.port, timeout=timeout_seconds)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotTaken(f"the webhook: {type(error).__name__}", is_final=False) from error
    finally:
        connection.close()
    if not 200 <= status < 300:
        is_final = 300 <= status < 500 and status not in _TRY_AGAIN
        raise NotTaken(f"the webhook said {status}", is_final=is_final)
