"""A page in one of its states, and how a person comes to see it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from catalogue.models import Call
from core.models import InstitutionType
from tests.factories import InstitutionFactory, TeamFactory, UserFactory


@dataclass(frozen=True)
class Visit:
    """``title`` is a pattern of what ``<title>`` says before the name of the site.

    ``at`` is a path, or a function that makes what the page shows and returns its path,
    or the person who may see it and its path. ``who`` is otherwise nobody, a key of
    ``PEOPLE`` or a function that makes the person. ``then(page)`` is what they do there.
    """

    title: str
    at: str | Callable
    who: str | Callable | None = None
    then: Callable | None = None
    status: int = 200

    @property
    def path(self):
        """Where to go, once the data is there to be asked."""
        return self.at() if callable(self.at) else self.at

    def begin(self, page_as):
        """Come to the page, do what is done there; return it and the last answer."""
        who = self.who() if callable(self.who) else self.who
        at = self.path
        if isinstance(at, tuple):
            who, at = at
        page = page_as(who)
        answers = answers_to(page)
        page.goto(at)
        if self.then:
            self.then(page)
        return page, answers[-1]


def answers_to(page):
    """A list that grows by every answer that the page is shown."""
    answers = []

    def note(answer):
        if answer.request.is_navigation_request():
            answers.append(answer)

    page.on("response", note)
    return answers


# What a person does


def press(words, **typed):
    """Type into the fields of these names, then press the button of these words."""

    def act(page):
        for name, text in typed.items():
            page.fill(f"[name='{name}']", text)
        with page.expect_navigation():
            page.get_by_role("button", name=words, exact=True).click()

    return act


def one_by_one(*acts):
    def act(page):
        for each in acts:
            each(page)

    return act


def tick(name):
    return lambda page: page.check(f"[name='{name}']")


# What is there

# How the titles of the calls in the demonstration begin.
BMT, KP = "Šaukimas BMT modeliui kurti", "Tyrinėjančios mokyklos"
CLOSED, PLANNED = "Šaukimas BMT kurti vietose", "Pavasario šaukimas"
PAST, CANCELLED = "Pirmasis šaukimas BMT modeliui", "Vasaros šaukimas"


def call(title):
    return Call.objects.get(title__startswith=title)


def call_page(title):
    return lambda: call(title).get_absolute_url()


def person():
    return UserFactory(first_name="Vardenė", last_name="Pavardenytė")


def school(**fields):
    """A school that may apply to any of the programmes."""
    gymnasium = InstitutionType.objects.get(slug="gimnazija")
    return InstitutionFactory(type=gymnasium, **fields)


def application(title=BMT, **fields):
    """A person's application to a call; traits of ``TeamFactory`` say how far it came."""
    own = {"institution": school(), "lead": person()}
    return TeamFactory(call=call(title), **own | fields)


def of_team(name="team", query="", **fields):
    """The applicant's page of that name, about an application made for it."""

    def make():
        team = application(**fields)
        return team.lead, page_of(team, name) + query

    return make


def page_of(team, name="team"):
    about_member = name in ("member", "member_remove")
    member = [team.members.first().pk] if about_member else []
    return reverse(f"enrolment:{name}", args=[team.pk, *member])


def of_call(title, name="apply", query=""):
    """A newcomer's page about the call of the demonstration."""
    return lambda: (
        person(),
        reverse(f"enrolment:{name}", args=[call(title).pk]) + query,
    )
