from django.contrib import admin
from django.db.models import Case, Value, When
from django.template.loader import render_to_string
from django.utils import timezone

from catalogue.models import Call
from core.steps import Step, StepAdmin
from core.templatetags.portal import status
from enrolment import decisions, permissions, transitions
from enrolment.admin_forms import InstitutionForm, MatchForm
from enrolment.models import Institution, Team, TeamStatus


class WaitingFilter(admin.SimpleListFilter):
    """The queue first: what waits for a decision, then every other status."""

    title = "būsena"
    parameter_name = "busena"

    def lookups(self, request, model_admin):
        others = [
            (value, label)
            for value, label in TeamStatus.choices
            if value not in (TeamStatus.DRAFT, TeamStatus.SUBMITTED)
        ]
        return [(TeamStatus.SUBMITTED, "Laukia sprendimo"), *others]

    def queryset(self, request, teams):
        known = {value for value, _ in self.lookup_choices}
        return teams.filter(status=self.value()) if self.value() in known else teams


class CallFilter(admin.SimpleListFilter):
    """Only the calls whose teams the person may see (R10)."""

    title = "kvietimas"
    parameter_name = "kvietimas"

    def lookups(self, request, model_admin):
        calls = Call.objects.filter(
            pk__in=Team.objects.visible_to(request.user).values("call")
        )
        return [(str(call.pk), str(call)) for call in calls.order_by("-closes_at")]

    def queryset(self, request, teams):
        known = {value for value, _ in self.lookup_choices}
        return teams.filter(call=self.value()) if self.value() in known else teams


@admin.register(Team)
class TeamAdmin(StepAdmin):
    """Where coordinators decide. Nothing is edited here: the steps do it."""

    steps = decisions.STEPS
    words = ("paraiška", "paraiškos", "paraiškų")
    change_form_template = "admin/enrolment/team_change_form.html"
    list_display = [
        "number",
        "status_shown",
        "institution_shown",
        "municipality_shown",
        "members_shown",
        "submitted_shown",
        "call",
        "places_left",
    ]
    list_display_links = ["number", "institution_shown"]
    list_filter = [WaitingFilter, CallFilter]
    list_select_related = ["call", "municipality"]
    view_on_site = False
    search_fields = ["folded", "=number"]
    search_help_text = (
        "Įstaigos pavadinimas, vadovo vardas ar pavardė, paraiškos numeris"
    )
    ordering = [
        Case(When(status=TeamStatus.SUBMITTED, then=Value(0)), default=Value(1)),
        "submitted_at",
        "pk",
    ]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "status_shown",
                    "submitted_at",
                    "call_shown",
                    "programme_shown",
                    "places_left",
                ]
            },
        ),
        (
            "Sprendimas",
            {
                "fields": [
                    "reason_label",
                    "note",
                    "answer_until",
                    "reserve_rank",
                    "decided_by_shown",
                    "decided_at",
                ]
            },
        ),
        (
            "Įstaiga ir komandos vadovas",
            {
                "fields": [
                    "institution_name",
                    "type_shown",
                    "municipality_shown",
                    "lead_shown",
                    "lead_email",
                    "lead_phone",
                ]
            },
        ),
        ("Ko komanda siekia", {"fields": ["motivation", "problem"]}),
    ]

    def get_fieldsets(self, request, obj=None):
        """Only what has a value: a decision not made yet has no rows of dashes."""
        if obj is None:
            return self.fieldsets
        return [
            (title, {"fields": shown})
            for title, options in self.fieldsets
            if (
                shown := [
                    name for name in options["fields"] if self._is_known(obj, name)
                ]
            )
        ]

    def _is_known(self, team, name):
        value = getattr(team, name.removesuffix("_shown"), "always")
        return value not in (None, "")

    def get_queryset(self, request):
        return Team.objects.visible_to(request.user).with_member_counts()

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def offers_actions(self, user):
        return permissions.decides_somewhere(user)

    @admin.display(description="būsena", ordering="status")
    def status_shown(self, team):
        return render_to_string("components/status.html", status(team))

    @admin.display(description="įstaiga", ordering="institution_sort_key")
    def institution_shown(self, team):
        return team.institution_name

    @admin.display(description="savivaldybė", ordering="municipality__sort_key")
    def municipality_shown(self, team):
        return team.municipality.short_name if team.municipality else "nenurodyta"

    @admin.display(description="narių", ordering="counted_members")
    def members_shown(self, team):
        if team.external_members:
            return f"{team.counted_members} + {team.external_members} išor."
        return team.counted_members

    @admin.display(description="pateikta", ordering="submitted_at")
    def submitted_shown(self, team):
        return f"{timezone.localtime(team.submitted_at):%Y-%m-%d %H:%M}"

    @admin.display(description="laisvų vietų")
    def places_left(self, team):
        return f"{team.call.places_left} iš {team.call.places}"

    @admin.display(description="kvietimas")
    def call_shown(self, team):
        return str(team.call)

    @admin.display(description="programa (versija, kurią matė komanda)")
    def programme_shown(self, team):
        return str(team.version)

    @admin.display(description="įstaigos tipas")
    def type_shown(self, team):
        return team.institution_type or "nenurodyta"

    @admin.display(description="komandos vadovas")
    def lead_shown(self, team):
        return team.lead_name

    @admin.display(description="vadovo el. paštas")
    def lead_email(self, team):
        return team.lead.email

    @admin.display(description="sprendė")
    def decided_by_shown(self, team):
        return str(team.decided_by)

    @admin.display(description="priežastis")
    def reason_label(self, team):
        return team.reason_label

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["members"] = obj.members.with_double_mark()
        context["institution"] = obj.institution
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)


