"""The members, one by one. Each is saved at once."""

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.views.generic import DetailView

from core.forms import ConfirmForm, PortalHelper
from core.models import normalise_email
from core.views import refused
from enrolment import transitions
from enrolment.forms import MemberForm
from enrolment.models import Member
from enrolment.tasks import members_said
from enrolment.views.base import LedTeamMixin, TeamFormView, why_closed


def seats(team):
    """How many more of each kind the call allows (R1)."""
    counted, external = team.head_count()
    return {
        "seats": team.call.members_max - counted,
        "external_seats": team.call.external_max - external,
    }


class MemberListView(LedTeamMixin, DetailView):
    queryset = LedTeamMixin.queryset.prefetch_related("members")
    template_name = "enrolment/member_list.html"

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        if why := why_closed(self.object):
            return refused(request, why, self.object.get_absolute_url())
        return self.render_to_response(self.get_context_data(object=self.object))

    def get_context_data(self, **kwargs):
        members = self.object.members.all()
        addresses = {member.email for member in members}
        return super().get_context_data(
            members=members,
            members_said=members_said(self.object),
            lead_is_member=self.request.user.email in addresses,
            **seats(self.object),
            **kwargs,
        )


class _MemberFormView(TeamFormView):
    template_name = "enrolment/member_form.html"
    form_class = MemberForm

    def get_back_url(self):
        return reverse("enrolment:members", args=[self.team.pk])

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.get_member()}

    def typed(self, form):
        """The fields as the model keeps them, for the transition."""
        return {name: getattr(form.instance, name) for name in form.fields}


class MemberAddView(_MemberFormView):
    title = "Naujas narys"
    done = "Narys įrašytas."

    def get_member(self):
        return Member(team=self.team)

    def get_initial(self):
        """``?vadovas=1`` writes the lead in: most leads take part themselves."""
        if "vadovas" not in self.request.GET:
            return {}
        first_name, _, last_name = self.team.lead_name.rpartition(" ")
        return {
            "first_name": first_name,
            "last_name": last_name,
            "email": normalise_email(self.request.user.email),
        }

    def save(self, form):
        transitions.add_member(self.team, by=self.request.user, **self.typed(form))
        where = "member_add" if "another" in self.request.POST else "members"
        return reverse(f"enrolment:{where}", args=[self.team.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(**seats(self.team), **kwargs)


class _OneMemberMixin:
    """A member of this very team; one that another tab has removed is explained."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.member = self.team.members.filter(pk=kwargs["member_pk"]).first()
        if self.member is None:
            messages.warning(
                request,
                "Šio nario komandoje nėra – galbūt jis jau pašalintas kitame lange.",
            )
            raise Http404

    def get_back_url(self):
        return reverse("enrolment:members", args=[self.team.pk])

    def get_context_data(self, **kwargs):
        return super().get_context_data(member=self.member, **kwargs)


class MemberChangeView(_OneMemberMixin, _MemberFormView):
    title = "Nario duomenys"
    done = "Nario duomenys išsaugoti."

    def get_member(self):
        self.member.team = self.team
        return self.member

    def save(self, form):
        transitions.change_member(self.member, by=self.request.user, **self.typed(form))
        return self.get_back_url()


class MemberRemoveView(_OneMemberMixin, TeamFormView):
    template_name = "enrolment/member_remove.html"
    form_class = ConfirmForm
    title = "Pašalinti narį"
    done = "Narys pašalintas."

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        del kwargs["back"]
        return kwargs

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.helper = PortalHelper(
            submit="Pašalinti narį", tone="danger", back=self.get_back_url()
        )
        return form

    def save(self, form):
        transitions.remove_member(self.member, by=self.request.user)
        return self.get_back_url()
