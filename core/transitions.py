"""What every status change in the portal is made of: a lock, a guard, a refusal."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.models import Counter


class Refused(Exception):
    """The rules do not allow this step. The message is shown to the person as it is."""


def lock(obj, *expected):
    """Return ``obj`` re-read under a row lock; refuse if its status has moved on.

    Without ``expected`` only the lock is taken. Must run inside a transaction.
    Order of locks: call, then teams by primary key, then counters.
    """
    locked = type(obj)._base_manager.select_for_update().get(pk=obj.pk)
    if expected and locked.status not in expected:
        raise Refused(f"Veiksmas negalimas: būsena „{locked.get_status_display()}“.")
    return locked


@transaction.atomic
def next_number(sequence):
    """Give out the next number of a gap-free sequence. Take it last: it is a lock."""
    Counter.objects.get_or_create(name=sequence)
    Counter.objects.filter(name=sequence).update(value=F("value") + 1)
    return Counter.objects.get(name=sequence).value


def apply_to_each(transition, objects, **kwargs):
    """Apply ``transition`` to each object on its own; return (done, refusals)."""
    done, refusals = [], []
    for obj in objects:
        try:
            done.append(transition(obj, **kwargs))
        except Refused as refused:
            refusals.append((obj, refused))
    return done, refusals


def moment(at):
    """The instant of a step: given (demonstration, import) or now."""
    return at or timezone.now()
