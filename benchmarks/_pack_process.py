"""Makes one quarterly pack of 60 indicators over five years in a new installation, and prints its times as JSON.

Started by `bench_pack`, with the folder of the installation as its argument.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

INDICATORS, QUARTERS = 60, 20


def main(folder: Path) -> None:
    """Set up, fill, make the pack three times; the yardstick draws its charts, in turns with it."""
    os.environ["FRANKPLEDGE_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "frankpledge.server.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    _fill()
    from django.utils import timezone

    from frankpledge.oversight.performance import selectors
    from frankpledge.oversight.performance.rules import FinancialQuarter
    from frankpledge.reports.documents import FigureBlock
    from frankpledge.vocabulary.actors import Actor
    from frankpledge.workflows.quarterly_pack import make_pack, pack_document

    quarter, by = FinancialQuarter(2026, 2), Actor.system("benchmark")
    packs, drawings, reads = [], [], []
    for _ in range(3):
        packs.append(_seconds(lambda: make_pack(quarter, by=by)))
        reads.append(_seconds(lambda: selectors.report(quarter, today=timezone.localdate())))
        document = pack_document(selectors.report(quarter, today=timezone.localdate()), made_on=timezone.localdate())
        charts = [block.svg for block in document.blocks if isinstance(block, FigureBlock)]
        drawings.append(_seconds(partial(_draw, charts)))
    print(json.dumps({"pack": packs, "charts": drawings, "read": reads}))


def _draw(charts: list[str]) -> None:
    """The yardstick: every chart of the pack by resvg, one by one."""
    from frankpledge.reports.drawing import standing_alone
    from frankpledge.reports.plots import as_png

    for svg in charts:
        as_png(standing_alone(svg))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _fill() -> None:
    """Sixty indicators with twenty quarters each, written straight into the tables: how fast that is, is not asked."""
    from django.utils import timezone

    from frankpledge.records.indicators import services
    from frankpledge.records.indicators.models import Figure
    from frankpledge.vocabulary.actors import Actor
    from frankpledge.vocabulary.periods import Month

    for number in range(INDICATORS):
        made = services.add_indicator(
            name=f"Indicator {number}", definition="For the benchmark.", unit="count", polarity="less is good",
            aggregation="sum", area_code="E07000999", area_name="Aldercombe", by=Actor.system("benchmark"),
        )  # fmt: skip
        rows = []
        for i in range(QUARTERS):
            first = Month(2021, 10) + 3 * i
            rows.append(
                Figure(
                    indicator=made, name=made.name, area_code="E07000999", area_name="Aldercombe",
                    first_on=first.first_day, last_on=(first + 3).first_day - timedelta(days=1),
                    value=100 + (7 * number + 11 * i) % 40, unit="count", completeness="complete", method="made up",
                    document="benchmark", made_at=timezone.now(), made_by_name="benchmark",
                )
            )  # fmt: skip
        Figure.objects.bulk_create(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
