"""The portal's own settings, as the tests run them."""

import os

os.environ.setdefault("DEBUG", "1")

from config.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files straight from their sources: nothing is collected for a test.
WHITENOISE_AUTOREFRESH = True

# As pytest-django sets it anyway, but before the first URL is loaded.
DEBUG = False
