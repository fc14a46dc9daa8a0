from django.conf import settings


def site(request=None):
    """What every page says about the portal itself. Needs no database."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "centre_name": settings.CENTRE_NAME,
        "centre_email": settings.CENTRE_EMAIL,
        "is_demo": settings.DEBUG,
    }
