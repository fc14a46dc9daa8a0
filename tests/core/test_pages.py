"""The frame that every page stands in, and the style guide."""

import gzip
import re

import pytest
from django.conf import settings as project
from django.urls import reverse

CSS = project.BASE_DIR / "static" / "css"
TEXT_ON_GROUND = [
    ("ink", "paper"),
    ("ink", "sheet"),
    ("ink-soft", "paper"),
    ("ink-soft", "sheet"),
    ("link", "paper"),
    ("link", "sheet"),
    ("visited", "paper"),
    ("danger", "paper"),
    ("on-action", "action"),
    ("on-action", "action-strong"),
    ("on-danger", "danger"),
    ("on-accent", "accent"),
    *((tone, f"{tone}-tint") for tone in ("info", "success", "warning", "danger")),
    *(("ink", f"{tone}-tint") for tone in ("info", "success", "warning", "danger")),
    ("muted", "muted-tint"),
]
SHAPE_ON_GROUND = [
    ("edge", "paper"),
    ("edge", "sheet"),
    ("action", "paper"),
    ("danger", "paper"),
    ("accent-edge", "paper"),
    ("ink", "accent"),
]


def tokens(scheme):
    light, dark = (CSS / "tokens.css").read_text().split("(prefers-color-scheme: dark)")
    values = dict(re.findall(r"--([\w-]+): (#\w{6});", light))
    if scheme == "dark":
        values |= dict(re.findall(r"--([\w-]+): (#\w{6});", dark))
    return values


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_seven_to_one(scheme):
    colours = tokens(scheme)

    for text, ground in TEXT_ON_GROUND:
        assert contrast(colours[text], colours[ground]) >= 7, (text, ground)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_shapes_stand_out_three_to_one(scheme):
    colours = tokens(scheme)
    if scheme == "dark":
        colours["ink"] = colours["on-accent"]

    for shape, ground in SHAPE_ON_GROUND:
        assert contrast(colours[shape], colours[ground]) >= 3, (shape, ground)


def test_all_css_is_small():
    packed = [gzip.compress(path.read_bytes()) for path in CSS.glob("*.css")]

    assert sum(map(len, packed)) <= 12_000


def test_every_token_that_is_used_exists():
    known = set(re.findall(r"(--[\w-]+):", "".join(map(_read, CSS.glob("*.css")))))
    used = set(re.findall(r"var\((--[\w-]+)", "".join(map(_read, CSS.glob("*.css")))))

    assert used - known == set()


def _read(path):
    return path.read_text()


def navigation(page):
    nav = page.text[page.text.index('<ul class="site-nav__list">') :]
    return re.findall(r">([^<]+)</a>", nav[: nav.index("</ul>")])


@pytest.mark.django_db
def test_a_visitor_can_sign_in_and_come_back(browse):
    page = browse().get("/tokio-nera/", {"q": "ąžuolas"})

    assert page.status_code == 404
    assert navigation(page) == ["Programos", "Kvietimai"]
    assert (
        f'href="{reverse("account_login")}?next=/tokio-nera/%3Fq%3D%25C4%2585%25C5%25BEuolas"'
        in page.text
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "links"),
    [
        ("teacher", ["Mano paraiškos"]),
        ("coordinator", ["Mano paraiškos", "Administravimas"]),
        ("staff", ["Mano paraiškos", "Ataskaitos", "Administravimas"]),
    ],
)
def test_navigation_offers_what_the_role_may_open(browse, request, role, links):
    user = request.getfixturevalue(role)

    page = browse(user).get("/tokio-nera/")

    assert navigation(page) == ["Programos", "Kvietimai", *links]
    assert user.email in page.text
    assert f'method="post" action="{reverse("account_logout")}"' in page.text


@pytest.mark.django_db
def test_the_frame_is_lithuanian_and_walkable_by_keyboard(browse, settings):
    settings.CENTRE_NAME = "Pavyzdžių švietimo centras"

    page = browse().get("/tokio-nera/")

    assert '<html lang="lt">' in page.text
    assert page.text.index('href="#turinys"') < page.text.index("<header")
    assert '<main class="content" id="turinys"' in page.text
    assert page.text.count("<h1>") == 1
    assert (
        "<title>Tokio puslapio nėra – Mokytojų programų portalas</title>" in page.text
    )
    assert "Pavyzdžių švietimo centras" in page.text
    assert "Demonstracinė aplinka" not in page.text


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/tokio-nera/", "/admin/", "/paraiskos/"])
def test_every_answer_is_closed_to_foreign_and_inline_code(client, address):
    page = client.get(address)

    policy = dict(
        directive.split(" ", 1)
        for directive in page.headers["Content-Security-Policy"].split("; ")
    )
    assert policy.pop("default-src") == "'none'"
    assert policy.pop("frame-ancestors") == policy.pop("base-uri") == "'none'"
    assert set(policy.values()) == {"'self'"}
    assert {"script-src", "style-src", "form-action"} <= policy.keys()
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_the_demonstration_says_that_it_is_one(browse, settings):
    settings.DEBUG = True

    page = browse().get(reverse("core:style_guide"))

    assert "Demonstracinė aplinka" in page.text


def test_the_style_guide_needs_no_database(client, settings):
    settings.DEBUG = True

    page = client.get(reverse("core:style_guide"))

    assert page.status_code == 200
    for part in (
        "timeline__step--today",
        "status--accent",
        "notice--danger",
        "error-summary",
        "pagination",
    ):
        assert part in page.text


@pytest.mark.django_db
def test_the_style_guide_is_not_there_in_production(client):
    assert client.get(reverse("core:style_guide")).status_code == 404
