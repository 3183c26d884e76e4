#!/usr/bin/python3
"""A full disk under queues, streams and changes of tables: what is in the way is told and waited for."""
import json
import os
import signal
import sqlite3
import threading
import unittest
import urllib.request

from coldframe_program import PATIENCE, ProgramTest, objects, queued, wait_for, write
from small_disk import SmallDisk

CODE = '''
import base64, json, os

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

def takes(event, context):
    return [json.loads(record["body"]) for record in event["Records"]]

def numbers(event, context):
    """Of lines or of rows. It fails for as long as there is no file go."""
    if not os.path.exists(os.path.join(HERE, "go")):
        open(os.path.join(HERE, "tried-" + context.function_name), "w").close()
        raise ValueError("not yet")
    found = [json.loads(base64.b64decode(record["kinesis"]["data"]))["n"] if "kinesis" in record
             else int(record["dynamodb"]["NewImage"]["n"]["N"]) for record in event["Records"]]
    with open(os.path.join(HERE, "calls-" + context.function_name), "ab", buffering=0) as file:
        file.write(json.dumps(found).encode() + b"\\n")
'''
JOURNAL_FULL = (r"(?m)^error: .*/state/journal\.db: the journal: database or disk is full; free space on this disk; accepted "
                r"events wait in memory and are written as soon as there is room$")


class FullDiskTest(ProgramTest):
    def disk(self, size):
        made = SmallDisk(os.path.join(self.folder, "disk"), size)
        self.addCleanup(made.close)
        return made

    def settings(self, **stores):
        path = os.path.join(self.at, "coldframe.json")
        with open(path) as file:
            document = json.load(file)
        document["stores"].update(stores)
        write(path, json.dumps(document))


