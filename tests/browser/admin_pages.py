"""The pages of the administration: every model, every step, and what is refused."""

from django.contrib import admin
from django.urls import reverse

from accreditation.roles import ROLES
from core.admin import ReadOnlyAdmin
from core.models import Letter
from core.roles import CENTRE_STAFF
from enrolment.models import Team
from tests.browser.visits import (
    BMT,
    CANCELLED,
    PLANNED,
    Visit,
    application,
    call,
    press,
    school,
)
from tests.factories import MemberFactory

COORDINATOR, STAFF, ADMINISTRATOR = "bmt", "centre", "admin"


def _url(page, *args):
    return reverse(f"admin:{page}", args=args)


# Every model: its list, one of its rows, its empty form and what that says when sent


def _who_sees(model):
    given = ROLES[CENTRE_STAFF].get(model._meta.app_label, [])
    return STAFF if f"view_{model._meta.model_name}" in given else ADMINISTRATOR


def _pages_of(model, model_admin):
    who, name = _who_sees(model), model._meta.model_name
    path = f"{model._meta.app_label}_{name}"
    yield f"{name} list", Visit(".+", lambda: _url(f"{path}_changelist"), who)
    yield (
        f"{name} row",
        Visit(".+", lambda: _url(f"{path}_change", model.objects.first().pk), who),
    )
    if not isinstance(model_admin, ReadOnlyAdmin):
        new = Visit("Pridėti: .+", lambda: _url(f"{path}_add"), who)
        yield f"{name} new", new
        yield (
            f"{name} faulty",
            Visit("Klaida: Pridėti: .+", new.at, who, then=press("Išsaugoti")),
        )


MODELS = dict(
    page
    for model, model_admin in admin.site._registry.items()
    if model is not Team
    for page in _pages_of(model, model_admin)
)

# Teams, as their coordinator decides on them

TEAMS = "/admin/enrolment/team/"


def _team(step="", **fields):
    """The page of an application made for it, or of one of its steps."""

    def make():
        team = application(**fields)
        return f"{TEAMS}{team.pk}/{f'zingsnis/{step}' if step else 'change'}/"

    return make


def _double():
    """A team with a person who is in another team of the call too."""
    first, second = application(submitted=True), application(submitted=True)
    for team in (first, second):
        MemberFactory(team=team, email=f"dvigubas{first.pk}@pavyzdys.example")
    return f"{TEAMS}{second.pk}/change/"


def _claimed():
    team = application(submitted=True, institution=school(is_confirmed=False))
    return f"{TEAMS}{team.pk}/change/"


def _of_two(action, button):
    """Choose the first two of the list and ask for the step; then ``button`` or not."""

    def act(page):
        boxes = page.locator("[name=_selected_action]")
        boxes.nth(0).check()
        boxes.nth(1).check()
        page.select_option("[name=action]", action)
        with page.expect_navigation():
            page.locator("[name=index]").click()
        if button:
            press(button)(page)

    return act


def _coordinator(title, at, **kwargs):
    return Visit(title, at, COORDINATOR, **kwargs)


_number = r"Paraiška Nr\. \d+"
DECISIONS = {
    "desk of a part": Visit(".+", "/admin/enrolment/", STAFF),
    "desk of a coordinator": _coordinator("Administravimas.*", "/admin/"),
    "desk of the centre": Visit("Administravimas.*", "/admin/", STAFF),
    "desk of the administrator": Visit("Administravimas.*", "/admin/", ADMINISTRATOR),
    "teams": _coordinator("Paraiškos.*", TEAMS),
    "teams waiting": _coordinator("Paraiškos.*", f"{TEAMS}?busena=submitted"),
    "teams found": _coordinator("Paraiškos.*", f"{TEAMS}?q=mokykla"),
    "teams none": _coordinator("Paraiškos.*", f"{TEAMS}?q=zzzz"),
    "teams of the centre": Visit("Paraiškos.*", TEAMS, STAFF),
    "team submitted": _coordinator(_number, _team(submitted=True)),
    "team returned": _coordinator(_number, _team(returned=True)),
    "team approved": _coordinator(_number, _team(approved=True)),
    "team reserve": _coordinator(_number, _team(reserve=True)),
    "team rejected": _coordinator(_number, _team(rejected=True)),
    "team withdrawn": _coordinator(_number, _team(withdrawn=True)),
    "team with a double": _coordinator(_number, _double),
    "team of a claimed institution": _coordinator(_number, _claimed),
    "team of the centre": Visit(_number, _team(submitted=True), STAFF),
    "approve": _coordinator("Patvirtinti paraišką", _team("approve", submitted=True)),
    "return": _coordinator(
        "Grąžinti paraišką tikslinti", _team("return", submitted=True)
    ),
    "reserve": _coordinator(
        "Įrašyti paraišką į rezervą", _team("reserve", submitted=True)
    ),
    "reject": _coordinator("Atmesti paraišką", _team("reject", submitted=True)),
    "withdraw approved": _coordinator(
        "Atsiimti patvirtintą paraišką", _team("withdraw", approved=True)
    ),
    "return faulty": _coordinator(
        "Klaida: Grąžinti paraišką tikslinti",
        _team("return", submitted=True),
        then=press("Grąžinti paraišką tikslinti", answer_until="2020-01-01"),
    ),
    "approve done": _coordinator(
        _number,
        _team("approve", submitted=True),
        then=press("Patvirtinti paraišką"),
    ),
    "approve refused": _coordinator(
        "Klaida: Patvirtinti paraišką",
        _team("approve", submitted=True, members=4),
        then=press("Patvirtinti paraišką"),
        status=409,
    ),
    "many asked": _coordinator(
        "Atmesti.*", f"{TEAMS}?busena=submitted", then=_of_two("reject", "")
    ),
    "many faulty": _coordinator(
        "Klaida: Atmesti.*",
        f"{TEAMS}?busena=submitted",
        then=_of_two("reject", "Atmesti"),
    ),
    "many skipped": _coordinator(
        "Paraiškos.*",
        f"{TEAMS}?busena=rejected",
        then=_of_two("approve", "Patvirtinti"),
    ),
}

