"""Words of safe homes. The value stored is the word on the page."""

from enum import StrEnum


class RequestState(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    OFFERED = "offered"  # times were offered, none is chosen yet
    BOOKED = "booked"
    DONE = "done"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    WITHDRAWN = "withdrawn"
    JOINED = "joined"  # the same home had asked already: its first request goes on

    @property
    def is_live(self) -> bool:
        """Whether something is still to be done for the home."""
        return self in LIVE


class ErasedBecause(StrEnum):
    """Why who asked is erased from a finished request. Words of our own: a reason must not say who they were."""

    ASKED = "the resident asked for it"
    KEPT_LONG_ENOUGH = "kept long enough"
    MISTAKE = "taken by mistake, or of somebody else"


LIVE = (RequestState.WAITING, RequestState.OFFERED, RequestState.BOOKED)


class Channel(StrEnum):
    """How a request reached us."""

    FORM = "public form"
    TELEPHONE = "telephone"
    COCOON = "offer to a neighbour"
    REPEAT_VICTIM = "police: repeat victim"
    VICTIM = "police: burgled home"
    FIRE_VISIT = "fire safety visit"
    VICTIM_SUPPORT = "victim support"
    LANDLORD = "landlord"
    QUALITY_CALL = "call after a visit"
    OTHER = "another service"


class HeardFrom(StrEnum):
    """How the resident came to hear of it."""

    NOT_SAID = "not said"
    LEAFLET = "leaflet"
    WORD_OF_MOUTH = "family, friend or neighbour"
    STREET_CANVASS = "somebody at the door"
    POLICE = "police"
    FIRE_SERVICE = "fire service"
    LANDLORD = "landlord"
    NEWS = "newspaper, radio or internet"
    OTHER = "somewhere else"


class Burgled(StrEnum):
    """What the resident says of burglary in the last 12 months."""

    MY_HOME = "my home"
    NEAR = "a home near mine"
    NO = "no"
    NOT_SAID = "not said"


class Need(StrEnum):
    """What makes a home need it more, as the resident or a referring service says. Always optional."""

    AGED = "aged 75 or over"
    ALONE = "lives alone"
    DISABLED = "disability or long illness"
    CHILDREN = "children under 5"
    FEAR = "afraid at home"
    THREATENED = "threatened or targeted"


class ContactKind(StrEnum):
    """A way of reaching a home, each with its cost."""

    LEAFLET = "leaflet"
    LETTER = "letter"
    EMAIL = "e-mail"
    TEXT = "text"
    TELEPHONE = "telephone"
    DOORSTEP = "doorstep call"
    STREET_CANVASS = "street canvass"


class ContactOutcome(StrEnum):
    """What came of trying to reach a home."""

    SENT = "sent"
    REACHED = "spoke to somebody"
    NO_ANSWER = "no answer"
    REFUSED = "said no"
    WRONG = "wrong address or number"


class MessageState(StrEnum):
    """Where a message to a resident stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    STOPPED = "not sent: consent withdrawn"


class InvitationState(StrEnum):
    """What became of times a resident was offered to choose from."""

    OPEN = "waiting for an answer"
    CHOSEN = "a time was chosen"
    NONE_SUITS = "no time suited"
    CALLED_OFF = "the visit was called off"
    WITHDRAWN = "wants no visit"
    UNANSWERED = "not answered in time"
    REPLACED = "replaced"  # staff booked, closed or offered again


class OfferState(StrEnum):
    """What became of the offer to one home of a cocoon: the dosage is known, not assumed."""

    TO_OFFER = "to offer"
    ATTEMPTED = "attempted"
    MADE = "made"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNANSWERED = "unanswered"
    HAS_IT = "has it"


class OfferPart(StrEnum):
    """Why a home is in a cocoon."""

    VICTIM = "burgled home"
    NEIGHBOUR = "neighbour"


class VisitState(StrEnum):
    """Where a visit stands."""

    PLANNED = "planned"
    UNDER_WAY = "under way"
    DONE = "done"
    NO_ANSWER = "no answer"
    NOT_FINISHED = "not finished"
    CANCELLED = "cancelled"


class MeasureKind(StrEnum):
    """What a measure protects with: evidence is about combinations of these, not about single devices."""

    ALARM = "alarm"
    DOOR_LOCK = "door lock"
    WINDOW_LOCK = "window lock"
    CHAIN = "door chain"
    INSIDE_LIGHT = "inside light on a timer"
    OUTSIDE_LIGHT = "outside light"
    MARKING = "property marking"
    FIRE = "fire safety"
    ENERGY = "energy"
    ADVICE = "advice"

    @property
    def is_security(self) -> bool:
        """Whether a home with it counts as protected: marking and advice alone do not, nor do fire and energy."""
        return self not in (MeasureKind.MARKING, MeasureKind.FIRE, MeasureKind.ENERGY, MeasureKind.ADVICE)


class MemberPart(StrEnum):
    """What somebody does in a crew."""

    FITTER = "fitter"
    SUPERVISOR = "supervisor"


class PlaceKind(StrEnum):
    """Where stock is kept."""

    STORE = "store"
    VAN = "van"


class OrderState(StrEnum):
    """Where an order of stock stands."""

    ORDERED = "ordered"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class MoveReason(StrEnum):
    """Why stock moved."""

    DELIVERY = "delivery"
    LOADED = "loaded into a van"
    RETURNED = "returned to the store"
    FITTED = "fitted"
    DAMAGED = "damaged or lost"
    COUNTED = "counted again"
    SOLD = "sold"


class CallOutcome(StrEnum):
    """What came of calling a drawn home some weeks after its visit."""

    TO_CALL = "to call"
    REACHED = "reached"
    NO_ANSWER = "no answer"
    SAID_NO = "would not say"
    WRONG = "number does not work"


class TradeKind(StrEnum):
    """A line of the trading account: money in, or money out."""

    SOLD = "sold"
    GIVEN = "given"  # a grant or gift for the account
    REINVESTED = "spent on stock"
    SPENT = "other cost"
    INCOME_BACK = "income taken back"
    COST_BACK = "cost taken back"

    @property
    def is_in(self) -> bool:
        """Whether it adds to the balance."""
        return self in (TradeKind.SOLD, TradeKind.GIVEN, TradeKind.COST_BACK)


class ClaimOutcome(StrEnum):
    """What became of a claim for damage."""

    OPEN = "open"
    PAID = "paid"
    DECLINED = "declined"


class ReferralTo(StrEnum):
    """A service a resident may be passed on to, only with their consent."""

    HANDY_PERSON = "handy-person service"
    FIRE_SERVICE = "fire service"
    ENERGY = "energy scheme"
    VICTIM_SUPPORT = "victim support"


class ReferralState(StrEnum):
    """What became of passing somebody on."""

    SENT = "sent"
    TAKEN_UP = "taken up"
    DECLINED = "declined"


class OfferAnswer(StrEnum):
    """What a resident said when another service was offered."""

    YES = "yes"
    NO = "no"
    NOT_REACHED = "not reached"


class ReturnColumn(StrEnum):
    """What a line of a funder's return may say. The words are the headings of the file."""

    MEASURE = "measure"
    WARD = "ward"
    SECTOR = "postcode sector"
    TENURE = "tenure"
    MONTH = "month"
    ADDRESS = "address"
    POSTCODE = "postcode"
    UPRN = "UPRN"
    FITTED_ON = "fitted on"
    HOMES = "homes"
    QUANTITY = "quantity"
    POUNDS = "pounds"

    @property
    def names_a_home(self) -> bool:
        """Whether a line with it is about one home that can be found."""
        return self in (ReturnColumn.ADDRESS, ReturnColumn.POSTCODE, ReturnColumn.UPRN)

    @property
    def is_sum(self) -> bool:
        """Whether it is added up; the others say what is added up by."""
        return self in (ReturnColumn.HOMES, ReturnColumn.QUANTITY, ReturnColumn.POUNDS)


class KitFate(StrEnum):
    """Why a marking kit's code is out of use."""

    DAMAGED = "damaged"
    LOST = "lost"
    TWO_HOMES = "two homes have it"


class KitAnswer(StrEnum):
    """What a person decided about a code that names two homes, or none."""

    FIRST = "the first home keeps it"
    SECOND = "it belongs to the second home"
    NEITHER = "nobody keeps it"
    READ = "read again"
    NO_KIT = "no kit was left"


class Reason(StrEnum):
    """Why a home stands where it stands in the list. Points for each are set by the coordinator."""

    JUST_BURGLED = "burgled in the last weeks"
    BURGLED_TWICE = "burgled twice in a year"
    BURGLED = "burgled in the last 12 months"
    NEAR_BURGLARY = "beside a burglary of the last weeks"
    NEIGHBOUR_SAID = "says a home nearby was burgled"
    AGED = "aged 75 or over"
    DISABLED = "disability or long illness"
    ALONE = "lives alone"
    CHILDREN = "children under 5"
    FEAR = "afraid at home"
    THREATENED = "threatened or targeted"
    AREA = "in a priority neighbourhood"
    REFERRED = "referred by a partner"
    MISSED = "we missed a visit"
    WAITING = "each week of waiting"


class SentState(StrEnum):
    """What became of a report a crew sent."""

    TAKEN = "taken"
    BESIDE = "kept beside"  # another report of the visit stands: a person decides


class ConflictChoice(StrEnum):
    """What a person decides on a report that met another one."""

    FIRST = "the first report stands"
    BOTH = "both: what the second fitted is added"


class Found(StrEnum):
    """What a crew finds at a door, a window, a light or a habit."""

    GOOD = "good"
    WEAK = "weak"
    PUT_RIGHT = "put right"
    NOT_SEEN = "not looked at"


class CrewDoubt(StrEnum):
    """What a person should look at in a report that was taken. Nothing of these ever turns a report away."""

    BACKWARDS = "finished before it began"
    CLOCK = "the phone's clock was ahead"
    LATE = "sent late"
    ALONE = "one person alone"
    STOCK = "more fitted than the van held"
    CODE_ELSEWHERE = "the kit's code belongs to another home"
    CODE_WRONG = "the kit's code is not well formed"
    PLAN_CHANGED = "the plan had changed meanwhile"
    OTHER_CREW = "sent by another crew"
    WITHDRAWN = "consent was withdrawn meanwhile"
    NOT_PASSED_ON = "consent to be passed on was taken back meanwhile"
    GONE = "fitted something the catalogue no longer has"