class Queues(FullDiskTest):
    MESSAGES, SIZE = 40, 100_000

    def made(self, **stores):
        self.at = self.workspace(
            {"takes": {"handler": "app.takes", "memoryMb": 256, "reservedConcurrency": 2,
                       "onSuccess": {"store": "out", "key": "{sourceKey}.json"}}}, CODE, ["out"],
            {"parts": {"kind": "queue", "store": "parts", "batchSize": 1, "function": "takes"}}, queues={"parts": {}})
        self.settings(**stores)
        self.sent = []

    def body(self, n):
        return json.dumps({"n": n, "text": "x" * self.SIZE})

    def send(self, url):
        for n in range(self.MESSAGES):
            request = urllib.request.Request(
                url, json.dumps({"QueueUrl": "http://127.0.0.1/000000000000/parts", "MessageBody": self.body(n)}).encode(),
                {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.SendMessage"})
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                json.load(answer)
            self.sent.append(n)

    def sending(self, run):
        url = run.wait_for_line(r"SQS queues on (http://127\.0\.0\.1:\d+)\n").group(1)
        sender = threading.Thread(target=self.send, args=(url,), daemon=True)
        sender.start()
        return sender

    def check(self, run, sender, out):
        sender.join(PATIENCE)
        self.assertEqual(self.sent, list(range(self.MESSAGES)), "each was acknowledged")
        wait_for(lambda: len(objects(out)) == self.MESSAGES, "a result for each\n" + run.said)
        code, summary = run.stop()
        self.assertEqual((code, summary["succeeded"], summary["failed"]), (0, self.MESSAGES, 0), run.said)
        found = []
        for name in os.listdir(out):
            with open(os.path.join(out, name)) as file:
                (body,) = json.load(file)
            self.assertEqual(json.dumps(body), self.body(body["n"]))
            found.append(body["n"])
        self.assertEqual(sorted(found), list(range(self.MESSAGES)))

    def test_a_message_is_acknowledged_once_there_is_room(self):
        disk = self.disk("2m")
        self.made()
        run = self.run_workspace(self.at, "--serve-sqs", "0", "--no-record", "--state", os.path.join(disk.folder, "state"),
                                 before=disk.before)
        sender = self.sending(run)
        run.wait_for_line(JOURNAL_FULL)
        self.assertLess(len(self.sent), self.MESSAGES, "the next send waits")
        disk.resize("64m")
        run.wait_for_line(r"(?m)^The journal is written again$")
        self.check(run, sender, os.path.join(self.at, "data", "out"))

    def test_messages_stay_until_their_results_have_room(self):
        disk = self.disk("1m")
        self.made(out={"kind": "folder", "path": os.path.join(disk.folder, "out")})
        run = self.run_workspace(self.at, "--serve-sqs", "0", "--no-record", before=disk.before)
        sender = self.sending(run)
        run.wait_for_line(r"(?m)^error: .*/out/.*\.json: cannot write the object: No space left on device; free some space")
        sender.join(PATIENCE)
        out = os.path.join(disk.seen, "out")
        waiting = len(queued(os.path.join(self.at, ".coldframe")))
        self.assertGreaterEqual(waiting, self.MESSAGES - len(objects(out)))
        self.assertGreater(waiting, self.MESSAGES // 2)
        disk.resize("64m")
        run.wait_for_line(r"(?m)^out: results are stored again$")
        self.check(run, sender, out)
        self.assertEqual(queued(os.path.join(self.at, ".coldframe")), [])


class Shards(FullDiskTest):
    """Triggers that keep how far they are in the journal, blocked by a failing batch while the disk fills."""
    HALF = 40

    def setUp(self):
        super().setUp()
        self.small = self.disk("2m")
        self.at = self.workspace(
            {name: {"handler": "app.numbers", "memoryMb": 256, "reservedConcurrency": 1} for name in ("added", "changed")},
            CODE, ["none"],
            {"lines": {"kind": "stream", "path": "lines.jsonl", "batchSize": 7, "function": "added"},
             "rows": {"kind": "changes", "store": "shop", "table": "orders", "batchSize": 7, "function": "changed"}},
            timeScale=100)
        self.settings(shop={"kind": "sqlite", "path": "data/shop.db"})
        with sqlite3.connect(os.path.join(self.at, "data", "shop.db")) as shop:
            shop.execute("PRAGMA journal_mode = wal")
            shop.execute("CREATE TABLE orders(id INTEGER PRIMARY KEY, n INTEGER)")
        self.state = os.path.join(self.small.folder, "state") # the reader of what is captured
        captured = self.coldframe("capture", self.at, "--state", self.state, "--install", "--yes", before=self.small.before)
        self.assertEqual(captured.returncode, 0, captured.stderr)

    def feed(self, numbers):
        with open(os.path.join(self.at, "lines.jsonl"), "a") as file:
            file.writelines('{"n": %d}\n' % n for n in numbers)
        with sqlite3.connect(os.path.join(self.at, "data", "shop.db"), timeout=60) as shop:
            shop.executemany("INSERT INTO orders(n) VALUES (?)", [(n,) for n in numbers])

    def seen(self, function):
        try:
            with open(os.path.join(self.at, "calls-" + function)) as file:
                return [n for line in file if line.endswith("\n") for n in json.loads(line)]
        except FileNotFoundError:
            return []

    def start(self, *options):
        return self.run_workspace(self.at, "--no-record", "--state", self.state, *options,
                                  before=self.small.before)

    def fill(self):
        with open(os.path.join(self.small.seen, "filler"), "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass

    def blocked_with_a_full_disk(self):
        """Both triggers, past what blocked them, with no room to say so in the journal."""
        run = self.start()
        self.feed(range(self.HALF))
        for name in ("added", "changed"):
            wait_for(lambda: os.path.exists(os.path.join(self.at, "tried-" + name)), name + " is blocked")
        self.fill()
        write(os.path.join(self.at, "go"), "")
        run.wait_for_line(JOURNAL_FULL)
        self.feed(range(self.HALF, 2 * self.HALF))
        for name in ("added", "changed"):
            wait_for(lambda: set(self.seen(name)) == set(range(2 * self.HALF)), "%s goes on\n%s" % (name, run.said))
        return run

    def check_order(self):
        for name in ("added", "changed"):
            self.assertEqual(list(dict.fromkeys(self.seen(name))), list(range(2 * self.HALF)), name)

    def test_they_go_on_and_nothing_comes_twice(self):
        run = self.blocked_with_a_full_disk()
        os.remove(os.path.join(self.small.seen, "filler"))
        run.wait_for_line(r"(?m)^The journal is written again$")
        self.assertEqual(run.stop()[0], 0, run.said)
        code, summary = self.start("--until-idle").wait()
        self.assertEqual((code, summary["events"]), (0, 0), "it knows how far it was")
        for name in ("added", "changed"):
            self.assertEqual(self.seen(name), list(range(2 * self.HALF)), name)

    def test_killed_meanwhile_nothing_is_lost(self):
        run = self.blocked_with_a_full_disk()
        run.stop(signal.SIGKILL)
        os.remove(os.path.join(self.small.seen, "filler"))
        run = self.start("--until-idle")
        code, summary = run.wait()
        self.assertEqual((code, summary["failed"]), (0, 0), run.said)
        self.check_order()


if __name__ == "__main__":
    unittest.main()
