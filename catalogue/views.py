from django.conf import settings
from django.db.models import F, Prefetch
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import DetailView, TemplateView

from catalogue import open_data, structured
from catalogue.forms import ProgrammeFilterForm, SearchForm
from catalogue.models import (
    AccreditationState,
    Call,
    CallStatus,
    Module,
    ModuleCompetence,
    Programme,
    Stage,
)
from core.public import public_page
from core.views import PoliteListView, VisibleMixin

ON_HOME_PAGE = 6
AHEAD = (CallStatus.OPEN, CallStatus.PLANNED)


@method_decorator(public_page, name="dispatch")
class HomeView(TemplateView):
    template_name = "catalogue/home.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        programmes = Programme.objects.visible_to(user).with_text().current()
        calls = Call.objects.visible_to(user).open().select_related("programme")
        return super().get_context_data(
            search=SearchForm(action=reverse("catalogue:programmes")),
            calls=calls.with_openness().order_by("closes_at", "pk")[:ON_HOME_PAGE],
            programmes=programmes[:ON_HOME_PAGE],
            programme_count=programmes.count(),
            **kwargs,
        )


@method_decorator(public_page, name="dispatch")
class ProgrammeListView(VisibleMixin, PoliteListView):
    model = Programme
    template_name = "catalogue/programme_list.html"

    def get_queryset(self):
        self.form = ProgrammeFilterForm(self.request.GET)
        asked = self.form.asked
        programmes = super().get_queryset().with_text().with_accreditation()
        if asked("q"):
            programmes = programmes.matching(asked("q"))
        if asked("projektas"):
            programmes = programmes.filter(project__slug=asked("projektas"))
        if asked("grupe"):
            programmes = programmes.filter(target_groups__slug=asked("grupe"))
        if asked("lygis"):
            programmes = programmes.at_level(asked("lygis"))
        if asked("atvira"):
            programmes = programmes.taking_applications()
        self.archived = programmes.filter(
            accreditation_state=AccreditationState.EXPIRED
        )
        if asked("akreditacija"):
            programmes = programmes.filter(accreditation_state=asked("akreditacija"))
        else:
            programmes = programmes.current()
        if asked("rikiuoti") == "-akreditacija":
            programmes = programmes.newest_first()
        else:
            programmes = programmes.order_by("sort_key", "pk")
        return programmes.for_list()

    def get_context_data(self, **kwargs):
        in_archive = self.form.asked("akreditacija") == AccreditationState.EXPIRED
        return super().get_context_data(
            filters=self.form,
            in_archive=in_archive,
            archived_count=0 if in_archive else self.archived.count(),
            **kwargs,
        )


@method_decorator(public_page, name="dispatch")
class ProgrammeView(VisibleMixin, DetailView):
    model = Programme
    template_name = "catalogue/programme.html"

    def get_queryset(self):
        return super().get_queryset().with_text().with_accreditation()

    def get_context_data(self, **kwargs):
        calls = (
            self.object.calls.visible_to(self.request.user)
            .as_listed()
            .select_related("module")
        )
        gains = ModuleCompetence.objects.select_related("competence")
        competences = _by_group(self.object.competences)
        modules = self.object.modules.prefetch_related(Prefetch("gains", gains))
        target_groups = self.object.target_groups.all()
        calls_ahead = [call for call in calls if call.status in AHEAD]
        return super().get_context_data(
            text=self.object.published,
            is_archived=self.object.accreditation_state == AccreditationState.EXPIRED,
            target_groups=target_groups,
            competences=competences,
            modules=modules,
            calls_ahead=calls_ahead,
            calls_past=[call for call in calls if call.status not in AHEAD],
            structured=structured.programme(
                self.object, target_groups, competences, modules, calls_ahead
            ),
            **kwargs,
        )


@method_decorator(public_page, name="dispatch")
class ModuleView(DetailView):
    template_name = "catalogue/module.html"

    def get_object(self, queryset=None):
        programmes = Programme.objects.visible_to(self.request.user).with_text()
        return get_object_or_404(
            Module.objects.select_related("programme__project"),
            programme__in=programmes,
            programme__slug=self.kwargs["slug"],
            number=self.kwargs["number"],
        )

    def get_context_data(self, **kwargs):
        gains = self.object.gains.select_related("competence")
        return super().get_context_data(
            programme=self.object.programme,
            gains=gains,
            structured=structured.module(self.object, gains),
            stages=Stage.labels,
            requirements=_by_kind_and_role(self.object.requirements.all()),
            **kwargs,
        )


@method_decorator(public_page, name="dispatch")
class CallListView(VisibleMixin, PoliteListView):
    model = Call
    template_name = "catalogue/call_list.html"

    def get_queryset(self):
        calls = super().get_queryset().as_listed()
        return calls.select_related("programme", "module")


@method_decorator(public_page, name="dispatch")
class CallView(VisibleMixin, DetailView):
    model = Call
    template_name = "catalogue/call.html"

    def get_queryset(self):
        calls = super().get_queryset().with_openness()
        return calls.select_related(
            "programme__project", "programme__published", "module"
        )

    def get_context_data(self, **kwargs):
        target_groups = self.object.programme.target_groups.all()
        return super().get_context_data(
            target_groups=target_groups,
            structured=structured.call(self.object, target_groups),
            **kwargs,
        )


@method_decorator(public_page, name="dispatch")
class DataView(TemplateView):
    """What the open data holds, field by field."""

    template_name = "catalogue/data.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            fields=open_data.FIELDS,
            nested=open_data.NESTED,
            terms=settings.OPEN_DATA_TERMS,
            **kwargs,
        )


@method_decorator(public_page, name="dispatch")
class PrivacyView(TemplateView):
    template_name = "catalogue/privacy.html"


def _by_kind_and_role(requirements):
    """Rows of a table: kind, role and, for each stage in order, whether it is asked."""
    asked = {}
    for requirement in requirements:
        row = (requirement.get_kind_display(), requirement.role)
        asked.setdefault(row, set()).add(requirement.stage)
    return [
        (kind, role, [stage in stages for stage in Stage.values])
        for (kind, role), stages in asked.items()
    ]


def _by_group(competences):
    """Grouped for ``{% regroup %}``; those without a group come last."""
    return competences.select_related("group").order_by(
        F("group__sort_key").asc(nulls_last=True), "sort_key"
    )
