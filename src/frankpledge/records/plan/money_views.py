"""Pages of the money: the tables, one line, one cell, moves, spend, the sheet out and in, reward and split."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from frankpledge.records.plan import money, money_forms, money_pages, money_services, rules, selectors, sheet
from frankpledge.records.plan.models import MoneyLine, Plan, Virement
from frankpledge.records.plan.vocabulary import Side, VirementState
from frankpledge.reports.spreadsheets import Sheet, to_csv, to_ods
from frankpledge.ui.forms import done, status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.errors import RuleBroken
from frankpledge.vocabulary.permissions import Permission

form_view = require_http_methods(["GET", "HEAD", "POST"])


@guarded(Permission.VIEW_PLAN)
@require_safe
def money_page(request: HttpRequest) -> HttpResponse:
    """Funding and expenditure, and whether they add up."""
    page = money_pages.money_page(plan_of(request), request.user)
    return render(request, "plan/money.html", {"page": page})


@guarded(Permission.VIEW_PLAN)
@require_safe
def line(request: HttpRequest, key: int) -> HttpResponse:
    """One row of the tables."""
    return render(request, "plan/line.html", {"page": money_pages.line_page(_line(key), request.user)})


@guarded(Permission.EDIT_MONEY)
@form_view
def cell(request: HttpRequest) -> HttpResponse:
    """One amount. Where somebody else wrote another meanwhile, both are shown."""
    found = _line(_int(request.GET.get("line")))
    year, quarter = _int(request.GET.get("year")), _int(request.GET.get("quarter", "0"))
    held = selectors.cell(found.pk, year, quarter)
    start = {"seen": held.edition if held else 0, "amount": money_pages.cell_text(held.amount) if held else ""}
    form = money_forms.CellForm(request.POST or None, initial=start)
    clash = None
    if form.is_valid():
        clash = _written(request, form, found, year, quarter)
        if clash is None and not form.errors:
            return redirect(f"{reverse('plan:money')}{found.plan.query}")
    page = money_pages.cell_page(found, year, quarter) | {"clash": clash}
    return render(request, "plan/cell.html", {"page": page, "form": form}, status=status_of(form))


def _written(request: HttpRequest, form: Any, found: MoneyLine, year: int, quarter: int) -> Any:
    """Write the cell; gives back the clash with somebody else's amount, if there is one."""
    data = form.cleaned_data
    try:
        money_services.set_cell(
            line=found, year=year, quarter=quarter, amount=data["amount"], seen=data["seen"], by=actor_of(request)
        )
        messages.success(request, gettext("The amount is written."))
    except money_services.CellChanged as changed:
        form.add_error(None, changed.sentence)
        return {
            "who": changed.who,
            "theirs": money_services.pounds(changed.theirs),
            "theirs_text": money_pages.cell_text(changed.theirs),
            "yours": money_services.pounds(changed.yours),
            "yours_text": money_pages.cell_text(changed.yours),
            "edition": changed.edition,
        }
    except RuleBroken as broken:
        form.add_error(None, broken.sentence)
    return None


@guarded(Permission.EDIT_MONEY)
@form_view
def add_fund(request: HttpRequest) -> HttpResponse:
    """A new pot of money."""
    of = plan_of(request)
    form = money_forms.FundForm(request.POST or None)
    if done(form, lambda: money_services.add_fund(plan=of, **form.cleaned_data, by=actor_of(request))):
        return redirect(f"{reverse('plan:money')}{of.query}")
    return form_page(request, form, of, gettext("Add a fund"), gettext("Add the fund"), "plan:money")


@guarded(Permission.EDIT_MONEY)
@form_view
def add_line(request: HttpRequest) -> HttpResponse:
    """A new row of the tables."""
    of = plan_of(request)
    funds = {str(fund.pk): fund for fund in selectors.funds(of)}
    priorities = [(one.key, one.title) for one in selectors.priorities(of)]
    names = [(key, f"{fund.name} ({fund.kind})") for key, fund in funds.items()]
    form = money_forms.LineForm(request.POST or None, funds=names, priorities=priorities)

    def add() -> MoneyLine:
        data = form.cleaned_data | {"fund": funds.get(form.cleaned_data["fund"])}
        return money_services.add_money_line(plan=of, **data, by=actor_of(request))

    if made := done(form, add):
        return redirect("plan:line", key=made.pk)
    return form_page(request, form, of, gettext("Add a line of money"), gettext("Add the line"), "plan:money")


# --- moves


@guarded(Permission.VIEW_PLAN)
@require_safe
def moves(request: HttpRequest) -> HttpResponse:
    """Moves of money between lines."""
    page = money_pages.moves_page(plan_of(request), request.user)
    return render(request, "plan/moves.html", {"page": page})


