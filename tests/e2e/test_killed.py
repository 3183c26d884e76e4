#!/usr/bin/python3
"""SIGKILL at random moments while events flow through every kind of source: nothing accepted is lost, order holds."""
import collections
import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import threading
import time
import unittest

from coldframe_program import LONG, ProgramTest, journaled, queued, wait_for, write

KILLS = 200 if LONG else 20
EVENTS = 10_000 if LONG else 1_500

# What each function was given, a line a call: in the order in which calls end.
CODE = '''
import base64, json, os

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

def note(context, numbers):
    with open(os.path.join(HERE, "calls-" + context.function_name), "ab", buffering=0) as file:
        file.write(json.dumps(numbers).encode() + b"\\n")

def plain(event, context):
    note(context, [event["n"]])
    return event

def messages(event, context):
    note(context, [json.loads(record["body"])["n"] for record in event["Records"]])

def rows(event, context):
    note(context, [int(record["dynamodb"]["NewImage"]["n"]["N"]) for record in event["Records"]])

def lines(event, context):
    note(context, [json.loads(base64.b64decode(record["kinesis"]["data"]))["n"] for record in event["Records"]])
'''

GROUPS = 7  # of rows and of messages, within which order must hold


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Feeder(threading.Thread):
    """Offers events, each until it is accepted. Number n goes to source n % 5, and within that in order."""

    def __init__(self, at, invoke_port, sqs_port):
        super().__init__(daemon=True)
        self.at, self.invoke_port, self.sqs_port = at, invoke_port, sqs_port
        self.sources = [self.file, self.message, self.call, self.row, self.line]
        self.offered = 0
        self.problem = None

    def run(self):
        try:
            for n in range(EVENTS):
                self.sources[n % 5](n)
                self.offered = n + 1
        except Exception as problem:  # told by the test
            self.problem = problem

    def post(self, port, path, body, headers, expected):
        """Until it is accepted: the program may be down, or go down before it answers."""
        end = time.monotonic() + 120
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            try:
                connection.request("POST", path, json.dumps(body), headers)
                if connection.getresponse().status == expected:
                    return
            except (OSError, http.client.HTTPException):
                if time.monotonic() > end:
                    raise
            finally:
                connection.close()
            time.sleep(0.01)

    def file(self, n):
        write(os.path.join(self.at, "data", "in", "%d.json" % n), json.dumps({"n": n}))

    def message(self, n):
        self.post(self.sqs_port, "/", {"QueueUrl": "http://127.0.0.1/000000000000/ordered.fifo", "MessageBody": json.dumps({"n": n}),
                                       "MessageGroupId": str(n % GROUPS), "MessageDeduplicationId": str(n)},
                  {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.SendMessage"}, 200)

    def call(self, n):
        self.post(self.invoke_port, "/2015-03-31/functions/called/invocations", {"n": n}, {"X-Amz-Invocation-Type": "Event"}, 202)

    def row(self, n):
        with sqlite3.connect(os.path.join(self.at, "data", "shop.db"), timeout=60) as shop:
            shop.execute("INSERT OR REPLACE INTO orders VALUES (?, ?)", (n % GROUPS, n))

    def line(self, n):
        with open(os.path.join(self.at, "lines.jsonl"), "ab", buffering=0) as file:
            file.write(b'{"n": %d}\n' % n)


class Killed(ProgramTest):
    def made(self):
        small = {"memoryMb": 256, "reservedConcurrency": 2}
        self.at = self.workspace(
            {"filed": {"handler": "app.plain", "onSuccess": {"store": "parts"}, **small},
             "passed-on": {"handler": "app.messages", **small}, "sent": {"handler": "app.messages", **small},
             "called": {"handler": "app.plain", **small}, "changed": {"handler": "app.rows", **small},
             "added": {"handler": "app.lines", **small}}, CODE, ["in"],
            {"files": {"kind": "file", "store": "in", "shape": "content", "function": "filed"},
             "parts": {"kind": "queue", "store": "parts", "function": "passed-on"},
             "ordered": {"kind": "queue", "store": "ordered", "function": "sent"},
             "rows": {"kind": "changes", "store": "shop", "table": "orders", "function": "changed"},
             "lines": {"kind": "stream", "path": "lines.jsonl", "batchSize": 20, "function": "added"}},
            queues={"parts": {}, "ordered": {"fifo": True}})
        path = os.path.join(self.at, "coldframe.json")
        with open(path) as file:
            settings = json.load(file)
        settings["stores"]["shop"] = {"kind": "sqlite", "path": "data/shop.db"}
        write(path, json.dumps(settings))
        with sqlite3.connect(os.path.join(self.at, "data", "shop.db")) as shop:
            shop.execute("PRAGMA journal_mode = wal")
            shop.execute("CREATE TABLE orders(id INTEGER PRIMARY KEY, n INTEGER)")
        self.assertEqual(self.coldframe("capture", self.at, "--install", "--yes").returncode, 0)

    def calls(self, function):
        try:
            with open(os.path.join(self.at, "calls-" + function)) as file:
                return [n for line in file if line.endswith("\n") for n in json.loads(line)]
        except FileNotFoundError:
            return []

    def check(self, function, source, grouped=None):
        """All of the source's numbers were seen; of each group for the first time in order. How many came again."""
        seen = self.calls(function)
        self.assertEqual(set(range(source, EVENTS, 5)) - set(seen), set(), function + " missed some")
        self.assertEqual(set(seen) - set(range(source, EVENTS, 5)), set(), function)
        if grouped:
            first = collections.defaultdict(list)
            for n in dict.fromkeys(seen):
                first[grouped(n)].append(n)
            for numbers in first.values():
                self.assertEqual(numbers, sorted(numbers), function)
        return len(seen) - len(set(seen))

    def test_nothing_is_lost(self):
        seed = random.randrange(1 << 32)
        print("seed %d, %d kills, %d events" % (seed, KILLS, EVENTS))
        chance = random.Random(seed)
        self.made()
        ports = [free_port(), free_port()]
        options = ("--no-record", "--serve", str(ports[0]), "--serve-sqs", str(ports[1]))
        run = self.run_workspace(self.at, *options)
        run.wait_for_line("Invoke API")
        self.wait_until_watching(run, self.at, ["in"])  # what is there before its first start makes no events
        feeder = Feeder(self.at, *ports)
        feeder.start()
        for kill in range(KILLS):
            time.sleep(chance.uniform(0, 0.7))  # the random moment
            run.stop(signal.SIGKILL)
            self.assertIsNone(feeder.problem)
            run = self.run_workspace(self.at, *options)
            if kill % 4 == 0:  # so that some get further than to their start
                goal = feeder.offered + chance.randrange(1, 40)
                wait_for(lambda: feeder.offered >= min(goal, EVENTS), "events are accepted\n" + run.said)
        wait_for(lambda: feeder.offered == EVENTS, "all are accepted\n" + run.said)
        run.stop(signal.SIGKILL)
        run = self.run_workspace(self.at, "--no-record", "--until-idle")
        code, summary = run.wait()
        self.assertEqual((code, summary["failed"]), (0, 0), run.said)
        again = {function: self.check(function, *rest) for function, *rest in [
            ("filed", 0), ("passed-on", 0), ("sent", 1, lambda n: n % GROUPS), ("called", 2),
            ("changed", 3, lambda n: n % GROUPS), ("added", 4, lambda n: 0)]}
        print("came again: " + ", ".join("%s %d" % pair for pair in again.items()))
        state = os.path.join(self.at, ".coldframe")
        self.assertEqual((journaled(state), queued(state)), (0, []))


if __name__ == "__main__":
    unittest.main()
