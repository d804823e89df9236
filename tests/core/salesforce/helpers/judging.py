"""What a refusal of one step is judged to be."""

from core.facts import Lessons, OrgShape
from core.plan import Step, Verdict
from core.salesforce.refusals import Judgement, judge
from core.salesforce.translate import rest_error
from tests.core.salesforce.helpers.shapes import shape


def judged(
    step: Step,
    code: str,
    message: str = "",
    fields: tuple[str, ...] = (),
    known: OrgShape | None = None,
    **extra: object,
) -> Judgement:
    body = [{"errorCode": code, "message": message, "fields": list(fields), **extra}]
    return judge(step, rest_error(400, body), known or shape())


def learnt(judgement: Judgement) -> Lessons:
    """The lesson of an AGAIN, which always says why as well."""
    assert judgement.verdict is Verdict.AGAIN
    assert judgement.reason is not None
    assert judgement.lessons != Lessons()
    return judgement.lessons
