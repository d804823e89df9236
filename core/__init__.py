"""What both doors stand on: calls, policies, rules, the ledger and the Salesforce client."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The folder of the whole project."""
