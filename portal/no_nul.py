"""No NUL character in anything people send: PostgreSQL keeps none, and nobody types one."""

from __future__ import annotations

from flask import Flask, abort, request

NUL = "\0"


def attach(app: Flask) -> None:
    app.before_request(_refuse)


def _refuse() -> None:
    """400 for a NUL in the address, the query or a form. (JSON is read by the programs' doors.)"""
    values = [request.path, *request.args.values(), *request.args]
    if request.path.startswith("/api/"):
        values = values[:1]
    else:
        values += [one for name in request.form for one in (name, *request.form.getlist(name))]
    if any(NUL in one for one in values):
        abort(400)
