"""`make check-org`: prove on a real org what the product takes for granted of Salesforce.

log in → each assertion asks the org, in the order of `subjects` → delete the marked rows → those
that spend the log-in → a Markdown table for docs/salesforce.md

It needs a log-in and nothing else: no database, no queue, no portal.
"""