@guarded(Permission.EDIT_MONEY)
@form_view
def ask_move(request: HttpRequest) -> HttpResponse:
    """Ask for a move; a manager decides."""
    of = plan_of(request)
    lines = selectors.money_lines(of)
    periods = money_pages.period_choices(of, lines)
    form = money_forms.MoveForm(request.POST or None, lines=money_pages.line_choices(lines), periods=periods)
    if done(form, lambda: _asked(form.cleaned_data, lines, request)):
        messages.success(request, gettext("The move waits for a manager’s decision. Nothing has moved yet."))
        return redirect(f"{reverse('plan:moves')}{of.query}")
    return form_page(request, form, of, gettext("Ask to move money"), gettext("Ask for the move"), "plan:moves")


def _asked(data: dict[str, Any], lines: list[MoneyLine], request: HttpRequest) -> Virement:
    by_key = {str(one.pk): one for one in lines}
    year, quarter = (int(part) for part in data["period"].split("-"))
    return money_services.ask_virement(
        source=by_key[data["source"]],
        target=by_key[data["target"]],
        year=year,
        quarter=quarter,
        amount=data["amount"],
        reason=data["reason"],
        by=actor_of(request),
    )


@guarded(Permission.VIEW_PLAN)
@require_safe
def move(request: HttpRequest, key: int) -> HttpResponse:
    """One move of money."""
    page = money_pages.move_page(_move(key), request.user)
    return render(request, "plan/move.html", {"page": page, "form": money_forms.AnswerForm()})


@guarded(Permission.APPROVE_MONEY)
@require_http_methods(["POST"])
def decide_move(request: HttpRequest, key: int) -> HttpResponse:
    """Approve, refuse or put back."""
    found = _move(key)
    form = money_forms.AnswerForm(request.POST)
    act = _DECISIONS.get(request.POST.get("decision", ""))
    if act is None:
        raise Http404
    if moved := done(form, lambda: act(virement=found, answer=form.cleaned_data["answer"], by=actor_of(request))):
        messages.success(request, _SAID[VirementState(moved.state)]())
        return redirect("plan:move", key=key)
    page = money_pages.move_page(found, request.user)
    return render(request, "plan/move.html", {"page": page, "form": form}, status=422)


_DECISIONS: dict[str, Callable[..., Virement]] = {
    "approve": money_services.approve_virement,
    "refuse": money_services.refuse_virement,
    "reverse": money_services.reverse_virement,
}
_SAID: dict[VirementState, Callable[[], str]] = {
    VirementState.APPROVED: lambda: gettext("Approved. Both lines show the new amounts."),
    VirementState.REFUSED: lambda: gettext("Refused. Nothing has moved."),
    VirementState.REVERSED: lambda: gettext("Put back. Both lines show the amounts from before."),
}


# --- spend


@guarded(Permission.VIEW_PLAN)
@require_safe
def spend(request: HttpRequest) -> HttpResponse:
    """Spend against profile."""
    page = money_pages.spend_page(plan_of(request), request.user)
    return render(request, "plan/spend.html", {"page": page})


@guarded(Permission.EDIT_MONEY)
@form_view
def record_spend(request: HttpRequest) -> HttpResponse:
    """What a line cost in a quarter."""
    of = plan_of(request)
    lines = {str(one.pk): one for one in selectors.money_lines(of) if one.side == Side.EXPENDITURE}
    form = money_forms.SpendForm(
        request.POST or None,
        lines=money_pages.line_choices([*lines.values()]),
        periods=money_pages.period_choices(of, [*lines.values()], quarters_only=True),
    )
    if done(form, lambda: _spent(form.cleaned_data, lines, request)):
        return redirect(f"{reverse('plan:spend')}{of.query}")
    return form_page(request, form, of, gettext("Record spend"), gettext("Record it"), "plan:spend")


def _spent(data: dict[str, Any], lines: dict[str, MoneyLine], request: HttpRequest) -> Any:
    year, quarter = (int(part) for part in data["period"].split("-"))
    return money_services.record_spend(
        line=lines[data["line"]],
        year=year,
        quarter=quarter,
        spent=data["spent"],
        committed=data["committed"],
        by=actor_of(request),
    )


# --- the sheet


@guarded(Permission.VIEW_PLAN)
@require_safe
def sheet_out(request: HttpRequest) -> HttpResponse:
    """The tables as a sheet for the finance team."""
    of = plan_of(request)
    heading, *rows = sheet.as_rows(selectors.money_of(of))
    made = Sheet(gettext("Money"), tuple(str(cell) for cell in heading), tuple(tuple(row) for row in rows))
    if request.GET.get("as") == "ods":
        answer = HttpResponse(to_ods([made]), content_type="application/vnd.oasis.opendocument.spreadsheet")
    else:
        answer = HttpResponse("\ufeff" + to_csv(made), content_type="text/csv; charset=utf-8")
    ending = "ods" if request.GET.get("as") == "ods" else "csv"
    answer["Content-Disposition"] = f'attachment; filename="money-{of.series}.{ending}"'
    return answer


