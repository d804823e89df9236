"""How the control API says no: always JSON, with the reason."""

from flask import Blueprint, Response
from werkzeug.exceptions import BadRequest, NotFound

from sandbox.answers import json_answer
from sandbox.errors import SalesforceError


def answer_errors(blueprint: Blueprint) -> None:
    """Give a blueprint of the control API its error answers."""
    blueprint.register_error_handler(SalesforceError, _refused)
    blueprint.register_error_handler(ValueError, _wrong_value)
    blueprint.register_error_handler(KeyError, _missing)
    blueprint.register_error_handler(NotFound, _not_there)
    blueprint.register_error_handler(BadRequest, _not_there)


def _refused(error: SalesforceError) -> Response:
    """A record that even the control API cannot make."""
    return json_answer(400, error.body())


def _wrong_value(error: ValueError) -> Response:
    """A value or name that makes no sense."""
    return json_answer(400, {"error": str(error)})


def _missing(error: KeyError) -> Response:
    """A key that the body lacks."""
    return json_answer(400, {"error": f"missing: {error.args[0]}"})


def _not_there(error: NotFound | BadRequest) -> Response:
    """No such org, record or user; or a body that is no JSON."""
    return json_answer(error.code or 400, {"error": error.description})
