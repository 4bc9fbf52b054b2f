"""Named points where a test may kill the process as `kill -9` would.

Add here a point when publishing gains a step that must survive a crash on either side of it.
Keep out: simulated errors (raise them in a test); this acts only when the variable is set.
"""

import os
from typing import Literal

FAULT_VARIABLE = "IMPORT_RISK_FAULT"
FaultPoint = Literal["after_build", "before_rename", "before_switch", "after_switch"]
_KILLED = 137


def fault_point(name: FaultPoint) -> None:
    """End the process at once, without clean-up, when `IMPORT_RISK_FAULT` names this point."""
    if os.environ.get(FAULT_VARIABLE) == name:
        os._exit(_KILLED)
