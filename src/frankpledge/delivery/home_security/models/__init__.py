"""Tables of safe homes: who asked and was offered, what crews did with which stock, and the work beside it."""

from frankpledge.delivery.home_security.models.asking import (
    Cocoon,
    CocoonOffer,
    Contact,
    HomeRequest,
    Message,
    PriorityWeight,
)
from frankpledge.delivery.home_security.models.choosing import Invitation
from frankpledge.delivery.home_security.models.crew import SentVisit
from frankpledge.delivery.home_security.models.doing import (
    Absence,
    Crew,
    CrewMember,
    Fitted,
    MarkingKit,
    Measure,
    Shift,
    StockItem,
    StockLevel,
    StockMove,
    StockOrder,
    StockPlace,
    Van,
    Visit,
    VisitPhoto,
)
from frankpledge.delivery.home_security.models.kits import KitQuestion
from frankpledge.delivery.home_security.models.passing_on import ServiceOffer
from frankpledge.delivery.home_security.models.quality import CallDraw, ClaimsBudget, DamageClaim, QualityCall
from frankpledge.delivery.home_security.models.returns import FunderFormat, FunderReturn
from frankpledge.delivery.home_security.models.side import Referral, VoidHome
from frankpledge.delivery.home_security.models.suppliers import Supplier, SupplierApproval
from frankpledge.delivery.home_security.models.trading import TradeLine

__all__ = [
    "Absence",
    "CallDraw",
    "ClaimsBudget",
    "Cocoon",
    "CocoonOffer",
    "Contact",
    "Crew",
    "CrewMember",
    "DamageClaim",
    "Fitted",
    "FunderFormat",
    "FunderReturn",
    "HomeRequest",
    "Invitation",
    "KitQuestion",
    "MarkingKit",
    "Measure",
    "Message",
    "PriorityWeight",
    "QualityCall",
    "Referral",
    "SentVisit",
    "ServiceOffer",
    "Shift",
    "StockItem",
    "StockLevel",
    "StockMove",
    "StockOrder",
    "StockPlace",
    "Supplier",
    "SupplierApproval",
    "TradeLine",
    "Van",
    "Visit",
    "VisitPhoto",
    "VoidHome",
]
