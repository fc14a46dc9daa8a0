from datetime import timedelta

import pytest
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from catalogue import transitions
from catalogue.models import Call
from config import urls
from core.forms import ConfirmForm, PortalForm
from core.middleware import DatabaseAwayMiddleware
from core.models import Event, Letter
from core.views import TransitionView, refused
from tests.factories import CallFactory


class NoteForm(PortalForm):
    note = forms.CharField(label="Priežastis")


class CancelView(TransitionView):
    """The same as the one given through ``as_view``, written as a subclass."""

    model = Call
    transition = transitions.cancel
    form_class = NoteForm
    title = "Atšaukti kvietimą"

    def allowed(user, call):
        return user.is_staff

    def get_success_url(self):
        return "/kvietimai/"

    def get_done_message(self):
        return f"Kvietimas „{self.object}“ atšauktas."


@login_not_required
def away(request):
    raise OperationalError("server closed the connection unexpectedly")


@login_not_required
def broken(request):
    raise ValueError("broken")


@login_not_required
def suspicious(request):
    raise SuspiciousOperation("suspicious")


@login_not_required
def full(request):
    return refused(request, "Laisvų vietų nebeliko.", back="/kvietimai/")


urlpatterns = [
    path(
        "bandymas/<int:pk>/",
        TransitionView.as_view(
            model=Call,
            transition=transitions.cancel,
            allowed=lambda user, call: user.is_staff,
            form_class=NoteForm,
            title="Atšaukti kvietimą",
            intro="Atšaukto kvietimo atnaujinti negalėsite.",
            tone="danger",
            done="Kvietimas atšauktas.",
        ),
        name="cancel",
    ),
    path("poklasis/<int:pk>/", CancelView.as_view(), name="cancel_by_subclass"),
    path(
        "be-formos/<int:pk>/",
        TransitionView.as_view(
            model=Call,
            transition=transitions.confirm_accreditation,
            allowed=lambda user, call: True,
            title="Patvirtinti akreditaciją",
        ),
        name="confirm",
    ),
    path("nutolusi/", away),
    path("sugedusi/", broken),
    path("itartina/", suspicious),
    path("pilna/", full),
    *urls.urlpatterns,
]
handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler500 = urls.handler500

pytestmark = pytest.mark.urls(__name__)


# The confirm page


@pytest.mark.django_db
def test_asking_shows_the_object_and_changes_nothing(browse, staff):
    call = CallFactory(title="Rudens kvietimas")

    page = browse(staff).get(reverse("cancel", args=[call.pk]))

    assert page.status_code == 200
    assert "<h1>Atšaukti kvietimą</h1>" in page.text
    assert "Rudens kvietimas" in page.text
    assert "Atšaukto kvietimo atnaujinti negalėsite." in page.text
    assert 'class="button button--danger"' in page.text
    assert f'href="{call.get_absolute_url()}">Grįžti' in page.text
    call.refresh_from_db()
    assert call.cancelled_at is None


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["cancel", "cancel_by_subclass"])
def test_answering_takes_the_step_as_the_person(browse, staff, name):
    call = CallFactory()

    page = browse(staff).post(reverse(name, args=[call.pk]), {"note": "Nėra teikėjo."})

    assert page.status_code == 302
    event = Event.objects.about(call).get()
    assert (event.actor, event.note) == (staff, "Nėra teikėjo.")


@pytest.mark.django_db
def test_afterwards_the_object_is_shown_with_what_was_done(browse, staff):
    call = CallFactory()

    page = browse(staff).post(
        reverse("cancel", args=[call.pk]), {"note": "Nėra teikėjo."}, follow=True
    )

    assert page.redirect_chain == [(call.get_absolute_url(), 302)]
    assert [str(message) for message in page.context["messages"]] == [
        "Kvietimas atšauktas."
    ]


@pytest.mark.django_db
def test_a_subclass_says_where_to_go_and_what_was_done(browse, staff):
    call = CallFactory(title="Rudens kvietimas")

    page = browse(staff).post(
        reverse("cancel_by_subclass", args=[call.pk]), {"note": "Taip."}, follow=True
    )

    assert page.redirect_chain == [("/kvietimai/", 302)]
    assert [str(message) for message in page.context["messages"]] == [
        "Kvietimas „Rudens kvietimas“ atšauktas."
    ]


@pytest.mark.django_db
def test_a_refusal_is_409_with_the_reason_and_what_was_typed(browse, staff):
    call = CallFactory()
    transitions.cancel(call, by=staff, note="Pirmas kartas.")

    page = browse(staff).post(reverse("cancel", args=[call.pk]), {"note": "Antras."})

    assert page.status_code == 409
    assert "<li>Kvietimas jau atšauktas.</li>" in page.text
    assert "<title>Klaida: Atšaukti kvietimą" in page.text
    assert 'value="Antras."' in page.text
    assert Event.objects.about(call).count() == 1


@pytest.mark.django_db
def test_a_refusal_needs_no_field(browse, teacher):
    page = browse(teacher).post(reverse("confirm", args=[CallFactory().pk]))

    assert page.status_code == 409
    assert "atskirai tvirtinti nereikia" in page.text


