"""What gunicorn and the flask command serve."""

from portal import create_app

app = create_app()
