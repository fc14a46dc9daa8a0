"""The emblem of a programme: a small SVG drawn from its own data, always the same.

It decorates and tells nothing that the page does not say in words, so screen readers pass
it over. Colours come from the stylesheet (``.emblem``), which serves dark pages and paper.
"""

from functools import lru_cache
from math import cos, radians, sin
from zlib import crc32

from django.utils.safestring import mark_safe

SIZE = 96
CENTRE = SIZE // 2
TONES = 3  # .emblem__tone-0 and on
MOST = 6  # knots, rings or shapes of a kind; more would only blur


@lru_cache(maxsize=512)
def draw(kind, seed, groups, competences, competence_groups):
    """Return the SVG. All but ``kind`` are slugs: of the programme and of what it has."""
    picture = _PICTURES.get(kind, _rings)
    shapes = picture(seed, groups[:MOST], competences[:MOST], competence_groups[:MOST])
    return mark_safe(  # only numbers and names of classes
        f'<svg class="emblem" viewBox="0 0 {SIZE} {SIZE}" aria-hidden="true">'
        f"{''.join(shapes)}</svg>"
    )


def emblem_of(programme):
    """The emblem of a programme from ``with_emblem()``."""
    competences = programme.competences.all()
    return draw(
        programme.project.slug,
        programme.slug,
        tuple(sorted(group.slug for group in programme.target_groups.all())),
        tuple(sorted(competence.slug for competence in competences)),
        tuple(
            sorted(
                {
                    competence.group.slug
                    for competence in competences
                    if competence.group
                }
            )
        ),
    )


def _net(seed, groups, competences, competence_groups):
    """A net: a knot for each target group, and a hollow one inside for each competence."""
    turn = _number(seed, 360)
    names = groups if len(groups) > 2 else (*groups, "a", "b", "c")[:3]
    step = 360 / len(names)
    outer = [
        _at(
            turn + step * (place + _number(name, 40) / 100),
            31 + _number(name + seed, 10),
        )
        for place, name in enumerate(names)
    ]
    hollow = len(competences)
    inner = (
        [_at(turn + 25 + place * 360 / hollow, 15) for place in range(hollow)]
        if hollow > 1
        else [(CENTRE, CENTRE)]
    )
    lines = _loop(outer) + _loop(inner)
    if hollow > 1:
        # Through an inner knot to both of its neighbours.
        for knot in inner:
            near, next_near = _nearest(knot, outer, 2)
            lines += _line(near, knot, next_near)
    else:
        for knot in outer:
            lines += _line(inner[0], knot)
    yield f'<path class="emblem__line" d="{lines}"/>'
    yield f'<path class="emblem__knots" d="{_dots(outer)}"/>'
    yield _own(*outer[_number(seed, len(outer))])
    yield f'<path class="emblem__rims" d="{_dots(inner)}"/>'
    yield f'<path class="emblem__holes" d="{_dots(inner)}"/>'


def _shapes(seed, groups, competences, competence_groups):
    """Overlapping shapes: one for each group of competences."""
    turn = _number(seed, 360)
    names = competence_groups or groups
    if len(names) < 2:
        names = (*names, seed, seed[::-1])[:2]
    for place, name in enumerate(names):
        x, y = _at(turn + place * 360 / len(names), 14)
        tone = f'class="emblem__shape emblem__tone-{place % TONES}"'
        corners = (0, 4, 3, 5)[place % 4]
        if corners:
            tilt = _number(name, 360)
            points = [
                _at(tilt + corner * 360 / corners, 27, (x, y))
                for corner in range(corners)
            ]
            joined = " ".join(f"{px},{py}" for px, py in points)
            yield f'<polygon {tone} points="{joined}"/>'
        else:
            yield f'<circle {tone} cx="{x}" cy="{y}" r="24"/>'


def _rings(seed, groups, competences, competence_groups):
    """For a project without a picture of its own: a broken ring for each target group."""
    names = groups or (seed,)
    step = 36 / len(names)
    for place, name in enumerate(names):
        radius = 8 + step * (place + 1)
        turn, length = _number(name + seed, 360), 60 + _number(name, 30)
        yield (
            f'<circle class="emblem__line" cx="{CENTRE}" cy="{CENTRE}" '
            f'r="{radius:.3g}" pathLength="100" stroke-dasharray="{length} 100" '
            f'transform="rotate({turn} {CENTRE} {CENTRE})"/>'
        )
    yield _own(CENTRE, CENTRE)


# By the address of the project.
_PICTURES = {"besimokanciu-mokyklu-tinklai": _net, "kurybines-partnerystes": _shapes}


def _number(text, below):
    """A number that depends on the text alone, in every process and on every machine."""
    return crc32(text.encode()) % below


def _at(angle, distance, centre=(CENTRE, CENTRE)):
    x, y = centre
    turn = radians(angle)
    return round(x + distance * cos(turn)), round(y + distance * sin(turn))


def _nearest(knot, others, number):
    x, y = knot
    return sorted(others, key=lambda at: (at[0] - x) ** 2 + (at[1] - y) ** 2)[:number]


def _line(*places):
    return "M" + " ".join(f"{x} {y}" for x, y in places)


def _loop(places):
    return f"{_line(*places)}Z"


def _dots(places):
    """Lines without length, which round ends make dots: far shorter than circles."""
    return "".join(f"M{x} {y}h0" for x, y in places)


def _own(x, y):
    return f'<circle class="emblem__own" cx="{x}" cy="{y}" r="7"/>'
