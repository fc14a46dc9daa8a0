from django.contrib import admin, messages
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from catalogue import admin_forms, index, transitions
from catalogue.models import (
    Accreditation,
    Call,
    Competence,
    CompetenceGroup,
    Module,
    ModuleCompetence,
    Programme,
    ProgrammeVersion,
    Project,
    Requirement,
    TargetGroup,
)
from core.admin import PortalAdmin, PortalInline, ReadOnlyAdmin
from core.steps import Step, StepAdmin
from core.templatetags.portal import status


class FindableAdmin(PortalAdmin):
    """Its words are words of programmes, which lie at ``programmes_by`` (lookups of
    ``Programme``): those that had them before and those that have them now are indexed.
    """

    programmes_by = ()

    def programmes_of(self, obj):
        by = Q(*((lookup, obj.pk) for lookup in self.programmes_by), _connector=Q.OR)
        return set(Programme.objects.filter(by).values_list("pk", flat=True))

    def save_model(self, request, obj, form, change):
        form.had_words = self.programmes_of(obj) if change else set()
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        programmes = form.had_words | self.programmes_of(form.instance)
        index.refresh(Programme.objects.filter(pk__in=programmes))


@admin.register(Project)
class ProjectAdmin(FindableAdmin):
    programmes_by = ["project"]
    list_display = ["name", "short_name", "slug"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(TargetGroup)
class TargetGroupAdmin(FindableAdmin):
    programmes_by = ["target_groups"]
    list_display = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(CompetenceGroup)
class CompetenceGroupAdmin(FindableAdmin):
    programmes_by = ["competences__group", "modules__competences__group"]
    list_display = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Competence)
class CompetenceAdmin(FindableAdmin):
    programmes_by = ["competences", "modules__competences"]
    list_display = ["name", "group", "slug"]
    list_filter = ["group"]
    list_select_related = ["group"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Programme)
