"""Who may read what the centre attests."""


def can_view_reports(user):
    """Centre staff: a report shows the teams of every call (R10).

    ``is_staff`` too, because it is what a second factor is demanded of.
    """
    return user.is_staff and user.has_perm("accreditation.view_reports")
