"""`import-risk keys`: the pseudonymisation key of a home, and its replacement.

Add here a command about keys. Keep out: keys themselves (they come from the environment and are
never an argument, printed or written) and how tokens are made anew (ingest/rotation.py).
"""

from typing import Annotated

import typer

from cli.output import JsonOption, print_json, progress_bars, say
from foundation.home import Home
from foundation.progress import report


def register(app: typer.Typer) -> None:
    """Put the commands of this module on `app`."""
    group = typer.Typer(help="The key behind the tokens of persons.", no_args_is_help=True)
    group.command("show")(keys_show)
    group.command("rotate")(keys_rotate)
    app.add_typer(group, name="keys")


def keys_show(json_output: JsonOption = False) -> None:
    """Name the key that this home holds and the one that the environment states; never the key."""
    from ingest.conforming.pseudonymise import PseudonymKey
    from ledger.chain import Ledger
    from ledger.entries import bound_key_id

    entries = Ledger(Home.from_environment().ledger).entries()
    rotations = [
        {"at": entry.at, **{name: entry.body[name] for name in ("old_key_id", "new_key_id")}}
        for entry in entries
        if entry.kind == "rotation"
    ]
    bound, stated = bound_key_id(entries), PseudonymKey.from_environment().key_id
    if json_output:
        print_json({"home": bound, "environment": stated, "rotations": rotations})
        return
    say(f"this home holds tokens of {bound or 'no key yet'}; the environment states {stated}")
    for item in rotations:
        say(f"{item['at']}: {item['old_key_id']} -> {item['new_key_id']}")


def keys_rotate(
    reason: Annotated[str, typer.Option(help="Why; kept in the ledger.")],
    signed_by: Annotated[str, typer.Option(help="Who decides; kept in the ledger.")],
    json_output: JsonOption = False,
) -> None:
    """Make every token anew under another key, from the stored deliveries; joins stay right.

    New key: IMPORT_RISK_PII_KEY and IMPORT_RISK_PII_KEY_ID. Old key: IMPORT_RISK_PII_OLD_KEY and
    IMPORT_RISK_PII_OLD_KEY_ID (none: the demonstration key). Takes about twice as long as
    delivering everything did, and space for a second raw/.
    """
    from ingest.conforming.pseudonymise import PseudonymKey
    from ingest.rotation import old_key_from_environment, rotate

    with progress_bars(shown=not json_output):
        done = rotate(
            Home.from_environment(),
            old=old_key_from_environment(),
            new=PseudonymKey.from_environment(),
            reason=reason,
            signed_by=signed_by,
            on_progress=report,
        )
    if json_output:
        print_json(done.to_json())
        return
    say(
        f"key {done.old_key_id} -> {done.new_key_id}: {done.deliveries} deliveries with "
        f"{done.rows} rows; {done.removed_files} files of the old key removed from raw/"
    )
    say("next: `import-risk run` builds the marts again; forget the old key after that")
    if done.leftovers:
        say(
            f"published before, still under the old key: {', '.join(done.leftovers)}; "
            "docs/privacy.md says what to do with them"
        )
