import re

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import SEARCH_VAR
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import capfirst

from core import validators
from core.forms import DateInput, DateTimeInput, PortalModelForm
from core.models import Event, InstitutionType, Letter, Municipality, User
from core.text import search_words
from core.transitions import lock

admin.site.site_header = "Programų portalo administravimas"
admin.site.site_title = "Programų portalas"
admin.site.index_title = "Administravimas"
admin.site.enable_nav_sidebar = False


def no_such_page(request, *args, **kwargs):
    """In the place of a stock page that the portal does not have."""
    raise Http404


# Nobody signs in with a password, so there is none to set or to change.
admin.site.password_change = no_such_page


class LenientPaginator(Paginator):
    """A page beyond the end is the last one."""

    def validate_number(self, number):
        return min(max(number, 1), self.num_pages)


class PortalFields:
    """How fields look and what they take, on pages and on their inlines."""

    form = PortalModelForm
    formfield_overrides = {
        models.DateField: {"widget": DateInput},
        # A few named boxes serve a screen reader better than the two-column chooser.
        models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple},
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is None:
            return None
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            # Its buttons lead away from a form half filled in, and need JavaScript.
            field.widget = field.widget.widget
        if isinstance(field, forms.SplitDateTimeField):
            field.widget = DateTimeInput(label=capfirst(field.label))
        refuse_odd_input(field)
        return field


def refuse_odd_input(field):
    """Nothing invisible in text, no impossible years in dates."""
    if isinstance(field, forms.CharField):
        long = isinstance(field.widget, forms.Textarea)
        check = validators.plain_text if long else validators.plain_line
        field.validators = [*field.validators, check]
    elif isinstance(field, forms.DateField | forms.SplitDateTimeField):
        field.validators = [*field.validators, validators.likely_day]


class PortalInline(PortalFields, admin.StackedInline):
    extra = 0


class PortalAdmin(PortalFields, admin.ModelAdmin):
    """What every admin page of the portal keeps to.

    What a person may not see is a 404. Constraints are messages at fields. Saving holds
    the row's lock from reading to writing, so that it cannot undo a step taken meanwhile,
    and leaves a line of the one history, which stands on the page. Nothing is deleted.
    Search words are folded, so search fields are folded columns or plain ASCII.
    """

    list_per_page = 50
    paginator = LenientPaginator
    empty_value_display = "nenurodyta"
    history_view = no_such_page
    delete_view = no_such_page

    def changelist_view(self, request, extra_context=None):
        keys = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(re.fullmatch(r"[0-9]{1,18}", key) for key in keys) or any(
            "\0" in value for name, value in request.GET.items() if name != SEARCH_VAR
        ):
            raise BadRequest
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj:
            context["title"], context["subtitle"] = str(obj), None
            context["events"] = Event.objects.about(obj).select_related("actor")
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def find(self, request, object_id, from_field=None):
        """The object, or the answer for one that this person may not see."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        obj = super().get_object(request, object_id, from_field)
        if obj is None:
            raise Http404
        return obj

    def get_object(self, request, object_id, from_field=None):
        obj = self.find(request, object_id, from_field)
        if request.method == "POST":
            lock(obj)
            obj = self.find(request, object_id, from_field)
        return obj

    def has_delete_permission(self, request, obj=None):
        return False

    def get_search_results(self, request, queryset, search_term):
        words = search_words(search_term)
        return super().get_search_results(request, queryset, " ".join(words))

    def construct_change_message(self, request, form, formsets, add=False):
        """What was changed: names for the record, labels for its reader."""
        changed = {name: form.fields[name].label for name in form.changed_data}
        for formset in formsets or []:
            if formset.has_changed():
                changed[formset.prefix] = formset.model._meta.verbose_name_plural
        return changed

    def log_addition(self, request, obj, message):
        self._record(request, obj, "Sukurta administravimo srityje", message)

    def log_change(self, request, obj, message):
        if message:
            labels = ", ".join(str(label).lower() for label in message.values())
            self._record(
                request, obj, "Pakeista administravimo srityje", message, labels
            )

    def _record(self, request, obj, step, message, note=""):
        at = timezone.now()
        Event.objects.record(
            obj, step, by=request.user, at=at, note=note, fields=list(message)
        )


class ReadOnlyAdmin(PortalAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class UserCreationForm(PortalModelForm):
    """A person signs in by a code sent to the address, so no password is asked for."""

    class Meta:
        model = User
        fields = ["email", "first_name", "last_name"]

    def save(self, commit=True):
        self.instance.set_unusable_password()
        return super().save(commit)


@admin.register(User)
class PortalUserAdmin(PortalAdmin, UserAdmin):
    form = PortalModelForm
    add_form = UserCreationForm
    add_form_template = None
    ordering = ["email"]
    list_display = ["email", "first_name", "last_name", "is_staff", "is_active"]
    list_filter = ["groups", "is_staff", "is_active"]
    search_fields = ["email"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "first_name", "last_name"]}),
        ("Teisės", {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        ("Datos", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "first_name", "last_name"]})]
    user_change_password = no_such_page


admin.site.unregister(Group)
# Addresses are in ``User.email`` alone; ``reset_second_factor`` helps who lost a phone.
admin.site.unregister([EmailAddress, Authenticator])


class DeliveryFilter(admin.SimpleListFilter):
    title = "pristatymas"
    parameter_name = "pristatymas"

    def lookups(self, request, model_admin):
        return [
            ("nepristatyta", "Nepristatyti"),
            ("laukia", "Laukia išsiuntimo"),
            ("issiusta", "Išsiųsti"),
        ]

    def queryset(self, request, letters):
        match self.value():
            case "nepristatyta":
                return letters.undelivered()
            case "laukia":
                return letters.waiting()
            case "issiusta":
                return letters.exclude(sent_at=None)
        return letters


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    list_display = ["subject", "to", "created_at", "outcome", "last_error"]
    list_filter = [DeliveryFilter]
    search_fields = ["to"]
    search_help_text = "Gavėjo el. paštas"
    empty_value_display = "–"
    fields = [
        "subject",
        "to",
        "body",
        "created_at",
        "due_at",
        "attempts",
        "sent_at",
        "failed_at",
        "last_error",
    ]

    @admin.display(description="pristatymas")
    def outcome(self, letter):
        if letter.failed_at:
            label, tone = "Nepristatytas", "danger"
        elif letter.sent_at:
            label, tone = "Išsiųstas", "muted"
        else:
            label, tone = "Laukia išsiuntimo", "info"
        return render_to_string(
            "components/status.html", {"label": label, "tone": tone}
        )


@admin.register(Municipality)
class MunicipalityAdmin(ReadOnlyAdmin):
    list_display = ["name", "code", "county"]
    list_filter = ["county"]


@admin.register(InstitutionType)
class InstitutionTypeAdmin(ReadOnlyAdmin):
    list_display = ["name", "slug"]
