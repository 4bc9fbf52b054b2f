"""What a sender may say when a channel did not take a notice.

Add here another way not to be taken. Keep out: what is done about it (dispatch.py).
"""

import os


class NotTaken(Exception):
    """The channel did not take it. is_final: trying again unchanged cannot help.

    The text is short, ours, and holds no secret.
    """

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final


def secret(variable: str) -> str:
    """The secret in an environment variable; NotTaken, to be tried again, when it is not set."""
    value = os.environ.get(variable, "")
    if not value:
        raise NotTaken(f"the variable {variable} is not set", is_final=False)
    return value
