"""How often each word occurs in one part."""
import collections
import json
import re


def handler(event, context):
    part = json.loads(event["Records"][0]["body"])
    words = collections.Counter(re.findall(r"\w+", part.pop("text").lower()))
    return {**part, "words": words}
