"""Workspaces with one trigger, whose function notes what it gets."""
import json
import os
import sqlite3

from coldframe_program import ProgramTest

# Each call is a line of the file calls, in the order in which they end.
NOTING = '''
import json, os

def note(what):
    at = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "calls")
    with open(at, "ab", buffering=0) as file:
        file.write(json.dumps(what).encode() + b"\\n")

def key(event, context):
    record = event["Records"][0]
    note([record["eventName"], record["s3"]["object"]["key"]])

def cloud(event, context):
    note([event["type"], event["subject"]])

def scheduled(event, context):
    note(event["time"])
'''


class SourcesTest(ProgramTest):
    def made(self, function, trigger, stores=("in",), code="", **settings):
        """A workspace with one function of those above or of `code`, and its trigger."""
        self.at = self.workspace({"f": {"handler": "app." + function, "memoryMb": 256, "reservedConcurrency": 4,
                                        **settings}}, NOTING + code, stores, {"t": {"function": "f", **trigger}})
        self.data = os.path.join(self.at, "data", "in")
        return self.at

    def calls(self):
        try:
            with open(os.path.join(self.at, "calls")) as file:
                return [json.loads(line) for line in file if line.endswith("\n")]
        except FileNotFoundError:
            return []

    def mark(self, key):
        """What the journal keeps under this key."""
        try:
            with sqlite3.connect("file:%s/.coldframe/journal.db?mode=ro" % self.at, uri=True) as journal:
                return journal.execute("SELECT value FROM marks WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error:
            return None

    def path(self, *parts):
        return os.path.join(self.at, "data", *parts)

    def watching(self, *options, **more):
        run = self.run_workspace(self.at, *options, **more)
        self.wait_until_watching(run, self.at, ["in"])
        return run
