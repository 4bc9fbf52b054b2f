"""What a person states with a decision that the ledger keeps: why, and who answers for it.

Defines: `stated`. Add here another thing that every such statement must be. Keep out: who may
decide, and what the decision does.
"""

from foundation.errors import UsageError
from foundation.visible import visible

_LONGEST = 600  # signs, as in the reason of a delivered decision


def stated(option: str, text: str) -> str:
    """The statement given with `option`, without blanks around it.

    Raises UsageError when it says nothing, is longer than 600 signs, or holds signs that nobody
    sees: on a list or a page they would make it say another thing.
    """
    text = text.strip()
    if not text:
        raise UsageError(
            f"{option} must say something: the ledger keeps it",
            where=option,
            remedy="say why, and who answers for it",
        )
    if len(text) > _LONGEST:
        raise UsageError(
            f"{option} has {len(text)} signs, more than {_LONGEST}",
            where=option,
            remedy="say it in fewer words",
        )
    if visible(text) != text:
        raise UsageError(
            f"{option} holds signs that nobody sees: {visible(text)}",
            where=option,
            remedy="write it again by hand",
        )
    return text
