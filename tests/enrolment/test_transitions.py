from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

import catalogue.transitions
from catalogue.models import Call
from core.models import Event, Letter
from core.transitions import Refused
from enrolment import transitions
from enrolment.models import Institution, Team, TeamStatus
from tests.factories import (
    CallFactory,
    InstitutionFactory,
    InstitutionTypeFactory,
    MemberFactory,
    ProgrammeFactory,
    TargetGroupFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

MEMBER = {
    "first_name": "Rūta",
    "last_name": "Pavyzdytė",
    "email": "ruta@pavyzdys.example",
    "position": "teacher",
    "category": "senior",
}
WHY = {"reason": "other", "note": "Paaiškinimas."}


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def decide(step, team, by):
    """Apply one of the four decisions with whatever it asks for."""
    details = {
        transitions.approve: {},
        transitions.put_on_reserve: {},
        transitions.reject: WHY,
        transitions.return_for_changes: WHY | {"answer_until": tomorrow()},
    }[step]
    return step(team, by=by, **details)


DECISIONS = [
    transitions.approve,
    transitions.put_on_reserve,
    transitions.reject,
    transitions.return_for_changes,
]


# Starting


def test_start_opens_a_draft_of_the_published_version(teacher):
    call, school = CallFactory(), InstitutionFactory(name="Pavyzdinė mokykla")

    team = transitions.start(call, institution=school, by=teacher)

    assert (team.status, team.number) == (TeamStatus.DRAFT, None)
    assert team.version == call.programme.published
    assert team.institution_name == "Pavyzdinė mokykla"
    assert Event.objects.about(team).get().new == TeamStatus.DRAFT


def test_starting_twice_gives_the_same_draft(teacher):
    call, school = CallFactory(), InstitutionFactory()

    first = transitions.start(call, institution=school, by=teacher)
    second = transitions.start(call, institution=school, by=teacher)

    assert first == second


def test_a_draft_blocks_nobody(teacher):
    draft = TeamFactory(ready=True)

    team = transitions.start(draft.call, institution=draft.institution, by=teacher)

    assert team != draft


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ({"planned": True}, "dar neprasidėjo"),
        ({"closed": True}, "baigėsi"),
        ({"cancelled": True}, "atšauktas"),
        ({"programme__accredited": False}, "neturi akreditacijos"),
        ({"programme__accredited": False, "programme__expired": True}, "akreditacijos"),
    ],
)
def test_start_and_first_submission_need_an_open_call(state, why, teacher):
    call = CallFactory(**state)
    draft = TeamFactory(call=call, ready=True)

    with pytest.raises(Refused, match=why):
        transitions.start(call, institution=InstitutionFactory(), by=teacher)
    with pytest.raises(Refused, match=why):
        transitions.submit(draft, by=draft.lead)

    assert Team.objects.get().status == TeamStatus.DRAFT
    assert not Letter.objects.exists()


def test_submission_at_the_second_of_closing_is_late(teacher):
    team = TeamFactory(ready=True)
    closes_at = team.call.closes_at

    with pytest.raises(Refused, match="baigėsi"):
        transitions.submit(team, by=team.lead, at=closes_at)

    before = closes_at - timedelta(seconds=1)
    assert transitions.submit(team, by=team.lead, at=before).submitted_at == before


def test_open_ended_accreditation_opens_the_call_once_staff_confirm_it(staff):
    programme = ProgrammeFactory(open_ended=True)
    team = TeamFactory(call__programme=programme, ready=True)

    with pytest.raises(Refused, match="akreditacijos"):
        transitions.submit(team, by=team.lead)

    catalogue.transitions.confirm_accreditation(team.call, by=staff)
    team = Team.objects.get()
    assert transitions.submit(team, by=team.lead).status == TeamStatus.SUBMITTED


def test_only_the_types_of_the_target_groups_may_apply(teacher):
    kindergarten, school = InstitutionTypeFactory(), InstitutionTypeFactory()
    group = TargetGroupFactory(institution_types=[school])
    call = CallFactory(programme__target_groups=[group])

    with pytest.raises(Refused, match="kitų tipų įstaigoms"):
        transitions.start(
            call, institution=InstitutionFactory(type=kindergarten), by=teacher
        )

    assert transitions.start(
        call, institution=InstitutionFactory(type=school), by=teacher
    )


