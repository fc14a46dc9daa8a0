"""The demonstration: whole, repeatable, and nowhere but in the demonstration."""

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from catalogue.models import Call, Programme
from core.accounts.demo import ACCOUNTS
from core.models import Event, Letter, User
from enrolment.models import Team, TeamStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings, capsys):
    """Run the command as ``make run`` does; return what it said."""
    settings.DEBUG = True

    def demo(**options):
        call_command("demo", **options)
        return capsys.readouterr().out

    return demo


def picture():
    """What the teams of a demonstration are, without the keys and moments of one run."""
    return list(
        Team.objects.order_by("pk").values_list(
            "call__title", "institution_name", "lead__email", "status", "number"
        )
    )


def test_without_debug_it_refuses():
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("demo")

    assert not User.objects.exists()


def test_it_shows_every_status_and_every_account_has_work(demo):
    said = demo()

    statuses = Team.objects.values_list("status", flat=True)
    assert set(statuses) == set(TeamStatus.values)
    assert {call.status for call in Call.objects.all()} >= {
        "planned",
        "open",
        "closed",
        "cancelled",
    }
    lead, bmt, kp, centre, admin = (User.objects.get(email=email) for email in ACCOUNTS)
    assert lead.teams.exists()
    for coordinator in (bmt, kp):
        visible = Team.objects.visible_to(coordinator)
        assert visible.filter(status=TeamStatus.SUBMITTED).exists()
    assert centre.has_perm("accreditation.view_reports")
    assert admin.is_superuser
    for email in ACCOUNTS:
        assert email in said


def test_it_went_by_the_steps_and_its_letters_stay_where_they_are(demo):
    demo()

    for team in Team.objects.all():
        assert Event.objects.about(team).exclude(new="").first().new == team.status
    assert not Letter.objects.due().exists()
    assert Letter.objects.undelivered().count() == 1


def test_the_same_seed_gives_the_same_teams(demo):
    pictures = []
    for seed in (1, 1, 2):
        with transaction.atomic():
            demo(seed=seed)
            pictures.append(picture())
            transaction.set_rollback(True)

    first, again, other = pictures
    assert first == again != other


def test_a_second_run_changes_nothing(demo):
    demo()
    before = picture(), Event.objects.count(), Letter.objects.count()

    demo()

    assert (picture(), Event.objects.count(), Letter.objects.count()) == before


def test_rows_to_measure_with_may_be_added_again_and_again(demo):
    demo(programmes=2, teams=2)
    teams, programmes = Team.objects.count(), Programme.objects.count()

    demo(programmes=1, teams=2)

    assert Team.objects.count() == teams + 2
    assert Programme.objects.count() == programmes + 1
