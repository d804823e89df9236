"""POST /composite/tree/<Object>: records with their children, created all or not at all."""

from typing import Any

from sandbox.caller import Caller
from sandbox.composite import RollBack
from sandbox.dml import create
from sandbox.errors import SalesforceError
from sandbox.router import ApiAnswer, ApiRequest, Router
from sandbox.schema import ObjectSchema
from sandbox.sobjects import object_named

router = Router()
MAX_RECORDS = 200
MAX_LEVELS = 5


@router.add("POST", "/composite/tree/{name}")
def tree(caller: Caller, request: ApiRequest, name: str) -> ApiAnswer:
    """Create the trees; 201, or 400 with the errors by referenceId."""
    schema = object_named(caller, name)
    records = request.body.get("records") if isinstance(request.body, dict) else None
    if not isinstance(records, list) or not records:
        raise SalesforceError("JSON_PARSER_ERROR", "records must be a non-empty array")
    grower = _Grower(caller)
    try:
        with caller.storage.transaction():
            for record in records:
                grower.grow(schema, record, {}, level=1)
            if grower.errors:
                raise RollBack
    except RollBack:
        return ApiAnswer(400, {"hasErrors": True, "results": grower.errors})
    return ApiAnswer(201, {"hasErrors": False, "results": grower.created})


class _Grower:
    """Creates a tree from the root, keeping what was created and what was refused."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.created: list[dict[str, Any]] = []
        self.errors: list[dict[str, Any]] = []
        self._seen: set[str] = set()

    def grow(self, schema: ObjectSchema, record: Any, link: dict[str, str], level: int) -> None:
        """One record, then its children, which get its id by `link`."""
        reference_id = self._check(schema, record, level)
        nested = {k: v for k, v in record.items() if isinstance(v, dict) and "records" in v}
        body = {k: v for k, v in record.items() if k not in nested and k != "attributes"}
        try:
            record_id = create(self.caller, schema, {**body, **link})
        except SalesforceError as error:
            self.errors.append({"referenceId": reference_id, "errors": [error.row()]})
            return
        self.created.append({"referenceId": reference_id, "id": record_id})
        for name, children in nested.items():
            child = schema.child(name)
            child_schema = self.caller.org.object(child.object) if child else None
            if child is None or child_schema is None:
                raise SalesforceError("INVALID_FIELD", f"No such relationship: {name}")
            for entry in children["records"]:
                self.grow(child_schema, entry, {child.field: record_id}, level + 1)

    def _check(self, schema: ObjectSchema, record: Any, level: int) -> str:
        attributes = record.get("attributes") if isinstance(record, dict) else None
        if not isinstance(attributes, dict) or attributes.get("type") != schema.name:
            raise SalesforceError("INVALID_INPUT", f"attributes.type has to be {schema.name}")
        reference_id = attributes.get("referenceId")
        if not isinstance(reference_id, str) or reference_id in self._seen:
            raise SalesforceError("INVALID_INPUT", "every record needs a referenceId of its own")
        self._seen.add(reference_id)
        if level > MAX_LEVELS or len(self._seen) > MAX_RECORDS:
            raise SalesforceError("LIMIT_EXCEEDED", "too many levels or records in the tree")
        return reference_id
