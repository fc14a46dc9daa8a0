"""Columns derived from other columns of the same row, written whenever it is saved."""

from django.db import models

from core.text import fold, sort_key


class _DerivedField:
    """Compute the value from the named fields, on ``save`` and in ``bulk_create`` alike.

    ``save(update_fields=…)`` must name this field together with its sources;
    ``QuerySet.update`` and ``bulk_update`` do not compute it at all.
    """

    def __init__(self, *sources, **kwargs):
        self.sources = sources
        kwargs.setdefault("editable", False)
        super().__init__(**kwargs)

    def deconstruct(self):
        name, path, _, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, list(self.sources), kwargs

    def pre_save(self, instance, add):
        text = " ".join(str(getattr(instance, name) or "") for name in self.sources)
        value = self.derive(text)
        setattr(instance, self.attname, value)
        return value


class SortKeyField(_DerivedField, models.BinaryField):
    """Orders rows by the Lithuanian alphabet on every database: ``order_by("sort_key")``."""

    derive = staticmethod(sort_key)

    def from_db_value(self, value, expression, connection):
        # PostgreSQL gives a memoryview, which can be neither compared nor pickled.
        return None if value is None else bytes(value)


class FoldedField(_DerivedField, models.TextField):
    """Matches without case and diacritics: ``filter(folded__contains=fold(text))``."""

    derive = staticmethod(fold)
