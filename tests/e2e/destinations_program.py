"""Workspaces whose results go somewhere: what the suites of destinations have in common."""
import glob
import json
import os

from coldframe_program import ProgramTest, write

CODE = """
def echo(event, context):
    if event.get("fails"):
        raise ValueError("no")
    return {"id": event["id"], "total": event["id"] * 1.5, "requestId": context.aws_request_id,
            "padding": "x" * event.get("padding", 0)}

def rows(event, context):
    return event.get("rows", [])
"""

DROP = {"kind": "file", "store": "in", "suffix": ".json", "shape": "content", "function": "f"}
ORDERS = {"orders": {"kind": "sqlite", "path": "data/orders.db"}}


class Destinations(ProgramTest):
    def make(self, destination, stores=("in", "out"), handler="app.echo", more_stores=None, **function):
        self.at = self.workspace({"f": {"handler": handler, "timeoutMs": 60_000, "reservedConcurrency": 4,
                                        "onSuccess": destination, **function}},
                                 CODE, stores, {"in": DROP})
        if more_stores:
            self.change(lambda document: document["stores"].update(more_stores))

    def change(self, how):
        path = os.path.join(self.at, "coldframe.json")
        with open(path) as file:
            document = json.load(file)
        how(document)
        write(path, json.dumps(document, indent=2))

    def drop(self, numbers, **more):
        for number in numbers:
            write(os.path.join(self.at, "data", "in", "%d.json" % number), json.dumps({"id": number, **more}))

    def process(self, numbers, *options, **more):
        """Files that are there are processed by one run, which ends by itself."""
        self.drop(numbers, **more)
        run = self.run_workspace(self.at, "--until-idle", "--backfill", "in", *options)
        code, summary = run.wait()
        return run, code, summary

    def lines(self, pattern="*.jsonl"):
        found = []
        for path in sorted(glob.glob(os.path.join(self.at, "data", "out", "**", pattern), recursive=True)):
            with open(path) as file:
                text = file.read()
            self.assertTrue(text.endswith("\n"), path)
            found += [json.loads(line) for line in text.splitlines()]
        return found
