"""How the daemon and its workers talk: one JSON header and one body, each after its length.

Add here a field that a worker needs or reports. Keep out: processes (pool.py) and SQL (worker.py).
"""

import json
import struct
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO, Literal

Form = Literal["json", "arrow"]
_LENGTHS = struct.Struct(">IQ")


@dataclass(frozen=True)
class Query:
    """One statement for a worker. home: path of the home that holds the release.

    parameters: a list for ? and $1, a mapping for $name. limit_rows: what the reader asked for;
    max_rows and max_bytes: what is allowed.
    """

    home: str
    audience: str
    release_id: str
    sql: str
    parameters: list[Any] | dict[str, Any]
    limit_rows: int | None
    form: Form
    max_rows: int
    max_bytes: int
    timeout_s: float


@dataclass(frozen=True)
class Answer:
    """What a worker says. code: "" when it worked, else why not (errors.py). cut: limit_rows cut
    the result. columns: (name, SQL type). tables: which tables of the release were named, for the
    access log: the text of a query may hold personal values and is never kept."""

    code: str
    what: str = ""
    rows: int = 0
    cut: bool = False
    columns: tuple[tuple[str, str], ...] = ()
    tables: tuple[str, ...] = ()
    body: bytes = b""


def send(stream: BinaryIO, header: dict[str, Any], body: bytes = b"") -> None:
    """Write one message."""
    text = json.dumps(header).encode("utf-8")
    stream.write(_LENGTHS.pack(len(text), len(body)) + text)
    stream.write(body)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """Read one message; EOFError when the other side is gone."""
    header, body = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    return json.loads(_exactly(stream, header)), _exactly(stream, body)


def send_query(stream: BinaryIO, query: Query) -> None:
    """Hand a statement to a worker."""
    send(stream, asdict(query))


def send_answer(stream: BinaryIO, answer: Answer) -> None:
    """Hand a result to the daemon."""
    header = {name: value for name, value in asdict(answer).items() if name != "body"}
    send(stream, header, answer.body)


def receive_answer(stream: BinaryIO) -> Answer:
    """The result of the statement that was handed over."""
    header, body = receive(stream)
    columns = tuple((str(name), str(sql_type)) for name, sql_type in header.pop("columns"))
    tables = tuple(header.pop("tables"))
    return Answer(**header, columns=columns, tables=tables, body=body)


def _exactly(stream: BinaryIO, count: int) -> bytes:
    content = stream.read(count)
    if len(content) != count:
        raise EOFError
    return content
