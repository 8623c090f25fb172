"""Messages to residents: written into the outbox in the transaction of what they tell, sent by the worker."""

import logging
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import formats, timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext, override

from frankpledge.delivery.home_security.models import HomeRequest, Invitation, Message
from frankpledge.delivery.home_security.models.columns import NAME_LENGTH
from frankpledge.delivery.home_security.rules.choosing import Slot, closes_at
from frankpledge.delivery.home_security.selectors import asking as selectors
from frankpledge.delivery.home_security.sending import CannotSend, Outgoing, Sender
from frankpledge.delivery.home_security.services import invitations
from frankpledge.delivery.home_security.vocabulary import ContactKind, MessageState, VisitState
from frankpledge.foundation.agencies.selectors import partnership
from frankpledge.foundation.jobs import services as jobs
from frankpledge.foundation.jobs.selectors import unfinished
from frankpledge.foundation.jobs.vocabulary import JobState
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.premises import Premises

log = logging.getLogger(__name__)

SEND_MESSAGES = "send messages to residents"
MOST_ATTEMPTS = 5
# Which message it is. The words are below; each is one short text that reads the same as letter, e-mail and text.
RECEIVED, NEAR_BURGLARY, AFTER_BURGLARY = "request received", "burglary near you", "after a burglary"
BOOKED, TIMES = "visit booked", "times offered"


def write(request: HomeRequest, *, about: str, invitation: Invitation | None = None, by: Actor) -> Message:
    """Write to whoever asked, in their language and the way they chose. Belongs in a transaction.

    ``invitation``: times the message offers, or by whose page the visit it tells of may be changed.
    """
    kind = ContactKind(request.reach_by)
    to = {ContactKind.TEXT: request.telephone, ContactKind.EMAIL: request.email}.get(kind, "")
    if not to:
        kind, to = ContactKind.LETTER, _envelope(request.name, request.address, request.postcode, request.language)
    return _put(kind, to, about, request.language, request, request.uprn, by, invitation)


def write_to_home(home: Premises, *, about: str, request: HomeRequest | None, by: Actor) -> Message:
    """Write a letter to whoever lives in a home: nobody's name is known or needed."""
    to = _envelope("", home.address, home.postcode, settings.LANGUAGE_CODE)
    return _put(ContactKind.LETTER, to, about, settings.LANGUAGE_CODE, request, home.uprn, by)


def _envelope(name: str, address: str, postcode: str, language: str) -> str:
    with override(language):
        whom = name or gettext("The resident")
    return "\n".join(part for part in (whom, address, postcode) if part)[: 2 * NAME_LENGTH]


def _put(
    kind: ContactKind, to: str, about: str, language: str, request: HomeRequest | None, uprn: str, by: Actor,
    invitation: Invitation | None = None,
) -> Message:  # fmt: skip
    with override(language):
        subject, body = _words(about, request, kind, invitation)
    made = Message.objects.create(
        request=request, uprn=uprn, invitation=invitation, kind=kind, about=about, to=to, language=language,
        subject=subject[:NAME_LENGTH], body=body, made_at=timezone.now(),
    )  # fmt: skip
    if not unfinished(SEND_MESSAGES).filter(state=JobState.QUEUED).exists():
        jobs.start(SEND_MESSAGES, {}, by=by)
    return made


