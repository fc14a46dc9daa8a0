"""The roles of the portal and its triggers (history, catalogue), kept after every migrate.

A data migration cannot do it: permissions do not exist yet when it runs, and a flush
removes groups.
"""

from django.apps import apps

from catalogue import freshness
from core import history
from core.roles import CENTRE_STAFF, COORDINATORS

ROLES = {
    COORDINATORS: {
        "enrolment": ["view_team", "view_member", "decide_team"],
    },
    CENTRE_STAFF: {
        "core": ["view_letter"],
        "catalogue": [
            f"{action}_{model}"
            for action in ("view", "add", "change")
            for model in (
                "project",
                "programme",
                "module",
                "modulecompetence",
                "competence",
                "competencegroup",
                "requirement",
                "targetgroup",
                "accreditation",
                "call",
            )
        ]
        + ["view_programmeversion", "delete_requirement", "delete_modulecompetence"],
        "enrolment": [
            "view_team",
            "view_member",
            "view_every_team",
            "view_institution",
            "add_institution",
            "change_institution",
        ],
        "accreditation": ["view_reports"],
    },
}


def keep_in_place(**kwargs):
    history.protect()
    freshness.watch()
    group_model = apps.get_model("auth", "Group")
    permissions = apps.get_model("auth", "Permission").objects
    for name, codenames in ROLES.items():
        group, _ = group_model.objects.get_or_create(name=name)
        group.permissions.set(
            permission
            for app, names in codenames.items()
            for permission in permissions.filter(
                content_type__app_label=app, codename__in=names
            )
        )
