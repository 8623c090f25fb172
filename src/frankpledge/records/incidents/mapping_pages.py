"""What the pages of source profiles say: the guided mapping of an unknown file, the list of profiles, one profile."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from frankpledge.foundation.agencies import wording
from frankpledge.foundation.agencies.vocabulary import AgencyKind, DataClass
from frankpledge.records.incidents import belonging, mapping, rules, selectors, services
from frankpledge.records.incidents.models import Upload
from frankpledge.records.incidents.vocabulary import PUBLISHED, SHARED_BASIS, SOURCES
from frankpledge.sources.profiles import Given, Preview, Profile, Room, preview, shipped
from frankpledge.sources.proposing import ProposedProfile, open_unknown, propose
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.columns import Shape
from frankpledge.vocabulary.errors import DataProblem, RuleBroken
from frankpledge.vocabulary.wording import whole

SURE, LIKELY = 0.9, 0.7
_SHAPES = {
    Shape.EVENTS: gettext_noop("Each row is something that happened"),
    Shape.COUNTS: gettext_noop("Each row is a count for an area"),
    Shape.PREMISES: gettext_noop("Each row is a home or building"),
    Shape.ANSWERS: gettext_noop("Each row is a person’s answers to a survey"),
}
_ROOMS = {
    Room.PEOPLE: gettext_noop("About a person: kept out of the store"),
    Room.PLACES: gettext_noop("An address: kept out of the store"),
    Room.NOWHERE: gettext_noop("Free text or private: read past and forgotten"),
}


def mapping_page(upload: Upload, posted: Mapping[str, str]) -> dict[str, Any]:
    """An unknown file: what is proposed, what the person changed, and what it would become."""
    path = selectors.upload_path(upload)
    proposed = propose(open_unknown(path)[0])
    shape = Shape(posted["shape"]) if posted.get("shape") in set(Shape) else proposed.shape
    page = {
        "upload": upload,
        "proposed": proposed,
        "shape": shape.value,
        "shape_reason": proposed.shape_reason,
        "shapes": [(one.value, gettext(words)) for one, words in _SHAPES.items()],
        "columns": [_column(answer) for answer in mapping.column_answers(proposed, posted)],
        "codes": mapping.code_answers(proposed, posted),
        "whats": _whats(shape),
        "formats": [(one.value, one.value) for one in mapping.FORMATS],
        "types": [(kind.value, kind.label) for kind in mapping.CRIME_TYPES],
        "kinds": [(kind.value, str(wording.AGENCY_KINDS[kind])) for kind in AgencyKind],
        "classes": [(one.value, str(wording.DATA_CLASSES[one])) for one in DataClass],
        "published": PUBLISHED,
        "said": _said(proposed, upload, posted),
        "notes": proposed.notes,
        "problems": [],
        "lacking": proposed.lacking,
        "preview": None,
    }
    if posted:
        page |= _tried(proposed, posted, shape, path)
    return page


def _said(proposed: ProposedProfile, upload: Upload, posted: Mapping[str, str]) -> dict[str, str]:
    usual = {"legal_basis": SHARED_BASIS, "label": upload.name.rsplit(".", 1)[0].replace("_", " ").strip()}
    names = ("label", "publisher_name", "sent_by", "data_class", "legal_basis", "agreement", "every_row", "month")
    return {name: posted.get(name, usual.get(name, "")) for name in names}


def _column(answer: mapping.ColumnAnswer) -> dict[str, Any]:
    sure = answer.confidence
    kind, word = (
        ("good", gettext("sure"))
        if sure >= SURE
        else ("plain", gettext("likely"))
        if sure >= LIKELY
        else ("unknown", gettext("unsure"))
    )
    return {"answer": answer, "kind": kind, "word": word, "examples": ", ".join(answer.examples)}


def _whats(shape: Shape) -> list[tuple[str, str]]:
    roles = [(role.value, gettext(role.words)) for role in mapping.role_choices(shape)]
    private = [(what, gettext(_ROOMS[room])) for what, room in mapping.PRIVATE_ROOMS.items()]
    return [(mapping.READ_PAST, gettext("Not needed: read past")), *roles, *private]


def _tried(proposed: ProposedProfile, posted: Mapping[str, str], shape: Shape, path: Any) -> dict[str, Any]:
    """The profile the answers make and its preview, or the sentences that say why there is none."""
    try:
        body = mapping.body_of(proposed, posted, shape=shape)
        profile = Profile.from_dict({**body, "name": body.get("name", "")})
        rules.check_profile(profile, taken=[*shipped(), *SOURCES])
        month = mapping.month_of(posted)
        shown = preview(profile, path, given=Given(month=month))
    except (DataProblem, RuleBroken) as problem:
        return {"problems": [problem.sentence]}
    problems = [] if shown.rows else [*shown.refusals[:3]] or [gettext("No row of the file could be used.")]
    return {
        "body": body,
        "month": str(month) if month else "",
        "preview": _shown(shown),
        "problems": problems,
    }


def _shown(shown: Preview) -> dict[str, Any]:
    used = [at for at in range(len(shown.columns)) if any(row[at] is not None for row in shown.rows)]
    return {
        "columns": [shown.columns[at].replace("_", " ") for at in used],
        "rows": [[_cell(row[at]) for at in used] for row in shown.rows],
        "rejected": shown.rejected,
        "read": whole(shown.balance.read),
        "stored": whole(shown.balance.stored),
        "quarantined": whole(shown.balance.quarantined),
        "duplicates": whole(shown.balance.duplicates),
        "periods": shown.periods[:12],
        "more_periods": max(0, len(shown.periods) - 12),
        "notes": shown.notes,
    }


def _cell(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{local:%-d %b %Y}" if local.time() == time() else f"{local:%-d %b %Y, %H:%M}"
    if isinstance(value, date):
        return f"{value:%-d %b %Y}"
    return f"{value:,.0f}" if isinstance(value, float) and abs(value) >= 1_000 else str(value)


def save(upload: Upload, page: Mapping[str, Any], *, by: Actor) -> Upload:
    """Keep the profile and let the upload go on."""
    services.save_profile(body=page["body"], note=gettext("From the file %(name)s") % {"name": upload.name}, by=by)
    given = {"month": page["month"]} if page["month"] else None
    return services.continue_upload(upload, may_supersede=upload.may_supersede, given=given, by=by)


def profiles_page() -> dict[str, Any]:
    """Every profile: the partnership's own first, then those that come with the software. One query."""
    own = [
        {
            "profile": Profile.from_dict(kept.body),
            "version": kept.version,
            "made": kept.made_at,
            "by": kept.made_by_name,
        }
        for kept in selectors.profiles_saved()
    ]
    return {
        "own": own,
        "shipped": sorted(shipped().values(), key=lambda profile: profile.label.removeprefix("a ").removeprefix("an ")),
        "own_count": whole(len(own)),
        "shipped_count": whole(len(shipped())),
    }


def profile_page(name: str) -> dict[str, Any] | None:
    """One profile: its columns, its words, its versions; None when there is none of that name. Two queries."""
    profile = belonging.profile_of(name)
    if profile is None:
        return None
    columns = [
        {
            "name": column.name,
            "what": gettext(_ROOMS[column.goes_to]) if column.private else _role_words(column.role),
            "format": column.format,
            "meaning": column.meaning,
            "private": column.private,
        }
        for column in profile.columns
    ]
    codes = [(word, kind.label) for word, kind in sorted((profile.codes or {}).items())]
    label = profile.label.removeprefix("a ").removeprefix("an ")
    return {
        "profile": profile,
        "heading": f"{label[:1].upper()}{label[1:]}",
        "shape": gettext(_SHAPES[profile.shape]),
        "columns": columns,
        "private": sum(column.private for column in profile.columns),
        "codes": codes,
        "versions": selectors.profile_versions(name),
        "published": profile.legal_basis == PUBLISHED,
    }


def _role_words(role: Any) -> str:
    return gettext(role.words) if role else gettext("Not needed: read past")
