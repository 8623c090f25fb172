"""What the pages of indicators and figures say."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from frankpledge.analysis.change import change
from frankpledge.analysis.rates import Verdict
from frankpledge.analysis.survey import survey_share_from_counts, wave_change
from frankpledge.foundation.agencies import policy
from frankpledge.foundation.agencies import selectors as agencies
from frankpledge.records.indicators import permissions, rules, selectors, services
from frankpledge.records.indicators.models import Figure, Indicator
from frankpledge.records.indicators.permissions import Reader
from frankpledge.records.indicators.rules import Part
from frankpledge.reports.series_chart import SeriesPoint, series_chart, sparkline
from frankpledge.ui.wording import spelled
from frankpledge.vocabulary.actors import Actor
from frankpledge.vocabulary.errors import CannotCompute, RuleBroken
from frankpledge.vocabulary.figures import Aggregation, Calendar, Completeness, PeriodLength, Polarity
from frankpledge.vocabulary.periods import Month, MonthSpan
from frankpledge.vocabulary.permissions import Permission
from frankpledge.vocabulary.units import Unit, amount_words
from frankpledge.vocabulary.wording import said, whole

FEW = 20  # events in two periods together, below which a change is not spoken of
SHOWN = 16  # periods on the chart: four years of quarters
PERIODS_TO_FILL = 8
ON_A_PAGE = 50
FIGURES_BACK = 12


def list_page(person: Any) -> dict[str, Any]:
    """All indicators with their newest figure. A fixed number of queries."""
    all_of_them = list(selectors.indicators())
    series = selectors.series_of([indicator.pk for indicator in all_of_them], reader=Reader(person))
    today = timezone.localdate()
    rows = [_row(indicator, series.get(indicator.pk, []), today) for indicator in all_of_them]
    held = policy.permissions_of(person)
    due = sum(row["due"] is not None for row in rows)
    return {
        "rows": rows,
        "lead": _list_lead(len(rows), due),
        "may_edit": Permission.EDIT_INDICATORS in held,
        "may_compute": Permission.EDIT_INDICATORS in held and any(i.is_computed for i in all_of_them),
    }


def _list_lead(count: int, due: int) -> str:
    first = ngettext("%(count)s indicator.", "%(count)s indicators.", count) % {"count": whole(count)}
    if not due:
        return f"{first} " + gettext("Every figure that is due is here.")
    words = ngettext("A figure of %(count)s is due.", "Figures of %(count)s are due.", due)
    return f"{first} {words % {'count': spelled(due)}}"


def _row(indicator: Indicator, series: Sequence[Figure], today: date) -> dict[str, Any]:
    newest = series[-1] if series else None
    return {
        "indicator": indicator,
        "newest": newest,
        "period": short(newest, indicator) if newest else "",
        "interval": interval_words(newest) if newest else "",
        "compared": compared(series, indicator),
        "due": due_period(indicator, series, today),
        "spark": sparkline(
            [None if f.value is None else float(f.value) for f in series[-FIGURES_BACK:]],
            prefix=f"spark-{indicator.pk}",
            title=gettext("%(name)s over %(count)s periods")
            % {"name": indicator.name, "count": min(len(series), FIGURES_BACK)},
        )
        if len(series) > 1
        else "",
    }


def card_page(indicator: Indicator, person: Any) -> dict[str, Any]:
    """One indicator on one page. A fixed number of queries."""
    series = selectors.series(indicator.pk, reader=Reader(person))
    today = timezone.localdate()
    newest = series[-1] if series else None
    held = policy.permissions_of(person)
    against = compared(series, indicator)
    return {
        "indicator": indicator,
        "newest": newest,
        "newest_words": _figure_words(newest) if newest else "",
        "interval": interval_words(newest) if newest else "",
        "rests_on": rests_on(newest) if newest else "",
        "compared": against,
        "year": _whole_year(indicator, series, today),
        "lead": _card_lead(indicator, newest, against),
        "chart": chart_of(indicator, series[-SHOWN:]),
        "finding": _finding(series, against),
        "rows": [_figure_row(figure, indicator) for figure in reversed(series[-SHOWN:])],
        "due": due_period(indicator, series, today),
        "reminder": _reminder(indicator, due_period(indicator, series, today)),
        "may_edit": Permission.EDIT_INDICATORS in held,
        "may_fill": permissions.can_fill(person, indicator) and not indicator.is_computed,
        "doubt": rules.same_rate_sentence(
            [f.part for f in series[-4:]], Unit(indicator.unit)
        ) if indicator.aggregation == "sum" else None,
        "thread": thread_address("indicator", indicator.key, held),
    }  # fmt: skip


def _card_lead(indicator: Indicator, newest: Figure | None, against: dict[str, str] | None) -> str:
    if newest is None:
        return gettext("No figure has come in yet.")
    if newest.is_hidden:
        return gettext("The newest, %(period)s, is %(words)s.") % {
            "period": period_words(newest),
            "words": newest.words,
        }
    words = gettext("%(value)s in the %(period)s.") % {
        "value": f"{newest.words} {unit_words(indicator)}".strip(),
        "period": period_words(newest),
    }
    return f"{words[:1].upper()}{words[1:]} {against['sentence']}" if against else f"{words[:1].upper()}{words[1:]}"


def _finding(series: Sequence[Figure], against: dict[str, str] | None) -> str:
    if not series:
        return gettext("No figures yet")
    if against:
        return against["finding"]
    return ngettext("%(count)s figure so far", "%(count)s figures so far", len(series)) % {"count": len(series)}


def compared(series: Sequence[Figure], indicator: Indicator) -> dict[str, str] | None:
    """The newest figure against the same period a year before: a status word, and the comparison named exactly.

    None where that period is not there, or is of another denominator. Counts are tested; other values only told.
    """
    newest = series[-1] if series else None
    before = _year_before(series, newest) if newest else None
    if newest is None or before is None or newest.value is None or before.value is None:
        return None
    words = {
        "now": newest.words,
        "then": before.words,
        "period": period_words(newest),
        "before": period_words(before),
    }
    sentence = gettext("Against %(then)s in the %(before)s.") % words
    if (share := _share_standing(newest, before, Polarity(indicator.polarity))) is not None:
        kind, word = share
        finding = f"{word[:1].upper()}{word[1:]}: " + gettext("%(period)s against %(before)s") % words
        note = gettext("%(then)s to %(now)s") % words
        return {"kind": kind, "word": word, "sentence": sentence, "finding": finding, "note": note}
    counts = _counts(newest, before)
    if counts is None:
        kind, word = "unknown", gettext("not tested")
        finding = gettext("%(now)s in the %(period)s, %(then)s a year before") % words
        return {"kind": kind, "word": word, "sentence": sentence, "finding": finding, "note": sentence}
    kind, word = _standing(*counts, newest, before, Polarity(indicator.polarity))
    note = gettext("%(then)s to %(now)s events") % {"then": whole(counts[1]), "now": whole(counts[0])}
    finding = f"{word[:1].upper()}{word[1:]}: " + gettext("%(period)s against %(before)s") % words
    return {"kind": kind, "word": word, "sentence": sentence, "finding": finding, "note": note}


def _standing(now: int, then: int, newest: Figure, before: Figure, polarity: Polarity) -> tuple[str, str]:
    """Kind and word of a status. *More is good* is never red for rising, and context is neither good nor bad."""
    spans = rules.span_of(newest.first_on, newest.last_on), rules.span_of(before.first_on, before.last_on)
    if now + then < FEW or spans[0] is None or spans[1] is None or len(spans[0]) != len(spans[1]):
        return "unknown", gettext("too few to say")
    return _verdict_words(change(now, spans[0], then, spans[1]).verdict, polarity)


def _share_standing(newest: Figure, before: Figure, polarity: Polarity) -> tuple[str, str] | None:
    """Two percentages, each of its own number of answers or cases, by Newcombe's interval; None without those."""
    if newest.unit != Unit.PERCENT:
        return None
    waves = []
    for figure in (before, newest):
        over, under = figure.numerator, figure.denominator
        if over is None or under is None or over > under or over % 1 or under % 1:
            return None
        if under < FEW:
            return "unknown", gettext("too few to say")
        waves.append(survey_share_from_counts(int(over), int(under)))
    return _verdict_words(wave_change(*waves).verdict, polarity)


