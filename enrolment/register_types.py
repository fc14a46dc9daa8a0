"""The kinds of institutions: the register's words → the portal's ``InstitutionType`` slugs."""

from core.models import InstitutionType
from core.text import fold

# As the register and the lists of cities write them, in singular and in plural.
TYPES = {
    "pradine-mokykla": ["Pradinė mokykla", "Pradinės mokyklos"],
    "progimnazija": ["Progimnazija", "Progimnazijos"],
    "pagrindine-mokykla": ["Pagrindinė mokykla", "Pagrindinės mokyklos"],
    "gimnazija": ["Gimnazija", "Gimnazijos"],
    "vidurine-mokykla": ["Vidurinė mokykla", "Vidurinės mokyklos"],
    "mokykla-darzelis": [
        "Mokykla-darželis",
        "Mokyklos-darželiai",
        "Darželis-mokykla",
        "Darželiai-mokyklos",
    ],
    "ikimokyklinio-ugdymo-mokykla": [
        "Ikimokyklinio ugdymo mokykla",
        "Ikimokyklinio ugdymo mokyklos",
        "Ikimokyklinio ugdymo įstaiga",
        "Ikimokyklinio ugdymo įstaigos",
        "Ikimokyklinė įstaiga",
        "Ikimokyklinės įstaigos",
        "Lopšelis-darželis",
        "Lopšeliai-darželiai",
        "Vaikų darželis",
        "Vaikų darželiai",
        "Darželis",
        "Darželiai",
    ],
    "profesinio-mokymo-istaiga": [
        "Profesinio mokymo įstaiga",
        "Profesinio mokymo įstaigos",
        "Profesinė mokykla",
        "Profesinės mokyklos",
    ],
    "neformaliojo-svietimo-mokykla": [
        "Neformaliojo švietimo mokykla",
        "Neformaliojo švietimo mokyklos",
        "Neformaliojo vaikų švietimo mokykla",
        "Neformaliojo vaikų švietimo mokyklos",
        "Neformaliojo vaikų švietimo mokykla ir formalųjį švietimą papildančio ugdymo mokykla",
        "Neformaliojo vaikų švietimo mokyklos ir formalųjį švietimą papildančio ugdymo mokyklos",
        "Formalųjį švietimą papildančio ugdymo mokykla",
        "Formalųjį švietimą papildančio ugdymo mokyklos",
    ],
    "daugiafunkcis-centras": [
        "Daugiafunkcis centras",
        "Daugiafunkciai centrai",
        "Mokykla-daugiafunkcis centras",
        "Mokyklos-daugiafunkciai centrai",
    ],
    "specialioji-mokykla": [
        "Specialioji mokykla",
        "Specialiosios mokyklos",
        "Specialiojo ugdymo centras",
        "Specialiojo ugdymo centrai",
        "Specialioji mokykla ir ugdymo centras",
        "Specialiosios mokyklos ir ugdymo centrai",
    ],
    "suaugusiuju-mokykla": [
        "Suaugusiųjų mokykla",
        "Suaugusiųjų mokyklos",
        "Suaugusiųjų mokymo centras",
        "Suaugusiųjų mokymo centrai",
    ],
    "svietimo-centras": [
        "Švietimo centras",
        "Švietimo centrai",
        "Mokytojų švietimo centras",
        "Mokytojų švietimo centrai",
    ],
    "svietimo-pagalbos-tarnyba": [
        "Švietimo pagalbos tarnyba",
        "Švietimo pagalbos tarnybos",
        "Švietimo pagalbos įstaiga",
        "Švietimo pagalbos įstaigos",
        "Pedagoginė psichologinė tarnyba",
        "Pedagoginės psichologinės tarnybos",
    ],
    "savivaldybes-svietimo-padalinys": [
        "Savivaldybės švietimo padalinys",
        "Savivaldybių švietimo padaliniai",
        "Savivaldybės administracijos švietimo padalinys",
        "Savivaldybių administracijų švietimo padaliniai",
    ],
    InstitutionType.OTHER: ["Kita", "Kitos", "Kiti"],
}

_SLUG_OF = {fold(name): slug for slug, names in TYPES.items() for name in names}


def slug_of(text: str) -> str | None:
    """The type that ``text`` names, whatever its case and diacritics; None if unknown."""
    return _SLUG_OF.get(fold(text))
