"""A notice as plain-text mail through the configured server; a report goes with it as it was filed.

Add here a header. Keep out: HTML in the text, and attachments other than the documents of a filed
edition: a notice about a run points to its page, it is not the page.
"""

import datetime as dt
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path
from types import MappingProxyType

from notices.channels.delivery import NotTaken, secret
from notices.configuration import MailServer
from notices.outbox import Notice

_PERMANENT = 500
NO_FILES: Mapping[str, bytes] = MappingProxyType({})


# The documents that people open; tidy files go by folder.
_ATTACHED: Mapping[str, tuple[str, str]] = {
    ".pdf": ("application", "pdf"),
    ".html": ("text", "html"),
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def message_of(
    notice: Notice, server: MailServer, to: str, files: Mapping[str, bytes] = NO_FILES
) -> EmailMessage:
    """The mail. Its Message-ID is the same on every attempt. files: of a filed edition.

    Raises ValueError when a value would break a header.
    """
    message = EmailMessage()
    message["Subject"] = notice.subject
    message["From"] = server.sender
    message["To"] = to
    message["Date"] = dt.datetime.fromisoformat(notice.created_at)
    message["Message-ID"] = f"<{notice.id}@{server.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # keeps absence notes from answering
    message.set_content(notice.text)
    for name, content in sorted(files.items()):
        if mime := _ATTACHED.get(Path(name).suffix):
            message.add_attachment(content, maintype=mime[0], subtype=mime[1], filename=name)
    return message


def send(
    notice: Notice,
    server: MailServer,
    to: str,
    timeout_seconds: float,
    files: Mapping[str, bytes] = NO_FILES,
) -> None:
    """Hand the notice to the server for every address in `to` (joined by commas).

    Raises NotTaken. One refused address of several is not an error of the notice: the others have
    it, and sending again would tell them twice.
    """
    try:
        message = message_of(notice, server, to, files)
    except ValueError as error:
        raise NotTaken("the notice cannot be written as a mail", is_final=True) from error
    password = None if server.user is None else secret(server.password_variable)
    try:
        with _connection(server, timeout_seconds) as smtp:
            if server.tls == "starttls":
                smtp.starttls(context=_context(server))
            if server.user is not None and password is not None:
                smtp.login(server.user, password)
            smtp.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise NotTaken(
            f"every address was refused ({min(codes)})", is_final=min(codes) >= _PERMANENT
        ) from error
    except smtplib.SMTPResponseException as error:
        # A wrong password is put right on this side: worth another try.
        is_login = isinstance(error, smtplib.SMTPAuthenticationError)
        raise NotTaken(
            f"the mail server said {error.smtp_code}",
            is_final=error.smtp_code >= _PERMANENT and not is_login,
        ) from error
    except (smtplib.SMTPException, OSError) as error:  # ssl.SSLError and timeouts are OSErrors
        raise NotTaken(f"the mail server: {type(error).__name__}", is_final=False) from error


def _connection(server: MailServer, timeout_seconds: float) -> smtplib.SMTP:
    if server.tls == "tls":
        return smtplib.SMTP_SSL(
            server.host, server.port, timeout=timeout_seconds, context=_context(server)
        )
    return smtplib.SMTP(server.host, server.port, timeout=timeout_seconds)


def _context(server: MailServer) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=None if server.ca_file is None else server.ca_file)