def test_without_a_type_a_confirmed_institution_may_not_apply_and_a_typed_one_waits(
    coordinator, teacher
):
    group = TargetGroupFactory(institution_types=[InstitutionTypeFactory()])
    call = CallFactory(programme__target_groups=[group], coordinators=[coordinator])
    typed = InstitutionFactory(type=None, is_confirmed=False)
    team = TeamFactory(call=call, institution=typed, submitted=True)

    assert transitions.start(call, institution=typed, by=teacher)
    with pytest.raises(Refused, match="tipas nenurodytas"):
        transitions.start(call, institution=InstitutionFactory(type=None), by=teacher)

    transitions.confirm_institution(typed, by=coordinator)
    with pytest.raises(Refused, match="tipas nenurodytas"):
        transitions.approve(Team.objects.get(pk=team.pk), by=coordinator)


# Filling in


def test_answers_are_saved_with_the_names_of_the_fields_only():
    team = TeamFactory()

    transitions.save_answers(team, by=team.lead, motivation="Slaptas tekstas.")

    assert Team.objects.get().motivation == "Slaptas tekstas."
    assert Event.objects.about(team).get().facts == {"fields": ["motivation"]}


def test_a_member_is_one_person_however_the_address_is_typed():
    team = TeamFactory()
    transitions.add_member(team, by=team.lead, **MEMBER)

    again = MEMBER | {"email": "  Ruta@Pavyzdys.Example "}
    with pytest.raises(Refused, match="šioje komandoje jau yra"):
        transitions.add_member(team, by=team.lead, **again)

    assert team.members.count() == 1


def test_a_seventh_representative_and_a_third_outsider_are_not_let_in():
    team = TeamFactory(members=6)
    outsider = {"is_external": True, "organisation": "Švietimo centras"}
    MemberFactory.create_batch(2, team=team, **outsider)

    with pytest.raises(Refused, match="jau yra 6"):
        transitions.add_member(team, by=team.lead, **MEMBER)
    with pytest.raises(Refused, match="ne daugiau kaip 2"):
        transitions.add_member(team, by=team.lead, **MEMBER, **outsider)

    assert team.members.count() == 8


def test_an_outsider_does_not_become_a_seventh_representative():
    team = TeamFactory(members=6)
    outsider = MemberFactory(team=team, is_external=True, organisation="Centras")

    with pytest.raises(Refused, match="jau yra 6"):
        transitions.change_member(outsider, by=team.lead, is_external=False)


def test_a_new_address_is_a_person_not_told_yet():
    member = MemberFactory(told_at=timezone.now())

    changed = transitions.change_member(
        member, by=member.team.lead, email="kita@pavyzdys.example"
    )

    assert changed.told_at is None


def test_a_member_removed_in_another_tab_is_explained():
    member = MemberFactory()
    transitions.remove_member(member, by=member.team.lead)

    with pytest.raises(Refused, match="jau nebėra"):
        transitions.change_member(member, by=member.team.lead, first_name="Ona")


@pytest.mark.parametrize("state", ["submitted", "approved", "reserve", "rejected"])
def test_a_team_handed_in_is_closed_for_editing(state):
    team = TeamFactory(**{state: True})
    member = team.members.first()

    for step in (
        lambda: transitions.save_answers(team, by=team.lead, motivation="Kita"),
        lambda: transitions.add_member(team, by=team.lead, **MEMBER),
        lambda: transitions.change_member(member, by=team.lead, first_name="Ona"),
        lambda: transitions.remove_member(member, by=team.lead),
        lambda: transitions.submit(team, by=team.lead),
    ):
        with pytest.raises(Refused, match="Veiksmas negalimas"):
            step()

    assert team.members.count() == 5


# Submitting


def test_submit_hands_the_team_over(coordinator):
    team = TeamFactory(ready=True, call__coordinators=[coordinator])
    at = timezone.now()

    team = transitions.submit(team, by=team.lead, at=at)

    assert (team.status, team.submitted_at, team.number) == ("submitted", at, 1)
    event = Event.objects.about(team).get()
    assert (event.actor, event.at, event.old, event.new) == (
        team.lead,
        at,
        TeamStatus.DRAFT,
        TeamStatus.SUBMITTED,
    )
    assert len(event.facts["members"]) == 5
    letters = Letter.objects.about(team)
    assert letters.filter(to=team.lead.email, subject__contains="Nr. 1 gauta").exists()
    assert letters.filter(to=coordinator.email).exists()
    assert {member.email for member in team.members.all()} <= set(
        letters.values_list("to", flat=True)
    )
    assert letters.count() == 7


