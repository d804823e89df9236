"""The least that a web page and a job can be, under the servers that the product has."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify, request

app = Flask(__name__)


@app.get("/")
def page() -> str:
    return "<!doctype html><title>Nothing</title><p>Nothing"


@app.post("/api/calls")
def calls() -> tuple[Response, int]:
    """As the product's door answers, with nothing done."""
    return jsonify(result="accepted" if request.get_json() else ""), 202


def no_op(_account: str, _event: dict[str, Any]) -> str:
    """A job."""
    return "accepted"
