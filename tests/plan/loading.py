"""Salford's budget, loaded as an example plan is: line by line through the services."""

from frankpledge.records.plan import money_services, services
from frankpledge.records.plan.models import Plan
from tests.people import TESTS
from tests.plan.salford import ROWS, TBC, TOTALS, YEARS, cells


def load_salford() -> Plan:
    """The plan, as a draft of its own."""
    plan = services.add_plan(
        title="Salford, target 10", first_year=2002, is_example=True, document="Local PSA action plan", by=TESTS
    )
    for row in ROWS:
        line = money_services.add_money_line(
            plan=plan, side=row[0], kind=row[1], title=row[2], stated_total=row[7], by=TESTS
        )
        for period, amount in cells(row).items():
            money_services.set_cell(line=line, year=period.year, quarter=period.quarter, amount=amount, by=TESTS)
    for side, kind, quarters, *years in TOTALS:
        where = {"plan": plan, "side": side, "kind": kind, "by": TESTS}
        for quarter, amount in enumerate(quarters, 1):
            money_services.state_total(**where, year=2002, quarter=quarter, amount=amount)
        for year, amount in zip((*YEARS, None), years, strict=True):
            if amount is not TBC:
                money_services.state_total(**where, year=year, amount=amount)
    return plan
