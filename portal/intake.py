"""Telephony's HTTP door."""

from flask import Blueprint

bp = Blueprint("intake", __name__, url_prefix="/api")
