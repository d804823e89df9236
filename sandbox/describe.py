"""Describe answers, in the keys that real orgs give."""

from typing import Any

from werkzeug.http import http_date, parse_date

from sandbox.caller import Caller
from sandbox.record_types import record_type_infos
from sandbox.router import ApiAnswer, ApiRequest, Router
from sandbox.schema import Field, ObjectSchema

router = Router()
_SOAP = {
    "id": "tns:ID",
    "reference": "tns:ID",
    "boolean": "xsd:boolean",
    "int": "xsd:int",
    "double": "xsd:double",
    "currency": "xsd:double",
    "percent": "xsd:double",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "address": "urn:address",
}


def unchanged(caller: Caller, request: ApiRequest) -> bool:
    """Whether If-Modified-Since says that the client has the present answer already."""
    given = {name.lower(): value for name, value in request.headers.items()}
    since = parse_date(given.get("if-modified-since"))
    return since is not None and int(caller.org.changed) <= since.timestamp()


def last_modified(caller: Caller) -> dict[str, str]:
    """The header that a client sends back as If-Modified-Since."""
    return {"Last-Modified": http_date(caller.org.changed)}


@router.add("GET", "/sobjects", "sobjects")
def describe_global(caller: Caller, request: ApiRequest) -> ApiAnswer:
    """GET /sobjects: every object in brief."""
    if unchanged(caller, request):
        return ApiAnswer(304)
    objects = [_brief(caller, schema) for schema in caller.org.objects()]
    return ApiAnswer(
        200, {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": objects}, last_modified(caller)
    )


def describe_object(caller: Caller, schema: ObjectSchema) -> dict[str, Any]:
    """GET /sobjects/<name>/describe: with fields and child relationships."""
    children = [
        {
            "cascadeDelete": child.cascade,
            "childSObject": child.object,
            "deprecatedAndHidden": False,
            "field": child.field,
            "junctionIdListNames": [],
            "junctionReferenceTo": [],
            "relationshipName": child.name,
            "restrictedDelete": False,
        }
        for child in schema.children
        # A relationship whose field is hidden is no relationship.
        if (other := caller.org.object(child.object)) and other.field(child.field)
    ]
    return {
        **_brief(caller, schema),
        "actionOverrides": [],
        "childRelationships": children,
        "compactLayoutable": True,
        "fields": [describe_field(field) for field in schema.fields.values()],
        "recordTypeInfos": record_type_infos(caller, schema),
        "supportedScopes": [{"label": "All " + schema.raw["labelPlural"], "name": "everything"}],
    }


def describe_field(field: Field) -> dict[str, Any]:
    """One field in describe's keys."""
    described = {
        "name": field.name,
        "type": field.type,
        "label": field.label,
        "length": field.length,
        **{key: field.get(key) for key in field.usual()},
        "aiPredictionField": False,
        "autoNumber": False,
        "calculatedFormula": None,
        "cascadeDelete": False,
        "controllerName": None,
        "defaultValue": field.raw.get("defaultValue", False if field.type == "boolean" else None),
        "defaultValueFormula": None,
        "dependentPicklist": False,
        "deprecatedAndHidden": False,
        "displayLocationInDecimal": False,
        "encrypted": bool(field.raw.get("encrypted")),
        "extraTypeInfo": None,
        "filteredLookupInfo": None,
        "formulaTreatNullNumberAsZero": False,
        "highScaleNumber": False,
        "htmlFormatted": False,
        "inlineHelpText": None,
        "mask": None,
        "maskType": None,
        "picklistValues": [_value(field, value) for value in field.raw.get("values", [])],
        "queryByDistance": False,
        "referenceTargetField": None,
        "relationshipOrder": None,
        "restrictedDelete": False,
        "soapType": _SOAP.get(field.type, "xsd:string"),
        "writeRequiresMasterRead": False,
    }
    return dict(sorted(described.items()))


def _value(field: Field, value: str) -> dict[str, Any]:
    name = value.removeprefix("-")
    return {
        "active": name == value,
        "defaultValue": name == field.raw.get("default"),
        "label": field.raw.get("labels", {}).get(name, name),
        "validFor": None,
        "value": name,
    }


def _brief(caller: Caller, schema: ObjectSchema) -> dict[str, Any]:
    base = f"{caller.base}/sobjects/{schema.name}"
    urls = {"sobject": base, "describe": f"{base}/describe", "rowTemplate": f"{base}/{{ID}}"}
    usual = {
        "activateable": False,
        "associateEntityType": None,
        "associateParentEntity": None,
        "customSetting": False,
        "deepCloneable": False,
        "deprecatedAndHidden": False,
        "feedEnabled": False,
        "hasSubtypes": False,
        "isInterface": False,
        "isSubtype": False,
        "mergeable": False,
        "mruEnabled": False,
    }
    return dict(sorted({**usual, **schema.raw, "urls": urls}.items()))