def _verdict_words(verdict: Verdict, polarity: Polarity) -> tuple[str, str]:
    if verdict is Verdict.NOT_CLEAR:
        return "plain", gettext("no clear change")
    rose = verdict is Verdict.HIGHER
    if polarity is Polarity.CONTEXT_ONLY:
        return "plain", gettext("higher, beyond chance") if rose else gettext("lower, beyond chance")
    better = rose is (polarity is Polarity.MORE_IS_GOOD)
    return ("good", gettext("better, beyond chance")) if better else ("bad", gettext("worse, beyond chance"))


def _counts(newest: Figure, before: Figure) -> tuple[int, int] | None:
    """Both figures' events, where they were counted over one denominator."""
    pair = [f.value if f.unit == Unit.COUNT else f.numerator for f in (newest, before)]
    percent = newest.unit in (Unit.PERCENT, Unit.POUNDS)
    if percent or None in pair or newest.denominator != before.denominator:
        return None
    known = [Decimal(number or 0) for number in pair]
    return (int(known[0]), int(known[1])) if all(n == n.to_integral_value() and n >= 0 for n in known) else None


def _year_before(series: Sequence[Figure], newest: Figure) -> Figure | None:
    span = rules.span_of(newest.first_on, newest.last_on)
    if span is None:
        return None
    wanted = rules.days_of(span.year_earlier())
    return next((f for f in series if (f.first_on, f.last_on) == wanted), None)


