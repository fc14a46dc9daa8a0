"""Letters about the catalogue, written in the transaction of what they tell."""

from core.emails import queue


def appointed(call, coordinator, *, at):
    queue(
        "catalogue/emails/appointed",
        to=coordinator.email,
        at=at,
        about=call,
        call=call,
        coordinator=coordinator,
    )
