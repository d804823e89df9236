"""Own fields: a customer's fields, filled from a template over the call's variables.

variables → render → fit           at delivery
            check                  on the page, before a row is saved
"""

from core.own_fields.check import check
from core.own_fields.fit import Unfit, cut, fit
from core.own_fields.reserved import is_ours, is_reserved, number_field
from core.own_fields.template import VARIABLES, render, unknown_variables, variables

__all__ = [
    "VARIABLES",
    "Unfit",
    "check",
    "cut",
    "fit",
    "is_ours",
    "is_reserved",
    "number_field",
    "render",
    "unknown_variables",
    "variables",
]
