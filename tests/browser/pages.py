"""The pages of the portal, each in every state that a person may find it in."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from core.limits import allow
from enrolment.views.base import SECONDS, TURNS
from tests.browser.visits import (
    BMT,
    CANCELLED,
    CLOSED,
    KP,
    PAST,
    PLANNED,
    Visit,
    application,
    call,
    call_page,
    of_call,
    of_team,
    one_by_one,
    page_of,
    person,
    press,
    tick,
)
from tests.factories import MemberFactory

NOT_FOUND = "/tokio-puslapio-nera/"

PUBLIC = {
    "home": Visit("Pradžia", "/"),
    "programmes": Visit("Programos", "/programos/"),
    "programmes filtered": Visit(
        "Programos", "/programos/?q=mokykla&akreditacija=nenurodyta&atvira=1"
    ),
    "programmes found": Visit("Programos", "/programos/?q=kurybines+partneryses"),
    "programmes none": Visit("Programos", "/programos/?q=zzzz"),
    "programmes suggested": Visit(
        "Programos", "/programos/?q=partnreystse&lygis=pradinis"
    ),
    "programmes archived": Visit(
        "Programų archyvas", "/programos/?akreditacija=archyvas"
    ),
    "programme BMT model": Visit(".+ model.+", "/programos/bmt-modelio-kurimas/"),
    "programme BMT local": Visit(".+ vietose.*", "/programos/bmt-1-kurimas-vietose/"),
    "programme KP": Visit(".+ partneryst.+", "/programos/kurybines-partnerystes/"),
    "module 1": Visit(".+", "/programos/kurybines-partnerystes/moduliai/1/"),
    "module 2": Visit(".+", "/programos/kurybines-partnerystes/moduliai/2/"),
    "calls": Visit("Kvietimai teikti paraiškas", "/kvietimai/"),
    "call open": Visit("Šaukimas BMT.+", call_page(BMT)),
    "call open for module": Visit("Tyrinėj.+", call_page(KP)),
    "call closed": Visit("Šaukimas BMT.+", call_page(CLOSED)),
    "call past": Visit("Pirmasis.+", call_page(PAST)),
    "call planned": Visit("Pavasario.+", call_page(PLANNED)),
    "call cancelled": Visit("Vasaros.+", call_page(CANCELLED)),
    "compare programmes": Visit(
        "Palyginimas",
        "/palyginti/?programa=bmt-modelio-kurimas&programa=bmt-1-kurimas-vietose"
        "&programa=kurybines-partnerystes",
    ),
    "compare modules": Visit(
        "Palyginimas",
        "/palyginti/?modulis=kurybines-partnerystes/1&modulis=kurybines-partnerystes/2",
    ),
    "compare one": Visit(
        "Palyginimas", "/palyginti/?programa=bmt-modelio-kurimas&programa=nera"
    ),
    "compare none": Visit("Palyginimas", "/palyginti/"),
    "about": Visit("Apie portalą", "/apie/"),
    "open data": Visit("Atvirieji duomenys", "/duomenys/"),
    "privacy": Visit("Privatumo pranešimas", "/privatumas/"),
    "accessibility": Visit("Prieinamumo pareiškimas", "/prieinamumas/"),
    "easy language": Visit(
        "Apie portalą lengvai suprantama kalba", "/lengvai-suprantama/"
    ),
    "in English": Visit("Apie portalą anglų kalba", "/in-english/"),
    "sign-in": Visit("Prisijungimas", "/paskyra/prisijungti/"),
}

SIGN_IN = "/paskyra/prisijungti/"
_ask = press("Gauti kodą", email="mokytoja@pavyzdys.example")
_wrong = press("Prisijungti", code="BBBB-BBBB")


def _leave_no_turn_of_signing_in(page):
    for _ in range(6):
        page.goto(SIGN_IN)
        press("Gauti kodą", email="skuba@pavyzdys.example")(page)
        if page.locator("h1").inner_text() == "Per daug bandymų":
            break
        press("Naudoti kitą adresą")(page)


ACCOUNTS = {
    "sign-in faulty": Visit(
        "Klaida: Prisijungimas", SIGN_IN, then=press("Gauti kodą", email="a@b")
    ),
    "sign-in code": Visit("Prisijungimo kodas", SIGN_IN, then=_ask),
    "sign-in code resent": Visit(
        "Prisijungimo kodas",
        SIGN_IN,
        then=one_by_one(
            press("Gauti kodą", email="dukart@pavyzdys.example"),
            press("Siųsti kodą iš naujo"),
        ),
    ),
    "sign-in code wrong": Visit(
        "Klaida: Prisijungimo kodas", SIGN_IN, then=one_by_one(_ask, _wrong)
    ),
    "sign-in codes too many": Visit(
        "Prisijungimas", SIGN_IN, then=one_by_one(_ask, *[_wrong] * 5)
    ),
    "sign-in another address": Visit(
        "Prisijungimas", SIGN_IN, then=one_by_one(_ask, press("Naudoti kitą adresą"))
    ),
    "sign-in limit": Visit(
        "Per daug bandymų", SIGN_IN, then=_leave_no_turn_of_signing_in, status=429
    ),
    "sign-out": Visit("Atsijungimas", "/paskyra/atsijungti/", person),
    "account switched off": Visit("Paskyra išjungta", "/paskyra/isjungta/"),
    "second factor off": Visit(
        "Antrasis veiksnys", "/paskyra/antras-veiksnys/", person
    ),
}

# The applicant

FOUND, NOT_AMONG_THEM = "?q=gimnazija", "?q=zzzz"


def _team_of_colleague(**fields):
    """The draft of a second person of the same institution."""

    def make():
        other = application(**fields)
        team = application(institution=other.institution, ready=True)
        return team.lead, page_of(team)

    return make


def _second_application():
    other = application(submitted=True)
    team = application(institution=other.institution, ready=True)
    return team.lead, page_of(team, "review")


def _started():
    team = application()
    return team.lead, reverse("enrolment:apply", args=[team.call_id])


def _claimed():
    team = application(ready=True)
    team.institution.is_confirmed = False
    team.institution.save()
    return team.lead, page_of(team)


def _with_external(name):
    def make():
        team = application(ready=True)
        MemberFactory(
            team=team, is_external=True, organisation="Pavyzdinis švietimo centras"
        )
        return team.lead, page_of(team, name)

    return make


def _many_applications():
    lead = person()
    for state in ["ready", "submitted", "returned", "approved", "reserve", "rejected"]:
        application(lead=lead, **{state: True})
    for _ in range(16):
        application(CLOSED, lead=lead, withdrawn=True)
    return lead, reverse("enrolment:teams")


def _no_turns_left():
    team = application()
    for _ in range(TURNS):
        allow(team.lead.pk, "enrolment", times=TURNS, seconds=SECONDS)
    return team.lead, page_of(team, "answers")


def _member(**fields):
    return press(
        "Išsaugoti narį",
        first_name="Vardenis",
        last_name="Pavardenis",
        email="vardenis@pavyzdys.example",
        **fields,
    )


def _whole_member(page):
    page.select_option("[name=position]", "teacher")
    page.select_option("[name=category]", "senior")
    _member()(page)


_yesterday = {"answer_until": timezone.localdate() - timedelta(days=1)}
_number = r"Paraiška Nr\. \d+"
_draft = "Paraiškos juodraštis: .+"

APPLICANT = {
    "apply": Visit("Paraiška: .+", of_call(BMT)),
    "apply found": Visit("Paraiška: .+", of_call(BMT, query=FOUND)),
    "apply not found": Visit("Paraiška: .+", of_call(BMT, query=NOT_AMONG_THEM)),
    "apply nothing chosen": Visit(
        "Klaida: Paraiška: .+",
        of_call(BMT, query=FOUND),
        then=press("Pradėti paraišką"),
    ),
    "apply again": Visit("Paraiška: .+", _started),
    "apply closed": Visit("Paraiška: .+", of_call(CLOSED)),
    "unlisted": Visit("Įstaiga, kurios .+", of_call(BMT, "apply_unlisted")),
    "unlisted faulty": Visit(
        "Klaida: Įstaiga, kurios .+",
        of_call(BMT, "apply_unlisted"),
        then=press("Pradėti paraišką", code="12"),
    ),
    "unlisted closed": Visit(
        "Veiksmas negalimas", of_call(CLOSED, "apply_unlisted"), status=409
    ),
    "draft": Visit(_draft, of_team()),
    "draft complete": Visit(_draft, of_team(ready=True)),
    "draft too late": Visit(_draft, of_team(title=CLOSED)),
    "draft of a claimed institution": Visit(_draft, _claimed),
    "draft beside a draft": Visit(_draft, _team_of_colleague()),
    "draft beside an application": Visit(_draft, _team_of_colleague(submitted=True)),
    "returned": Visit(_number, of_team(returned=True)),
    "returned too late": Visit(_number, of_team(returned=True, **_yesterday)),
    "submitted": Visit(_number, of_team(submitted=True)),
    "approved": Visit(_number, of_team(approved=True)),
    "reserve": Visit(_number, of_team(reserve=True)),
    "rejected": Visit(_number, of_team(rejected=True)),
    "withdrawn": Visit(_number, of_team(withdrawn=True)),
    "institution": Visit("Įstaiga", of_team("institution")),
    "institution found": Visit("Įstaiga", of_team("institution", FOUND)),
    "institution unlisted": Visit(
        "Įstaiga, kurios .+", of_team("institution_unlisted")
    ),
    "institution of a returned": Visit(
        "Veiksmas negalimas", of_team("institution", returned=True), status=409
    ),
    "lead": Visit("Paraiškos teikėjas", of_team("lead", ready=True)),
    "lead faulty": Visit(
        "Klaida: Paraiškos teikėjas",
        of_team("lead"),
        then=press("Išsaugoti", lead_name=""),
    ),
    "members none": Visit("Komandos nariai", of_team("members")),
    "members": Visit("Komandos nariai", of_team("members", members=4)),
    "members full": Visit("Komandos nariai", of_team("members", members=6)),
    "members with an external": Visit("Komandos nariai", _with_external("members")),
    "members of a submitted": Visit(
        "Veiksmas negalimas", of_team("members", submitted=True), status=409
    ),
    "member new": Visit("Naujas narys", of_team("member_add")),
    "member new of a module": Visit("Naujas narys", of_team("member_add", title=KP)),
    "member is the lead": Visit(
        "Naujas narys", of_team("member_add", "?vadovas=1", ready=True)
    ),
    "member faulty": Visit(
        "Klaida: Naujas narys", of_team("member_add"), then=press("Išsaugoti narį")
    ),
    "member external faulty": Visit(
        "Klaida: Naujas narys",
        of_team("member_add"),
        then=one_by_one(tick("is_external"), _whole_member),
    ),
    "member saved": Visit(
        "Komandos nariai", of_team("member_add", members=3), then=_whole_member
    ),
    "member too many": Visit(
        "Klaida: Naujas narys",
        of_team("member_add", members=6),
        then=_whole_member,
        status=409,
    ),
    "member": Visit("Nario duomenys", of_team("member", ready=True)),
    "member remove": Visit("Pašalinti narį", of_team("member_remove", ready=True)),
    "answers": Visit("Motyvacija ir problema", of_team("answers", ready=True)),
    "answers faulty": Visit(
        "Klaida: Motyvacija ir problema",
        of_team("answers"),
        then=press("Išsaugoti", motivation="Norime\u202emokytis"),
    ),
    "answers too often": Visit(
        "Per daug bandymų", _no_turns_left, then=press("Išsaugoti"), status=429
    ),
    "review": Visit("Patikrinimas ir pateikimas", of_team("review", ready=True)),
    "review of an external": Visit(
        "Patikrinimas ir pateikimas", _with_external("review")
    ),
    "review incomplete": Visit("Patikrinimas ir pateikimas", of_team("review")),
    "review too late": Visit(
        "Patikrinimas ir pateikimas",
        of_team("review", ready=True, title=CLOSED),
    ),
    "submit refused": Visit(
        "Nepateikta: Patikrinimas ir pateikimas",
        _second_application,
        then=press("Pateikti paraišką"),
        status=409,
    ),
    "withdraw": Visit("Atsiimti paraišką", of_team("withdraw", submitted=True)),
    "withdraw faulty": Visit(
        "Klaida: Atsiimti paraišką",
        of_team("withdraw", approved=True),
        then=press("Atsiimti paraišką"),
    ),
    "withdraw no more": Visit(
        "Veiksmas negalimas", of_team("withdraw", rejected=True), status=409
    ),
    "print of a draft": Visit(f"{_draft}, spausdinti", of_team("print")),
    "print": Visit(f"{_number}, spausdinti", of_team("print", returned=True)),
    "applications none": Visit("Mano paraiškos", "/paraiskos/", person),
    "applications": Visit("Mano paraiškos", _many_applications),
}

# The reports

EVER, NEVER = "?nuo=2000-01-01&iki=2100-01-01", "?nuo=2000-01-01&iki=2000-01-02"
SWAPPED = "?nuo=2026-02-01&iki=2026-01-01"


def _selection(page="", title=CLOSED):
    return lambda: f"/ataskaitos/atranka/{page}?kvietimas={call(title).pk}"


def _report(title, at, **kwargs):
    return Visit(title, at, "centre", **kwargs)


_programmes, _monitoring = "Akredituotų programų sąrašas", ".+ stebėsena"
_protocol = "Atrankos protokolas"

REPORTS = {
    "reports": _report("Ataskaitos", "/ataskaitos/"),
    "programmes report": _report(_programmes, "/ataskaitos/programos/"),
    "programmes report none": _report(_programmes, f"/ataskaitos/programos/{NEVER}"),
    "programmes report faulty": _report(
        f"Klaida: {_programmes}", f"/ataskaitos/programos/{SWAPPED}", status=422
    ),
    "programmes report, a filter too many": _report(
        _programmes, "/ataskaitos/programos/?savivaldybe=13"
    ),
    "monitoring report": _report(_monitoring, f"/ataskaitos/stebesena/{EVER}"),
    "monitoring report none": _report(_monitoring, f"/ataskaitos/stebesena/{NEVER}"),
    "selection report, not asked yet": _report(_protocol, "/ataskaitos/atranka/"),
    "selection report": _report(_protocol, _selection()),
    "selection report none": _report(_protocol, _selection(title=PLANNED)),
    "programmes on paper": _report(
        f"{_programmes} – spausdinti", "/ataskaitos/programos/spausdinti/"
    ),
    "monitoring on paper": _report(
        f"{_monitoring} – spausdinti", f"/ataskaitos/stebesena/spausdinti/{EVER}"
    ),
    "selection on paper": _report(
        f"{_protocol} – spausdinti", _selection("spausdinti/")
    ),
    "report refused": _report(
        "Ataskaitos parengti nepavyko",
        f"/ataskaitos/stebesena/spausdinti/{SWAPPED}",
        status=400,
    ),
}


# What goes wrong


def _without_cookies(page):
    page.context.clear_cookies(name="csrftoken")
    press("Gauti kodą", email="mokytoja@pavyzdys.example")(page)


ERRORS = {
    "not found": Visit("Tokio puslapio nėra", NOT_FOUND, status=404),
    "not yours to see": Visit(
        "Tokio puslapio nėra",
        lambda: page_of(application(submitted=True)),
        person,
        status=404,
    ),
    "forbidden": Visit(
        "Šio veiksmo atlikti negalite", "/ataskaitos/", person, status=403
    ),
    "form out of date": Visit(
        "Puslapis paseno", SIGN_IN, then=_without_cookies, status=403
    ),
}
