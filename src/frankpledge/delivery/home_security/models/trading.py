"""The trading account: what kits and locks bring in at stalls, and what is spent on more of them."""

from django.db import models
from django.db.models import Q

from frankpledge.delivery.home_security.models.columns import NAME_LENGTH, choices
from frankpledge.delivery.home_security.models.doing import StockItem, StockMove, StockOrder
from frankpledge.delivery.home_security.vocabulary import TradeKind


class TradeLine(models.Model):
    """A line of the account. The balance is the sum of the lines and stands nowhere; a line is never changed."""

    on = models.DateField()
    kind = models.CharField(max_length=20, choices=choices(TradeKind))
    amount = models.DecimalField(max_digits=8, decimal_places=2)  # pounds, always more than 0: the kind says in or out
    item = models.ForeignKey(StockItem, null=True, on_delete=models.PROTECT, related_name="trade_lines")
    count = models.PositiveIntegerField(null=True)  # how many of the item
    move = models.OneToOneField(StockMove, null=True, on_delete=models.PROTECT, related_name="trade_line")
    order = models.OneToOneField(StockOrder, null=True, on_delete=models.PROTECT, related_name="trade_line")
    takes_back = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="taken_back")
    where = models.CharField(max_length=NAME_LENGTH, blank=True)  # which stall
    note = models.CharField(max_length=NAME_LENGTH, blank=True)
    made_at = models.DateTimeField()
    by_name = models.CharField(max_length=NAME_LENGTH)

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="homes_trade_of_more_than_0"),
            models.CheckConstraint(
                condition=~Q(kind=TradeKind.SOLD.value) | Q(item__isnull=False, count__gte=1, move__isnull=False),
                name="homes_sales_leave_the_store",
            ),
        ]
        indexes = [models.Index(fields=["on"], name="homes_trade_by_day")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.on}: {self.amount}"
