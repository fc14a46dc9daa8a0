from enrolment.views.members import (
    MemberAddView,
    MemberChangeView,
    MemberListView,
    MemberRemoveView,
)
from enrolment.views.sections import (
    AnswersView,
    LeadView,
    TeamInstitutionView,
    TeamUnlistedInstitutionView,
)
from enrolment.views.start import ApplyView, UnlistedInstitutionView
from enrolment.views.submission import ReviewView, SubmitView, WithdrawView
from enrolment.views.teams import TeamListView, TeamPrintView, TeamView

__all__ = [
    "AnswersView",
    "ApplyView",
    "LeadView",
    "MemberAddView",
    "MemberChangeView",
    "MemberListView",
    "MemberRemoveView",
    "ReviewView",
    "SubmitView",
    "TeamInstitutionView",
    "TeamListView",
    "TeamPrintView",
    "TeamUnlistedInstitutionView",
    "TeamView",
    "UnlistedInstitutionView",
    "WithdrawView",
]
