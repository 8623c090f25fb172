"""The demo partnership at the first start: whether it belongs here, and loading it to the end."""

import gc
import hashlib
import os
import secrets
import sys
from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.db import connection

from frankpledge.foundation.agencies.services import demo_code, demo_email, ensure_demo_people
from frankpledge.server.installation import Installation
from frankpledge.server.supervisor import close_connections, follow_parent
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.permissions import Role
from frankpledge.workflows.load_demo import DemoState, demo_state

BY = Actor.system("demo partnership")
Say = Callable[[str], object]


def wants_demo(*, no_demo: bool) -> bool:
    """Whether this is, or becomes, a demo installation. Raises RuleBroken for `--no-demo` over a demo that is there."""
    state = demo_state()
    if state is DemoState.IN_USE:
        return False
    if state is DemoState.EMPTY:
        return not no_demo
    if no_demo:
        raise RuleBroken(
            "This installation holds the demo partnership. Start a new one: --no-demo --data ANOTHER-FOLDER."
        )
    return True


def finish_demo(*, say: Say) -> None:
    """Load what of the demo is not there yet. A start that was killed half way is finished by the next.

    It is done in a process of its own: the engines it uses keep threads, and this process will fork again. Raises
    RuleBroken if it failed, KeyboardInterrupt if somebody pressed Ctrl-C.
    """
    if demo_state() is DemoState.LOADED:
        return
    say("Making the demo partnership; this is done once.")
    close_connections()
    sys.stdout.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        os._exit(_load(say, parent))
    _, status = os.waitpid(pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuleBroken("The demo partnership could not be made. Start again to try again.")


def _load(say: Say, parent: int) -> int:
    from frankpledge.server.worker import register_work
    from frankpledge.workflows.load_demo import finish_demo_here

    gc.enable()
    follow_parent(parent, lambda: os._exit(1))  # what is half done then, the next start finishes
    register_work()
    try:
        failure = finish_demo_here(say=say)
    except KeyboardInterrupt:
        return 1
    if failure:
        say(failure)
    sys.stdout.flush()
    return 1 if failure else 0


def sign_ins(installation: Installation) -> str:
    """A table of the demo's accounts, one for each role, which are made or changed first if they must be.

    Hashing a password for every account takes a second, so it is done only when the answer would change.
    """
    memory = installation.memory()
    password = settings.DEMO_PASSWORD or memory.demo_password or secrets.token_urlsafe(9)
    fingerprint = _fingerprint(password)
    if memory.sign_ins != fingerprint:
        ensure_demo_people(password=password, by=BY)
        kept = memory.demo_password if settings.DEMO_PASSWORD else password
        installation.remember(replace(memory, demo=True, demo_password=kept, sign_ins=fingerprint))
    return _table([(role.value, demo_email(role), password, demo_code(demo_email(role))) for role in Role])


def _fingerprint(password: str) -> str:
    parts = [connection.vendor, str(connection.settings_dict["NAME"]), str(connection.settings_dict["HOST"])]
    parts += [password, "no second factor" if settings.DEMO_PASSWORD else "second factor"]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _table(rows: list[tuple[str, str, str, str | None]]) -> str:
    lines = [f"  {'demo sign-in':<16}{'e-mail':<36}password"]
    lines += [f"  {role:<16}{email:<36}{password}" for role, email, password, _ in rows]
    if any(code for *_, code in rows):
        lines.append("  Each also asks for a code of six digits; the page that asks for it shows the demo's code.")
    return "\n".join(lines)