def test_history_holds_no_names_and_no_addresses():
    team = TeamFactory(ready=True)

    team = transitions.submit(team, by=team.lead)

    facts = str(Event.objects.about(team).get().facts)
    for member in team.members.all():
        assert member.last_name not in facts
        assert member.email not in facts


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"members": 4}, "5–6 įstaigos atstovai, o dabar jų yra 4"),
        ({"members": 7}, "o dabar jų yra 7"),
        ({"motivation": ""}, "motyvaciją"),
        ({"problem": ""}, "problemą"),
        ({"lead_name": ""}, "vardą ir pavardę"),
    ],
)
def test_an_unfinished_team_is_not_submitted(change, why):
    team = TeamFactory(**{"ready": True} | change)

    with pytest.raises(Refused, match=why):
        transitions.submit(team, by=team.lead)

    assert Team.objects.get().number is None
    assert not Letter.objects.exists()


def test_external_members_are_extra():
    team = TeamFactory(ready=True, members=6)
    MemberFactory.create_batch(2, team=team, is_external=True, organisation="Centras")

    assert transitions.submit(team, by=team.lead).status == TeamStatus.SUBMITTED


@pytest.mark.parametrize("state", ["submitted", "returned", "approved", "reserve"])
def test_one_live_application_per_institution(state):
    first = TeamFactory(**{state: True})
    second = TeamFactory(call=first.call, institution=first.institution, ready=True)

    with pytest.raises(Refused, match=rf"Nr\. {first.number}"):
        transitions.submit(second, by=second.lead)


@pytest.mark.parametrize("state", ["rejected", "withdrawn"])
def test_an_ended_application_leaves_the_institution_free(state):
    first = TeamFactory(**{state: True})
    second = TeamFactory(call=first.call, institution=first.institution, ready=True)

    assert transitions.submit(second, by=second.lead).status == TeamStatus.SUBMITTED


def test_numbers_have_no_gaps_after_a_refusal():
    refused, one, two = TeamFactory(), TeamFactory(ready=True), TeamFactory(ready=True)

    first = transitions.submit(one, by=one.lead)
    with pytest.raises(Refused):
        transitions.submit(refused, by=refused.lead)
    second = transitions.submit(two, by=two.lead)

    assert (first.number, second.number) == (1, 2)


def test_a_returned_team_may_answer_after_the_call_has_closed():
    team = TeamFactory(returned=True, call__closed=True)
    number = team.number

    team = transitions.submit(team, by=team.lead)

    assert (team.status, team.number) == (TeamStatus.SUBMITTED, number)
    assert (team.reason, team.note, team.answer_until) == ("", "", None)


def test_a_late_answer_is_refused():
    team = TeamFactory(returned=True, answer_until=timezone.localdate())
    last_day = timezone.now()

    with pytest.raises(Refused, match="šis terminas praėjo"):
        transitions.submit(team, by=team.lead, at=last_day + timedelta(days=1))

    assert transitions.submit(team, by=team.lead, at=last_day)


def test_members_are_told_once():
    team = TeamFactory(ready=True)
    team = transitions.submit(team, by=team.lead)
    coordinator = UserFactory()
    team = transitions.return_for_changes(
        team, by=coordinator, answer_until=tomorrow(), **WHY
    )
    transitions.add_member(team, by=team.lead, **MEMBER)

    transitions.submit(team, by=team.lead)

    told = Letter.objects.filter(kind="enrolment/emails/entered")
    assert told.count() == 6
    assert told.filter(to=MEMBER["email"]).count() == 1


# Deciding


def test_approval_takes_a_place_and_tells_the_lead(coordinator):
    team = TeamFactory(submitted=True, call__places=1)

    team = transitions.approve(team, by=coordinator)

    assert (team.status, team.decided_by) == (TeamStatus.APPROVED, coordinator)
    assert Call.objects.get().places_taken == 1
    assert set(team.members.values_list("live_in", flat=True)) == {team.call_id}
    letter = Letter.objects.about(team).get()
    assert letter.to == team.lead.email
    assert letter.subject.startswith(f"Paraiška Nr. {team.number} patvirtinta")


