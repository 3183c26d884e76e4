"""A small web API: notes, one file each, in the store `notes`."""
import base64
import json
import os
import pathlib
import re
import uuid

FOLDER = pathlib.Path(os.environ["COLDFRAME_STORE_NOTES"])


def answer(status, body=None):
    return {"statusCode": status, "headers": {"Content-Type": "application/json"},
            "body": "" if body is None else json.dumps(body)}


def text_of(event):
    body = event.get("body") or ""
    if event["isBase64Encoded"]:
        body = base64.b64decode(body)
    note = json.loads(body)
    if not isinstance(note, dict) or not isinstance(note.get("text"), str):
        raise ValueError('a note is {"text": "..."}')
    return note["text"]


def handler(event, context):
    route, method = event["routeKey"], event["requestContext"]["http"]["method"]
    if route == "GET /notes":
        return answer(200, sorted(path.stem for path in FOLDER.glob("*.json")))
    if route == "POST /notes":
        try:
            text = text_of(event)
        except ValueError as problem:
            return answer(400, {"message": str(problem)})
        name = uuid.uuid4().hex[:8]
        part = FOLDER / ("." + name)
        part.write_text(json.dumps({"id": name, "text": text}))
        part.rename(FOLDER / (name + ".json"))
        return answer(201, {"id": name})

    name = event["pathParameters"]["id"]
    path = FOLDER / (name + ".json")
    if not re.fullmatch("[0-9a-f]{8}", name) or not path.exists():
        return answer(404, {"message": "there is no note " + name})
    if method == "GET":
        return answer(200, json.loads(path.read_text()))
    if method == "DELETE":
        path.unlink()
        return answer(204)
    return answer(405, {"message": "GET or DELETE"})