# Calls, institutions and letters, as the centre keeps them


def _call(step="", title=BMT):
    page = f"zingsnis/{step}" if step else "change"
    return lambda: f"/admin/catalogue/call/{call(title).pk}/{page}/"


def _claim(step=""):
    def make():
        claim = school(is_confirmed=False)
        page = f"zingsnis/{step}" if step else "change"
        return f"/admin/enrolment/institution/{claim.pk}/{page}/"

    return make


def _undelivered():
    letter = Letter.objects.exclude(failed_at=None).first()
    return _url("core_letter_change", letter.pk)


def _centre(title, at, **kwargs):
    return Visit(title, at, STAFF, **kwargs)


_appoint, _extend, _cancel = (
    "Paskirti koordinatorių",
    "Pratęsti paraiškų priėmimą",
    "Atšaukti kvietimą",
)
CENTRE = {
    "call planned": _centre("Pavasario.+", _call(title=PLANNED)),
    "call cancelled": _centre("Vasaros.+", _call(title=CANCELLED)),
    "call faulty": _centre(
        "Klaida: .+",
        _call(title=PLANNED),
        then=press("Išsaugoti", closes_at_0="2020-01-01", places="0", ends_on="x"),
    ),
    "call accreditation refused": _centre(
        "Klaida: Patvirtinti akreditaciją",
        _call("akreditacija"),
        then=press("Patvirtinti akreditaciją"),
        status=409,
    ),
    "call appoint": _centre(_appoint, _call("koordinatorius")),
    "call appoint refused": _centre(
        f"Klaida: {_appoint}",
        _call("koordinatorius"),
        then=press(
            _appoint,
            email="koordinatore@demo.example",
            first_name="Vardenė",
            last_name="Pavardenytė",
        ),
        status=409,
    ),
    "call dismiss": _centre("Atšaukti koordinatorių", _call("atleisti")),
    "call extend": _centre(_extend, _call("terminas")),
    "call extend faulty": _centre(
        f"Klaida: {_extend}",
        _call("terminas"),
        then=press(_extend, closes_at_0="rytoj"),
    ),
    "call cancel": _centre(_cancel, _call("atsaukti")),
    "call cancel faulty": _centre(
        f"Klaida: {_cancel}", _call("atsaukti"), then=press(_cancel)
    ),
    "institutions waiting": _centre(
        "Įstaigos.*", "/admin/enrolment/institution/?sutikrinta=ne"
    ),
    "claim": _centre("Pavyzdinė mokykla.+", _claim()),
    "claim match": _centre("Sutapatinti .+", _claim("sutapatinti")),
    "claim match faulty": _centre(
        "Klaida: Sutapatinti .+",
        _claim("sutapatinti"),
        then=press("Sutapatinti su registro įstaiga", institution="000"),
    ),
    "claim confirm": _centre("Patvirtinti kaip .+", _claim("sutikrinti")),
    "letters undelivered": _centre(
        "Laiškai.*", "/admin/core/letter/?pristatymas=nepristatyta"
    ),
    "letter undelivered": _centre(".+", _undelivered),
}
