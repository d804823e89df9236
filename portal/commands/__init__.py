"""Commands of an operator: `flask --app wsgi …`."""
