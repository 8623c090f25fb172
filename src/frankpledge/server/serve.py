"""`serve`: one command from an empty folder to pages, and quickly back to them at every later start."""

import errno
import gc
import ipaddress
import logging
import os
import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from frankpledge.server.installation import Installation
from frankpledge.vocabulary.errors import RuleBroken

log = logging.getLogger(__name__)

DEMO_NAME = "Safer Aldercombe"
QUEUE = 128
_HANDED_ON = "LISTENING_SOCKET"  # the number of the socket, between a process and the one it becomes


def serve(*, data: Path, host: str, port: int, web_processes: int, demo_password: str | None, no_demo: bool) -> int:
    """Prepare the installation in `data` as far as it is not, then serve it until told to stop; returns the exit code.

    Raises RuleBroken, with a sentence, for a port that is taken, a demo on an address others can reach, a database of a
    newer version and a demo that could not be loaded.
    """
    # Nothing that is loaded now becomes rubbish, and looking for some costs a fifth of a start. Each child looks again.
    gc.disable()
    no_demo = no_demo or answers_to_others()
    loopback = is_loopback(host)
    _refuse_open_address(loopback, demo_password, no_demo)
    listener = _take_port(host, port)
    say_own_address(host, port)
    installation = Installation.open(data)
    memory = installation.memory()
    guess = not no_demo and memory.demo is not False
    installation.start_django(demo=guess, host=host, demo_password=demo_password)
    installation.log_to_file()
    with installation.prepared_alone(say=_say):
        demo = _prepare(no_demo=no_demo)
        _refuse_misplaced_demo(demo, loopback, demo_password)
        if memory.demo != demo:
            installation.remember(replace(installation.memory(), demo=demo))
        collected = not demo and _collect_static_files(installation)
    if demo != guess or collected:
        # The settings were read for the other kind of installation, or before its styles were there; this happens once
        # in its life and once after each change of version.
        _start_again(listener)
    return _run(installation, listener, web_processes, f"http://{_shown(host)}:{port}", demo)


_DEMO_STAYS_HERE = (
    "The demo partnership and its sign-ins are served on this machine's own address only. "
    "Leave out --host, or start a new installation with --no-demo and --data."
)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def answers_to_others() -> bool:
    """Whether this installation has names that people use over a network. The demo has no place on such a one."""
    names = (name.strip() for name in os.environ.get("FRANKPLEDGE_HOSTS", "").split(","))
    return any(name and not is_loopback(name.strip("[]")) for name in names)


def say_own_address(host: str, port: int) -> None:
    """On this machine alone messages name the address it is served at. Behind a proxy others use its real name."""
    if is_loopback(host) and not answers_to_others():
        os.environ.setdefault("FRANKPLEDGE_PUBLIC_ADDRESS", f"http://{_shown(host)}:{port}")


def _refuse_misplaced_demo(demo: bool, loopback: bool, demo_password: str | None) -> None:
    if demo and not loopback:
        raise RuleBroken(_DEMO_STAYS_HERE)
    if demo_password and not demo:
        raise RuleBroken("--demo-password is for the demo partnership, and this installation does not hold it.")


def _refuse_open_address(loopback: bool, demo_password: str | None, no_demo: bool) -> None:
    if loopback:
        return
    if demo_password or not no_demo:
        raise RuleBroken(_DEMO_STAYS_HERE)
    if not os.environ.get("FRANKPLEDGE_HOSTS"):
        raise RuleBroken("Set FRANKPLEDGE_HOSTS to the names people will use for this server, then start it again.")


def _start_again(listener: socket.socket) -> NoReturn:
    """Be a new process of the same command. It takes over the socket, with the visitors that wait at it."""
    listener.set_inheritable(True)
    os.environ[_HANDED_ON] = str(listener.fileno())
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "frankpledge.server", *sys.argv[1:]])


def _take_port(host: str, port: int) -> socket.socket:
    """A socket that listens on the address from now on: visitors of the first seconds wait for their page."""
    if handed_on := os.environ.pop(_HANDED_ON, ""):
        mine = socket.socket(fileno=int(handed_on))
        mine.set_inheritable(False)
        return mine
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise RuleBroken(f"{host} is not an address of this machine.") from None
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(QUEUE)
    except OSError as error:
        listener.close()
        raise RuleBroken(_why_not(error, host, port)) from None
    return listener


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program. Try --port {_free_port(host)}."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Only this machine's administrator may listen on port {port}. Try --port {_free_port(host)}."
    return f"{host} is not an address of this machine."


def _free_port(host: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _prepare(*, no_demo: bool) -> bool:
    """Bring the database up to date and the demo in if it belongs there; True if this is a demo installation."""
    from frankpledge.server.first_start import finish_demo, wants_demo
    from frankpledge.server.schema import bring_up_to_date

    bring_up_to_date(say=_say)
    demo = wants_demo(no_demo=no_demo)
    if demo:
        finish_demo(say=_say)
    return demo


def _collect_static_files(installation: Installation) -> bool:
    """Collect styles and scripts unless these very ones are there; True if that was to be done."""
    from django.conf import settings

    from frankpledge.server.static_files import collect, fingerprint

    memory, found = installation.memory(), fingerprint()
    if settings.STATIC_IS_COLLECTED and memory.static_files == found:
        return False
    collect()
    installation.remember(replace(memory, static_files=found))
    return True


def _run(
    installation: Installation,
    listener: socket.socket,
    web_processes: int,
    address: str,
    demo: bool,
) -> int:
    from frankpledge.server.supervisor import Child, Supervisor

    supervisor = os.getpid()
    worker = f"{socket.gethostname()[:60]}:{supervisor}"

    def serve_pages() -> None:
        from frankpledge.server.web import serve_pages

        serve_pages(listener, installation, web_processes)

    def work() -> int:
        listener.close()
        from frankpledge.server.worker import work

        return work(worker, follow=supervisor)

    def take_back_its_jobs(by_itself: bool) -> None:
        from django.db import DatabaseError

        from frankpledge.foundation.jobs.queue import release

        try:
            release(worker, counts=by_itself)
        except DatabaseError:
            log.warning("The worker's jobs could not be taken back; their lease will end.", exc_info=True)

    children = [
        Child("web process", serve_pages, vital=True),
        Child("worker", work, mourn=take_back_its_jobs),
    ]
    _announce(installation, address, demo)
    code = Supervisor(children, installation.server_log).run()
    _say("Stopped.")
    return code


def _announce(installation: Installation, address: str, demo: bool) -> None:
    if demo:
        from frankpledge.server.first_start import sign_ins

        _say(f"The demo partnership {DEMO_NAME} is at {address} - everything and everyone in it is made up.")
        _say(sign_ins(installation))
    else:
        from frankpledge.workflows.load_demo import has_people

        _say(f"Frankpledge is at {address}.")
        if not has_people():
            _say("Nobody has an account yet: `frankpledge people add --help` tells how to make the first.")
    _say(f"State is kept in {installation.data}; errors go to {installation.server_log}. Stop with Ctrl-C.")


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _say(line: str) -> None:
    print(line, flush=True)
