"""The only queries. Every method is one short transaction: none is open across a network call."""

from __future__ import annotations

from core.secrets import Sealer
from core.store.accounts import Accounts
from core.store.audit import Audit
from core.store.ceilings import Ceilings
from core.store.checks import Checks
from core.store.connections import Connections
from core.store.counters import Counters
from core.store.database import Database
from core.store.deliveries import Deliveries
from core.store.directory import Directory
from core.store.doors import Doors
from core.store.factors import Factors
from core.store.invitations import Invitations
from core.store.journal import Journal
from core.store.late import Late
from core.store.leases import Leases
from core.store.ledger import Ledger
from core.store.links import Links
from core.store.looks import Looks
from core.store.loops import Loops
from core.store.members import Members
from core.store.months import Months
from core.store.notices import Notices
from core.store.passwords import Passwords
from core.store.places import Places
from core.store.policies import Policies
from core.store.refreshes import Refreshes
from core.store.refused import Refused
from core.store.releases import Releases
from core.store.seals import Seals
from core.store.seen import Seen
from core.store.sessions import Sessions
from core.store.shapes import Shapes
from core.store.talks import Talks
from core.store.visits import Visits

__all__ = ["Store"]


class Store:
    """One door to the tables, a drawer for each subject."""

    def __init__(self, database_url: str, token_keys: str) -> None:
        self.database = Database(database_url)
        sealer = Sealer(token_keys)
        self.accounts = Accounts(self.database)
        self.doors = Doors(self.database, self.accounts)
        self.connections = Connections(self.database, sealer)
        self.refreshes = Refreshes(self.database, sealer)
        self.refused = Refused(self.database)
        self.ceilings = Ceilings(self.database)
        self.shapes = Shapes(self.database)
        self.checks = Checks(self.database)
        self.policies = Policies(self.database)
        self.ledger = Ledger(self.database)
        self.late = Late(self.database)
        self.loops = Loops(self.database)
        self.looks = Looks(self.database)
        self.talks = Talks(self.database)
        self.journal = Journal(self.database)
        self.leases = Leases(self.database)
        self.deliveries = Deliveries(self.database)
        self.releases = Releases(self.database)
        self.months = Months(self.database)
        self.notices = Notices(self.database)
        self.counters = Counters(self.database)
        self.seen = Seen(self.database)
        self.audit = Audit(self.database)
        self.directory = Directory(self.database)
        self.factors = Factors(self.database, sealer)
        self.seals = Seals(self.database, sealer)
        self.links = Links(self.database)
        self.passwords = Passwords(self.database)
        self.invitations = Invitations(self.database)
        self.members = Members(self.database)
        self.places = Places(self.database)
        self.sessions = Sessions(self.database)
        self.visits = Visits(self.database)

    def close(self) -> None:
        self.database.engine.dispose()
