"""The tables. Importing this module registers all of them on `Base.metadata`."""

from core.models.accounts import MEMBER, OWNER, Account, IntakeKey, Membership, Person, Role
from core.models.base import Base
from core.models.connection import CheckRow, ConnectionRow, OrgSnapshot
from core.models.invitations import Invitation
from core.models.ledger import (
    SETTLED,
    UNFINISHED,
    UNWRITTEN,
    CallEvent,
    CallKey,
    CallRow,
    CallState,
    ClientRecord,
    DeliveryLease,
    QueuedCall,
)
from core.models.loops import LateMatch, LoopRow
from core.models.operations import Counter, Notice
from core.models.people import PasswordLink, PersonSession, RecoveryCode, SecondFactor
from core.models.policy import PolicyRow, SettingChange, SettingRow
from core.models.refused import RefusedEvent
from core.models.support import AuditEntry, SupportVisit

__all__ = [
    "MEMBER",
    "OWNER",
    "SETTLED",
    "UNFINISHED",
    "UNWRITTEN",
    "Account",
    "AuditEntry",
    "Base",
    "CallEvent",
    "CallKey",
    "CallRow",
    "CallState",
    "CheckRow",
    "ClientRecord",
    "ConnectionRow",
    "Counter",
    "DeliveryLease",
    "IntakeKey",
    "Invitation",
    "LateMatch",
    "LoopRow",
    "Membership",
    "Notice",
    "OrgSnapshot",
    "PasswordLink",
    "Person",
    "PersonSession",
    "PolicyRow",
    "QueuedCall",
    "RecoveryCode",
    "RefusedEvent",
    "Role",
    "SecondFactor",
    "SettingChange",
    "SettingRow",
    "SupportVisit",
]