def _whole_year(indicator: Indicator, series: Sequence[Figure], today: date) -> dict[str, str] | None:
    """The newest whole year of the indicator's calendar, put together by its own rule; or why it cannot be."""
    if not series or indicator.period == PeriodLength.YEAR:
        return None
    calendar, length = Calendar(indicator.calendar), PeriodLength(indicator.period)
    year = rules.year_containing(series[-1].last_on, calendar)
    if rules.days_of(year)[1] > series[-1].last_on:
        year = year.year_earlier()
    expected = list(rules.periods_between(year.first, year.last, length, calendar))
    parts = [f.part for f in series if year.first.first_day <= f.last_on <= rules.days_of(year)[1]]
    if not parts:
        return None
    name = gettext("Year to %(month)s") % {"month": said(year.last, gettext)}
    if indicator.aggregation in (Aggregation.SUM, Aggregation.MEAN):
        return {"name": name} | _put_together(indicator, parts, expected)
    whole_year = rules.aggregate(parts, how=Aggregation(indicator.aggregation), unit=Unit(indicator.unit))
    return {
        "name": name,
        "value": amount_words(whole_year.value, indicator.unit),
        "note": said(whole_year.sentence, gettext),
    }


def _put_together(indicator: Indicator, parts: list[Part], expected: list[MonthSpan]) -> dict[str, str]:
    try:
        made = rules.aggregate(
            parts, how=Aggregation(indicator.aggregation), unit=Unit(indicator.unit), expected=expected
        )
    except CannotCompute as why_not:
        return {"value": "–", "note": said(why_not.sentence, gettext)}
    value = amount_words(made.value, indicator.unit)
    if made.completeness is Completeness.AT_LEAST:
        value = gettext("at least %(value)s") % {"value": value}
    return {"value": value, "note": said(made.sentence, gettext)}


