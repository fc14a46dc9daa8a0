from django.apps import AppConfig
from django.db.models.signals import post_migrate

from accreditation import roles


class AccreditationConfig(AppConfig):
    name = "accreditation"
    verbose_name = "Akreditacija ir ataskaitos"

    def ready(self):
        # This app stands last, so the permissions of all the others exist by now.
        post_migrate.connect(roles.keep_in_place, sender=self)
