"""The lead's own applications: the list, the task list of one, the printed sheet."""

from django.utils import timezone
from django.views.generic import DetailView

from core.models import Event
from core.views import PoliteListView
from enrolment import permissions, transitions
from enrolment.tasks import colleagues, task_list
from enrolment.views.base import LedTeamMixin


class TeamListView(LedTeamMixin, PoliteListView):
    template_name = "enrolment/team_list.html"
    context_object_name = "teams"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            now=timezone.now(), today=timezone.localdate(), **kwargs
        )


class TeamView(LedTeamMixin, DetailView):
    """The task list while it may be edited; afterwards what came of it."""

    queryset = LedTeamMixin.queryset.prefetch_related("members")
    template_name = "enrolment/team.html"

    def get_context_data(self, **kwargs):
        team = self.object
        context = super().get_context_data(
            steps=permissions.steps(self.request.user, team),
            # Changes of status; who typed what and when is for staff.
            events=Event.objects.about(team).exclude(new="").select_related("actor"),
            **kwargs,
        )
        if team.is_editable:
            tasks = task_list(team)
            context |= {
                "tasks": tasks,
                "is_complete": all(task.is_done for task in tasks),
                "late": transitions.why_not_in_time(team),
                "colleagues": colleagues(team),
            }
        return context


class TeamPrintView(LedTeamMixin, DetailView):
    queryset = LedTeamMixin.queryset.prefetch_related("members")
    template_name = "enrolment/print.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(today=timezone.localdate(), **kwargs)
