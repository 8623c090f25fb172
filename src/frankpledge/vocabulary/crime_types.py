"""The common vocabulary of crime and incident types, and the publishers' own words for them.

The fourteen crime types and anti-social behaviour are those of data.police.uk since 2013 (its older categories are
mapped too). Fire and council types are what the statutory quarterly exchange (SI 2007/1831) names.
"""

from enum import StrEnum


class CrimeType(StrEnum):
    """Value = the word in addresses, files and options; ``label`` = the words on the page."""

    ANTI_SOCIAL_BEHAVIOUR = "anti-social-behaviour"
    BICYCLE_THEFT = "bicycle-theft"
    BURGLARY = "burglary"
    CRIMINAL_DAMAGE_AND_ARSON = "criminal-damage-and-arson"
    DRUGS = "drugs"
    OTHER_CRIME = "other-crime"
    OTHER_THEFT = "other-theft"
    POSSESSION_OF_WEAPONS = "possession-of-weapons"
    PUBLIC_ORDER = "public-order"
    ROBBERY = "robbery"
    SHOPLIFTING = "shoplifting"
    THEFT_FROM_THE_PERSON = "theft-from-the-person"
    VEHICLE_CRIME = "vehicle-crime"
    VIOLENCE_AND_SEXUAL_OFFENCES = "violence-and-sexual-offences"
    # not crimes recorded by the police
    DELIBERATE_FIRE = "deliberate-fire"
    DWELLING_FIRE = "dwelling-fire"
    ENVIRONMENTAL_CRIME = "environmental-crime"
    FALSE_ALARM = "malicious-false-alarm"
    SPECIAL_SERVICE = "special-service-call"  # the fire service helping where nothing burns
    ASSAULT_INJURY = "assault-injury"  # seen by a hospital or ambulance, recorded by the police or not
    ALCOHOL_AND_DRUG_HARM = "alcohol-and-drug-harm"
    DOMESTIC_ABUSE_HARM = "domestic-abuse-harm"
    STREET_FAULT = "street-fault"  # a defect somebody reported: a dark lamp, a broken pavement
    VOID_HOME = "empty-home"
    # stop and search: something the police did, never counted as crime
    STOP_AND_SEARCH = "stop-and-search"
    # what became of a crime counted elsewhere (data.police.uk outcomes files), never counted as crime
    OUTCOME = "outcome"

    @property
    def label(self) -> str:
        special = {"Anti social behaviour": "Anti-social behaviour"}
        words = self.value.replace("-", " ").capitalize()
        return special.get(words, words)

    @property
    def plural(self) -> str:
        """Lower-case plural for a sentence: ``burglaries``, ``robberies``; else ``… offences``."""
        plurals = {
            "burglary": "burglaries",
            "robbery": "robberies",
            "bicycle-theft": "bicycle thefts",
            "anti-social-behaviour": "reports of anti-social behaviour",
            "drugs": "drug offences",
            "shoplifting": "shoplifting offences",
            "deliberate-fire": "deliberate fires",
            "dwelling-fire": "fires in homes",
            "vehicle-crime": "vehicle crimes",
            "malicious-false-alarm": "malicious false alarms",
            "special-service-call": "special service calls",
            "assault-injury": "injuries by assault",
            "alcohol-and-drug-harm": "cases of harm by alcohol or drugs",
            "domestic-abuse-harm": "cases of harm by domestic abuse",
            "street-fault": "street faults",
            "empty-home": "empty homes",
            "stop-and-search": "stops and searches",
            "outcome": "outcomes",
        }
        word = self.label[0].lower() + self.label[1:]
        return plurals.get(self.value, word if word.endswith("s") else f"{word} offences")

    @property
    def counted(self) -> bool:
        """Whether these are incidents that happened to people, to be counted; not what anybody did about them, nor the
        state of a street or a home.
        """
        return self not in (CrimeType.STOP_AND_SEARCH, CrimeType.OUTCOME, CrimeType.STREET_FAULT, CrimeType.VOID_HOME)

    @property
    def per_household(self) -> bool:
        """Whether the field counts this against households rather than residents."""
        return self in (CrimeType.BURGLARY, CrimeType.DWELLING_FIRE)


# data.police.uk words to ours; its categories before May 2013 fold into the nearest later one.
POLICE_UK_TYPES: dict[str, CrimeType] = {
    "Anti-social behaviour": CrimeType.ANTI_SOCIAL_BEHAVIOUR,
    "Bicycle theft": CrimeType.BICYCLE_THEFT,
    "Burglary": CrimeType.BURGLARY,
    "Criminal damage and arson": CrimeType.CRIMINAL_DAMAGE_AND_ARSON,
    "Drugs": CrimeType.DRUGS,
    "Other crime": CrimeType.OTHER_CRIME,
    "Other theft": CrimeType.OTHER_THEFT,
    "Possession of weapons": CrimeType.POSSESSION_OF_WEAPONS,
    "Public order": CrimeType.PUBLIC_ORDER,
    "Public disorder and weapons": CrimeType.PUBLIC_ORDER,
    "Robbery": CrimeType.ROBBERY,
    "Shoplifting": CrimeType.SHOPLIFTING,
    "Theft from the person": CrimeType.THEFT_FROM_THE_PERSON,
    "Vehicle crime": CrimeType.VEHICLE_CRIME,
    "Violence and sexual offences": CrimeType.VIOLENCE_AND_SEXUAL_OFFENCES,
    "Violent crime": CrimeType.VIOLENCE_AND_SEXUAL_OFFENCES,
}
