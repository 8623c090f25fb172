"""What is erased besides name, telephone and e-mail when a resident wants no visit any more: what others wrote of them.

What was done stays, with its days and numbers; so does a claim for damage, which somebody may still have to answer.
"""

from django.db.models import Q

from frankpledge.delivery.home_security.models import (
    CocoonOffer,
    Contact,
    HomeRequest,
    QualityCall,
    Referral,
    SentVisit,
    Visit,
    VisitPhoto,
)
from frankpledge.delivery.home_security.rules.crew import Told


def forget_words(request: HomeRequest) -> None:
    """Erase what staff and crews wrote, drew and photographed. Belongs in the transaction that withdraws."""
    Contact.objects.filter(request=request).update(note="")
    CocoonOffer.objects.filter(Q(request=request) | Q(uprn=request.uprn) & ~Q(uprn="")).update(note="")
    Referral.objects.filter(request=request).update(why="")
    QualityCall.objects.filter(visit__request=request).update(said="")
    VisitPhoto.objects.filter(visit__request=request).delete()
    for visit in Visit.objects.filter(request=request):
        _forget_visit(visit)
    for sent in SentVisit.objects.filter(visit__request=request):
        sent.told = Told.from_dict(sent.told).without_the_resident().as_dict()
        sent.save(update_fields=["told"])


def _forget_visit(visit: Visit) -> None:
    visit.note = visit.advice = visit.signed_by = visit.signature = visit.not_signed_because = ""
    checks = visit.audit_sheet.get("checks")
    if checks:
        visit.audit_sheet |= {"checks": {name: said | {"note": ""} for name, said in checks.items()}}
    visit.save(update_fields=["note", "advice", "signed_by", "signature", "not_signed_because", "audit_sheet"])
