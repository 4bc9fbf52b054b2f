"""Commands of the reader daemon: serve, token new, token list.

Add here a command over the daemon. Keep out: what it does (serving/daemon).
"""

from pathlib import Path
from typing import Annotated

import typer

from cli.output import JsonOption, console, print_json, say, table
from cli.reading import Audience
from foundation.home import Home


def register(app: typer.Typer) -> None:
    """Put the commands of this module on `app`."""
    app.command()(serve)
    tokens = typer.Typer(help="Who may ask the daemon, as whom.", no_args_is_help=True)
    tokens.command("new")(token_new)
    tokens.command("list")(token_list)
    app.add_typer(tokens, name="token")


def serve(
    host: Annotated[str | None, typer.Option(help="Default: 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Default: 8642.")] = None,
    tls_certificate: Annotated[Path | None, typer.Option(help="PEM file.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="PEM file.")] = None,
) -> None:
    """Answer SQL over HTTP on the current release; a token per reader, limits on everything."""
    from dataclasses import replace

    from serving.daemon.server import serve as listen
    from serving.daemon.settings import DaemonSettings

    settings = DaemonSettings.from_environment()
    settings = replace(settings, host=host or settings.host, port=port or settings.port)
    scheme = "http" if tls_certificate is None else "https"
    say(f"reading {Home.from_environment().releases}; {scheme}://{settings.host}:{settings.port}")
    listen(Home.from_environment(), settings, certificate=tls_certificate, private_key=tls_key)


def token_new(
    audience: Annotated[Audience, typer.Argument(help="Whose file the token opens.")],
    label: Annotated[str, typer.Option(help="Who uses it, such as superset-1; in the log.")],
    json_output: JsonOption = False,
) -> None:
    """Make a token and print it once; the home keeps only its hash."""
    from serving.daemon.tokens import new_token

    secret = new_token(Home.from_environment(), audience.value, label)
    if json_output:
        print_json({"audience": audience.value, "label": label, "token": secret})
    else:
        say(secret)
        say("this is shown once; take its line out of the file `tokens` to revoke it", err=True)


def token_list(json_output: JsonOption = False) -> None:
    """The labels and audiences of the tokens that are accepted."""
    from serving.daemon.tokens import Tokens

    known = [
        {"audience": token.audience, "label": token.label}
        for token in Tokens(Home.from_environment()).all()
    ]
    if json_output:
        print_json(known)
    else:
        rows = [tuple(token.values()) for token in known]
        console().print(table("Tokens", ("audience", "label"), rows))
