"""What log lines may say: one line each, and nobody's e-mail address."""

import logging
import re

ADDRESS = re.compile(r"[^\s@<>\"'(),;:=]+@[^\s@<>\"'(),;:=]+\.[^\s@<>\"'(),;:=]+")
# Line breaks, terminal escapes and marks that turn the direction of text: each could make one entry look like another.
UNSAFE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# What PostgreSQL adds to an error: the whole row that broke a rule, or the values that were there twice.
CONTENTS = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)


class WithoutAddresses(logging.Filter):
    """Blots out e-mail addresses in the message, whoever logged it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; never drop it."""
        record.msg, record.args = ADDRESS.sub("(address)", record.getMessage()), None
        return True


class OneLine(logging.Formatter):
    """One event, one line: what could break the line or disguise it is written as an escape."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name logging calls
        """The first line of the entry; a traceback may follow below it."""
        return UNSAFE.sub(lambda found: found.group().encode("unicode_escape").decode(), super().formatMessage(record))

    def formatException(self, ei: object) -> str:  # noqa: N802 - the name logging calls
        """The traceback, without addresses and without what was in a row."""
        text = super().formatException(ei)  # type: ignore[arg-type]
        return ADDRESS.sub("(address)", CONTENTS.sub(r"\1: (left out)", text))
