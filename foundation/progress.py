"""How long work reports its progress without knowing who shows it.

Add here another thing worth showing while work runs. Keep out: drawing (the CLI installs a sink).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# (stage, done, total); total 0 means not known.
ProgressSink = Callable[[str, int, int], None]


def _nowhere(stage: str, done: int, total: int) -> None:
    """The sink when nobody watches."""


_sink: ContextVar[ProgressSink] = ContextVar("progress_sink", default=_nowhere)


def report(stage: str, done: int = 0, total: int = 0) -> None:
    """Tell whoever watches how far `stage` is."""
    _sink.get()(stage, done, total)


@contextmanager
def shown_by(sink: ProgressSink) -> Iterator[None]:
    """Send reports of this context to `sink`."""
    token = _sink.set(sink)
    try:
        yield
    finally:
        _sink.reset(token)
