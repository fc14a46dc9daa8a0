"""From a call to a draft: which institution applies."""

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import FormView

from catalogue.models import Call
from core.views import refused
from enrolment import transitions
from enrolment.forms import (
    InstitutionForm,
    InstitutionSearchForm,
    UnlistedInstitutionForm,
)
from enrolment.models import Team, TeamStatus
from enrolment.views.base import LimitedMixin, RefusingFormMixin

BEGUN = "Juodraštis paruoštas. Pildykite jį dalimis – bet kada galite grįžti."
HANDED_IN = "Šios įstaigos paraišką šiam kvietimui jau esate pateikę. Štai ji."


class InstitutionPickerMixin:
    """Search by GET, choice by POST to the same address: among thousands, no JavaScript."""

    form_class = InstitutionForm
    submit = ""

    def get_form_kwargs(self):
        self.search = InstitutionSearchForm({"q": self.request.GET.get("q", "")})
        return super().get_form_kwargs() | {
            "words": self.search.words(),
            "submit": self.submit,
        }

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"search": self.search, "words": self.search.words()}


class _StartView(LimitedMixin, RefusingFormMixin, FormView):
    """A page of a call that may take applications; POST opens a draft of the lead's."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        calls = Call.objects.visible_to(request.user).select_related(
            "programme__published", "module"
        )
        self.call = get_object_or_404(calls, pk=kwargs["pk"])

    def start(self, institution):
        """The draft: a new one, or whatever of this institution was already there."""
        team = transitions.start(
            self.call, institution=institution, by=self.request.user
        )
        self.done = BEGUN if team.status == TeamStatus.DRAFT else HANDED_IN
        return team

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            call=self.call, closed=transitions.why_not_open(self.call), **kwargs
        )


class ApplyView(InstitutionPickerMixin, _StartView):
    template_name = "enrolment/apply.html"
    submit = "Pradėti paraišką"

    def save(self, form):
        return self.start(form.cleaned_data["institution"])

    def get_context_data(self, **kwargs):
        teams = Team.objects.led_by(self.request.user).filter(call=self.call)
        return super().get_context_data(
            teams=teams.exclude(status=TeamStatus.WITHDRAWN), **kwargs
        )


class UnlistedInstitutionView(_StartView):
    """„Mano įstaigos nėra sąraše“: the person types it, staff match it later."""

    template_name = "enrolment/unlisted.html"
    form_class = UnlistedInstitutionForm

    def get(self, request, *args, **kwargs):
        if why := transitions.why_not_open(self.call):
            return refused(request, why, self.call.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "submit": "Pradėti paraišką",
            "back": reverse("enrolment:apply", args=[self.call.pk]),
        }

    @transaction.atomic
    def save(self, form):
        claim = transitions.claim_institution(by=self.request.user, **form.cleaned_data)
        return self.start(claim)
