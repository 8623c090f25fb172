"""How often somebody without an account may do something, counted in the cache all processes share."""

import time
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.core.cache import cache

HOUR_S = 3600
ONE_SUBSCRIBER = 64  # bits of an IPv6 address: whoever has one has all that begin alike


def allowed(what: str, who: str, most: int, seconds: int = HOUR_S) -> bool:
    """Count one more try of ``what`` by ``who`` (an address); False once there were more than ``most`` in the time.

    The time begins with the first try and later ones leave it as it is: ``cache.incr`` would give each count five
    minutes from the last. Tries of the same moment may be counted as one. Somebody whose address is not known is
    counted together with all others like them.
    """
    key = f"homes:tries:{what.replace(' ', '-')}:{_network(who) or 'unknown'}"
    now = time.time()
    tries, ends = cache.get(key) or (0, now + seconds)
    cache.set(key, (tries + 1, ends), max(ends - now, 1))
    return bool(tries < most)


def _network(who: str) -> str:
    try:
        address = ip_address(who)
    except ValueError:
        return who
    return str(IPv6Network((address, ONE_SUBSCRIBER), strict=False)) if isinstance(address, IPv6Address) else who
