from django.db import models


class IndexEntry(models.Model):
    """What the search knows of a programme (paieškos įrašas); see ``catalogue.index``."""

    programme = models.OneToOneField(
        "catalogue.Programme",
        models.CASCADE,
        primary_key=True,
        related_name="index_entry",
        verbose_name="programa",
    )
    text = models.TextField("tekstas ištraukoms", blank=True)
    digest = models.CharField("teksto santrauka", max_length=64)

    class Meta:
        verbose_name = "paieškos įrašas"
        verbose_name_plural = "paieškos įrašai"

    def __str__(self):
        return str(self.programme)


class Posting(models.Model):
    """A term of a programme and how much it tells (paieškos žodis)."""

    document = models.ForeignKey(
        IndexEntry,
        models.CASCADE,
        related_name="postings",
        verbose_name="įrašas",
        db_index=False,
    )
    term = models.CharField("žodis", max_length=40)
    weight = models.PositiveSmallIntegerField("svoris")

    class Meta:
        verbose_name = "paieškos žodis"
        verbose_name_plural = "paieškos žodžiai"
        constraints = [
            models.UniqueConstraint(
                fields=["document", "term"], name="posting_term_once"
            )
        ]
        indexes = [
            # Holds all that a search reads, so it never visits the table.
            models.Index(fields=["term", "document", "weight"], name="posting_by_term")
        ]

    def __str__(self):
        return self.term


class Stamp(models.Model):
    """The last change of the catalogue (katalogo žymė); see ``catalogue.freshness``."""

    value = models.CharField("žymė", max_length=40)

    class Meta:
        verbose_name = "katalogo žymė"
        verbose_name_plural = "katalogo žymės"

    def __str__(self):
        return self.value
