"""Once all parts of a text are counted, their sum is written. Twice does no harm: it is the same."""
import collections
import json
import os
import tempfile
import urllib.parse


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def handler(event, context):
    key = urllib.parse.unquote_plus(event["Records"][0]["s3"]["object"]["key"])
    counted = os.path.join(os.environ["COLDFRAME_STORE_COUNTED"], os.path.dirname(key))
    parts = read(os.path.join(os.environ["COLDFRAME_STORE_COUNTED"], key))["parts"]
    there = [name for name in os.listdir(counted) if name.endswith(".json") and not name.startswith(".")]
    if len(there) < parts:
        return {"have": len(there), "of": parts}
    words = collections.Counter()
    for name in there:
        words.update(read(os.path.join(counted, name))["words"])
    target = os.path.join(os.environ["COLDFRAME_STORE_MERGED"], os.path.dirname(key) + ".json")
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=os.path.dirname(target), prefix=".", delete=False) as file:
        json.dump({"words": sum(words.values()), "different": len(words), "most": words.most_common(10)}, file)
    os.replace(file.name, target)
    return {"merged": target}
