from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from catalogue.models import (
    AccreditationState,
    Call,
    CallStatus,
    Precision,
    Programme,
)
from tests.factories import (
    AccreditationFactory,
    CallFactory,
    ModuleFactory,
    ProgrammeFactory,
    ProgrammeVersionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

VALID, OPEN_ENDED, EXPIRED, NONE = AccreditationState
DAY = timedelta(days=1)


def state(programme, on=None):
    found = Programme.objects.with_accreditation(on).get(pk=programme.pk)
    return found.accreditation_state


# Accreditation


def test_an_accreditation_is_valid_from_its_first_day_to_its_last():
    programme = AccreditationFactory(
        accredited_on=date(2020, 3, 1), valid_until=date(2023, 2, 28)
    ).programme

    assert state(programme, date(2020, 2, 29)) == NONE
    assert state(programme, date(2020, 3, 1)) == VALID
    assert state(programme, date(2023, 2, 28)) == VALID
    assert state(programme, date(2023, 3, 1)) == EXPIRED


def test_without_a_known_end_the_state_is_its_own():
    programme = AccreditationFactory(accredited_on=date(2012, 10, 19)).programme

    assert state(programme, date(2012, 10, 18)) == NONE
    assert state(programme, date(2012, 10, 19)) == OPEN_ENDED
    assert state(programme) == OPEN_ENDED


def test_a_vague_date_counts_from_the_last_day_of_that_time():
    month = AccreditationFactory(
        accredited_on=date(2013, 5, 1), precision=Precision.MONTH
    )
    year = AccreditationFactory(
        accredited_on=date(2013, 5, 1), precision=Precision.YEAR
    )

    assert month.counts_from == date(2013, 5, 31)
    assert state(month.programme, date(2013, 5, 30)) == NONE
    assert state(month.programme, date(2013, 5, 31)) == OPEN_ENDED
    assert year.counts_from == date(2013, 12, 31)


def test_a_known_first_day_of_validity_counts_before_the_date_of_the_decision():
    accreditation = AccreditationFactory(
        accredited_on=date(2020, 3, 1), valid_from=date(2020, 9, 1)
    )

    assert accreditation.counts_from == date(2020, 9, 1)


@pytest.mark.parametrize("valid_until", [None, date(2030, 1, 1)])
def test_a_withdrawn_accreditation_ends_on_the_day_of_withdrawal(valid_until):
    accreditation = AccreditationFactory(
        valid_until=valid_until,
        withdrawn_on=date(2015, 6, 10),
        withdrawn_why="Programa nebevykdoma.",
    )

    before = state(accreditation.programme, date(2015, 6, 9))
    assert before == (VALID if valid_until else OPEN_ENDED)
    assert state(accreditation.programme, date(2015, 6, 10)) == EXPIRED
    assert accreditation.covers(date(2015, 6, 9)) == bool(valid_until)
    assert not accreditation.covers(date(2015, 6, 10))


def test_a_later_decision_replaces_one_without_a_known_end():
    programme = ProgrammeFactory(open_ended=True)
    AccreditationFactory(
        programme=programme,
        accredited_on=date(2015, 1, 1),
        valid_until=date(2018, 1, 1),
    )

    assert state(programme, date(2014, 12, 31)) == OPEN_ENDED
    assert state(programme, date(2018, 1, 1)) == VALID
    assert state(programme, date(2018, 1, 2)) == EXPIRED


def test_the_deciding_accreditation_is_one_that_covers_the_day_or_else_the_latest():
    programme = ProgrammeFactory()
    old = AccreditationFactory(programme=programme, valid_until=date(2017, 1, 1))
    new = AccreditationFactory(programme=programme, accredited_on=date(2016, 1, 1))

    assert programme.deciding_accreditation(date(2012, 1, 1)) is None
    assert programme.deciding_accreditation(date(2016, 6, 1)) == old
    assert programme.deciding_accreditation(date(2020, 1, 1)) == new


@pytest.mark.parametrize(
    "precision, sentence, cell",
    [
        (Precision.DAY, "2013 m. gegužės 1 d.", "2013-05-01"),
        (Precision.MONTH, "2013 m. gegužės mėn.", "2013 m. gegužė"),
        (Precision.YEAR, "2013 m.", "2013 m."),
    ],
)
def test_a_date_says_no_more_than_is_known(precision, sentence, cell):
    accreditation = AccreditationFactory.build(
        accredited_on=date(2013, 5, 1), precision=precision
    )

    assert accreditation.date_in_sentence().replace("\u00a0", " ") == sentence
    assert accreditation.date_in_table() == cell


def test_an_accreditation_does_not_end_before_it_starts():
    with pytest.raises(IntegrityError, match="accreditation_ends_after_it_starts"):
        AccreditationFactory(valid_until=date(2012, 10, 18))


def test_a_withdrawn_accreditation_says_why():
    with pytest.raises(IntegrityError, match="accreditation_withdrawn_says_why"):
        AccreditationFactory(withdrawn_on=date(2015, 1, 1))


# Programmes


def test_programmes_sort_the_lithuanian_way():
    titles = ["Curonia", "Čia", "Ygla", "Ignalina", "Jonava", "Zarasai", "Žara"]
    for title in reversed(titles):
        ProgrammeFactory(title=title)

    assert list(Programme.objects.values_list("title", flat=True)) == titles


def test_the_public_sees_only_published_public_programmes(staff, teacher):
    shown = ProgrammeFactory()
    ProgrammeFactory(is_public=False)
    ProgrammeFactory(version=None)

    assert list(Programme.objects.visible_to(teacher)) == [shown]
    assert Programme.objects.visible_to(staff).count() == 3


def test_current_programmes_are_all_but_the_archive():
    valid = ProgrammeFactory(title="A", accredited=True)
    open_ended = ProgrammeFactory(title="B", open_ended=True)
    ProgrammeFactory(title="C", expired=True)
    never = ProgrammeFactory(title="D")

    assert list(Programme.objects.current()) == [valid, open_ended, never]


def test_newest_accreditation_first_and_the_never_accredited_last():
    never = ProgrammeFactory(title="A")
    old = AccreditationFactory(programme__title="B").programme
    new = AccreditationFactory(
        programme__title="C", accredited_on=date(2020, 1, 1)
    ).programme

    assert list(Programme.objects.newest_first()) == [new, old, never]


def test_hours_are_unknown_or_positive():
    with pytest.raises(IntegrityError, match="programmeversion_hours_positive"):
        ProgrammeVersionFactory(hours=0)


# Calls


def test_a_call_opens_only_under_an_accreditation_that_covers_its_start():
    programme = AccreditationFactory(valid_until=date(2026, 8, 31)).programme
    on_the_last_day = CallFactory(programme=programme, starts_on=date(2026, 8, 31))
    a_day_late = CallFactory(programme=programme, starts_on=date(2026, 9, 1))

    assert on_the_last_day.may_open
    assert not a_day_late.may_open
    assert list(Call.objects.accredited()) == [on_the_last_day]
    assert list(Call.objects.open()) == [on_the_last_day]
    assert a_day_late.status == CallStatus.PLANNED
    assert a_day_late.awaits_accreditation


def test_an_open_ended_accreditation_counts_once_staff_confirmed_it():
    call = CallFactory(programme=ProgrammeFactory(open_ended=True))
    assert not call.may_open

    Call.objects.update(
        accreditation_confirmed_at=timezone.now(),
        accreditation_confirmed_by=UserFactory(),
    )

    assert list(Call.objects.open()) == [call]


def test_a_confirmation_does_not_outlive_the_accreditation():
    accreditation = AccreditationFactory()
    call = CallFactory(
        programme=accreditation.programme, accreditation_confirmed_at=timezone.now()
    )
    assert call.may_open

    accreditation.withdrawn_on, accreditation.withdrawn_why = call.starts_on, "Klaida."
    accreditation.save()

    assert not Call.objects.open().exists()


def test_a_planned_call_of_an_accredited_programme_does_not_await_anything():
    assert not CallFactory(planned=True).awaits_accreditation


def test_the_status_follows_the_clock_to_the_second():
    opens, closes = (
        datetime(2026, 9, 1, 6, tzinfo=UTC),
        datetime(2026, 9, 30, 13, tzinfo=UTC),
    )
    call = CallFactory(
        opens_at=opens,
        closes_at=closes,
        starts_on=date(2026, 11, 2),
        ends_on=date(2027, 5, 31),
    )
    second = timedelta(seconds=1)
    midnight = datetime(2026, 11, 1, 22, tzinfo=UTC)  # 2 November in Vilnius
    end = datetime(2027, 5, 31, 21, tzinfo=UTC)  # 1 June in Vilnius, summer time

    assert call.status_at(opens - second) == CallStatus.PLANNED
    assert call.status_at(opens) == CallStatus.OPEN
    assert call.status_at(closes - second) == CallStatus.OPEN
    assert call.status_at(closes) == CallStatus.CLOSED
    assert call.status_at(midnight - second) == CallStatus.CLOSED
    assert call.status_at(midnight) == CallStatus.RUNNING
    assert call.status_at(end - second) == CallStatus.RUNNING
    assert call.status_at(end) == CallStatus.FINISHED
    assert list(Call.objects.open(closes - second)) == [call]
    assert list(Call.objects.open(closes)) == []


def test_the_day_that_clocks_change_begins_and_ends_at_midnight_in_vilnius():
    change = date(2026, 3, 29)
    call = CallFactory(
        opens_at=datetime(2026, 1, 1, tzinfo=UTC),
        closes_at=datetime(2026, 2, 1, tzinfo=UTC),
        starts_on=change,
        ends_on=change,
    )

    assert call.status_at(datetime(2026, 3, 28, 21, 59, tzinfo=UTC)) == "closed"
    assert call.status_at(datetime(2026, 3, 28, 22, tzinfo=UTC)) == "running"
    assert call.status_at(datetime(2026, 3, 29, 20, 59, tzinfo=UTC)) == "running"
    assert call.status_at(datetime(2026, 3, 29, 21, tzinfo=UTC)) == "finished"


def test_a_cancelled_call_stays_cancelled_whatever_the_date():
    call = CallFactory(cancelled=True)

    assert call.status == CallStatus.CANCELLED
    assert call.status_at(timezone.now() + 1000 * DAY) == CallStatus.CANCELLED


def test_a_list_annotates_what_the_status_needs(django_assert_num_queries):
    CallFactory.create_batch(3)

    with django_assert_num_queries(1):
        assert {call.status for call in Call.objects.with_openness()} == {"open"}


def test_calls_are_listed_open_first_then_planned_then_the_past():
    now = timezone.now()
    past = CallFactory(finished=True)
    closed = CallFactory(closed=True)
    cancelled = CallFactory(
        cancelled=True, closes_at=now - 400 * DAY, opens_at=now - 500 * DAY
    )
    planned_later = CallFactory(planned=True, opens_at=now + 9 * DAY)
    planned_sooner = CallFactory(planned=True, opens_at=now + 8 * DAY)
    not_accredited = CallFactory(programme=ProgrammeFactory(), closes_at=now + 5 * DAY)
    closing_later = CallFactory(closes_at=now + 3 * DAY)
    closing_sooner = CallFactory(closes_at=now + 2 * DAY)

    assert list(Call.objects.as_listed()) == [
        closing_sooner,
        closing_later,
        not_accredited,
        planned_sooner,
        planned_later,
        closed,
        past,
        cancelled,
    ]


def test_calls_of_hidden_programmes_are_hidden(staff, teacher):
    CallFactory(programme__is_public=False)
    CallFactory(programme=ProgrammeFactory(version=None))

    assert not Call.objects.visible_to(teacher).exists()
    assert Call.objects.visible_to(staff).count() == 2


def test_a_call_of_a_programme_with_modules_names_one_of_them():
    module, foreign = ModuleFactory(), ModuleFactory()

    CallFactory.build(programme=module.programme, module=module).clean()
    for wrong in (None, foreign):
        with pytest.raises(ValidationError) as error:
            CallFactory.build(programme=module.programme, module=wrong).clean()
        assert list(error.value.message_dict) == ["module"]
    CallFactory.build(programme=ProgrammeFactory()).clean()


@pytest.mark.parametrize(
    "wrong, constraint",
    [
        ({"places": 0}, "call_has_places"),
        ({"places": 1, "places_taken": 2}, "call_places_not_exceeded"),
        ({"members_min": 7}, "call_member_limits_in_order"),
        ({"ends_on": date(2020, 1, 1)}, "call_ends_after_it_starts"),
        ({"closes_at": datetime(2020, 1, 1, tzinfo=UTC)}, "call_closes_after_it_opens"),
        ({"cancelled_at": datetime(2020, 1, 1, tzinfo=UTC)}, "call_cancelled_says_why"),
    ],
)
def test_the_database_refuses_an_impossible_call(wrong, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        CallFactory(**wrong)