def chart_of(indicator: Indicator, series: Sequence[Figure], prefix: str = "series") -> Any:
    """The series as a chart, or nothing for fewer than two figures."""
    if len(series) < 2:
        return ""
    points = [_point(figure, indicator) for figure in series]
    title = gettext("%(name)s, %(first)s to %(last)s") % {
        "name": indicator.name,
        "first": period_words(series[0]),
        "last": period_words(series[-1]),
    }
    description = gettext("From %(first)s to %(last)s; the table gives every figure.") % {
        "first": series[0].words,
        "last": series[-1].words,
    }
    return series_chart(
        points, prefix=prefix, title=title, description=description, band_words=gettext("95 % interval")
    )


def _point(figure: Figure, indicator: Indicator) -> SeriesPoint:
    label, _, year = short(figure, indicator).partition(" ")
    return SeriesPoint(
        label=label,
        year=year or label,
        value=_float(figure.value),
        words=figure.words,
        low=_float(figure.interval_low),
        high=_float(figure.interval_high),
    )


def _figure_row(figure: Figure, indicator: Indicator) -> dict[str, Any]:
    return {
        "figure": figure,
        "period": short(figure, indicator),
        "words": _figure_words(figure),
        "interval": interval_words(figure),
        "numerator": number_words(figure.numerator),
        "denominator": number_words(figure.denominator),
        "batches": len(figure.batches),
    }


def figures_page(query: Any, person: Any) -> dict[str, Any]:
    """All figures that stand now, found by words."""
    words = (query.get("q") or "").replace("\x00", "").strip()[:100]
    shown = Paginator(selectors.all_figures(words=words), ON_A_PAGE).get_page(query.get("page"))
    return {
        "words": words,
        "shown": shown,
        "count": whole(shown.paginator.count),
        "rows": [
            {"figure": f, "period": period_words(f), "words": _figure_words(f)} for f in Reader(person).all_shown(shown)
        ],
        "to_release": _to_release_words(person),
    }


def _to_release_words(person: Any) -> str:
    """How many figures wait for somebody like this person to release them; nothing for anybody else."""
    if Permission.SIGN_CLAIMS not in policy.permissions_of(person):
        return ""
    count = len(selectors.to_release())
    words = ngettext("%(count)s figure is not released yet", "%(count)s figures are not released yet", count)
    return words % {"count": whole(count)} if count else ""


def release_page(person: Any) -> dict[str, Any]:
    """Figures of restricted records that this person may see and release, newest period first."""
    reader = Reader(person)
    found = [figure for figure in selectors.to_release() if reader.sees(figure)]
    return {
        "rows": [
            {
                "figure": figure,
                "period": period_words(figure),
                "words": _figure_words(figure),
                "small": services.is_small(figure),
            }
            for figure in found
        ],
        "lead": ngettext(
            "%(count)s figure rests on an agency’s own records and is seen only by those who may see these.",
            "%(count)s figures rest on agencies’ own records and are seen only by those who may see these.",
            len(found),
        )
        % {"count": spelled(len(found)).capitalize()},
    }


def figure_page(figure: Figure, person: Any) -> dict[str, Any]:
    """Why a figure is what it is."""
    held = policy.permissions_of(person)
    reader = Reader(person)
    newest = selectors.newest_of(figure, reader=reader)
    arithmetic = rules.arithmetic_sentence(figure.value, Unit(figure.unit), figure.numerator, figure.denominator)
    return {
        "figure": figure,
        "words": _figure_words(figure),
        "period": period_words(figure),
        "interval": interval_words(figure),
        "numerator": number_words(figure.numerator),
        "denominator": number_words(figure.denominator),
        "arithmetic": said(arithmetic, gettext) if arithmetic else "",
        "newest": newest if newest.pk != figure.pk else None,
        "before": selectors.figure(f"F{figure.replaces_id}", reader=reader) if figure.replaces_id else None,
        "batches": [
            {"key": key, "url": reverse("incidents:batch", args=[key]) if Permission.VIEW_EVIDENCE in held else ""}
            for key in figure.batches
        ],
        "thread": thread_address("figure", figure.key, held),
        "may_release": Permission.SIGN_CLAIMS in held and not figure.is_open and not figure.is_hidden,
        "may_take_back": Permission.SIGN_CLAIMS in held and figure.released is not None,
    }


