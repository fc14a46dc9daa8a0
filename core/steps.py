"""Steps in the Django admin: a button and an action that ask first, then do.

The admin never changes a status by a form field. It offers the transitions, on the page
of one object and for many objects of the list, and says for each one that was skipped why.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from core.admin import PortalAdmin
from core.forms import ConfirmForm, PortalHelper
from core.models import Event
from core.transitions import Refused, apply_to_each
from core.words import plural


@dataclass(frozen=True)
class Step:
    """One transition as the admin offers it.

    ``allowed(user, obj)`` says who may, ``offered(obj)`` when the button is worth
    showing; whether it may happen is for the transition alone. ``form_kwargs(obj)`` is
    what the form wants to know about the object. ``hint`` tells what the step will do.

    With ``many``, its heading in the plural, the step is an action of the list too;
    ``many_done`` begins the report of what it did.
    """

    name: str
    title: str
    transition: Callable
    allowed: Callable
    offered: Callable
    done: str
    form_class: type = ConfirmForm
    form_kwargs: Callable = lambda obj: {}
    tone: str = ""
    hint: str = ""
    many: str = ""
    many_done: str = ""


def shared_step(step):
    """The step's transition, for objects that the person may not decide on as well."""

    def apply(obj, *, by, **details):
        if not step.allowed(by, obj):
            raise Refused("Šio veiksmo atlikti negalite: jis patikėtas kitam žmogui.")
        return step.transition(obj, by=by, **details)

    return apply


class StepAdmin(PortalAdmin):
    """A ModelAdmin with ``steps``. ``words`` count its objects: 1, 2–9, 10–20."""

    steps: tuple[Step, ...] = ()
    words = ("įrašas", "įrašai", "įrašų")

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        view = self.admin_site.admin_view(self.step_view)
        return [
            path("<path:object_id>/zingsnis/<slug:name>/", view, name=name),
            *super().get_urls(),
        ]

    def get_actions(self, request):
        actions = super().get_actions(request)
        if self.offers_actions(request.user):
            for step in self.steps:
                actions[step.name] = (self._action(step), step.name, step.many)
        return actions

    def offers_actions(self, user):
        """Whether the list has the steps as actions for this person."""
        return False

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        if obj:
            context["steps"] = [
                (step, self.step_url(obj, step))
                for step in self.steps
                if step.offered(obj) and step.allowed(request.user, obj)
            ]
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def step_url(self, obj, step):
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_step"
        return reverse(name, args=[obj.pk, step.name])

    def step_view(self, request, object_id, name):
        """GET asks, POST does; a refusal is shown on the same page (409)."""
        step = next((step for step in self.steps if step.name == name), None)
        if step is None:
            raise Http404
        obj = self.find(request, unquote(object_id))
        if not step.allowed(request.user, obj):
            raise PermissionDenied
        back = reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk]
        )
        form = step.form_class(
            request.POST if request.method == "POST" else None, **step.form_kwargs(obj)
        )
        refused, latest = False, None
        if form.is_valid():
            try:
                step.transition(obj, by=request.user, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                refused = True
                # Somebody else may have just moved it: show where it stands now, and who.
                obj = self.find(request, unquote(object_id))
                latest = Event.objects.about(obj).select_related("actor").first()
            else:
                self.message_user(request, step.done, messages.SUCCESS)
                return HttpResponseRedirect(back)
        return self._ask(
            request,
            step,
            form,
            submit=step.title,
            status=409 if refused else 200,
            title=step.title,
            objects=[obj],
            original=obj,
            latest=latest,
            back=back,
        )

    def _action(self, step):
        def act(modeladmin, request, queryset):
            asked = "chosen" in request.POST
            objects = self._chosen(request) if asked else list(queryset)
            form = step.form_class(request.POST if asked else None)
            if not form.is_valid():
                return self._ask(
                    request,
                    step,
                    form,
                    submit=step.many,
                    title=step.many,
                    objects=objects,
                    counted=f"{len(objects)} {plural(len(objects), *self.words)}",
                    checkbox=ACTION_CHECKBOX_NAME,
                    back=request.get_full_path(),
                )
            done, refusals = apply_to_each(
                shared_step(step), objects, by=request.user, **form.cleaned_data
            )
            self._tell(request, step, done, refusals)
            return None

        act.__name__ = step.name
        return act

    def _chosen(self, request):
        """What the confirm page listed, whatever the filters of the list say by now.

        One field holds all the keys: Django refuses a form of over a thousand fields.
        """
        keys = re.findall(r"\b[0-9]{1,18}\b", request.POST["chosen"])
        objects = self.get_queryset(request).filter(pk__in=keys)
        return list(objects.order_by(*self.get_ordering(request)))

    def _ask(self, request, step, form, *, submit, back, status=200, **context):
        form.helper = PortalHelper(
            *form.fields, submit=submit, tone=step.tone, back=back
        )
        form.helper.form_tag = False
        return TemplateResponse(
            request,
            "admin/step.html",
            self.admin_site.each_context(request)
            | {"opts": self.opts, "step": step, "form": form, "back": back}
            | context,
            status=status,
        )

    def _tell(self, request, step, done, refusals):
        if done:
            count = f"{len(done)} {plural(len(done), *self.words)}"
            self.message_user(request, f"{step.many_done}: {count}.", messages.SUCCESS)
        for obj, refused in refusals:
            self.message_user(
                request, f"{obj} – praleista. {refused}", messages.WARNING
            )