@pytest.mark.django_db
def test_a_faulty_field_is_told_and_nothing_happens(browse, staff):
    call = CallFactory()

    page = browse(staff).post(reverse("cancel", args=[call.pk]), {"note": " "})

    assert page.status_code == 200
    assert "<title>Klaida: " in page.text
    assert not Event.objects.about(call).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["cancel", "cancel_by_subclass"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_is_forbidden(browse, teacher, name, method):
    call = CallFactory()

    page = getattr(browse(teacher), method)(reverse(name, args=[call.pk]))

    assert page.status_code == 403
    assert "Šio veiksmo atlikti negalite" in page.text
    assert not Event.objects.about(call).exists()


@pytest.mark.django_db
def test_what_the_person_may_not_see_does_not_exist(browse, coordinator):
    call = CallFactory(programme__is_public=False)

    page = browse(coordinator).post(reverse("cancel", args=[call.pk]), {"note": "x"})

    assert page.status_code == 404
    assert not Event.objects.about(call).exists()


@pytest.mark.django_db
def test_another_scope_may_decide_what_is_visible(rf, staff):
    call = CallFactory()
    view = TransitionView.as_view(
        model=Call,
        scope="coordinated_by",
        transition=transitions.cancel,
        allowed=lambda user, call: True,
        form_class=ConfirmForm,
    )
    request = rf.get("/")
    request.user = staff

    with pytest.raises(Http404):
        view(request, pk=call.pk)
    call.coordinators.add(staff)
    assert view(request, pk=call.pk).status_code == 200


@pytest.mark.django_db
def test_an_anonymous_visitor_signs_in_first(browse):
    url = reverse("cancel", args=[CallFactory().pk])

    page = browse().get(url)

    assert page.url == f"{reverse('account_login')}?next={url}"


@pytest.mark.django_db
def test_other_methods_are_not_taken_for_an_answer(browse, staff):
    call = CallFactory()

    page = browse(staff).put(reverse("cancel", args=[call.pk]))

    assert page.status_code == 405


# Errors. Without the mark ``django_db`` any query fails the test.


def test_a_database_that_is_away_is_503_and_told_without_it(browse):
    page = browse().get("/nutolusi/")

    assert page.status_code == 503
    assert page["Retry-After"] == "60"
    assert "Portalas laikinai neveikia" in page.text
    assert "Prisijungti" not in page.text


def test_a_session_that_cannot_be_read_is_503_as_well(rf):
    class NobodyKnows:
        @property
        def is_authenticated(self):
            raise OperationalError("could not connect to server")

    request = rf.get("/")
    request.user = NobodyKnows()
    middleware = DatabaseAwayMiddleware(lambda request: HttpResponse())

    page = middleware.process_view(request, None, (), {})

    assert page.status_code == 503


def test_an_error_of_ours_is_500_and_told_without_the_database(client):
    client.raise_request_exception = False

    page = client.get("/sugedusi/")

    assert page.status_code == 500
    assert "Portale įvyko klaida" in page.text
    assert "Prisijungti" not in page.text


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/tokio-nera/", "/programos/tokios-nera/"])
@pytest.mark.parametrize("debug", [True, False])
def test_a_missing_page_is_told_in_lithuanian(client, settings, address, debug):
    settings.DEBUG = debug

    page = client.get(address)

    assert page.status_code == 404
    assert "<h1>Tokio puslapio nėra</h1>" in page.text


def test_a_suspicious_request_is_400(client):
    page = client.get("/itartina/")

    assert page.status_code == 400
    assert "Užklausos suprasti nepavyko" in page.text


def test_a_refusal_without_a_form_is_409_with_a_way_back(client):
    page = client.get("/pilna/")

    assert page.status_code == 409
    assert "Laisvų vietų nebeliko." in page.text
    assert 'href="/kvietimai/"' in page.text


def test_a_form_from_an_old_page_is_403_and_says_what_to_do():

    page = Client(enforce_csrf_checks=True).post(reverse("account_login"))

    assert page.status_code == 403
    assert "Puslapis paseno" in page.text


# Health


def test_the_process_is_alive_even_without_a_database(client):
    page = client.get(reverse("core:alive"))

    assert page.status_code == 200
    assert page.json() == {"alive": True}
    assert "no-store" in page["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_everything_answers(client):
    page = client.get(reverse("core:ready"))

    assert page.status_code == 200
    assert page.json() == {"database": True, "cache": True, "outbox": True}


def test_not_ready_without_a_database(client):
    page = client.get(reverse("core:ready"))

    assert page.status_code == 503
    assert page.json()["database"] is False


@pytest.mark.django_db
def test_not_ready_when_the_cache_forgets(client, settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    }

    page = client.get(reverse("core:ready"))

    assert page.status_code == 503
    assert page.json() == {"database": True, "cache": False, "outbox": True}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("minutes", "sent", "status"), [(59, False, 200), (61, False, 503), (61, True, 200)]
)
def test_a_letter_that_waits_over_an_hour_is_not_ready(client, minutes, sent, status):
    now = timezone.now()
    Letter.objects.create(
        kind="bandymas",
        to="ona@example.lt",
        created_at=now,
        due_at=now - timedelta(minutes=minutes),
        sent_at=now if sent else None,
    )

    assert client.get(reverse("core:ready")).status_code == status
