"""The only code that speaks Salesforce: OAuth and REST, nothing decided here.

`oauth` connects, `client` carries requests, `shape` and `lookup` read, `write` writes, and
`errors` is what everybody else sees when Salesforce says no. `hosts` is the guard on every
address a token may be sent to.
"""
