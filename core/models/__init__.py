"""The tables. Importing this module registers all of them on `Base.metadata`."""

from core.models.accounts import MEMBER, OWNER, Account, IntakeKey, Membership, Person, Role
from core.models.base import Base
from core.models.connection import ConnectionRow, OrgSnapshot
from core.models.invitations import Invitation
from core.models.ledger import (
    UNFINISHED,
    UNWRITTEN,
    CallEvent,
    CallRow,
    CallState,
    ClientRecord,
    DeliveryLease,
)
from core.models.operations import Counter, Notice
from core.models.people import PasswordLink, PersonSession, RecoveryCode, SecondFactor
from core.models.policy import PolicyRow, SettingChange, SettingRow
from core.models.refused import RefusedEvent
from core.models.support import AuditEntry, SupportVisit

__all__ = [
    "MEMBER",
    "OWNER",
    "UNFINISHED",
    "UNWRITTEN",
    "Account",
    "AuditEntry",
    "Base",
    "CallEvent",
    "CallRow",
    "CallState",
    "ClientRecord",
    "ConnectionRow",
    "Counter",
    "DeliveryLease",
    "IntakeKey",
    "Invitation",
    "Membership",
    "Notice",
    "OrgSnapshot",
    "PasswordLink",
    "Person",
    "PersonSession",
    "PolicyRow",
    "RecoveryCode",
    "RefusedEvent",
    "Role",
    "SecondFactor",
    "SettingChange",
    "SettingRow",
    "SupportVisit",
]
