"""The test tables of the derivatives, judged by the checker as well: right, and without a doubt, in both modes."""

import pytest
import rows

from autograd import check_gradients

every_chapter = pytest.mark.parametrize("cases", rows.cases().values(), ids=rows.cases())


def doubts(cases):
    """What is not plainly right, as texts."""
    reports = [
        (case, check_gradients(case.call, *case.operands, order=case.order, raise_error=False)) for case in cases
    ]
    assert reports
    return [f"{case}\n{report}" for case, report in reports if not report or report.mode != "reverse and forward"]


@every_chapter
def test_every_tenth_case(cases):
    assert doubts(cases[::10]) == []


@pytest.mark.slow
@every_chapter
def test_every_case(cases):
    assert doubts(cases) == []
