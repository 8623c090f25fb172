"""How often somebody without an account may do something, counted in the cache all processes share."""

from django.core.cache import cache

HOUR_S = 3600


def allowed(what: str, who: str, most: int, seconds: int = HOUR_S) -> bool:
    """Count one more try of ``what`` by ``who`` (an address); False once there were more than ``most`` in the time.

    Somebody whose address is not known is counted together with all others like them.
    """
    key = f"homes:{what.replace(' ', '-')}:{who or 'unknown'}"
    if cache.add(key, 1, seconds):
        return True
    try:
        return int(cache.incr(key)) <= most
    except ValueError:  # it ran out between the two
        cache.set(key, 1, seconds)
        return True
