import re

from crispy_forms.utils import render_crispy_form
from django.contrib.auth.decorators import login_not_required
from django.db.models import F, Prefetch, prefetch_related_objects
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import DetailView, TemplateView

from catalogue import facets, index
from catalogue.forms import (
    BY_ACCREDITATION,
    BY_RELEVANCE,
    ProgrammeFilterForm,
    SearchForm,
)
from catalogue.models import (
    AccreditationState,
    Call,
    CallStatus,
    Module,
    ModuleCompetence,
    Posting,
    Programme,
    Stage,
)
from core import search
from core.views import PoliteListView, VisibleMixin

ON_HOME_PAGE = 6
AHEAD = (CallStatus.OPEN, CallStatus.PLANNED)


@method_decorator(login_not_required, name="dispatch")
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


@method_decorator(login_not_required, name="dispatch")
class ProgrammeListView(VisibleMixin, PoliteListView):
    model = Programme
    template_name = "catalogue/programme_list.html"
    found = None

    def get_queryset(self):
        return super().get_queryset().with_text()

    def paginate_queryset(self, queryset, page_size):
        """Choose among the kept keys; only the programmes of the page are read."""
        kept = facets.snapshot()
        keys = self.chosen_keys(kept)
        paginator, page, keys, more = super().paginate_queryset(keys, page_size)
        if self.found:
            queryset = queryset.select_related("index_entry")
        programmes = queryset.in_bulk(keys)
        page.object_list = [programmes[key] for key in keys if key in programmes]
        _tell_states(page.object_list, kept)
        return paginator, page, page.object_list, more

    def chosen_keys(self, kept):
        self.form = form = ProgrammeFilterForm(self.request.GET, facets=kept.facets)
        sees_all = self.request.user.has_perm("catalogue.change_programme")
        within = kept.all if sees_all else kept.public
        if form.asked("q"):
            self.found, bits = kept.found(form.asked("q"))
            within &= bits
        self.all_found = (within & ~kept.archived).bit_count()
        self.filters = kept.keep(
            ("filters", sees_all, *form.data.items()),
            lambda: self.render_filters(kept, within),
        )
        any_state = facets.narrowed(kept, form.chosen, within, but="akreditacija")
        self.archived_count = (any_state & kept.archived).bit_count()
        bits = facets.narrowed(kept, form.chosen, within)
        if form.order == BY_RELEVANCE[0]:
            return kept.in_order(bits, self.found.scores)
        if form.order == BY_ACCREDITATION[0]:
            return kept.in_order(bits, kept.newest)
        return kept.in_order(bits)

    def render_filters(self, kept, within):
        self.form.show(facets.counts(kept, self.form.chosen, within))
        return render_crispy_form(self.form)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        form, found = self.form, self.found
        in_archive = form.asked("akreditacija") == AccreditationState.EXPIRED
        suggestion = _suggestion(form.asked("q"), found)
        return context | {
            "form": form,
            "filters": self.filters,
            "found": found,
            "in_archive": in_archive,
            "archived_count": 0 if in_archive else self.archived_count,
            "archive_address": form.address(akreditacija=AccreditationState.EXPIRED),
            "all_found": self.all_found if form.chosen else 0,
            "corrected": _corrected(found),
            "suggestion": suggestion,
            "suggestion_address": form.address(q=suggestion),
        }


@method_decorator(login_not_required, name="dispatch")
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
        return super().get_context_data(
            text=self.object.published,
            is_archived=self.object.accreditation_state == AccreditationState.EXPIRED,
            target_groups=self.object.target_groups.all(),
            competences=_by_group(self.object.competences),
            modules=self.object.modules.prefetch_related(Prefetch("gains", gains)),
            calls_ahead=[call for call in calls if call.status in AHEAD],
            calls_past=[call for call in calls if call.status not in AHEAD],
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
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
        return super().get_context_data(
            programme=self.object.programme,
            gains=self.object.gains.select_related("competence"),
            stages=Stage.labels,
            requirements=_by_kind_and_role(self.object.requirements.all()),
            **kwargs,
        )


@method_decorator(login_not_required, name="dispatch")
class CallListView(VisibleMixin, PoliteListView):
    model = Call
    template_name = "catalogue/call_list.html"

    def get_queryset(self):
        calls = super().get_queryset().as_listed()
        return calls.select_related("programme", "module")


@method_decorator(login_not_required, name="dispatch")
class CallView(VisibleMixin, DetailView):
    model = Call
    template_name = "catalogue/call.html"

    def get_queryset(self):
        calls = super().get_queryset().with_openness()
        return calls.select_related("programme__project", "module", "municipality")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            target_groups=self.object.programme.target_groups.all(), **kwargs
        )


@method_decorator(login_not_required, name="dispatch")
class PrivacyView(TemplateView):
    template_name = "catalogue/privacy.html"


def _tell_states(programmes, kept):
    """Give each programme its line about calls and accreditation.

    The line holds as long as the snapshot, so it is written once and kept there.
    """
    lines = kept.state_lines
    new = [programme for programme in programmes if programme.pk not in lines]
    prefetch_related_objects(new, "accreditations")
    for programme in new:
        programme.accreditation_state = kept.states[programme.pk]
        context = {
            "programme": programme,
            "open_until": kept.open_until.get(programme.pk),
        }
        template = "catalogue/programme_state.html"
        lines[programme.pk] = render_to_string(template, context)
    for programme in programmes:
        programme.state_line = lines[programme.pk]


def _corrected(found):
    """[(a word that nobody has, the one that was looked for instead)]"""
    corrected = found.corrected.items() if found else ()
    written = [(word, index.as_written(terms[0])) for word, terms in corrected]
    return [(word, better) for word, better in written if better]


def _suggestion(text, found):
    """The search with the nearest known words in the place of unknown ones, or nothing."""
    suggestion = text
    for word in found.unknown if found else ():
        term = search.suggest(Posting.objects, word)
        if term and (better := index.as_written(term)):
            own = re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)
            suggestion = own.sub(lambda _, better=better: better, suggestion)
    return suggestion if suggestion != text else ""


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
