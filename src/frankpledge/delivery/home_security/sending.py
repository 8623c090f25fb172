"""How messages leave: a sender of the installation's choice (``FRANKPLEDGE_MESSAGE_SENDER``), files by default."""

import os
from dataclasses import dataclass
from pathlib import Path
from smtplib import SMTPException
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage

from frankpledge.delivery.home_security.vocabulary import ContactKind
from frankpledge.vocabulary.errors import FrankpledgeError


class CannotSend(FrankpledgeError):
    """The sender did not take a message. It is tried again later."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way. ``number`` is the same whenever the same message is handed over again."""

    number: int
    kind: str  # "letter", "e-mail" or "text"
    to: str
    subject: str
    body: str
    language: str


class Sender(Protocol):
    """What an installation may plug in: a class without arguments that takes a message or raises CannotSend."""

    def send(self, message: Outgoing) -> None:
        """Take the message. Handed the same number twice, it goes out once."""


class FileOutbox:
    """Writes each message as a file to ``outbox/residents`` in the data folder, for the post room or a test."""

    def send(self, message: Outgoing) -> None:
        """The file carries the message's number, so a message is never there twice."""
        folder = Path(settings.DATA_DIR) / "outbox" / "residents"
        kind = message.kind.replace("-", "")
        text = f"To: {message.to}\nSubject: {message.subject}\n\n{message.body}\n"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = folder / f"{message.number:06d}-{kind}.txt"
            with open(file, "w", encoding="utf-8", opener=_for_own_eyes) as handle:
                handle.write(text)
        except OSError as problem:
            raise CannotSend(f"The outbox could not be written: {problem.strerror}.") from problem


def _for_own_eyes(path: str, flags: int) -> int:
    """Names, addresses, passwords at the door, and addresses that open the page of times stand in it."""
    return os.open(path, flags, 0o600)


class MailAndFiles(FileOutbox):
    """E-mails go out through the mail server of the settings; letters and texts are written as files."""

    def send(self, message: Outgoing) -> None:
        """An e-mail goes at once."""
        if message.kind != ContactKind.EMAIL:
            super().send(message)
            return
        try:
            EmailMessage(message.subject, message.body, to=[message.to]).send()
        except (SMTPException, OSError) as problem:
            raise CannotSend("The mail server did not take it.") from problem
