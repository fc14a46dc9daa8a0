import re
from datetime import date

from crispy_forms.utils import render_crispy_form
from django.conf import settings
from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import DetailView, TemplateView

from catalogue import facets, index, open_data, structured
from catalogue.emblem import emblem_of
from catalogue.forms import (
    BY_ACCREDITATION,
    BY_RELEVANCE,
    ProgrammeFilterForm,
    SearchForm,
)
from catalogue.matrix import matrix
from catalogue.models import (
    AccreditationState,
    Call,
    CallStatus,
    Module,
    ModuleCompetence,
    Posting,
    Programme,
    Project,
    Stage,
)
from core import search
from core.public import public_page
from core.views import PoliteListView, VisibleMixin

ON_HOME_PAGE = 6
SIMILAR = 3
AHEAD = (CallStatus.OPEN, CallStatus.PLANNED)

COMPARED = 3
MOST_ASKED = 20  # a longer address is no longer somebody's choice
SLUG = re.compile(r"[-\w]{1,100}", re.ASCII)
MODULE = re.compile(r"([-\w]{1,100})/([0-9]{1,4})", re.ASCII)

# The day on which the accessibility statement was last held against the pages. The axe
# and keyboard tests of tests/browser are the assessment that it tells about.
STATEMENT_PREPARED_ON = date(2026, 11, 22)


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
            programmes=programmes.with_emblem()[:ON_HOME_PAGE],
            programme_count=programmes.count(),
            **kwargs,
        )


@method_decorator(public_page, name="dispatch")
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
        _tell_kept(page.object_list, kept)
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


@method_decorator(public_page, name="dispatch")
class ProgrammeView(VisibleMixin, DetailView):
    model = Programme
    template_name = "catalogue/programme.html"

    def get_queryset(self):
        programmes = super().get_queryset().with_text().with_accreditation()
        return programmes.with_emblem().prefetch_related("accreditations")

    def get_context_data(self, **kwargs):
        user = self.request.user
        calls = self.object.calls.visible_to(user).as_listed().select_related("module")
        calls_ahead = [call for call in calls if call.status in AHEAD]
        target_groups = self.object.target_groups.all()
        competences = self.object.competences.all()
        modules = _with_gains(self.object.modules.all())
        return super().get_context_data(
            text=self.object.published,
            is_archived=self.object.accreditation_state == AccreditationState.EXPIRED,
            target_groups=target_groups,
            competences=competences,
            modules=modules,
            parts=matrix(modules),
            similar=_similar(self.object, user).with_emblem()[:SIMILAR],
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
        programmes = Programme.objects.select_related("project", "published")
        return calls.select_related("module", "municipality").prefetch_related(
            Prefetch("programme", programmes.with_emblem())
        )

    def get_context_data(self, **kwargs):
        target_groups = self.object.programme.target_groups.all()
        return super().get_context_data(
            target_groups=target_groups,
            structured=structured.call(self.object, target_groups),
            **kwargs,
        )


@method_decorator(public_page, name="dispatch")
class CompareView(TemplateView):
    """Two or three programmes, or modules, side by side; the address is the choice.

    It may be anybody's: what is unknown, hidden or too much is said and left out.
    """

    template_name = "catalogue/compare.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        programmes, other_programmes = self._chosen("programa", self._programmes)
        modules, other_modules = self._chosen("modulis", self._modules)
        alone = programmes[0] if len(programmes) == 1 and not modules else None
        return super().get_context_data(
            programmes=programmes[:COMPARED],
            modules=modules[:COMPARED],
            parts=matrix(modules[:COMPARED]),
            is_cut=max(len(programmes), len(modules)) > COMPARED,
            is_missing=other_programmes or other_modules,
            alone=alone,
            similar=_similar(alone, user)[:SIMILAR] if alone else [],
            **kwargs,
        )

    def _chosen(self, name, find):
        """What was asked for by ``name``, in that order, and whether something is not there."""
        asked = list(dict.fromkeys(self.request.GET.getlist(name)))[:MOST_ASKED]
        found = find(asked)
        chosen = [found[value] for value in asked if value in found]
        return chosen, len(chosen) < len(asked)

    def _programmes(self, asked):
        slugs = [slug for slug in asked if SLUG.fullmatch(slug)]
        programmes = (
            Programme.objects.visible_to(self.request.user)
            .filter(slug__in=slugs)
            .with_text()
            .with_accreditation()
            .for_list()
            .prefetch_related("modules")
        )
        return {programme.slug: programme for programme in programmes}

    def _modules(self, asked):
        named = Q()
        for match in filter(None, map(MODULE.fullmatch, asked)):
            named |= Q(programme__slug=match[1], number=match[2])
        if not named:
            return {}
        programmes = Programme.objects.visible_to(self.request.user).with_text()
        modules = Module.objects.filter(named, programme__in=programmes)
        return {
            f"{module.programme.slug}/{module.number}": module
            for module in _with_gains(modules.select_related("programme"))
        }


@method_decorator(public_page, name="dispatch")
class InformationView(TemplateView):
    """A page of words that everybody may read."""


class AboutView(InformationView):
    template_name = "catalogue/about.html"

    def get_context_data(self, **kwargs):
        programmes = Programme.objects.visible_to(self.request.user).with_text()
        projects = Project.objects.filter(programmes__in=programmes).distinct()
        return super().get_context_data(
            projects=projects.prefetch_related(Prefetch("programmes", programmes)),
            centre_code=settings.CENTRE_CODE,
            centre_accreditation=settings.CENTRE_ACCREDITATION,
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


class AccessibilityView(InformationView):
    """The statement of Directive (EU) 2016/2102, in the form of Decision (EU) 2018/1523."""

    template_name = "catalogue/accessibility.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            prepared_on=STATEMENT_PREPARED_ON,
            accessibility_body=settings.ACCESSIBILITY_BODY,
            **kwargs,
        )


def _similar(programme, user):
    programmes = Programme.objects.visible_to(user).with_text().current()
    return programmes.similar_to(programme)


def _with_gains(modules):
    """With all that the matrix shows of them."""
    gains = ModuleCompetence.objects.select_related("competence")
    return modules.prefetch_related(Prefetch("gains", gains), "requirements")


def _tell_kept(programmes, kept):
    """Give each programme its emblem and its line about calls and accreditation.

    Both hold as long as the snapshot, so they are made once and kept there.
    """
    lines = kept.lines
    new = [programme.pk for programme in programmes if programme.pk not in lines]
    rows = Programme.objects.filter(pk__in=new).select_related("project").with_emblem()
    for programme in rows.prefetch_related("accreditations"):
        programme.accreditation_state = kept.states[programme.pk]
        context = {
            "programme": programme,
            "open_until": kept.open_until.get(programme.pk),
        }
        template = "catalogue/programme_state.html"
        lines[programme.pk] = emblem_of(programme), render_to_string(template, context)
    for programme in programmes:
        # One that is deleted at this very moment has neither.
        programme.emblem, programme.state_line = lines.get(programme.pk, ("", ""))


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
