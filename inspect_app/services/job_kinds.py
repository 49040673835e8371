"""Every kind of job, by the name under which it stands in the job table."""

from collections.abc import Mapping
from typing import Final

from inspect_app.services.import_job import give_up_import, run_import
from inspect_app.services.imports import IMPORT_STOLEN
from inspect_app.services.jobs import JobKind
from inspect_app.services.rehearsal import give_up_rehearsal, run_rehearsal
from inspect_app.services.releases import REHEARSE
from inspect_app.services.rescreening import RESCREEN, give_up_rescreening, run_rescreening
from inspect_app.services.verification import VERIFY, give_up_verification, run_verification

JOB_KINDS: Final[Mapping[str, JobKind]] = {
    IMPORT_STOLEN: JobKind(run_import, give_up_import),
    REHEARSE: JobKind(run_rehearsal, give_up_rehearsal),
    RESCREEN: JobKind(run_rescreening, give_up_rescreening),
    VERIFY: JobKind(run_verification, give_up_verification),
}
