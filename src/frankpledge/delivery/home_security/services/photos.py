"""Photos of the work: what comes in is encoded anew, so that nothing of where or when it was taken is left inside."""

from hashlib import sha256
from io import BytesIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from frankpledge.delivery.home_security import permissions
from frankpledge.delivery.home_security.models import Visit, VisitPhoto
from frankpledge.delivery.home_security.models.columns import NAME_LENGTH
from frankpledge.foundation.audit import services as audit
from frankpledge.foundation.audit.rules import storable
from frankpledge.foundation.audit.vocabulary import Act
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import DataProblem

LARGEST_BYTES = 15 * 2**20
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 1600
MOST_A_VISIT = 12
FORMATS = ("JPEG", "PNG", "WEBP")


def encoded_anew(content: bytes) -> tuple[bytes, int, int]:
    """The picture in ``content`` as a fresh JPEG of at most 1600 pixels a side, with its width and height.

    Turned upright first, since the note that says which way is up goes with all other notes (place, time, camera).
    Raises DataProblem for something too large or not a picture.
    """
    # here, so that a process that never sees a photo does not carry the library
    from PIL import Image, ImageOps, UnidentifiedImageError

    check_size(len(content))
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise DataProblem("This photo has too many pixels. Take it with a smaller setting of the camera.")
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise DataProblem("This file is not a photo we can read: send a JPEG, PNG or WebP picture.") from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    fresh = Image.new("RGB", upright.size)
    fresh.paste(upright)
    out = BytesIO()
    fresh.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue(), fresh.width, fresh.height


def check_size(size: int) -> None:
    """Raise DataProblem for a photo of more than 15 MB, before it is read."""
    if size > LARGEST_BYTES:
        raise DataProblem(f"This photo has {size / 2**20:.0f} MB and may have 15. Take it with a smaller setting.")


@transaction.atomic
def add_photo(visit_key: int, *, client_key: UUID, content: bytes, caption: str = "", by: Actor) -> VisitPhoto | None:
    """Keep a photo of a visit. The same photo sent again is the one that is there.

    None, and nothing kept, if the resident has withdrawn or was erased meanwhile. Raises DataProblem for something that
    is no photo, for a thirteenth of one visit, and for a visit that is not there.
    """
    permissions.check_can_visit(by)
    visit = Visit.objects.select_for_update(of=("self",)).select_related("request").filter(pk=visit_key).first()
    if visit is None:
        raise DataProblem("This visit is not there.")
    kept = VisitPhoto.objects.filter(client_key=client_key).first()
    if kept is not None:
        return kept
    if visit.request and visit.request.is_forgotten:
        return None
    if VisitPhoto.objects.filter(visit=visit).count() >= MOST_A_VISIT:
        raise DataProblem(f"A visit has at most {MOST_A_VISIT} photos, and this one has them.")
    image, width, height = encoded_anew(content)
    photo = VisitPhoto.objects.create(
        visit=visit,
        client_key=client_key,
        caption=storable(caption).strip()[:NAME_LENGTH],
        image=image,
        sha256=sha256(image).hexdigest(),
        width=width,
        height=height,
        added_at=timezone.now(),
    )
    audit.record(
        act=Act.COLLECTION,
        what="added a photo of a visit",
        subject=f"homes:visit {visit.pk}",
        by=by,
        details={"photo": photo.pk, "bytes": len(image)},
    )
    return photo
