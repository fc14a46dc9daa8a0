"""The emblem of a programme: drawn from its data, always the same, and never in the way."""

import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from django.core.management import call_command

from catalogue.emblem import draw, emblem_of
from catalogue.models import Programme
from tests.factories import (
    CallFactory,
    CompetenceFactory,
    CompetenceGroupFactory,
    ProgrammeFactory,
    ProjectFactory,
    TargetGroupFactory,
)

BMT, KP = "besimokanciu-mokyklu-tinklai", "kurybines-partnerystes"
SVG = "{http://www.w3.org/2000/svg}"
SLUGS = ("aa", "bb", "cc", "dd", "ee", "ff", "gg", "hh", "ii")


def parts(svg, name):
    """The elements of the drawing by the beginning of their class."""
    return re.findall(rf'class="emblem__{name}', svg)


def dots(svg, name):
    """The dots that a path of the drawing is made of."""
    return re.findall("h0", svg.split(f'class="emblem__{name}" d="')[1].split('"')[0])


@pytest.mark.parametrize("kind", [BMT, KP, "kitas"])
@pytest.mark.parametrize("number", [0, 1, 2, 3, 6, 9])
def test_every_emblem_is_well_formed_and_decorative(kind, number):
    svg = draw(kind, "programa", *[SLUGS[:number]] * 3)

    root = ElementTree.fromstring(svg)
    assert root.get("aria-hidden") == "true"
    assert not re.search(r"\s(style|id|on\w+)=|<(style|script|title)", svg)
    assert len(svg) < 1000
    assert len(list(root)) > 1


def test_the_same_data_give_the_same_emblem_in_any_process():
    code = (
        "import django; from django.conf import settings; settings.configure();"
        "from catalogue.emblem import draw; print(draw('kitas', 's', ('a', 'b'), (), ()))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert runs == {f"{draw('kitas', 's', ('a', 'b'), (), ())}\n"}


def test_the_knots_of_a_net_are_the_target_groups():
    svg = draw(BMT, "programa", SLUGS[:5], SLUGS[:2], ())

    assert len(dots(svg, "knots")) == 5
    assert len(dots(svg, "holes")) == 2


def test_each_group_of_competences_is_a_shape():
    assert len(parts(draw(KP, "programa", (), (), SLUGS[:3]), "shape")) == 3
    assert len(parts(draw(KP, "programa", (), (), SLUGS[:4]), "shape")) == 4


def test_a_project_without_a_picture_gets_a_ring_for_each_target_group():
    assert len(parts(draw("kitas", "programa", SLUGS[:4], (), ()), "line")) == 4


@pytest.mark.parametrize("kind", [BMT, KP, "kitas"])
def test_programmes_alike_in_everything_look_different(kind):
    assert draw(kind, "viena", *[SLUGS[:3]] * 3) != draw(kind, "kita", *[SLUGS[:3]] * 3)


@pytest.mark.django_db
def test_the_emblem_does_not_depend_on_the_order_of_rows():
    groups = TargetGroupFactory.create_batch(3)
    competences = [
        CompetenceFactory(group=CompetenceGroupFactory()) for number in range(3)
    ]
    programme = ProgrammeFactory(
        project=ProjectFactory(slug=KP), target_groups=groups, competences=competences
    )
    before = emblem_of(programme)

    programme.target_groups.set(reversed(groups), clear=True)
    programme.competences.set(reversed(competences), clear=True)

    assert emblem_of(programme) == before


@pytest.mark.django_db
def test_the_shipped_programmes_have_three_emblems():
    call_command("load_catalogue", verbosity=0)
    programmes = Programme.objects.with_text().with_emblem()

    emblems = {programme.slug: emblem_of(programme) for programme in programmes}

    assert len(set(emblems.values())) == 3
    assert len(dots(emblems["bmt-modelio-kurimas"], "knots")) == 6
    assert len(dots(emblems["bmt-1-kurimas-vietose"], "holes")) == 4
    assert len(parts(emblems["kurybines-partnerystes"], "shape")) == 3


@pytest.mark.django_db
def test_the_same_emblem_stands_on_every_page_of_the_programme(browse):
    programme = ProgrammeFactory(
        accredited=True, target_groups=[TargetGroupFactory(slug="pedagogai")]
    )
    call = CallFactory(programme=programme)
    emblem = emblem_of(programme)

    for address in (
        "/",
        "/programos/",
        programme.get_absolute_url(),
        call.get_absolute_url(),
        f"/palyginti/?programa={programme.slug}",
    ):
        assert browse().get(address).text.count(emblem) == 1, address
