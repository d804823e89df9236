"""What gunicorn and the flask command serve."""

from core.logs import configure_logs
from portal import create_app

configure_logs()
app = create_app()
