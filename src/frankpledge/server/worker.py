"""The job worker's process: which names mean which workflows, and its housekeeping."""

import signal
from datetime import timedelta
from importlib import import_module
from types import FrameType
from typing import Any

from django.conf import settings

from frankpledge.foundation.jobs.registry import JobContext, register
from frankpledge.foundation.jobs.worker import Tick, Worker
from frankpledge.server.supervisor import follow_parent
from frankpledge.vocabulary.actors import Actor


def register_work() -> None:
    """Give every job its function. A workflow is imported when its first job comes: an idle worker stays small."""
    register("import incidents", _import_incidents)
    register("raise alerts", _raise_alerts)
    register("place addresses", _place_addresses)
    register("compute figures", _compute_figures)
    register("compose assessment", _compose_assessment)
    register("work out near repeats", _near_repeats)
    register("evaluate safe homes", _evaluate_homes)
    # One attempt: whoever starts the server sees the failure at once, and starting again tries again.
    register("load demo partnership", _load_demo, max_attempts=1)
    register("make quarterly pack", _make_quarterly_pack)
    # One attempt: a second would write to people a second time.
    register("remind owners", _remind_owners, max_attempts=1)
    register("remind owners of actions", _remind_action_owners, max_attempts=1)
    register("send messages to residents", _send_messages)
    register("plan day routes", _plan_day_routes)
    register("answer near repeats", _answer_near_repeats)
    register("find hot spots", _find_hot_spots)


def _import_incidents(context: JobContext, **arguments: Any) -> Any:
    from frankpledge.workflows.import_incidents import import_upload

    return import_upload(context, **arguments)


def _raise_alerts(context: JobContext, **arguments: Any) -> Any:
    from frankpledge.workflows.raise_alerts import raise_alerts_job

    return raise_alerts_job(context, **arguments)


def _compute_figures(context: JobContext, **arguments: Any) -> Any:
    from frankpledge.workflows.compute_figures import compute_figures_job

    return compute_figures_job(context, **arguments)


def _near_repeats(context: JobContext, **arguments: Any) -> Any:
    from frankpledge.workflows.near_repeats import near_repeats_job

    return near_repeats_job(context, **arguments)


def _send_messages(context: JobContext, **_arguments: Any) -> Any:
    from frankpledge.delivery.home_security.services import messages

    sent, failed = messages.send_waiting(by=context.by)
    return {"sent": sent, "failed": failed}


def _plan_day_routes(context: JobContext, day: str) -> Any:
    from datetime import date

    from frankpledge.delivery.home_security.services import doing

    context.progress(10, "Looking for the shortest ways")
    return doing.plan_routes(date.fromisoformat(day), by=context.by)


def _answer_near_repeats(context: JobContext, **arguments: Any) -> Any:
    from frankpledge.workflows.near_repeat_response import respond_job

    return respond_job(context, **arguments)


def _find_hot_spots(context: JobContext, **arguments: Any) -> Any:
    from frankpledge.workflows.find_hot_spots import find_hot_spots_job

    return find_hot_spots_job(context, **arguments)


def _place_addresses(context: JobContext, **arguments: Any) -> Any:
    from frankpledge.workflows.place_addresses import place_addresses_job

    return place_addresses_job(context, **arguments)


def _remind_action_owners(context: JobContext, **arguments: Any) -> Any:
    from frankpledge.workflows.action_reminders import action_reminders_job

    return action_reminders_job(context, **arguments)


def _evaluate_homes(context: JobContext, **arguments: Any) -> Any:
    from frankpledge.workflows.evaluate_homes import evaluate_homes_job

    return evaluate_homes_job(context, **arguments)


def _load_demo(context: JobContext, **arguments: Any) -> Any:
    from frankpledge.workflows.load_demo import load_demo_job

    return load_demo_job(context, **arguments)


def _compose_assessment(context: JobContext, **arguments: Any) -> Any:
    from frankpledge.workflows.compose_assessment import compose_assessment_job

    return compose_assessment_job(context, **arguments)


def _make_quarterly_pack(context: JobContext, **arguments: Any) -> Any:
    from frankpledge.workflows.quarterly_pack import make_pack_job

    return make_pack_job(context, **arguments)


def _remind_owners(context: JobContext, **arguments: Any) -> Any:
    from frankpledge.workflows.quarterly_pack import remind_owners_job

    return remind_owners_job(context, **arguments)


def clear_expired_sessions() -> None:
    """Forget sessions that have ended; Django keeps their rows until somebody clears them."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def erase_abandoned_uploads() -> None:
    """Erase uploaded files whose work was stopped or failed before it read them: they may hold personal data."""
    from frankpledge.records.incidents import services as incidents

    incidents.sweep_uploads(by=Actor.system("housekeeping"))


def let_offered_times_lapse() -> None:
    """Homes that were offered times and did not answer wait again."""
    from django.utils import timezone

    from frankpledge.delivery.home_security.services import choosing

    choosing.let_lapse(now=timezone.now(), by=Actor.system("housekeeping"))


TICKS = (
    Tick("clear expired sessions", timedelta(hours=6), clear_expired_sessions),
    Tick("erase abandoned uploads", timedelta(minutes=15), erase_abandoned_uploads),
    Tick("let offered times lapse", timedelta(minutes=30), let_offered_times_lapse),
)


def work(name: str | None = None, *, follow: int | None = None) -> int:
    """Do waiting work until told to stop; returns 0.

    `name`: the worker's, if whoever started it must know it. `follow`: the process this one must not outlive.
    """
    register_work()
    worker = Worker(name, ticks=TICKS)

    def leave(signum: int, frame: FrameType | None) -> None:
        worker.leave()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    if follow is not None:
        follow_parent(follow, worker.leave)
    worker.run()
    return 0
