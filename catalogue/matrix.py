"""Modules × competences × requirements as the rows of one table."""

from dataclasses import dataclass

from catalogue.models import RequirementKind, Stage


@dataclass
class Row:
    """A competence or a stage, to whom it applies, and a cell for each module.

    A cell is ``True`` where the module gives or asks this, a text where there is more to
    say, and otherwise empty.
    """

    label: str
    role: str
    cells: list


@dataclass
class Part:
    title: str
    rows: list


def matrix(modules):
    """The parts of the table for modules whose gains and requirements are prefetched."""
    gains = Part("Ką įgyja dalyviai", _gained(modules))
    asked = [Part(kind.label, _asked(modules, kind)) for kind in RequirementKind]
    return [part for part in (gains, *asked) if part.rows]


def _gained(modules):
    rows = {}
    for place, module in enumerate(modules):
        for gain in module.gains.all():
            row = rows.setdefault(
                (gain.competence_id, gain.role),
                Row(str(gain.competence), gain.role, [""] * len(modules)),
            )
            row.cells[place] = gain.get_level_display() or True
    return list(rows.values())


def _asked(modules, kind):
    """A row for each stage and role that some module asks for, in the order of stages."""
    asked = {
        (requirement.stage, requirement.role, module.pk)
        for module in modules
        for requirement in module.requirements.all()
        if requirement.kind == kind
    }
    return [
        Row(
            stage.label,
            role,
            [(stage, role, module.pk) in asked or "" for module in modules],
        )
        for stage in Stage
        for role in sorted({role for at, role, _ in asked if at == stage})
    ]
