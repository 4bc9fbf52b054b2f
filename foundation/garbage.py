"""Python's search for unreachable cycles, where it only costs.

Defines: `no_search_for_cycles`. Add here another way to spare the search. Keep out: memory limits
(memory.py).
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """The block without that search, which looks through every object of a large document or
    project; what lies in a cycle waits for the next search of everything after the block."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        # Old at once: as new objects all of them would be searched on the next line. Not where
        # pages are kept shared with other processes (ingest/sandbox/server.py): it would free them.
        if gc.get_freeze_count() == 0:
            gc.freeze()
            gc.unfreeze()
        if was_on:
            gc.enable()