def released_words(count: int) -> str:
    """What is said once figures were released."""
    words = ngettext(
        "%(count)s figure is released to the whole partnership.",
        "%(count)s figures are released to the whole partnership.",
        count,
    )
    return words % {"count": whole(count)}


def periods_to_fill(indicator: Indicator, today: date) -> list[tuple[str, str]]:
    """The last periods that are over, those without a figure first."""
    calendar, length = Calendar(indicator.calendar), PeriodLength(indicator.period)
    running = rules.period_containing(today, length, calendar)
    months = len(running)
    over = [MonthSpan(running.first - months * i, running.last - months * i) for i in range(1, PERIODS_TO_FILL + 1)]
    known = {(f.first_on, f.last_on) for f in selectors.series(indicator.pk, reader=Reader.software())}
    if indicator.aggregation == "rolling year":
        over = [MonthSpan.year_to(span.last) for span in over]
    missing = [span for span in over if rules.days_of(span) not in known]
    there = [span for span in over if span not in missing]
    again = gettext("%(period)s: there is a figure; yours will take its place")
    choices = [(f"{s.first}:{s.last}", said(s, gettext)) for s in missing]
    return choices + [(f"{s.first}:{s.last}", again % {"period": said(s, gettext)}) for s in there]


def span_chosen(choice: str) -> tuple[date, date]:
    """First and last day of a period chosen on the form."""
    first, _, last = choice.partition(":")
    return rules.days_of(MonthSpan(Month.parse(first), Month.parse(last)))


def due_period(indicator: Indicator, series: Sequence[Figure], today: date) -> dict[str, Any] | None:
    """The newest period whose figure should be here and is not, or is to be confirmed, and since when."""
    calendar, length = Calendar(indicator.calendar), PeriodLength(indicator.period)
    span = rules.period_containing(today, length, calendar)
    span = MonthSpan(span.first - len(span), span.last - len(span))
    last_day = rules.days_of(span)[1]
    due_on = last_day + timedelta(days=indicator.due_days_after)
    if due_on > today or any(f.last_on >= last_day and (f.value is not None or f.is_hidden) for f in series):
        return None
    return {"period": said(span, gettext), "due_on": due_on, "days": (today - due_on).days}


def _reminder(indicator: Indicator, due: dict[str, Any] | None) -> dict[str, str] | None:
    """A reminder to the owner, ready to send from one's own mail program; the link asks them to sign in."""
    owner = agencies.person_by_key(indicator.owner_id) if indicator.owner_id and due else None
    if owner is None or due is None or indicator.is_computed:
        return None
    path = reverse("indicators:fill", args=[indicator.key])
    subject = gettext("Figure due: %(name)s, %(period)s") % {"name": indicator.name, "period": due["period"]}
    return {"to": owner.email, "name": owner.name, "subject": subject, "path": path, "period": due["period"]}


def mail_address(reminder: dict[str, str], base: str) -> str:
    """The reminder as an address that opens the sender's own mail program."""
    body = gettext(
        "Dear %(name)s,\n\nthe figure for %(subject)s has not come in yet.\n"
        "You can fill it in here after signing in: %(link)s\n\nThank you."
    ) % {"name": reminder["name"], "subject": reminder["subject"], "link": f"{base}{reminder['path']}"}
    # An address may hold a question mark, behind which a mail program would read more receivers.
    asked = urlencode({"subject": reminder["subject"], "body": body}).replace("+", "%20")
    return f"mailto:{quote(reminder['to'], safe='@')}?{asked}"


