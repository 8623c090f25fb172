"""Puts 20,000 requests into a new installation, orders them again and again, and prints the times as JSON.

Started by `bench_priority`, with the folder of the installation as its argument.
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

REQUESTS, COCOONS, HOMES_OF_ONE, TIMES = 20_000, 60, 8, 9
#: The columns the list needs, as the yardstick fetches them.
COLUMNS = (
    "id", "uprn", "burgled", "burgled_times", "vulnerability", "channel", "neighbourhood", "missed_visits", "asked_at",
    "tenure", "ward",
)  # fmt: skip


def main(folder: Path) -> None:
    """Set up, fill, order; the yardstick fetches the same rows with a plain cursor, in turns with it."""
    os.environ["FRANKPLEDGE_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "frankpledge.server.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    _fill()
    from django.utils import timezone

    from frankpledge.delivery.home_security.selectors.asking import priority_list

    today = timezone.localdate()
    listed, fetched = [], []
    for _ in range(TIMES):
        listed.append(_seconds(lambda: priority_list(today)))
        fetched.append(_seconds(_plain_rows))
    print(json.dumps({"listed": listed, "fetched": fetched, "n": len(priority_list(today))}))


def _plain_rows() -> list[tuple[object, ...]]:
    """The yardstick: the same rows and columns by the database's own cursor, nothing made of them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(COLUMNS)} FROM home_security_homerequest WHERE state IN ('waiting', 'offered')"
        )
        return list(cursor.fetchall())


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _fill() -> None:
    """Written straight into the tables: how fast that is, is not asked."""
    from django.utils import timezone

    from frankpledge.delivery.home_security.models import Cocoon, CocoonOffer, HomeRequest
    from frankpledge.delivery.home_security.vocabulary import Burgled, Channel, Need, OfferPart
    from frankpledge.vocabulary.premises import Tenure

    draw, now = random.Random(1), timezone.now()
    needs, tenures, channels = list(Need), list(Tenure), list(Channel)
    HomeRequest.objects.bulk_create(
        [
            HomeRequest(
                reference=f"H-{number:06d}",
                password="copper kettle",
                uprn=f"{number:012d}",
                address=f"{number} Long Row",
                ward=f"X05{number % 20:06d}",
                neighbourhood=f"X16{number % 5:06d}" if number % 3 else "",
                tenure=draw.choice(tenures).value,
                channel=draw.choice(channels).value,
                burgled=draw.choice(list(Burgled)).value,
                burgled_times=draw.choice((0, 0, 0, 0, 1, 2)),
                vulnerability=[one.value for one in needs if draw.random() < 0.15],
                missed_visits=draw.choice((0, 0, 0, 0, 1)),
                asked_at=now - timedelta(minutes=draw.randrange(200 * 24 * 60)),
            )
            for number in range(REQUESTS)
        ],
        batch_size=500,
    )
    made = Cocoon.objects.bulk_create(
        Cocoon(
            alert=f"alert {number}", area_name="Quarry Hill", way="four homes either side", burgled_on=now.date(),
            alive_until=now.date() + timedelta(days=9), created_at=now,
        )
        for number in range(COCOONS)
    )  # fmt: skip
    CocoonOffer.objects.bulk_create(
        CocoonOffer(
            cocoon=cocoon, uprn=f"{draw.randrange(REQUESTS):012d}",
            part=(OfferPart.NEIGHBOUR if doors else OfferPart.VICTIM).value, doors=doors, changed_at=now,
            changed_by_name="benchmark",
        )
        for cocoon in made for doors in range(HOMES_OF_ONE + 1)
    )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