class ProgrammeAdmin(FindableAdmin):
    programmes_by = ["pk"]
    form = admin_forms.ProgrammeForm
    list_display = ["title", "project", "slug", "is_public"]
    list_filter = ["project", "is_public"]
    list_select_related = ["project"]
    search_fields = ["published__folded"]
    ordering = ["sort_key"]
    fieldsets = [
        (None, {"fields": ["project", "title", "slug", "is_public"]}),
        (
            "Tekstas",
            {
                "fields": admin_forms.TEXT[1:],
                "description": "Pakeistas tekstas paskelbiamas kaip nauja versija. Komandos, "
                "jau pateikusios paraišką, lieka prie tos versijos, kurią matė.",
            },
        ),
        (
            "Kam ir kas",
            {"fields": ["target_groups", "competences", "author", "provider"]},
        ),
    ]

    def get_readonly_fields(self, request, obj=None):
        """People and letters link to a public programme, so its address stays."""
        return ["slug"] if obj and obj.is_public else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        # The words are fields of the form, not of the model.
        fixed = self.get_readonly_fields(request, obj)
        own = admin_forms.ProgrammeForm._meta.fields
        kwargs["fields"] = [name for name in own if name not in fixed]
        return super().get_form(request, obj, change=change, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.new_text:
            transitions.publish(form.instance, by=request.user, **form.new_text)


@admin.register(ProgrammeVersion)
class ProgrammeVersionAdmin(ReadOnlyAdmin):
    list_display = ["title", "number", "published_at"]
    list_filter = ["programme"]
    ordering = ["-published_at"]
    fields = ["programme", "number", *admin_forms.TEXT, "published_at"]


class GainInline(PortalInline):
    model = ModuleCompetence


class RequirementInline(PortalInline):
    model = Requirement


@admin.register(Module)
class ModuleAdmin(FindableAdmin):
    programmes_by = ["modules"]
    list_display = ["title", "number", "programme"]
    list_filter = ["programme"]
    list_select_related = ["programme"]
    search_fields = ["folded"]
    ordering = ["programme__sort_key", "number"]
    fields = ["programme", "number", "title", "summary", "hours"]
    inlines = [GainInline, RequirementInline]


@admin.register(Accreditation)
class AccreditationAdmin(PortalAdmin):
    form = admin_forms.AccreditationForm
    list_display = [
        "programme",
        "accredited",
        "body",
        "valid_from",
        "valid_until",
        "withdrawn_on",
    ]
    list_select_related = ["programme"]
    search_fields = ["programme__published__folded", "order_number"]
    ordering = ["-counts_from", "-pk"]

    @admin.display(description="akreditacijos data", ordering="accredited_on")
    def accredited(self, accreditation):
        return accreditation.date_in_table()


def _may_change_calls(user, call):
    return user.has_perm("catalogue.change_call")


def _is_alive(call):
    return call.cancelled_at is None


@admin.register(Call)
class CallAdmin(StepAdmin):
    form = admin_forms.CallForm
    change_form_template = "admin/catalogue/call_change_form.html"
    steps = (
        Step(
            name="akreditacija",
            title="Patvirtinti akreditaciją",
            transition=transitions.confirm_accreditation,
            allowed=_may_change_calls,
            offered=lambda call: _is_alive(call) and not call.may_open,
            done="Kvietimo akreditacija patvirtinta.",
            tone="primary",
            hint="Patvirtinate, kad programos akreditacija, kurios galiojimo pabaiga "
            "nenurodyta, apima šio kvietimo veiklos pradžią. Bus įrašytas jūsų vardas ir data.",
        ),
        Step(
            name="koordinatorius",
            title="Paskirti koordinatorių",
            transition=transitions.appoint,
            allowed=_may_change_calls,
            offered=_is_alive,
            form_class=admin_forms.AppointForm,
            done="Koordinatorius paskirtas, jam išsiųstas laiškas.",
        ),
        Step(
            name="atleisti",
            title="Atšaukti koordinatorių",
            transition=transitions.dismiss,
            allowed=_may_change_calls,
            offered=lambda call: call.coordinators.exists(),
            form_class=admin_forms.DismissForm,
            form_kwargs=lambda call: {"coordinators": call.coordinators.all()},
            done="Koordinatorius šio kvietimo nebekoordinuoja.",
        ),
        Step(
            name="terminas",
            title="Pratęsti paraiškų priėmimą",
            transition=transitions.extend_window,
            allowed=_may_change_calls,
            offered=_is_alive,
            form_class=admin_forms.ExtendForm,
            form_kwargs=lambda call: {"initial": {"closes_at": call.closes_at}},
            done="Paraiškų priėmimas pratęstas.",
        ),
        Step(
            name="atsaukti",
            title="Atšaukti kvietimą",
            transition=transitions.cancel,
            allowed=_may_change_calls,
            offered=_is_alive,
            form_class=admin_forms.CancelForm,
            done="Kvietimas atšauktas.",
            tone="danger",
        ),
    )
    list_display = [
        "title",
        "status_shown",
        "programme",
        "opens_at",
        "closes_at",
        "places",
        "places_taken",
    ]
    list_filter = ["programme__project"]
    list_select_related = ["programme"]
    search_fields = ["programme__published__folded"]
    search_help_text = "Žodžiai iš programos aprašymo"
    readonly_fields = [
        "status_shown",
        "places_taken",
        "accreditation_confirmed_at",
        "confirmed_by",
        "cancelled_at",
        "cancel_reason",
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_openness()

    def get_fieldsets(self, request, obj=None):
        window = ["opens_at", "closes_at", "places"]
        sets = [
            (None, {"fields": ["programme", "module", "title"]}),
            ("Paraiškų priėmimas", {"fields": window}),
            (
                "Komandos dydis",
                {"fields": ["members_min", "members_max", "external_max"]},
            ),
            ("Veikla", {"fields": ["starts_on", "ends_on", "municipality"]}),
        ]
        if obj:
            window[:] = ["status_shown", *window, "places_taken"]
        if obj and obj.accreditation_confirmed_at:
            confirmed = ["accreditation_confirmed_at", "confirmed_by"]
            sets.append(("Akreditacija", {"fields": confirmed}))
        if obj and obj.cancelled_at:
            cancelled = ["cancelled_at", "cancel_reason"]
            sets.append(("Atšaukimas", {"fields": cancelled}))
        return sets

    def get_readonly_fields(self, request, obj=None):
        """What applicants already rely on changes by a step with a reason, or not at all."""
        fixed = super().get_readonly_fields(request, obj)
        if obj and obj.opens_at <= timezone.now():
            return [*fixed, "programme", "module", "opens_at", "closes_at"]
        return fixed

    @admin.display(description="būsena")
    def status_shown(self, call):
        return render_to_string("components/status.html", status(call))

    @admin.display(description="patvirtino")
    def confirmed_by(self, call):
        return str(call.accreditation_confirmed_by)

    def save_model(self, request, obj, form, change):
        if {"programme", "starts_on"} & set(form.changed_data):
            # R4: what staff vouched for was another programme or another start.
            obj.accreditation_confirmed_at = None
            obj.accreditation_confirmed_by = None
        super().save_model(request, obj, form, change)
        if not Call.objects.accredited().filter(pk=obj.pk).exists():
            self.message_user(
                request,
                "Paraiškos nebus priimamos, kol programa neturi akreditacijos, kuri apima "
                "veiklos pradžią. Jei akreditacijos pabaiga nenurodyta, patvirtinkite ją "
                "mygtuku „Patvirtinti akreditaciją“.",
                messages.WARNING,
            )

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj:
            context["coordinators"] = obj.coordinators.all()
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)