def thread_address(kind: str, key: str, held: frozenset[Permission]) -> str:
    """Where the golden thread of this begins, for those who may walk it."""
    if Permission.VIEW_PERFORMANCE not in held:
        return ""
    return f"{reverse('golden_thread:thread')}?{urlencode({'from': f'{kind}:{key}'})}"


def short(figure: Figure, indicator: Indicator) -> str:
    """``Q1 2026/27`` by the indicator's own calendar; ``year to June 2026`` for a rolling year inside it."""
    return rules.short_period(figure.first_on, figure.last_on, Calendar(indicator.calendar))


def period_words(figure: Figure) -> str:
    """``quarter to June 2026``, in the reader's language."""
    span = rules.span_of(figure.first_on, figure.last_on)
    return said(span, gettext) if span else figure.period_words


def unit_words(indicator: Indicator) -> str:
    """The unit after a value; nothing where the value itself shows it."""
    return "" if indicator.unit in (Unit.COUNT, Unit.POUNDS, Unit.PERCENT) else gettext(indicator.unit)


def interval_words(figure: Figure) -> str:
    """``10.0 to 11.8``; nothing where there is no interval."""
    if figure.interval_low is None or figure.interval_high is None:
        return ""
    whole_numbers = figure.unit == Unit.COUNT
    low, high = (round(n) if whole_numbers else n for n in (figure.interval_low, figure.interval_high))
    return gettext("%(low)s to %(high)s") % {
        "low": amount_words(Decimal(low), figure.unit),
        "high": amount_words(Decimal(high), figure.unit),
    }


def rests_on(figure: Figure) -> str:
    """``560 of 51,480 households, mid-2024``."""
    if figure.numerator is None:
        return ""
    if figure.denominator is None:
        return number_words(figure.numerator)
    words = gettext("%(over)s of %(under)s") % {
        "over": number_words(figure.numerator),
        "under": number_words(figure.denominator),
    }
    return f"{words}, {figure.denominator_edition}" if figure.denominator_edition else words


def number_words(number: Decimal | None) -> str:
    """``51,480``; nothing for no number."""
    return "" if number is None else amount_words(number, "")


def _figure_words(figure: Figure) -> str:
    if figure.is_hidden:
        return figure.words
    if figure.value is None:
        return gettext("to be confirmed")
    value = amount_words(figure.value, figure.unit)
    return gettext("at least %(value)s") % {"value": value} if figure.completeness == "at least" else value


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def differences(current: Indicator, form: Any) -> list[dict[str, Any]]:
    """Field by field what stands now and what was written, where the two differ."""
    told = getattr(form, "cleaned_data", {})
    found = []
    for name, field in form.fields.items():
        now, written = getattr(current, name, None), told.get(name)
        if now is not None and written is not None and name != "version" and str(now) != str(written):
            found.append({"label": field.label, "now": now, "written": written})
    return found


def save_filled(indicator: Indicator, told: dict[str, Any], *, by: Actor) -> Figure:
    """Save a figure filled in by hand. Raises DataProblem or RuleBroken for one that cannot be true."""
    first_on, last_on = span_chosen(told["period"])
    value = told.get("value")
    if value is not None and value > 100 and indicator.unit == Unit.PERCENT and indicator.denominator:
        raise RuleBroken(
            gettext("%(value)s of a whole cannot be. Write the per cent only, such as 81.2.")
            % {"value": amount_words(value, indicator.unit)}
        )
    return services.save_figure(
        name=indicator.name,
        area_code=indicator.area_code,
        area_name=indicator.area_name,
        first_on=first_on,
        last_on=last_on,
        unit=indicator.unit,
        method="filled in by the person who answers for it",
        indicator_id=indicator.pk,
        by=by,
        **{name: value for name, value in told.items() if name != "period"},
    )
