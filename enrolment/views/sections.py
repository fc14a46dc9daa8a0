"""The pages of the task list, but for the members."""

from django.db import transaction
from django.urls import reverse

from enrolment import transitions
from enrolment.forms import AnswersForm, LeadForm, UnlistedInstitutionForm
from enrolment.models import TeamStatus
from enrolment.views.base import TeamFormView
from enrolment.views.start import InstitutionPickerMixin


class AnswersFormView(TeamFormView):
    """Saves any of the lead's words about the team."""

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.team}

    def save(self, form):
        return transitions.save_answers(
            self.team, by=self.request.user, **form.cleaned_data
        )


class LeadView(AnswersFormView):
    form_class = LeadForm
    title = "Paraiškos teikėjas"
    intro = (
        "Įrašykite save: dėl šios paraiškos bus kreipiamasi į jus. Jei dalyvausite ir "
        "jūs, įrašykite save dar ir prie narių."
    )


class AnswersView(AnswersFormView):
    form_class = AnswersForm
    title = "Motyvacija ir problema"
    intro = (
        "Pagal šiuos atsakymus koordinatorius sprendžia, ar komandai skirti vietą. "
        "Galite išsaugoti nebaigę ir grįžti vėliau."
    )


class _InstitutionView(TeamFormView):
    title = "Įstaiga"
    done = "Įstaiga pakeista."

    def why_closed(self):
        if self.team.status == TeamStatus.RETURNED:
            return (
                "Pateiktos paraiškos įstaigos pakeisti negalima. Jei ji netiksli, "
                "paraišką atsiimkite ir pateikite naują arba kreipkitės į koordinatorių."
            )
        return super().why_closed()

    def choose(self, institution):
        return transitions.choose_institution(
            self.team, institution=institution, by=self.request.user
        )


class TeamInstitutionView(InstitutionPickerMixin, _InstitutionView):
    template_name = "enrolment/institution.html"
    submit = "Pakeisti įstaigą"

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        del kwargs["back"]
        return kwargs

    def save(self, form):
        return self.choose(form.cleaned_data["institution"])


class TeamUnlistedInstitutionView(_InstitutionView):
    form_class = UnlistedInstitutionForm
    title = "Įstaiga, kurios nėra sąraše"
    intro = (
        "Įrašykite įstaigą ranka. Centro darbuotojas ją sutikrins su registru; paraišką "
        "galite pildyti ir pateikti nelaukdami."
    )

    def get_back_url(self):
        return reverse("enrolment:institution", args=[self.team.pk])

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"submit": "Pakeisti įstaigą"}

    @transaction.atomic
    def save(self, form):
        claim = transitions.claim_institution(by=self.request.user, **form.cleaned_data)
        return self.choose(claim)
