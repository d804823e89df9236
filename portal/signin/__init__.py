"""How people prove who they are: password, second factor, sessions, links by e-mail."""