@guarded(Permission.EDIT_MONEY)
@form_view
def sheet_in(request: HttpRequest) -> HttpResponse:
    """A sheet comes back: first what it would change, then, when that was seen, the change."""
    of = plan_of(request)
    form = money_forms.SheetForm(request.POST or None, request.FILES or None)
    found = done(form, lambda: _changes(of, form.cleaned_data["text"]))
    if found and form.cleaned_data["taken"] and done(form, lambda: _take(of, found, request)):
        return redirect(f"{reverse('plan:money')}{of.query}")
    rows = None if found is None or form.errors else money_pages.change_rows(found)
    page = {"plan": of, "rows": rows, "text": form.cleaned_data.get("text", "") if rows else ""}
    return render(request, "plan/sheet.html", {"page": page, "form": form}, status=status_of(form))


def _changes(of: Plan, text: str) -> list[sheet.Change]:
    return sheet.changes(selectors.money_of(of), sheet.read_sheet(text, years=of.year_numbers))


@transaction.atomic
def _take(of: Plan, found: list[sheet.Change], request: HttpRequest) -> bool:
    lines = {one.pk: one for one in selectors.money_lines(of)}
    made: dict[tuple[str, str, str], MoneyLine] = {}
    for one in found:
        key = (one.side, one.kind, one.title)
        line = lines.get(one.line_key) or made.get(key)
        if line is None:
            line = made[key] = money_services.add_money_line(
                plan=of, side=one.side, kind=one.kind, title=one.title, by=actor_of(request)
            )
        where: dict[str, Any] = {"line": line, "year": one.period.year, "quarter": one.period.quarter}
        if isinstance(one.after, sheet.Blank):
            money_services.clear_cell(**where, by=actor_of(request))
        else:
            money_services.set_cell(**where, amount=one.after, by=actor_of(request))
    messages.success(request, gettext("The sheet is taken: %(count)s cells changed.") % {"count": len(found)})
    return True


# --- reward and split


@guarded(Permission.VIEW_PLAN)
@require_safe
def reward(request: HttpRequest) -> HttpResponse:
    """The reward grant calculator; its terms stand in the address."""
    form = money_forms.RewardForm(request.GET) if "whole" in request.GET else money_forms.RewardForm()
    found = done(form, lambda: _reward(form.cleaned_data))
    words = money_pages.reward_words(found) if found else ""
    return render(request, "plan/reward.html", {"form": form, "words": words, "found": found}, status=status_of(form))


def _reward(data: dict[str, Any]) -> money.Reward:
    return money.reward(
        baseline=data["baseline"],
        stretch=data["stretch"],
        reached=data["reached"],
        whole=data["whole"],
        threshold=data["threshold"] / 100,
    )


@guarded(Permission.VIEW_PLAN)
@require_safe
def split(request: HttpRequest) -> HttpResponse:
    """Which programmes are strategic and which local; its terms stand in the address."""
    form = money_forms.SplitForm(request.GET) if "programmes" in request.GET else money_forms.SplitForm()
    found = done(form, lambda: _split(form.cleaned_data))
    pots = [money_pages.pot_rows(pot) for pot in found[:2]] if found else []
    context = {"form": form, "pots": pots, "nobody": found[2] if found else ()}
    return render(request, "plan/split.html", context, status=status_of(form))


def _split(data: dict[str, Any]) -> tuple[money.Pot, money.Pot, tuple[money.Programme, ...]]:
    programmes = []
    for written in rules.words_of(data["programmes"].splitlines()):
        name, _, rest = written.partition(";")
        cost, _, chosen = rest.partition(";")
        amount = sheet.read_amount(cost)
        chosen_by = frozenset(rules.words_of(chosen.split(",")))
        programmes.append(money.Programme(name.strip(), amount if isinstance(amount, Decimal) else None, chosen_by))
    return money.split(
        programmes,
        neighbourhoods=rules.words_of(data["neighbourhoods"].splitlines()),
        strategic=data["strategic"],
        local=data["local"],
        needed=data["needed"],
    )


# --- what the views of this room share


def form_page(
    request: HttpRequest, form: Any, of: Plan | None, title: str, submit: str, back: str, lead: str = "", **args: Any
) -> HttpResponse:
    """A plain form in the narrow column."""
    address = reverse(back, kwargs=args or None) + (of.query if of is not None and not args else "")
    page = {"title": title, "submit": submit, "back": address, "lead": lead, "plan": of}
    return render(request, "plan/form.html", {"page": page, "form": form}, status=status_of(form))


def plan_of(request: HttpRequest) -> Plan:
    """The plan the address names, or the one in force. 404 where there is none."""
    named = request.GET.get("plan")
    found = selectors.plan(_int(named)) if named else selectors.current_plan()
    if found is None:
        raise Http404
    return found


def _int(text: str | None) -> int:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Http404
    return int(text)


def _line(key: int) -> MoneyLine:
    found = selectors.money_line(key)
    if found is None:
        raise Http404
    return found


def _move(key: int) -> Virement:
    found = selectors.virement(key)
    if found is None:
        raise Http404
    return found