def test_without_a_place_approval_offers_the_reserve(coordinator):
    call = CallFactory(places=1)
    TeamFactory(call=call, approved=True)
    team = TeamFactory(call=call, submitted=True)

    with pytest.raises(Refused, match="rezervą"):
        transitions.approve(team, by=coordinator)

    team.refresh_from_db()
    assert team.status == TeamStatus.SUBMITTED
    assert not team.members.exclude(live_in=None).exists()
    assert not Event.objects.about(team).exists()


@pytest.mark.parametrize("members", [4, 7])
def test_the_size_is_checked_again_at_approval(members, coordinator):
    team = TeamFactory(submitted=True, members=members)

    with pytest.raises(Refused, match=f"o dabar jų yra {members}"):
        transitions.approve(team, by=coordinator)


def test_a_person_takes_one_place_in_a_call(coordinator):
    placed = TeamFactory(approved=True)
    team = TeamFactory(submitted=True, call=placed.call)
    double = team.members.first()
    double.email = placed.members.first().email
    double.last_name = "Dvigubaitė"
    double.save()

    with pytest.raises(Refused, match="Dvigubaitė"):
        transitions.approve(team, by=coordinator)

    assert Call.objects.get(pk=placed.call_id).places_taken == 1


def test_an_institution_not_matched_yet_is_not_approved(coordinator):
    team = TeamFactory(submitted=True, institution__is_confirmed=False)

    with pytest.raises(Refused, match="nesutikrinta"):
        transitions.approve(team, by=coordinator)


@pytest.mark.parametrize("step", DECISIONS)
def test_nobody_decides_the_own_team(step, coordinator):
    led = TeamFactory(submitted=True, lead=coordinator)
    joined = TeamFactory(submitted=True)
    MemberFactory(team=joined, email=coordinator.email)

    for team in (led, joined):
        with pytest.raises(Refused, match="priklausote"):
            decide(step, team, coordinator)


@pytest.mark.parametrize("step", DECISIONS)
@pytest.mark.parametrize("state", ["approved", "reserve", "rejected", "withdrawn"])
def test_only_a_submitted_team_is_decided(step, state, coordinator):
    team = TeamFactory(**{state: True})

    with pytest.raises(Refused, match="Veiksmas negalimas"):
        decide(step, team, coordinator)

    assert not Letter.objects.exists()


@pytest.mark.parametrize("step", DECISIONS)
def test_a_cancelled_call_takes_no_decisions(step, coordinator):
    team = TeamFactory(submitted=True, call__cancelled=True)

    with pytest.raises(Refused, match="atšauktas"):
        decide(step, team, coordinator)


def test_a_silent_lead_may_be_given_a_new_date(coordinator):
    team = TeamFactory(returned=True, answer_until=timezone.localdate())

    team = transitions.return_for_changes(
        team, by=coordinator, answer_until=tomorrow(), **WHY
    )

    assert team.answer_until == tomorrow()


def test_an_answer_cannot_be_asked_for_yesterday(coordinator):
    team = TeamFactory(submitted=True)
    yesterday = timezone.localdate() - timedelta(days=1)

    with pytest.raises(Refused, match="praėjusi diena"):
        transitions.return_for_changes(
            team, by=coordinator, answer_until=yesterday, **WHY
        )


def test_the_reserve_is_a_queue(coordinator):
    call = CallFactory()
    teams = TeamFactory.create_batch(3, call=call, submitted=True)

    ranks = [transitions.put_on_reserve(t, by=coordinator).reserve_rank for t in teams]

    assert ranks == [1, 2, 3]


def test_a_rejection_says_why_everywhere(coordinator):
    team = TeamFactory(submitted=True)

    team = transitions.reject(
        team, by=coordinator, reason="readiness", note="Trūksta plano."
    )

    event = Event.objects.about(team).get()
    letter = Letter.objects.about(team).get()
    assert (event.reason, event.note) == ("Pasirengimas", "Trūksta plano.")
    assert "Priežastis: Pasirengimas" in letter.body
    assert "Trūksta plano." in letter.body


@pytest.mark.parametrize(
    ("step", "details"),
    [
        (transitions.return_for_changes, {"answer_until": tomorrow()}),
        (transitions.reject, {}),
        (transitions.withdraw, {}),
    ],
)
def test_a_reason_without_words_is_no_reason(step, details, coordinator):
    team = TeamFactory(submitted=True)
    by = team.lead if step is transitions.withdraw else coordinator

    with pytest.raises(Refused, match="Paaiškinkite"):
        step(team, by=by, reason="other", note=" ", **details)

    assert Team.objects.get().status == TeamStatus.SUBMITTED
    assert not Event.objects.exists()


