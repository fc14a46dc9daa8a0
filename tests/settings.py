"""The portal's own settings, as the tests run them."""

import os

os.environ.setdefault("DEBUG", "1")

from config.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