def _words(
    about: str, request: HomeRequest | None, kind: ContactKind, invitation: Invitation | None
) -> tuple[str, str]:
    ours = partnership()
    who = ours.name if ours else gettext("the community safety partnership")
    if about == TIMES and request is not None and invitation is not None:
        return _times_words(request, invitation, kind, who)
    if about == RECEIVED and request is not None:
        return gettext("Your free home security visit"), gettext(
            "We have your request for a free home security visit. Your reference is {reference}. We write again with "
            "times to choose from. When we come, ask for the password: {password}. We never ask for money at your "
            "door. {who}"
        ).format(reference=request.reference, password=request.password, who=who)
    if about == BOOKED and request is not None:
        visit = request.visits.filter(state=VisitState.PLANNED.value).order_by("-pk").first()
        if visit is not None and visit.window_from and visit.window_until:
            return gettext("We come on {day}").format(day=formats.date_format(visit.day, "l j F")), gettext(
                "Your free home security visit is on {day}. We arrive between {start} and {end}; it takes about "
                "{minutes} minutes. {change} Your reference is "
                "{reference}. Ask at the door for the password: {password}. We never ask for money at your door. {who}"
            ).format(
                change=_change_words(kind, invitation, visit.day),
                day=formats.date_format(visit.day, "l j F"),
                start=visit.window_from.strftime("%H:%M"),
                end=visit.window_until.strftime("%H:%M"),
                minutes=visit.minutes,
                reference=request.reference,
                password=request.password,
                who=who,
            )
    if about == AFTER_BURGLARY:
        return gettext("A free visit to make your home safer"), gettext(
            "We are sorry about the burglary at your home. Burglars often come back within weeks. We offer you a free "
            "visit: we check doors, windows and lights with you and fit what helps. If you would rather not, tell us "
            "and we do not write again. {who}"
        ).format(who=who)
    return gettext("A burglary near you: a free visit to make your home safer"), gettext(
        "There was a burglary close to your home. For some weeks the homes around are at more risk than usual. We "
        "offer you a free visit: we check doors, windows and lights with you and fit what helps. Until then lock doors "
        "and windows, also when you are in. If you would rather not, tell us and we do not write again. {who}"
    ).format(who=who)


def _way_in(kind: ContactKind) -> str:
    """How to reach the page of times: by its address, or in a letter by the reference and a short code."""
    if kind in (ContactKind.TEXT, ContactKind.EMAIL):
        return invitations.ADDRESS_MARK
    return gettext("{page} with your reference and the code {code}").format(
        page=invitations.PAGE_MARK, code=invitations.CODE_MARK
    )


def _times_words(request: HomeRequest, invitation: Invitation, kind: ContactKind, who: str) -> tuple[str, str]:
    slots = [Slot.from_list(one) for one in invitation.times]
    times = "\n".join(
        gettext("- {day}, between {start} and {end}").format(
            day=formats.date_format(one.day, "l j F"), start=f"{one.starts:%H:%M}", end=f"{one.ends:%H:%M}"
        )
        for one in slots
    )
    return gettext("Choose when we come"), gettext(
        "We can come to make your home safer, free of charge. These times are free:\n{times}\nChoose one until six in "
        "the evening before it, at {way}. If none suits, say so there{call}. Your reference is {reference}. We never "
        "ask for money at your door. {who}"
    ).format(
        times=times,
        way=_way_in(kind),
        call=gettext(" or call {telephone}").format(telephone=settings.PUBLIC_TELEPHONE)
        if settings.PUBLIC_TELEPHONE
        else "",
        reference=request.reference,
        who=who,
    )


def _change_words(kind: ContactKind, invitation: Invitation | None, day: date) -> str:
    if invitation is None:
        return gettext("If that does not suit you, tell us and we find another time.")
    return gettext("You may choose another time or call it off until {deadline} at {way}.").format(
        deadline=formats.date_format(closes_at(day), "l j F, H:i"), way=_way_in(kind)
    )


def send_waiting(*, by: Actor) -> tuple[int, int]:
    """Hand every waiting message to the sender; returns how many went and how many could not.

    A message that cannot be sent waits for the next time, at most five times. The sender is told the message's number,
    so that one handed over twice after a crash is one message.
    """
    sender: Sender = import_string(settings.MESSAGE_SENDER)()
    sent = failed = 0
    for number in list(selectors.waiting_messages().values_list("pk", flat=True)):
        with transaction.atomic():
            message = Message.objects.select_for_update().get(pk=number)
            if message.state != MessageState.WAITING:
                continue
            went = _hand_over(message, sender)
            sent, failed = sent + went, failed + (not went)
    return sent, failed


def _hand_over(message: Message, sender: Sender) -> bool:
    message.attempts += 1
    try:
        body = invitations.filled(message.body, message.invitation)
        sender.send(Outgoing(message.pk, message.kind, message.to, message.subject, body, message.language))
    except CannotSend as problem:
        log.warning("Message %s could not be sent: %s", message.pk, problem.sentence)
        message.problem = problem.sentence[:NAME_LENGTH]
        if message.attempts >= MOST_ATTEMPTS:
            message.state = MessageState.FAILED
        message.save()
        return False
    message.state, message.sent_at, message.problem = MessageState.SENT, timezone.now(), ""
    message.save()
    return True
