"""Checking the answers, handing the application in and taking it back."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.generic import DetailView

from core.transitions import Refused
from core.views import TransitionView, refused
from enrolment import permissions, transitions
from enrolment.forms import WithdrawForm
from enrolment.tasks import colleagues, task_list
from enrolment.views.base import LedTeamMixin, LimitedMixin, why_closed


class ReviewView(LedTeamMixin, DetailView):
    """The last look before handing in. Once handed in, the way leads to the application."""

    queryset = LedTeamMixin.queryset.prefetch_related("members")
    template_name = "enrolment/review.html"
    refusal = ""

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        if why := why_closed(self.object):
            messages.info(request, why)
            return redirect(self.object)
        status = 409 if self.refusal else 200
        return self.render_to_response(self.get_context_data(), status=status)

    def get_context_data(self, **kwargs):
        tasks = task_list(self.object)
        return super().get_context_data(
            tasks=tasks,
            is_complete=all(task.is_done for task in tasks),
            colleagues=colleagues(self.object),
            late=transitions.why_not_in_time(self.object),
            refusal=self.refusal,
            **kwargs,
        )


class SubmitView(LimitedMixin, ReviewView):
    """POST hands the application in; a second click finds it handed in, and says so.

    Who comes here by GET, as after signing in anew, is shown the review page.
    """

    def get(self, request, *args, **kwargs):
        return redirect("enrolment:review", pk=self.get_object().pk)

    def post(self, request, *args, **kwargs):
        team = self.get_object()
        try:
            team = transitions.submit(team, by=request.user)
        except Refused as reason:
            self.refusal = str(reason)
            return super().get(request, *args, **kwargs)
        messages.success(request, f"Paraiška pateikta. Jos numeris – {team.number}.")
        return redirect(team)


class WithdrawView(LimitedMixin, LedTeamMixin, TransitionView):
    template_name = "enrolment/withdraw.html"
    form_class = WithdrawForm
    transition = transitions.withdraw
    allowed = permissions.is_lead
    title = "Atsiimti paraišką"
    tone = "danger"
    done = "Paraiška atsiimta."

    def get(self, request, *args, **kwargs):
        if "withdraw" not in permissions.steps(request.user, self.object):
            reason = (
                f"Atsiimti nebegalima: būsena „{self.object.get_status_display()}“."
            )
            return refused(request, reason, self.object.get_absolute_url())
        return super().get(request, *args, **kwargs)
