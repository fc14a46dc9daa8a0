"""Who reaches which page, by which method. A URL without a row here fails the test.

The sign-in buttons of the demonstration exist only with DEBUG, so they are not here.

The team is a draft of ``lead`` in a call that ``coordinator`` has been entrusted with, so
to everybody but its lead it does not exist (R10).
"""

import pytest
from django.urls import URLPattern, get_resolver, reverse

from tests.factories import CallFactory, MemberFactory, ModuleFactory, TeamFactory

pytestmark = pytest.mark.django_db

ROLES = ["anonymous", "stranger", "lead", "coordinator", "staff", "superuser"]

# One answer for each of ROLES. 302 of the anonymous leads to the sign-in page.
ABSENT = [404, 404, 404, 404, 404, 404]
EVERYBODY = [200, 200, 200, 200, 200, 200]
NOBODY = [405, 405, 405, 405, 405, 405]
SIGNED_IN = [302, 200, 200, 200, 200, 200]
CLOSED = [302, 405, 405, 405, 405, 405]
LEAD = [302, 404, 200, 404, 404, 404]
LEAD_GOES_ON = [302, 404, 302, 404, 404, 404]
LEAD_REFUSED = [302, 404, 409, 404, 404, 404]
CENTRE = [302, 403, 403, 403, 200, 200]
CENTRE_ASKS = [302, 403, 403, 403, 405, 405]

# URL name: (arguments, answers to GET, answers to an empty POST)
PAGES = {
    "core:alive": ([], EVERYBODY, NOBODY),
    "core:ready": ([], EVERYBODY, NOBODY),
    "core:robots": ([], EVERYBODY, NOBODY),
    "core:style_guide": ([], ABSENT, ABSENT),
    "catalogue:home": ([], EVERYBODY, NOBODY),
    "catalogue:programmes": ([], EVERYBODY, NOBODY),
    "catalogue:programme": (["slug"], EVERYBODY, NOBODY),
    "catalogue:module": (["slug", "number"], EVERYBODY, NOBODY),
    "catalogue:calls": ([], EVERYBODY, NOBODY),
    "catalogue:call": (["call"], EVERYBODY, NOBODY),
    "catalogue:compare": ([], EVERYBODY, NOBODY),
    "catalogue:about": ([], EVERYBODY, NOBODY),
    "catalogue:calendar": ([], EVERYBODY, NOBODY),
    "catalogue:call_calendar": (["call"], EVERYBODY, NOBODY),
    "catalogue:news": ([], EVERYBODY, NOBODY),
    "catalogue:data": ([], EVERYBODY, NOBODY),
    "catalogue:data_csv": ([], EVERYBODY, NOBODY),
    "catalogue:data_json": ([], EVERYBODY, NOBODY),
    "catalogue:sitemap": ([], EVERYBODY, NOBODY),
    "catalogue:privacy": ([], EVERYBODY, NOBODY),
    "catalogue:accessibility": ([], EVERYBODY, NOBODY),
    "catalogue:easy": ([], EVERYBODY, NOBODY),
    "catalogue:in_english": ([], EVERYBODY, NOBODY),
    "enrolment:apply": (["call"], SIGNED_IN, SIGNED_IN),
    "enrolment:apply_unlisted": (["call"], SIGNED_IN, SIGNED_IN),
    "enrolment:teams": ([], SIGNED_IN, CLOSED),
    "enrolment:team": (["team"], LEAD, CLOSED),
    "enrolment:institution": (["team"], LEAD, LEAD),
    "enrolment:institution_unlisted": (["team"], LEAD, LEAD),
    "enrolment:lead": (["team"], LEAD, LEAD),
    "enrolment:members": (["team"], LEAD, CLOSED),
    "enrolment:member_add": (["team"], LEAD, LEAD),
    "enrolment:member": (["team", "member"], LEAD, LEAD),
    "enrolment:member_remove": (["team", "member"], LEAD, LEAD_GOES_ON),
    "enrolment:answers": (["team"], LEAD, LEAD_GOES_ON),
    "enrolment:review": (["team"], LEAD, CLOSED),
    "enrolment:submit": (["team"], LEAD_GOES_ON, LEAD_REFUSED),
    "enrolment:withdraw": (["team"], LEAD, LEAD),
    "enrolment:print": (["team"], LEAD, CLOSED),
    "accreditation:reports": ([], CENTRE, CENTRE_ASKS),
    "accreditation:report": (["report"], CENTRE, CENTRE_ASKS),
    "accreditation:report_csv": (["report"], CENTRE, CENTRE_ASKS),
    "accreditation:report_xlsx": (["report"], CENTRE, CENTRE_ASKS),
    "accreditation:report_print": (["report"], CENTRE, CENTRE_ASKS),
}

# The road of signing in answers by the state of the session: tests/core/test_accounts*.py.
ACCOUNTS = {
    "account_login",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_logout",
    "account_inactive",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
}


def names(patterns=None, namespace=""):
    for entry in patterns or get_resolver().url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}"
        elif entry.namespace != "admin":
            prefix = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from names(entry.url_patterns, prefix)


def test_every_url_has_a_row():
    assert set(names()) == PAGES.keys() | ACCOUNTS


@pytest.fixture
def world(teacher, coordinator, staff, superuser, browse):
    module = ModuleFactory()
    call = CallFactory(
        programme=module.programme, module=module, coordinators=[coordinator]
    )
    team = TeamFactory(call=call, lead_name="Vardenis Pavardenis")
    member = MemberFactory(team=team)
    people = [None, teacher, team.lead, coordinator, staff, superuser]
    return {
        "slug": module.programme.slug,
        "number": module.number,
        "call": call.pk,
        "team": team.pk,
        "member": member.pk,
        "report": "programos",
        "clients": dict(zip(ROLES, map(browse, people), strict=True)),
    }


def answers(world, name, method, **kwargs):
    url = reverse(name, args=[world[argument] for argument in PAGES[name][0]])
    return [
        getattr(client, method)(url, **kwargs).status_code
        for client in world["clients"].values()
    ]


@pytest.mark.parametrize("name", PAGES)
def test_who_may_read(name, world):
    assert answers(world, name, "get") == PAGES[name][1]


@pytest.mark.parametrize("name", PAGES)
def test_who_may_write(name, world):
    assert answers(world, name, "post") == PAGES[name][2]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("method", ["patch", "delete"])
def test_other_methods_do_nothing(name, method, world):
    allowed = {405, 302, 403, 404}

    assert set(answers(world, name, method)) <= allowed


@pytest.mark.parametrize("name", PAGES)
def test_the_anonymous_come_back_after_signing_in(name, world):
    url = reverse(name, args=[world[argument] for argument in PAGES[name][0]])

    response = world["clients"]["anonymous"].get(url)

    if response.status_code == 302:
        assert response.url == f"{reverse('account_login')}?next={url}"


def test_the_admin_is_for_those_with_a_role(world):
    url = reverse("admin:enrolment_team_changelist")

    statuses = [client.get(url).status_code for client in world["clients"].values()]

    assert statuses == [302, 403, 403, 200, 200, 200]