@pytest.mark.parametrize("lost", ["reason", "note"])
@pytest.mark.parametrize("state", ["returned", "rejected", "withdrawn"])
def test_the_database_keeps_the_reason_and_its_words(lost, state):
    team = TeamFactory(**{state: True})

    with pytest.raises(IntegrityError, match="team_refusal_says_why"):
        Team.objects.filter(pk=team.pk).update(**{lost: ""})


# Withdrawing


def test_withdrawing_an_approved_team_frees_its_place_and_its_people():
    team = TeamFactory(approved=True)

    team = transitions.withdraw(team, by=team.lead, reason="plans", note="Nespėsime.")

    assert team.status == TeamStatus.WITHDRAWN
    assert Call.objects.get().places_taken == 0
    assert not team.members.exclude(live_in=None).exists()


def test_withdrawing_a_waiting_team_frees_no_place():
    approved = TeamFactory(approved=True)
    team = TeamFactory(call=approved.call, submitted=True)

    transitions.withdraw(team, by=team.lead, reason="plans", note="Nespėsime.")

    assert Call.objects.get().places_taken == 1


def test_a_withdrawn_draft_is_told_to_nobody():
    team = TeamFactory()

    transitions.withdraw(team, by=team.lead, reason="plans", note="Nespėsime.")

    assert not Letter.objects.exists()


def test_the_letter_says_who_withdrew(coordinator):
    team = TeamFactory(approved=True, call__coordinators=[coordinator])

    transitions.withdraw(team, by=coordinator, reason="plans", note="Paskambino.")

    letter = Letter.objects.get()
    assert letter.to == team.lead.email
    assert f"Nr. {team.number} atsiimta koordinatoriaus sprendimu" in letter.subject


@pytest.mark.parametrize("state", ["rejected", "withdrawn"])
def test_an_ended_team_cannot_be_withdrawn(state):
    team = TeamFactory(**{state: True})

    with pytest.raises(Refused, match="Veiksmas negalimas"):
        transitions.withdraw(team, by=team.lead, reason="plans", note="Nespėsime.")


# Institutions


def claim(by):
    return transitions.claim_institution(
        by=by, name="Nauja mokykla", code="123456789", municipality=None
    )


def test_the_same_claim_is_noted_once(teacher):
    assert claim(teacher) == claim(teacher)
    assert Institution.objects.choosable().count() == 0


def test_matching_moves_the_teams_to_the_register(teacher, staff):
    typed, real = claim(teacher), InstitutionFactory(name="Tikroji mokykla")
    team = TeamFactory(submitted=True, institution=typed)

    transitions.match_institution(typed, by=staff, institution=real)

    team.refresh_from_db()
    typed.refresh_from_db()
    assert (team.institution, team.institution_name) == (real, "Tikroji mokykla")
    assert typed.merged_into == real


def test_matching_never_makes_a_second_live_application(teacher, staff):
    typed, real = claim(teacher), InstitutionFactory()
    first = TeamFactory(submitted=True, institution=real)
    team = TeamFactory(submitted=True, institution=typed, call=first.call)

    with pytest.raises(Refused, match=rf"Nr\. {first.number}"):
        transitions.match_institution(typed, by=staff, institution=real)

    team.refresh_from_db()
    assert team.institution == typed


def test_a_claim_matched_meanwhile_stands_for_the_register(teacher, staff):
    typed, real = claim(teacher), InstitutionFactory()
    other = TeamFactory(lead=teacher)
    transitions.match_institution(typed, by=staff, institution=real)

    team = transitions.start(CallFactory(), institution=typed, by=teacher)
    other = transitions.choose_institution(other, institution=typed, by=teacher)

    assert (team.institution, other.institution) == (real, real)


def test_a_confirmed_claim_can_be_chosen_by_all(teacher, staff):
    typed = claim(teacher)

    transitions.confirm_institution(typed, by=staff)

    assert list(Institution.objects.choosable()) == [typed]
    with pytest.raises(Refused, match="jau sutikrinta"):
        transitions.confirm_institution(typed, by=staff)
