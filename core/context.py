from django.conf import settings


def site(request=None):
    """What every page says about the portal itself. Needs no database."""
    return {
        "site_name": settings.SITE_NAME,
        "centre_name": settings.CENTRE_NAME,
        "is_demo": settings.DEBUG,
    }
