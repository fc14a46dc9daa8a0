"""The names of the roles. What each may do stands in ``accreditation.roles``."""

COORDINATORS = "Koordinatoriai"
CENTRE_STAFF = "Centro darbuotojai"
