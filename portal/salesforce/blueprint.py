"""What every block of the settings page hangs its routes on."""

from flask import Blueprint

bp = Blueprint("salesforce", __name__, url_prefix="/salesforce")
