"""What the pages of an applicant have in common."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import add_never_cache_headers
from django.views.generic import FormView

from core import unsent
from core.limits import allow
from core.transitions import Refused
from core.views import VisibleMixin, refused, too_many
from enrolment.models import Team, TeamStatus

# Six members typed and corrected are some thirty turns; a script takes them all at once.
TURNS, SECONDS = 60, 300

CLOSED = {
    TeamStatus.SUBMITTED: "Paraiška jau pateikta, todėl jos keisti nebegalima.",
    TeamStatus.WITHDRAWN: "Paraiška atsiimta, todėl jos keisti nebegalima.",
}
DECIDED = "Dėl paraiškos jau nuspręsta, todėl jos keisti nebegalima."


def why_closed(team):
    """Why the application can not be edited, as a sentence; nothing if it can."""
    return "" if team.is_editable else CLOSED.get(team.status, DECIDED)


class LimitedMixin:
    """Answer 429 to whoever sends forms faster than a person can."""

    def dispatch(self, request, *args, **kwargs):
        if request.method == "POST" and not allow(
            request.user.pk, "enrolment", times=TURNS, seconds=SECONDS
        ):
            return too_many(request)
        return super().dispatch(request, *args, **kwargs)


class RefusingFormMixin:
    """Saves through a transition. Whatever comes between, what was typed stays.

    ``save(form)`` does the step and returns where to go next: a team or an address.
    """

    done = "Išsaugota."
    keeps_unsent = True

    def get_form(self, form_class=None):
        """The form, holding what was sent to it after the session had ended."""
        form = super().get_form(form_class)
        typed = unsent.take(self.request) if self.request.method == "GET" else {}
        if typed:
            form.initial |= {name: typed.get(name, "") for name in form.fields}
            messages.warning(
                self.request,
                "Kol pildėte, prisijungimas baigėsi. Tai, ką įrašėte, vėl yra formoje, "
                "bet dar neišsaugota.",
            )
        return form

    def form_valid(self, form):
        try:
            target = self.save(form)
        except Refused as reason:
            return self.refuse(form, reason)
        messages.success(self.request, self.done)
        return redirect(target)

    def refuse(self, form, reason):
        form.add_error(None, str(reason))
        return self.render_to_response(self.get_context_data(form=form), status=409)


class LedTeamMixin(VisibleMixin):
    """The person's own team: anybody else's does not exist (R10).

    Kept in no cache: the next person at a shared computer is not to go back to it. The
    forms are: the browser's back button brings what was typed.
    """

    queryset = Team.objects.select_related(
        "call__programme__published",
        "call__module",
        "version",
        "lead",
        "institution",
        "institution_type",
        "municipality",
    )
    scope = "led_by"
    context_object_name = "team"

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response


class TeamFormView(LimitedMixin, RefusingFormMixin, FormView):
    """One page of the application that may be edited, ``team`` being the lead's own."""

    template_name = "enrolment/team_form.html"
    title = ""
    intro = ""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        teams = LedTeamMixin.queryset.led_by(request.user)
        self.team = get_object_or_404(teams, pk=kwargs["pk"])

    def get(self, request, *args, **kwargs):
        if why := self.why_closed():
            return refused(request, why, self.team.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def why_closed(self):
        return why_closed(self.team)

    def get_back_url(self):
        return self.team.get_absolute_url()

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"back": self.get_back_url()}

    def refuse(self, form, reason):
        """Say it in the words of the page when another tab has closed the application."""
        self.team.refresh_from_db(fields=["status"])
        return super().refuse(form, self.why_closed() or reason)

    def get_context_data(self, **kwargs):
        return super().get_context_data(team=self.team, **kwargs)
