"""What an applicant has to do, in order: the task list of one application."""

from dataclasses import dataclass, field

from core.words import plural
from enrolment.models import Team, TeamStatus
from enrolment.transitions import missing_by_section


@dataclass(frozen=True)
class Task:
    """``page`` is a URL name of the team's; a task without one is not to be changed."""

    title: str
    page: str
    said: str
    missing: list = field(default_factory=list)

    @property
    def is_done(self):
        return not self.missing


def task_list(team):
    missing = missing_by_section(team)
    return [
        Task(
            "Įstaiga",
            "enrolment:institution" if team.status == TeamStatus.DRAFT else "",
            _institution(team),
        ),
        Task("Paraiškos teikėjas", "enrolment:lead", team.lead_name, missing["lead"]),
        Task("Nariai", "enrolment:members", members_said(team), missing["members"]),
        Task("Motyvacija ir problema", "enrolment:answers", "", missing["answers"]),
    ]


def colleagues(team):
    """What others of the institution do in this call: numbers, never names (R2, R11).

    ``own`` is the application that this very lead has handed in already.
    """
    others = list(Team.objects.of_the_same_institution(team))
    live = next((other for other in others if other.is_live), None)
    return {
        "number": live and live.number,
        "own": live if live and live.lead_id == team.lead_id else None,
        "drafts": sum(other.status == TeamStatus.DRAFT for other in others),
    }


def _institution(team):
    if team.institution.is_confirmed:
        return team.institution_name
    return f"{team.institution_name}. Centro darbuotojas ją dar sutikrins su registru."


def members_said(team):
    """„4 iš 5–6 narių“: only representatives of the institution count (R1)."""
    counted, external = team.head_count()
    of = plural(team.call.members_max, "nario", "narių", "narių")
    said = f"{counted} iš {team.call.team_size} {of}"
    if external:
        outside = plural(external, "išorinis", "išoriniai", "išorinių")
        said += f" ir {external} {outside}"
    return said
