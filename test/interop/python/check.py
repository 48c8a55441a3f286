"""Holds CVE records to the schema that cvelib carries, and reads OpenVEX documents with vexipy."""

import json
import sys
from pathlib import Path

import cvelib
import jsonschema
import vexipy

given = json.loads(Path(sys.argv[1]).read_text())
schemas = Path(cvelib.__file__).parent / "schemas"
[bundled] = schemas.glob("CVE_JSON_bundled_*.json")
validator = jsonschema.Draft7Validator(json.loads(bundled.read_text()))

cve = [[error.message[:300] for error in validator.iter_errors(record)] for record in given["cve"]]
openvex = []
for document in given["openvex"]:
    read = vexipy.Document.from_json(json.dumps(document))
    openvex.append([statement.status.value for statement in read.statements])
print(json.dumps({"schema": bundled.name, "cve": cve, "openvex": openvex}))
