"""What both doors stand on: calls, policies, rules, the ledger and the Salesforce client."""