class ConfirmedFilter(admin.SimpleListFilter):
    title = "sutikrinimas"
    parameter_name = "sutikrinta"

    def lookups(self, request, model_admin):
        return [("ne", "Laukia sutikrinimo"), ("taip", "Sutikrintos su registru")]

    def queryset(self, request, institutions):
        match self.value():
            case "ne":
                return institutions.filter(is_confirmed=False, merged_into=None)
            case "taip":
                return institutions.filter(is_confirmed=True)
        return institutions


def _is_staff_of_institutions(user, institution):
    return user.has_perm("enrolment.change_institution")


def _is_claim(institution):
    return not institution.is_confirmed and institution.merged_into_id is None


@admin.register(Institution)
class InstitutionAdmin(StepAdmin):
    form = InstitutionForm
    steps = (
        Step(
            name="sutapatinti",
            title="Sutapatinti su registro įstaiga",
            transition=transitions.match_institution,
            allowed=_is_staff_of_institutions,
            offered=_is_claim,
            form_class=MatchForm,
            done="Įstaiga sutapatinta, jos paraiškos perkeltos.",
            tone="primary",
        ),
        Step(
            name="sutikrinti",
            title="Patvirtinti kaip atskirą įstaigą",
            transition=transitions.confirm_institution,
            allowed=_is_staff_of_institutions,
            offered=_is_claim,
            done="Įstaiga sutikrinta.",
        ),
    )
    list_display = [
        "name",
        "code",
        "ins_id",
        "type",
        "municipality",
        "is_confirmed",
        "closed_shown",
    ]
    list_filter = [ConfirmedFilter, "type", "municipality"]
    list_select_related = ["type", "municipality"]
    search_fields = ["folded", "=ins_id"]
    search_help_text = "Pavadinimas, įstaigos kodas arba registro Nr. (ins_id)"
    ordering = ["sort_key", "pk"]

    def get_readonly_fields(self, request, obj=None):
        return ["is_confirmed", "entered_by", "merged_into"] if obj else []

    @admin.display(description="išregistruota", ordering="closed_on")
    def closed_shown(self, institution):
        return f"{institution.closed_on:%Y-%m-%d}" if institution.closed_on else "–"

    @admin.display(description="įrašė")
    def entered_by(self, institution):
        return institution.claimed_by or self.get_empty_value_display()
