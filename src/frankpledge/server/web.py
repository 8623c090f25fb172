"""The web process: gunicorn, started by us on a socket we hold, after Django is loaded once."""

import gc
import importlib
import os
import socket
from typing import Any

from django.conf import settings
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

from frankpledge.server.installation import Installation

THREADS = 4
#: How long a page that is being made may take to finish once the server is told to stop.
GRACE_S = 2
#: A picture of a large force on a cold machine is the slowest page.
TIMEOUT_S = 120


class WebLog(Logger):
    """Gunicorn's own words go where ours go, in the same safe form; its line for each request to the access log."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class Web(BaseApplication):
    """Our site as gunicorn wants it."""

    def __init__(self, listener: socket.socket, installation: Installation, processes: int) -> None:
        self.options: dict[str, Any] = {
            "bind": f"fd://{listener.fileno()}",
            "workers": processes,
            "worker_class": "gthread",
            "threads": THREADS,
            "preload_app": True,
            "timeout": TIMEOUT_S,
            "graceful_timeout": GRACE_S,
            "control_socket_disable": True,
            # Which part of an address is the application's own is not for a request to say.
            "forwarder_headers": "",
            "logger_class": WebLog,
            "loglevel": "warning",
            "accesslog": str(installation.access_log),
            # The path without its query: what people search for does not belong in a log.
            "access_log_format": '%(t)s %(h)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms',
            "proc_name": "frankpledge",
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Load the site with all its addresses before the first fork, so that every process shares it."""
        gc.disable()  # as in `serve`: loading makes no rubbish
        from frankpledge.server.wsgi import application

        importlib.import_module(settings.ROOT_URLCONF)
        gc.freeze()
        gc.enable()
        return application


class FollowingArbiter(Arbiter):
    """Gunicorn's master, which also goes when the process that started it is gone."""

    def __init__(self, app: Web) -> None:
        self.supervisor = os.getppid()
        super().__init__(app)

    def murder_workers(self) -> None:
        """Called by gunicorn about once a second."""
        if os.getppid() != self.supervisor:
            raise StopIteration
        super().murder_workers()


def serve_pages(listener: socket.socket, installation: Installation, processes: int) -> None:
    """Answer requests on `listener` until told to stop; leaves by SystemExit."""
    FollowingArbiter(Web(listener, installation, processes)).run()
