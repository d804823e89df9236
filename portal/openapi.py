"""The HTTP doors, described for programs."""

from flask import Blueprint

bp = Blueprint("openapi", __name__, url_prefix="/api")
