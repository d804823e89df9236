"""Rules, numbers and events: pure, no database, milliseconds each."""
