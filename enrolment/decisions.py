"""The coordinator's decisions on a team, as the admin offers them."""

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone

from core import validators
from core.forms import DateInput, PortalForm
from core.steps import Step
from enrolment import permissions, transitions
from enrolment.models import RejectReason, ReturnReason, TeamStatus, WithdrawReason


def _note(label, **kwargs):
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[MaxLengthValidator(2000), validators.plain_text],
        **kwargs,
    )


def _reason(reasons):
    """Nothing is chosen beforehand: a reason nobody read must not go out in a letter."""
    return forms.ChoiceField(
        label="Priežastis", choices=[("", "Pasirinkite"), *reasons.choices]
    )


class NoteForm(PortalForm):
    note = _note(
        "Pastaba komandai",
        required=False,
        help_text="Ją matys komandos vadovas: laiške ir paraiškos puslapyje.",
    )


class _ReasonForm(PortalForm):
    note = _note(
        "Paaiškinimas komandai",
        help_text="Jį matys komandos vadovas: laiške ir paraiškos puslapyje.",
    )

    field_order = ["reason", "note"]


class RejectForm(_ReasonForm):
    reason = _reason(RejectReason)


class WithdrawForm(_ReasonForm):
    reason = _reason(WithdrawReason)


class ReturnForm(_ReasonForm):
    reason = _reason(ReturnReason)
    answer_until = forms.DateField(
        label="Patikslinti iki",
        widget=DateInput,
        validators=[validators.likely_day],
        help_text="Paskutinė diena, kurią paraišką dar galima pateikti iš naujo.",
    )

    def clean_answer_until(self):
        day = self.cleaned_data["answer_until"]
        if day < timezone.localdate():
            raise forms.ValidationError("Terminas negali būti praėjusi diena.")
        return day


def _waiting(team):
    return team.status == TeamStatus.SUBMITTED


STEPS = (
    Step(
        name="approve",
        title="Patvirtinti paraišką",
        many="Patvirtinti",
        many_done="Patvirtinta",
        transition=transitions.approve,
        allowed=permissions.can_decide,
        offered=_waiting,
        form_class=NoteForm,
        done="Paraiška patvirtinta, komandos vadovui išsiųstas laiškas.",
        tone="primary",
    ),
    Step(
        name="return",
        title="Grąžinti paraišką tikslinti",
        many="Grąžinti tikslinti",
        many_done="Grąžinta tikslinti",
        transition=transitions.return_for_changes,
        allowed=permissions.can_decide,
        offered=lambda team: team.status in (TeamStatus.SUBMITTED, TeamStatus.RETURNED),
        form_class=ReturnForm,
        done="Paraiška grąžinta tikslinti, komandos vadovui išsiųstas laiškas.",
    ),
    Step(
        name="reserve",
        title="Įrašyti paraišką į rezervą",
        many="Įrašyti į rezervą",
        many_done="Įrašyta į rezervą",
        transition=transitions.put_on_reserve,
        allowed=permissions.can_decide,
        offered=_waiting,
        form_class=NoteForm,
        done="Paraiška įrašyta į rezervą, komandos vadovui išsiųstas laiškas.",
    ),
    Step(
        name="reject",
        title="Atmesti paraišką",
        many="Atmesti",
        many_done="Atmesta",
        transition=transitions.reject,
        allowed=permissions.can_decide,
        offered=_waiting,
        form_class=RejectForm,
        done="Paraiška atmesta, komandos vadovui išsiųstas laiškas.",
        tone="danger",
    ),
    Step(
        name="withdraw",
        title="Atsiimti patvirtintą paraišką",
        many="Atsiimti patvirtintas",
        many_done="Atsiimta",
        transition=transitions.withdraw,
        allowed=permissions.can_decide,
        offered=lambda team: team.status == TeamStatus.APPROVED,
        form_class=WithdrawForm,
        done="Paraiška atsiimta, vieta atlaisvinta, komandos vadovui išsiųstas laiškas.",
        tone="danger",
    ),
)
