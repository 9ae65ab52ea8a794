"""Gradient checks: oracles that choose themselves, three verdicts, and a report that says what is wrong."""

from autograd.check.check import check_gradients
from autograd.check.report import Report
from autograd.check.rule import check_rule

__all__ = ["Report", "check_gradients", "check_rule"]
