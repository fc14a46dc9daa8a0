"""Pages that are the same for everybody who is not signed in.

A proxy may keep them, and whoever has one asks only whether it is still the same (304).
What a signed-in person sees no shared cache keeps: see docs/adr/0012.
"""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
    set_response_etag,
)
from django.utils.encoding import iri_to_uri
from django.utils.http import parse_http_date_safe

# Seconds that a cache may show a page without asking: a deadline may pass meanwhile.
MAX_AGE = 60
PAGE = "puslapis"


def public_page(view):
    """Open the view to everybody, and say that all of them without a session see the same."""
    view = login_not_required(view)
    view.is_public_page = True
    return view


def is_public(request):
    match = getattr(request, "resolver_match", None)
    return bool(match) and getattr(match.func, "is_public_page", False)


def canonical(request, page_obj=None):
    """The one address of a public page, or of one page of a list; filters are left out."""
    address = settings.SITE_URL + iri_to_uri(request.path)
    if page_obj and page_obj.number > 1 and request.GET.keys() == {PAGE}:
        address += f"?{PAGE}={page_obj.number}"
    return address


class PublicPagesMiddleware:
    """Says of each page whether it may be kept, and by whom.

    Stands outside the session and the CSRF protection, so that it sees every cookie that
    they set. A view that speaks of ``Cache-Control`` itself has the last word.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.has_header("Cache-Control"):
            return response
        if not _same_for_all(request, response):
            # Not no-store: on the way back from an error a browser then loses typed text.
            patch_cache_control(response, private=True, no_cache=True)
            return response
        patch_cache_control(response, public=True, max_age=MAX_AGE)
        # Whoever sends a session is to be asked for anew, whatever is kept here.
        patch_vary_headers(response, ["Cookie"])
        set_response_etag(response)
        return get_conditional_response(
            request,
            etag=response.headers["ETag"],
            last_modified=parse_http_date_safe(
                response.headers.get("Last-Modified", "")
            ),
            response=response,
        )


def _same_for_all(request, response):
    """Whether the answer holds nothing of one person: no session asked, no cookie set."""
    return (
        is_public(request)
        and request.method in ("GET", "HEAD")
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
    )
