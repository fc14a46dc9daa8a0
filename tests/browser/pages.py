"""The pages that everybody sees, by what they show: a path, or where to find it."""

from catalogue.models import Call


def _call(title):
    return lambda: Call.objects.get(title__startswith=title).get_absolute_url()


PUBLIC = {
    "home": "/",
    "programmes": "/programos/",
    "programmes filtered": "/programos/?q=mokykla&akreditacija=nenurodyta&atvira=1",
    "programmes found": "/programos/?q=kurybines+partneryses",
    "programmes none": "/programos/?q=zzzz",
    "programmes suggested": "/programos/?q=partnreystse&lygis=pradinis",
    "programmes archived": "/programos/?akreditacija=archyvas",
    "programme BMT model": "/programos/bmt-modelio-kurimas/",
    "programme BMT local": "/programos/bmt-1-kurimas-vietose/",
    "programme KP": "/programos/kurybines-partnerystes/",
    "module 1": "/programos/kurybines-partnerystes/moduliai/1/",
    "module 2": "/programos/kurybines-partnerystes/moduliai/2/",
    "calls": "/kvietimai/",
    "call open": _call("Šaukimas BMT modeliui kurti"),
    "call open for module": _call("Tyrinėjančios mokyklos"),
    "call closed": _call("Šaukimas BMT kurti vietose"),
    "call past": _call("Pirmasis šaukimas BMT modeliui"),
    "call planned": _call("Pavasario šaukimas"),
    "call cancelled": _call("Vasaros šaukimas"),
    "privacy": "/privatumas/",
    "sign-in": "/paskyra/prisijungti/",
}
NOT_FOUND = "/tokio-puslapio-nera/"


def path_of(page):
    """The path, once the demonstration data is there to be asked."""
    return page() if callable(page) else page
