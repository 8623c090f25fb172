"""Small words of pages that depend on the language of whoever reads."""

from django.utils.translation import get_language

from frankpledge.vocabulary.wording import ordinary, whole


def spelled(count: int) -> str:
    """Small numbers as words where the page is English; in figures in Welsh, where the word depends on the noun."""
    return whole(count) if (get_language() or "").startswith("cy") else ordinary(count)
