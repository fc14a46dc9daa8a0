"""Who may do what to a team. Transitions decide when; here we decide who."""

from enrolment.models import EDITABLE, TeamStatus


def is_lead(user, team):
    return team.lead_id == user.pk


def belongs_to(user, team):
    """The lead and the members: they may not decide their own team (R10)."""
    return is_lead(user, team) or team.members.filter(email=user.email).exists()


def can_decide(user, team):
    """A coordinator of this very call who has no part in the team (R10)."""
    return (
        user.has_perm("enrolment.decide_team")
        and team.call.coordinators.filter(pk=user.pk).exists()
        and not belongs_to(user, team)
    )


def decides_somewhere(user):
    """Whether any call is entrusted to the person: opens the actions of the list."""
    return user.has_perm("enrolment.decide_team") and user.coordinated_calls.exists()


def can_withdraw(user, team):
    """Its lead at any time; the coordinator once the team is approved."""
    return is_lead(user, team) or (
        team.status == TeamStatus.APPROVED and can_decide(user, team)
    )


def steps(user, team):
    """What this user can do next: the buttons on the page, by URL name."""
    if is_lead(user, team):
        if team.status in EDITABLE:
            return ["edit", "submit", "withdraw"]
        return ["withdraw"] if team.is_live else []
    if not can_decide(user, team):
        return []
    if team.status == TeamStatus.SUBMITTED:
        return ["approve", "return", "reserve", "reject"]
    if team.status == TeamStatus.RETURNED:
        return ["return"]
    return ["withdraw"] if team.status == TeamStatus.APPROVED else []
