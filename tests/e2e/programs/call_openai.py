"""Call the ``openai`` package as published: ``{"call": "images.generate", "with": {...}}`` → one line of JSON."""

import json
import sys
from pathlib import Path

import openai

asked = json.loads(sys.argv[1])
arguments = asked.get("with", {})
if "image" in arguments:
    arguments["image"] = Path(arguments["image"])
function = openai.OpenAI()
for name in asked["call"].split("."):
    function = getattr(function, name)
try:
    answer = function(*asked.get("positional", []), **arguments)
    said = {"data": [item.to_dict() for item in answer]} if asked["call"] == "models.list" else answer.to_dict()
    print(json.dumps({"ok": said, "request_id": answer._request_id}))
except openai.APIStatusError as error:
    told = {name: getattr(error, name) for name in ("status_code", "code", "type", "param", "request_id")}
    print(json.dumps({"class": type(error).__name__, "message": error.message} | told))
