"""Letters about a team. Each goes to the outbox in the transaction of its step."""

from django.conf import settings

from core.emails import queue

FOLDER = "enrolment/emails"


def submitted(team, *, at, again):
    """A receipt to the lead and a notice to every coordinator of the call."""
    _to_lead("submitted", team, at, again=again)
    _to_coordinators("to_decide", team, at, again=again)


def entered(team, members, *, at):
    """Tell each person what was entered about them, by whom, why and for how long."""
    for member in members:
        _queue(
            "entered",
            member.email,
            team,
            at,
            member=member,
            centre_name=settings.CENTRE_NAME,
        )


def returned(team, *, by, at):
    _to_lead("returned", team, at)


def approved(team, *, by, at):
    _to_lead("approved", team, at)


def reserved(team, *, by, at):
    _to_lead("reserved", team, at)


def rejected(team, *, by, at):
    _to_lead("rejected", team, at)


def withdrawn(team, *, by, at):
    """Nobody but the lead knew of a draft, so its withdrawal is told to nobody."""
    if team.submitted_at is None:
        return
    by_lead = by == team.lead
    _to_lead("withdrawn", team, at, by_lead=by_lead)
    if by_lead:
        _to_coordinators("withdrawn_by_lead", team, at)


def _to_lead(letter, team, at, **context):
    _queue(letter, team.lead.email, team, at, **context)


def _to_coordinators(letter, team, at, **context):
    for coordinator in team.call.coordinators.filter(is_active=True).order_by("pk"):
        _queue(letter, coordinator.email, team, at, **context)


def _queue(letter, to, team, at, **context):
    queue(f"{FOLDER}/{letter}", to=to, at=at, about=team, team=team, **context)
