from catalogue.models.accreditations import (
    Accreditation,
    AccreditationQuerySet,
    AccreditationState,
    Precision,
)
from catalogue.models.calls import (
    Call,
    CallQuerySet,
    CallStatus,
)
from catalogue.models.modules import (
    Level,
    Module,
    ModuleCompetence,
    Requirement,
    RequirementKind,
    Role,
    Stage,
)
from catalogue.models.programmes import (
    Competence,
    CompetenceGroup,
    Programme,
    ProgrammeQuerySet,
    ProgrammeVersion,
    Project,
    TargetGroup,
)
from catalogue.models.search import IndexEntry, Posting, Stamp

__all__ = [
    "Accreditation",
    "AccreditationQuerySet",
    "AccreditationState",
    "Call",
    "CallQuerySet",
    "CallStatus",
    "Competence",
    "CompetenceGroup",
    "IndexEntry",
    "Level",
    "Module",
    "ModuleCompetence",
    "Posting",
    "Precision",
    "Programme",
    "ProgrammeQuerySet",
    "ProgrammeVersion",
    "Project",
    "Requirement",
    "RequirementKind",
    "Role",
    "Stage",
    "Stamp",
    "TargetGroup",
]
