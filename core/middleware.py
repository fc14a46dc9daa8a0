import logging

from django.db import InterfaceError, OperationalError

from core.views import not_found, unavailable

logger = logging.getLogger(__name__)

AWAY = (OperationalError, InterfaceError)


class DatabaseAwayMiddleware:
    """Answer 503 with ``Retry-After``, not 500, when the database can not be asked.

    Stands after ``AuthenticationMiddleware`` and before ``LoginRequiredMiddleware``,
    which would be the first to need the database, outside of any ``try``.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        try:
            request.user.is_authenticated  # noqa: B018 (reads the session)
        except AWAY as error:
            return self.process_exception(request, error)

    def process_exception(self, request, exception):
        if isinstance(exception, AWAY):
            logger.error("The database is away", exc_info=exception)
            return unavailable(request)


class OwnNotFoundMiddleware:
    """Show the portal's own 404 in the demonstration too, where ``DEBUG`` is on.

    Django's is in English and lists every address.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        return not_found(request) if response.status_code == 404 else response
