"""Who somebody is (paskyros): signing in by a code, the second factor of the staff.

django-allauth does the work; here is what the portal does in its own way. There are no
passwords, no page for signing up, and no addresses but ``User.email``.
"""
