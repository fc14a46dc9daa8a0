from datetime import timedelta

import pytest
from django.utils import timezone

from catalogue import facets, index, transitions
from catalogue.models import Call, Programme, Stamp
from core.models import Municipality
from tests.factories import (
    AccreditationFactory,
    CallFactory,
    CompetenceFactory,
    ModuleCompetenceFactory,
    ProgrammeFactory,
    TargetGroupFactory,
)

pytestmark = pytest.mark.django_db


def stamp():
    return Stamp.objects.values_list("value", flat=True).first()


# When the kept numbers are computed anew


@pytest.mark.parametrize(
    "change",
    [
        lambda call: Programme.objects.update(is_public=False),
        lambda call: call.programme.target_groups.add(TargetGroupFactory()),
        lambda call: call.programme.competences.set([CompetenceFactory()]),
        lambda call: ModuleCompetenceFactory(module__programme=call.programme),
        lambda call: AccreditationFactory(programme=call.programme),
        lambda call: transitions.publish(
            call.programme, by=None, title="A", summary="B", goal="C", hours=7
        ),
        lambda call: transitions.extend_window(
            call, by=None, closes_at=call.closes_at + timedelta(days=1), note="x"
        ),
        lambda call: transitions.cancel(call, by=None, note="x"),
        lambda call: call.delete(),
        lambda call: Municipality.objects.update(name="Kita"),
        lambda call: index.refresh(),
    ],
)
def test_every_change_of_the_catalogue_renews_the_stamp(change):
    call = CallFactory(
        municipality=Municipality.objects.create(
            code="13", name="A", short_name="A", county="A"
        )
    )
    kept, before = facets.snapshot(), stamp()

    change(call)

    assert stamp() != before
    assert facets.snapshot() is not kept


def test_a_many_to_many_add_renews_it_too():
    """Django writes it as INSERT OR IGNORE, which SQLite hands on to the trigger."""
    programme, group = ProgrammeFactory(), TargetGroupFactory()
    before = stamp()

    programme.target_groups.add(group)

    assert stamp() != before
    assert Stamp.objects.count() == 1


def test_a_place_taken_renews_nothing():
    call = CallFactory()
    before = stamp()

    transitions.take_place(call)
    transitions.free_place(call)

    assert stamp() == before


def test_an_unchanged_catalogue_is_kept(django_assert_num_queries):
    ProgrammeFactory()
    kept = facets.snapshot()

    with django_assert_num_queries(1):
        assert facets.snapshot() is kept


def test_a_call_opens_and_closes_without_anybody_changing_anything():
    call = CallFactory(planned=True, programme__accreditation__valid_until="2999-01-01")
    at = timezone.now()

    def is_open(at):
        return facets.snapshot(at).facets["atvira"]["1"].bits

    assert not is_open(at)
    assert not is_open(call.opens_at - timedelta(seconds=1))
    assert is_open(call.opens_at)
    assert is_open(call.closes_at - timedelta(seconds=1))
    assert not is_open(call.closes_at)


def test_an_accreditation_ends_at_midnight():
    now = timezone.now()
    today = timezone.localdate(now)
    AccreditationFactory(valid_until=today)
    midnight = facets.snapshot(now).until

    assert timezone.localtime(midnight).hour == 0
    assert facets.snapshot(midnight - timedelta(seconds=1)).archived == 0
    assert facets.snapshot(midnight).archived == 1


def test_an_earlier_moment_than_the_kept_one_is_computed_too():
    now = timezone.now()
    kept = facets.snapshot(now)

    assert facets.snapshot(now - timedelta(days=1)) is not kept


# Bits


def test_bits_give_keys_in_the_alphabets_order():
    for title in ("Žalia", "Čia", "Yla", "Ikas"):
        ProgrammeFactory(title=title)
    ProgrammeFactory(title="Be teksto", version=None)
    kept = facets.snapshot()

    def titles(keys):
        return [Programme.objects.get(pk=key).title for key in keys]

    assert titles(kept.in_order(kept.all)) == ["Čia", "Ikas", "Yla", "Žalia"]
    own = list(
        Programme.objects.filter(title__in=["Yla", "Čia"]).values_list("pk", flat=True)
    )
    assert titles(kept.in_order(kept.bits(own))) == ["Čia", "Yla"]
    assert kept.in_order(kept.bits(own), order=[own[1], own[0]]) == [own[1], own[0]]
    assert kept.in_order(0) == []


def test_a_search_is_kept_for_its_next_page(django_assert_num_queries):
    ProgrammeFactory(title="Matematika")
    index.refresh()
    kept = facets.snapshot()
    answer = kept.found("matematika")

    with django_assert_num_queries(0):
        assert kept.found("matematika") is answer
    for number in range(facets.ANSWERS_KEPT):
        kept.found(f"x{number}")
    with django_assert_num_queries(2):
        kept.found("matematika")


def test_a_call_elsewhere_has_no_place_among_those_without_a_text():
    CallFactory(programme__version=None)

    assert facets.snapshot().facets["atvira"]["1"].bits == 0
    assert Call.objects.open().count() == 1
