"""Steps that meet: real threads, and the gap between check and write held open."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from django.db import connection
from django.db.models.signals import post_init, pre_save

from catalogue.models import Call
from core.models import Event, Letter
from core.transitions import Refused
from enrolment import transitions
from enrolment.models import Member, Team, TeamStatus
from tests.factories import CallFactory, InstitutionFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def slow_save():
    """Dawdle before a team is written, after everything about it has been checked."""

    def dawdle(**kwargs):
        time.sleep(0.05)

    pre_save.connect(dawdle, sender=Team)
    yield
    pre_save.disconnect(dawdle, sender=Team)


def race(*steps):
    """Run the steps at once, each in a thread; return what each gave or was refused."""
    start = Barrier(len(steps))

    def run(step):
        start.wait()
        try:
            return step()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def refusals(results):
    return [result for result in results if isinstance(result, Refused)]


def test_twenty_approvals_for_ten_places_give_ten(slow_save, coordinator):
    call = CallFactory(places=10)
    teams = TeamFactory.create_batch(20, call=call, submitted=True)

    results = race(
        *[partial(transitions.approve, team, by=coordinator) for team in teams]
    )

    call.refresh_from_db()
    approved = call.teams.filter(status=TeamStatus.APPROVED)
    assert (call.places_taken, approved.count()) == (10, 10)
    assert len(refusals(results)) == 10
    assert Member.objects.filter(live_in=call).count() == 50
    assert Event.objects.filter(new=TeamStatus.APPROVED).count() == 10
    assert Letter.objects.filter(kind__endswith="approved").count() == 10


def test_two_coordinators_make_one_decision(slow_save):
    team = TeamFactory(submitted=True)

    results = race(
        partial(transitions.approve, team, by=UserFactory()),
        partial(
            transitions.reject, team, by=UserFactory(), reason="other", note="Kita."
        ),
    )

    assert len(refusals(results)) == 1
    assert Event.objects.about(team).count() == 1


def test_approval_and_withdrawal_have_one_outcome(slow_save, coordinator):
    team = TeamFactory(submitted=True, call__places=1)

    race(
        partial(transitions.approve, team, by=coordinator),
        partial(
            transitions.withdraw, team, by=team.lead, reason="plans", note="Nespėsime."
        ),
    )

    team.refresh_from_db()
    taken = Call.objects.get().places_taken
    assert team.status in (TeamStatus.APPROVED, TeamStatus.WITHDRAWN)
    assert taken == (1 if team.status == TeamStatus.APPROVED else 0)


def test_twenty_submits_of_one_team_give_one_number_and_one_receipt(slow_save):
    team = TeamFactory(ready=True)

    results = race(*[partial(transitions.submit, team, by=team.lead)] * 20)

    assert len(refusals(results)) == 19
    assert Team.objects.get().number == 1
    assert Letter.objects.filter(to=team.lead.email).count() == 1


def test_two_teams_of_one_institution_hand_in_one_application(slow_save):
    first = TeamFactory(ready=True)
    second = TeamFactory(ready=True, call=first.call, institution=first.institution)

    results = race(
        *[partial(transitions.submit, team, by=team.lead) for team in (first, second)]
    )

    assert len(refusals(results)) == 1
    assert Team.objects.live().count() == 1


def test_numbers_of_teams_submitted_at_once_have_no_gaps(slow_save):
    teams = TeamFactory.create_batch(6, ready=True)

    race(*[partial(transitions.submit, team, by=team.lead) for team in teams])

    numbers = Team.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5, 6]


def test_a_double_click_on_start_opens_one_draft(slow_save, teacher):
    call, school = CallFactory(), InstitutionFactory()

    race(*[partial(transitions.start, call, institution=school, by=teacher)] * 5)

    assert Team.objects.count() == 1


def test_a_person_in_two_teams_takes_one_place(coordinator):
    call = CallFactory()
    teams = TeamFactory.create_batch(2, call=call, submitted=True)
    for team in teams:
        Member.objects.filter(pk=team.members.first().pk).update(
            email="viena@pavyzdys.example"
        )

    results = race(
        *[partial(transitions.approve, team, by=coordinator) for team in teams]
    )

    assert len(refusals(results)) == 1
    call.refresh_from_db()
    assert call.places_taken == 1


def test_a_sixth_member_from_two_tabs_is_let_in_once():
    team = TeamFactory(members=5)

    def add(number):
        return partial(
            transitions.add_member,
            team,
            by=team.lead,
            first_name="Rūta",
            last_name="Pavyzdytė",
            email=f"nauja{number}@pavyzdys.example",
            position="teacher",
            category="senior",
        )

    def dawdle(**kwargs):
        time.sleep(0.05)

    post_init.connect(dawdle, sender=Member)
    try:
        results = race(add(1), add(2))
    finally:
        post_init.disconnect(dawdle, sender=Member)

    assert len(refusals(results)) == 1
    assert team.members.count() == 6
