"""Who may do what to a team. Transitions decide when; here we decide who."""


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


def steps(user, team):
    """What the lead can do next, by URL name; a coordinator's are in ``decisions``."""
    if not is_lead(user, team):
        return []
    if team.is_editable:
        return ["submit", "withdraw"]
    return ["withdraw"] if team.is_live else []
