from django import forms

from core import validators
from core.forms import PortalForm, PortalModelForm
from enrolment.models import Institution


class InstitutionForm(PortalModelForm):
    class Meta:
        model = Institution
        fields = [
            "name",
            "code",
            "ins_id",
            "type",
            "municipality",
            "ownership",
            "parent_ins_id",
            "registered_on",
            "closed_on",
        ]
        constraint_fields = {"institution_closed_after_registered": "closed_on"}


class MatchForm(PortalForm):
    """The number is typed, not chosen: the register has thousands of rows."""

    institution = forms.CharField(
        label="Registro Nr. (ins_id) arba įstaigos kodas",
        help_text="Įstaigos, su kuria sutapatinsite. Ją rasite įstaigų sąraše.",
        max_length=20,
        validators=[validators.plain_line],
    )

    def clean_institution(self):
        given = self.cleaned_data["institution"]
        choosable = Institution.objects.choosable()
        found = list(choosable.filter(ins_id=given)) or list(
            choosable.filter(code=given)[:2]
        )
        if not found:
            raise forms.ValidationError("Registre tokios veikiančios įstaigos nėra.")
        if len(found) > 1:
            raise forms.ValidationError(
                "Šį kodą turi kelios įstaigos. Įrašykite registro numerį (ins_id)."
            )
        return found[0]
