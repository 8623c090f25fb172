"""Styles, scripts and typeface under names that hold their fingerprint: browsers keep them and never show stale ones.

They are collected into the data folder when a start finds others in the package than the last start did.
"""

import hashlib
from pathlib import Path

import allauth
from django.conf import settings
from django.contrib.staticfiles.management.commands.collectstatic import Command
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

from frankpledge import __version__


class FingerprintedFiles(CompressedManifestStaticFilesStorage):
    """Scripts import each other by those names too: a new script never meets an old one."""

    support_js_module_import_aggregation = True


def fingerprint() -> str:
    """What is to be collected, told by names, sizes and times: no file is read."""
    found = hashlib.sha256(f"{__version__} {allauth.__version__}".encode())
    root = Path(settings.PACKAGE) / "ui" / "static"
    for file in sorted(path for path in root.rglob("*") if path.is_file()):
        state = file.stat()
        found.update(f"{file.relative_to(root)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return found.hexdigest()


def collect() -> None:
    """Copy them all. Those of earlier versions stay, for pages that are open in a browser."""
    command = Command()
    command.storage = FingerprintedFiles()
    call_command(command, interactive=False, verbosity=0)
