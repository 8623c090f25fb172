"""Pages of approved suppliers, and of ordering from them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from frankpledge.delivery.home_security.forms.suppliers import OrderForm, RenewForm, SupplierForm
from frankpledge.delivery.home_security.pages import suppliers as pages
from frankpledge.delivery.home_security.selectors import stock
from frankpledge.delivery.home_security.selectors import suppliers as selectors
from frankpledge.delivery.home_security.services import stock as stock_services
from frankpledge.delivery.home_security.services import suppliers as services
from frankpledge.ui.forms import kept, status_of
from frankpledge.ui.guards import actor_of, guarded
from frankpledge.vocabulary.permissions import Permission

form_view = require_http_methods(["GET", "HEAD", "POST"])


@guarded(Permission.VIEW_HOMES)
@require_safe
def suppliers(request: HttpRequest) -> HttpResponse:
    """Who is approved and until when, and orders that went elsewhere."""
    page = pages.suppliers_page(request.user, timezone.localdate())
    return render(request, "home_security/suppliers.html", {"page": page})


@guarded(Permission.EDIT_HOMES)
@form_view
def add_supplier(request: HttpRequest) -> HttpResponse:
    """Put a supplier on the list."""
    form = SupplierForm(request.POST or None, initial=pages.renewal_days(None, timezone.localdate()))
    if kept(form, lambda: services.add_supplier(**form.cleaned_data, by=actor_of(request))):
        messages.success(request, gettext("{name} is on the list.").format(name=form.cleaned_data["name"]))
        return redirect("home_security:suppliers")
    return render(request, "home_security/supplier.html", {"form": form}, status=status_of(form))


@guarded(Permission.EDIT_HOMES)
@form_view
def renew_supplier(request: HttpRequest, key: int) -> HttpResponse:
    """Approve a supplier for a further time."""
    today = timezone.localdate()
    line = next((one for one in selectors.lines(today) if one.supplier.pk == key), None)
    if line is None:
        raise Http404
    form = RenewForm(request.POST or None, initial=pages.renewal_days(line, today))
    if kept(form, lambda: services.renew(line.supplier, **form.cleaned_data, by=actor_of(request))):
        messages.success(request, gettext("The approval of {name} is renewed.").format(name=line.supplier.name))
        return redirect("home_security:suppliers")
    return render(request, "home_security/supplier.html", {"form": form, "line": line}, status=status_of(form))


@guarded(Permission.EDIT_HOMES)
@form_view
def order_stock(request: HttpRequest, key: int) -> HttpResponse:
    """Order an item: approved suppliers are offered, anybody else needs a reason."""
    item = stock.item(key)
    if item is None:
        raise Http404
    approved = selectors.approved_on(timezone.localdate())
    first = {"count": request.GET.get("count", item.order_size), "supplier": pages.usual(item, approved)}
    form = OrderForm(request.POST or None, initial=first, approved=approved)
    if kept(form, lambda: stock_services.place_order(item, **form.told(), by=actor_of(request))):
        words = gettext("{n} of {item} are ordered.").format(n=form.cleaned_data["count"], item=item.name)
        messages.success(request, words)
        return redirect("home_security:stock")
    about = {"form": form, "page": pages.order_page(item, approved)}
    return render(request, "home_security/order.html", about, status=status_of(form))
