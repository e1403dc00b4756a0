"""The reader's words for what is stored, and how grave each is."""

from __future__ import annotations

from dcctl.model.status import (
    FindingStatus,
    NotEvaluated,
    NotStarted,
    RunStatus,
    Severity,
    StepStatus,
)
from dcctl.model.upgrade import Phase
from dcctl.text import N_, translate

WRONG, UNSURE, FINE = GRADES = ("wrong", "unsure", "fine")
STEP_GRADES = {
    StepStatus.OK: FINE,
    StepStatus.CHANGED: FINE,
    StepStatus.SKIPPED: FINE,
    StepStatus.FAILED: WRONG,
    StepStatus.UNREACHABLE: UNSURE,
    StepStatus.ERROR: UNSURE,
    StepStatus.NOT_STARTED: UNSURE,
}
FINDING_GRADES = {
    FindingStatus.PASS: FINE,
    FindingStatus.PARTIAL: WRONG,
    FindingStatus.FAIL: WRONG,
    FindingStatus.NOT_APPLICABLE: FINE,
    FindingStatus.NOT_EVALUATED: UNSURE,
    FindingStatus.WAIVED: FINE,
}
WORDS = {
    StepStatus.OK: N_("ok"),
    StepStatus.CHANGED: N_("changed"),
    StepStatus.SKIPPED: N_("skipped"),
    StepStatus.FAILED: N_("failed"),
    StepStatus.UNREACHABLE: N_("unreachable"),
    StepStatus.ERROR: N_("error"),
    StepStatus.NOT_STARTED: N_("not started"),
    FindingStatus.PASS: N_("pass"),
    FindingStatus.PARTIAL: N_("partial"),
    FindingStatus.FAIL: N_("fail"),
    FindingStatus.NOT_APPLICABLE: N_("not applicable"),
    FindingStatus.NOT_EVALUATED: N_("not evaluated"),
    FindingStatus.WAIVED: N_("waived"),
}
SEVERITY_WORDS = {
    Severity.CRITICAL: N_("critical"),
    Severity.HIGH: N_("high"),
    Severity.MEDIUM: N_("medium"),
    Severity.LOW: N_("low"),
}
REASONS = {
    NotEvaluated.UNREACHABLE: N_("unreachable"),
    NotEvaluated.ERROR: N_("error"),
    NotEvaluated.UNPARSED: N_("answer not understood"),
    NotEvaluated.NO_COLLECTOR: N_("nothing reads this here"),
    NotEvaluated.UNMANAGED: N_("no driver reaches it"),
    NotEvaluated.NOT_STARTED: N_("never read"),
    NotEvaluated.ATTESTATION: N_("somebody has to attest it"),
}
NOT_STARTED = {
    NotStarted.DEPENDENCY: N_("an earlier step of the same target did not succeed"),
    NotStarted.MAX_FAILURES: N_("too many others had failed"),
    NotStarted.CANARY: N_("no canary of its kind was proved well"),
    NotStarted.INTERRUPTED: N_("the run was interrupted"),
    NotStarted.STALE: N_("the target is no longer as it was when the plan was made"),
    NotStarted.UNOBSERVED: N_("it was not observed when the plan was made"),
    NotStarted.LOCKED: N_("another run holds it"),
    NotStarted.REDUNDANCY: N_("its partner is not well"),
    NotStarted.UNMANAGED: N_("no driver reaches it"),
    NotStarted.WINDOW: N_("its maintenance window is closed"),
    NotStarted.PAUSED: N_("the campaign was paused"),
    NotStarted.UNSURE: N_("an element before it is in doubt"),
}
WAVE_WORDS = {
    "canary": N_("canary"),
    "change": N_("change"),
    "verify": N_("verify"),
    "cutting": N_("cutting"),
    "read": N_("read and judge"),
}
PHASE_WORDS = {  # of an upgrade, while it is in one; a report says them in the past
    Phase.PRECHECK: N_("precheck"),
    Phase.SNAPSHOT_A: N_("snapshot A"),
    Phase.VERIFY: N_("verify the image"),
    Phase.PREPARE: N_("prepare"),
    Phase.DRAIN: N_("drain"),
    Phase.MOVED: N_("traffic moves"),
    Phase.ACTIVATE: N_("activate"),
    Phase.WAIT: N_("wait for it"),
    Phase.RECONCILE: N_("reconcile"),
    Phase.SNAPSHOT_B: N_("snapshot B"),
    Phase.GATE: N_("gates"),
    Phase.COMMIT: N_("commit"),
    Phase.REVERT: N_("take back"),
    Phase.UNDRAIN: N_("undrain"),
    Phase.SOAK: N_("soak"),
    Phase.DONE: N_("done"),
}
CERTAINTY_WORDS = {  # of a clause's words
    "read": N_("read in the document"),
    "secondary": N_("from a secondary source"),
    "to be verified": N_("to be verified"),
}
RUN_WORDS = {
    RunStatus.RUNNING: N_("still running"),
    RunStatus.FINISHED: N_("finished"),
    RunStatus.INTERRUPTED: N_("interrupted"),
    RunStatus.CANCELLED: N_("cancelled"),
    RunStatus.AWAY: N_("carried away in a kit, and not back yet"),
}


def certainty_word(certainty: str, language: str) -> str:
    """How certain it is that a clause says what is told of it."""
    return translate(CERTAINTY_WORDS.get(certainty, certainty), language)
