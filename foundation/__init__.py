"""What every package of the warehouse may import: errors, paths, files, locks, progress.

Add here when two packages need the same mechanism. Keep out: anything that knows a source, a rule,
an engine or an orchestrator. This package imports none of the others.
Import concrete submodules (`from foundation.errors import ...`); nothing is re-exported here.
"""
