import datetime
import logging
from types import FunctionType

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import connection
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_safe
from django.views.generic import FormView, ListView, TemplateView
from django.views.generic.detail import SingleObjectMixin

from core import style_guide
from core.context import site
from core.forms import ConfirmForm, PortalHelper
from core.models import Letter
from core.public import public_page
from core.transitions import Refused

logger = logging.getLogger(__name__)


class VisibleMixin:
    """Hide what the user may not see: someone else's object is a 404, not a 403.

    ``scope`` names the QuerySet method that leaves what is the person's to see.
    """

    scope = "visible_to"

    def get_queryset(self):
        return getattr(super().get_queryset(), self.scope)(self.request.user)


class PoliteListView(ListView):
    """A list whose page number may be anything: the nearest page that exists is shown."""

    paginate_by = 20
    page_kwarg = "puslapis"

    def paginate_queryset(self, queryset, page_size):
        paginator = Paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get(self.page_kwarg))
        return paginator, page, page.object_list, page.has_other_pages()


class TransitionView(VisibleMixin, SingleObjectMixin, FormView):
    """GET asks, POST does: the only way a browser changes a status.

    ``transition(obj, *, by, **cleaned_data)`` and ``allowed(user, obj)`` are plain
    functions, whether given to ``as_view()`` or written in a subclass. A refused step
    shows the same page again, with the reason and status 409.
    """

    http_method_names = ["get", "head", "post", "options"]
    template_name = "core/confirm.html"
    form_class = ConfirmForm
    transition = None
    allowed = None
    title = ""
    intro = ""
    submit = ""
    tone = "primary"
    done = ""

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for name in ("transition", "allowed"):
            if isinstance(cls.__dict__.get(name), FunctionType):
                setattr(cls, name, staticmethod(cls.__dict__[name]))

    def dispatch(self, request, *args, **kwargs):
        self.object = self.get_object()
        if not self.allowed(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.helper = PortalHelper(
            *form.fields,
            submit=self.submit or self.title,
            tone=self.tone,
            back=self.get_back_url(),
        )
        return form

    def get_back_url(self):
        return self.object.get_absolute_url()

    def get_success_url(self):
        return self.success_url or self.object.get_absolute_url()

    def get_done_message(self):
        return self.done

    def form_valid(self, form):
        try:
            self.object = self.transition(
                self.object, by=self.request.user, **form.cleaned_data
            )
        except Refused as refused:
            form.add_error(None, str(refused))
            return self.render_to_response(self.get_context_data(form=form), status=409)
        messages.success(self.request, self.get_done_message())
        return redirect(self.get_success_url())


# Errors. What may be shown without a database takes no request: no user, no messages.


def bad_request(request, exception=None):
    return HttpResponse(render_to_string("400.html", site()), status=400)


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


@requires_csrf_token
def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def refused(request, reason, back=""):
    """A step that the rules do not allow, where there is no form to show again."""
    context = {"reason": str(reason), "back": back}
    return render(request, "409.html", context, status=409)


def too_many(request, exception=None):
    """429. Also what allauth answers with, as ``handler429`` of ``config.urls``."""
    return render(request, "429.html", status=429)


def server_error(request):
    return HttpResponse(render_to_string("500.html", site()), status=500)


def unavailable(request):
    """503: the database is away for a moment."""
    return HttpResponse(
        render_to_string("503.html", site()), status=503, headers={"Retry-After": "60"}
    )


# Health


@login_not_required
@never_cache
@require_safe
def alive(request):
    """The process is up. Asks nobody else."""
    return JsonResponse({"alive": True})


OUTBOX_PATIENCE = datetime.timedelta(hours=1)


@login_not_required
@never_cache
@require_safe
def ready(request):
    """Database and cache answer, and no letter has been waiting for over an hour."""
    state = {name: _answers(check) for name, check in _CHECKS.items()}
    return JsonResponse(state, status=200 if all(state.values()) else 503)


def _answers(check):
    try:
        return check()
    except Exception:
        # Whatever the cause, the answer is "not ready"; the log keeps the cause.
        logger.exception("Readiness check failed")
        return False


def _database_answers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _cache_answers():
    cache.set("ready", "yes", 10)
    return cache.get("ready") == "yes"


def _outbox_moves():
    late = timezone.now() - OUTBOX_PATIENCE
    return not Letter.objects.waiting().filter(due_at__lt=late).exists()


_CHECKS = {
    "database": _database_answers,
    "cache": _cache_answers,
    "outbox": _outbox_moves,
}


# Machines that read pages


@method_decorator(public_page, name="dispatch")
class RobotsView(TemplateView):
    """What search engines should not look at: pages that are closed anyway."""

    template_name = "robots.txt"
    content_type = "text/plain; charset=utf-8"


# The style guide


@method_decorator(login_not_required, name="dispatch")
class StyleGuideView(TemplateView):
    """Every component in every tone. Exists only while DEBUG is on."""

    template_name = "core/style_guide.html"

    def dispatch(self, request, *args, **kwargs):
        if not settings.DEBUG:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**style_guide.examples(), **kwargs)
