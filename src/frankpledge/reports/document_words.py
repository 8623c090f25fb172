"""The few words that writers of documents add of their own, in the document's language."""

from frankpledge.reports.documents import Document
from frankpledge.reports.words import date_words

CONTENTS, NOTES, BEHIND_CHARTS, MADE, CONTINUED, AS_TABLE = "contents", "notes", "behind", "made", "continued", "table"

_WORDS = {
    "en": {
        CONTENTS: "Contents",
        NOTES: "Notes",
        BEHIND_CHARTS: "The numbers behind the charts",
        MADE: "Made with Frankpledge on {day}",
        CONTINUED: "continued",
        AS_TABLE: "The same numbers as a table",
    },
    "cy": {
        CONTENTS: "Cynnwys",
        NOTES: "Nodiadau",
        BEHIND_CHARTS: "Y rhifau y tu ôl i’r siartiau",
        MADE: "Gwnaed gyda Frankpledge ar {day}",
        CONTINUED: "parhad",
        AS_TABLE: "Yr un rhifau fel tabl",
    },
}


def document_words(document: Document) -> dict[str, str]:
    """The writer's own words for this document; English where its language is not known."""
    words = _WORDS.get(document.language.partition("-")[0], _WORDS["en"])
    day = document.made_on.strftime("%d/%m/%Y") if words is _WORDS["cy"] else date_words(document.made_on)
    return {**words, MADE: words[MADE].format(day=day)}
