"""The customer's validation rules, written as SOQL conditions that a good record does not meet."""

from sandbox.caller import Caller
from sandbox.errors import SalesforceError
from sandbox.schema import ObjectSchema
from sandbox.soql import parse_condition
from sandbox.soql_sql import Compiler


def check_validation(caller: Caller, schema: ObjectSchema, record_id: str) -> None:
    """Refuse the stored record, in the admin's own words, if a rule's condition holds for it."""
    for rule in caller.org.settings.validation_rules:
        if rule.object != schema.name:
            continue
        compiler = Compiler(caller.org.whole, rule.when)
        whole = compiler.names.object(schema.name, 0)
        alias, sql = compiler.rows_of(whole, parse_condition(rule.when))
        values = [*compiler.values, record_id]
        if caller.storage.one(f"SELECT 1 {sql} AND {alias}.id = ?", values):
            raise SalesforceError(
                "FIELD_CUSTOM_VALIDATION_EXCEPTION",
                rule.message,
                fields=[rule.field] if rule.field else [],
            )
