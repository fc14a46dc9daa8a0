"""How often somebody may do something, counted in the cache all processes share."""

from django.core.cache import cache


def allow(who, action, *, times, seconds):
    """Take one of ``times`` turns; False when all were taken in the last ``seconds``.

    ``who`` is a short plain key, as a rule the user's primary key. Each turn is a cache
    entry of its own that lapses by itself: ``add`` is atomic in every cache, while
    ``incr`` is not in the one kept in the database.
    """
    turns = [f"limit:{action}:{who}:{turn}" for turn in range(times)]
    taken = cache.get_many(turns)
    return any(cache.add(turn, 1, seconds) for turn in turns if turn not in taken)
