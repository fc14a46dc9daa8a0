"""What a person typed when the session had already ended: kept while they sign in.

Without this the answer to a long text sent too late would be an empty form.
"""

from urllib.parse import parse_qsl, urlencode

from django.contrib.auth.middleware import LoginRequiredMiddleware

KEY = "unsent"
# Characters: two answers of 4000 letters, each letter six characters when encoded.
LIMIT = 100_000


class SignInMiddleware(LoginRequiredMiddleware):
    """Closes every view; before sending to sign in, keeps what was typed.

    Only for views whose class says ``keeps_unsent``: they offer it again to whoever may
    see that very page. A form without a valid CSRF token never comes this far.
    """

    def handle_no_permission(self, request, view_func):
        view = getattr(view_func, "view_class", None)
        if request.method == "POST" and getattr(view, "keeps_unsent", False):
            fields = request.POST.dict()
            fields.pop("csrfmiddlewaretoken", None)
            typed = urlencode(fields)
            if len(typed) <= LIMIT:
                request.session[KEY] = {"path": request.path, "typed": typed}
        return super().handle_no_permission(request, view_func)


def take(request):
    """The fields that were sent to this page in vain, once; or nothing."""
    if request.session.get(KEY, {}).get("path") != request.path:
        return {}
    return dict(parse_qsl(request.session.pop(KEY)["typed"], keep_blank_values=True))
