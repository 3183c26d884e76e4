#!/usr/bin/python3
"""Queues: nothing is lost, order is kept, what cannot be processed ends in the dead-letter queue."""
import collections
import contextlib
import json
import os
import random
import signal
import sqlite3
import time
import unittest

from coldframe_program import ProgramTest, objects, queued, read_json, wait_for, write

# feed puts what a file holds into the queue; each call of work is a line of the file calls.
CODE = '''
import json, os

def note(what):
    at = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "calls")
    with open(at, "ab", buffering=0) as file:
        file.write(json.dumps(what).encode() + b"\\n")

def feed(event, context):
    if event.get("sour"):
        raise ValueError("sour")
    return event

def work(event, context):
    bodies = [json.loads(record["body"]) for record in event["Records"]]
    failed = [record["messageId"] for record, body in zip(event["Records"], bodies) if body.get("bad")]
    note({"n": [body["n"] for body in bodies], "receives":
          [int(record["attributes"]["ApproximateReceiveCount"]) for record in event["Records"]]})
    if os.environ.get("ANSWER"):
        return json.loads(os.environ["ANSWER"])
    if os.environ.get("REPORT"):
        return {"batchItemFailures": [{"itemIdentifier": name} for name in failed]}
    if failed:
        raise ValueError("bad part")
    return {"n": [body["n"] for body in bodies]}

def order(event, context):
    for record in event["Records"]:
        note([record["attributes"]["MessageGroupId"], record["attributes"]["SequenceNumber"]])

def show(event, context):
    note(event["Records"][0])

def late(event, context):
    for record in event["Records"]:
        note({"late": json.loads(record["body"])["n"]})
'''


class QueuesTest(ProgramTest):
    more_code = ""

    def made(self, reader="work", queue=None, read=None, on_success=None, feed=None, work=None, **more):
        """in → feed → the queue parts → the reader → out; what it does not manage goes to dead."""
        fifo = {"fifo": True} if (queue or {}).get("fifo") else {}
        self.at = self.workspace(
            {"feed": {"handler": "app.feed", "reservedConcurrency": 2, "onSuccess": {"store": "parts", **(on_success or {})},
                      **(feed or {})},
             reader: {"handler": "app." + reader, "reservedConcurrency": 2,
                      "onSuccess": {"store": "out"}, **(work or {})}},
            CODE + self.more_code, ["in", "out"],
            {"drop": {"kind": "file", "store": "in", "shape": "content", "function": "feed"},
             "read": {"kind": "queue", "store": "parts", "function": reader, **(read or {})}},
            queues={"parts": {"maxReceives": 2, "deadLetters": "dead", **(queue or {})}, "dead": fifo},
            **{"timeScale": 1000, **more})
        return self.at

    def drop(self, events):
        for number, event in enumerate(events):
            write(os.path.join(self.at, "data", "in", "%d.json" % number), json.dumps(event))

    def calls(self):
        with open(os.path.join(self.at, "calls")) as file:
            return [json.loads(line) for line in file if line.endswith("\n")]

    def out(self):
        at = os.path.join(self.at, "data", "out")
        return [read_json(os.path.join(at, name)) for name in objects(at)] if os.path.isdir(at) else []

    def calls_so_far(self):
        try:
            return self.calls()
        except FileNotFoundError:
            return []

    def state(self):
        return os.path.join(self.at, ".coldframe")

    def settings(self):
        return read_json(os.path.join(self.at, "coldframe.json"))

    def save(self, settings):
        write(os.path.join(self.at, "coldframe.json"), json.dumps(settings))

    def until_idle(self, *options):
        run = self.run_workspace(self.at, "--backfill", "drop", "--until-idle", "--no-record", *options)
        code, summary = run.wait()
        self.assertEqual(code, 0, run.said)
        return summary


class Delivery(QueuesTest):
    def test_every_message_is_processed_and_leaves_the_journal(self):
        self.made()
        self.drop({"n": n} for n in range(200))
        summary = self.until_idle()
        self.assertEqual(sorted(n for result in self.out() for n in result["n"]), list(range(200)))
        self.assertEqual(queued(self.state()), [])
        self.assertEqual(summary["failed"], 0)
        self.assertTrue(any(len(call["n"]) > 1 for call in self.calls()), "some came in batches")

    def test_a_poison_message_takes_its_batch_along(self):
        self.made()
        self.drop([{"n": 1, "bad": True}])
        self.until_idle()
        self.assertEqual([call["receives"] for call in self.calls()], [[1], [2]])
        self.assertEqual(queued(self.state()), [("dead", '{"n": 1, "bad": true}', 0, "ValueError: bad part")])

    def test_with_reports_only_the_poison_goes(self):
        self.made(read={"reportBatchItemFailures": True}, work={"environment": {"REPORT": "1"}})
        self.drop({"n": n, **({"bad": True} if n % 10 == 3 else {})} for n in range(60))
        self.until_idle()
        self.assertEqual(sorted(json.loads(body)["n"] for queue, body, _, _ in queued(self.state())),
                         [3, 13, 23, 33, 43, 53])
        counts = collections.Counter(n for call in self.calls() for n in call["n"])
        self.assertEqual({n for n, times in counts.items() if times != 1}, {3, 13, 23, 33, 43, 53})
        self.assertEqual(self.out(), [], "what names failures is no result")
        self.assertEqual({problem for _, _, _, problem in queued(self.state())}, {"the function named it in batchItemFailures"})

    def test_an_answer_that_names_nobody_fails_the_whole_batch(self):
        self.made(read={"reportBatchItemFailures": True},
                  work={"environment": {"ANSWER": '{"batchItemFailures": [{"itemIdentifier": "nobody"}]}'}})
        self.drop([{"n": 1}])
        self.until_idle()
        self.assertEqual(len(self.calls()), 2)
        (queue, _, _, problem), = queued(self.state())
        self.assertEqual(queue, "dead")
        self.assertIn("batchItemFailures[0]", problem)

    def test_a_failed_event_goes_to_a_queue_with_what_went_wrong(self):
        self.made("show", feed={"async": {"retries": 0}, "onFailure": {"store": "parts", "content": "payload"}})
        self.drop([{"n": 1, "sour": True}])
        run = self.run_workspace(self.at, "--backfill", "drop", "--until-idle", "--no-record")
        run.wait()
        record, = self.calls()
        self.assertEqual(record["body"], '{"n": 1, "sour": true}')
        attributes = {name: value["stringValue"] for name, value in record["messageAttributes"].items()}
        self.assertEqual((attributes["ErrorCode"], attributes["ErrorMessage"]), ("200", "sour"))
        self.assertEqual(len(attributes["RequestID"]), 36)

    def test_a_record_is_what_lambda_hands_over(self):
        begun = time.time()
        self.made("show")
        self.drop([{"n": 1}])
        self.until_idle()
        record, = self.calls()
        self.assertEqual(sorted(record), ["attributes", "awsRegion", "body", "eventSource", "eventSourceARN", "md5OfBody",
                                          "messageAttributes", "messageId", "receiptHandle"])
        self.assertEqual(record["eventSourceARN"], "arn:aws:sqs:us-east-1:000000000000:parts")
        self.assertEqual(record["md5OfBody"], "%s" % __import__("hashlib").md5(record["body"].encode()).hexdigest())
        self.assertEqual(sorted(record["attributes"]), ["ApproximateFirstReceiveTimestamp", "ApproximateReceiveCount",
                                                        "SenderId", "SentTimestamp"])
        sent, received = (int(record["attributes"][name]) / 1000
                          for name in ("SentTimestamp", "ApproximateFirstReceiveTimestamp"))
        self.assertTrue(begun - 60 < sent <= received < time.time() + 60, record["attributes"])
        self.assertEqual(record["attributes"]["ApproximateReceiveCount"], "1")

    def test_what_the_filter_leaves_out_is_deleted(self):
        self.made(read={"filter": {"body": {"n": [{"numeric": [">=", 30]}]}}})
        self.drop({"n": n} for n in range(40))
        summary = self.until_idle()
        self.assertEqual(sorted(n for call in self.calls() for n in call["n"]), list(range(30, 40)))
        self.assertEqual(queued(self.state()), [])
        self.assertEqual(summary["filteredOut"], 30)

    def test_a_filter_that_is_changed_holds_for_what_waits(self):
        self.made(read={"enabled": False})
        self.drop({"n": n} for n in range(20))
        self.until_idle()
        settings = self.settings()
        settings["triggers"]["read"].update(enabled=True, filter={"body": {"n": [7]}})
        self.save(settings)
        self.run_workspace(self.at, "--until-idle", "--no-record").wait()
        self.assertEqual([call["n"] for call in self.calls()], [[7]])


class Fifo(QueuesTest):
    def test_groups_keep_their_order(self):
        self.made("order", queue={"fifo": True}, on_success={"messageGroup": "{payload.who}"})
        self.drop({"n": n, "who": "abc"[n % 3]} for n in range(150))
        self.until_idle()
        seen = collections.defaultdict(list)
        for group, sequence in self.calls():
            seen[group].append(sequence)
        self.assertEqual({group: len(all_of_it) for group, all_of_it in seen.items()}, {"a": 50, "b": 50, "c": 50})
        for sequences in seen.values():
            self.assertEqual(sequences, sorted(sequences))


class Killed(QueuesTest):
    def test_nothing_is_lost(self):
        seed = random.randrange(1 << 32)
        print("seed %d" % seed)
        chance = random.Random(seed)
        self.made()
        files = 400
        self.drop({"n": n} for n in range(files))
        for _ in range(3):
            run = self.run_workspace(self.at, "--backfill", "drop", "--no-record")
            goal = len(self.calls_so_far()) + chance.randrange(1, 12)
            wait_for(lambda: len(self.calls_so_far()) >= goal or run.process.poll() is not None, "some calls")
            run.stop(signal.SIGKILL)
        self.until_idle()
        done = collections.Counter(n for result in self.out() for n in result["n"])
        self.assertEqual(sorted(done), list(range(files)))
        self.assertEqual(queued(self.state()), [])


class Settings(QueuesTest):
    def test_a_trigger_that_is_switched_on_reads_what_waited(self):
        self.made(read={"enabled": False})
        self.drop({"n": n} for n in range(20))
        self.until_idle()
        self.assertEqual(len(queued(self.state())), 20)
        run = self.run_workspace(self.at, "--no-record")
        settings = self.settings()
        settings["triggers"]["read"]["enabled"] = True
        settings["stores"]["more"] = {"kind": "queue"}
        self.save(settings)
        wait_for(lambda: queued(self.state()) == [], "all are read\n" + run.said)
        self.assertEqual(run.stop()[0], 0, run.said)
        self.assertEqual(sum(len(call["n"]) for call in self.calls()), 20)


class Damaged(QueuesTest):
    def test_a_message_that_cannot_be_read_takes_no_other_with_it(self):
        self.made(read={"enabled": False})
        self.drop({"n": n} for n in range(5))
        self.until_idle()
        run = self.run_workspace(self.at, "--no-record")  # which reads bodies when somebody needs them
        run.wait_for_line("already here")
        with contextlib.closing(sqlite3.connect(os.path.join(self.state(), "journal.db"), timeout=30)) as journal:
            journal.execute("DELETE FROM messages WHERE key = (SELECT min(key) FROM messages)")
            journal.commit()
        left = sorted(body for _, body, _, _ in queued(self.state()))
        self.assertEqual(len(left), 4)
        settings = self.settings()
        settings["triggers"]["read"]["enabled"] = True
        self.save(settings)
        wait_for(lambda: [queue for queue, _, _, _ in queued(self.state())] == ["dead"] * 4, "all are given up\n" + run.said)
        self.assertEqual(sorted(body for _, body, _, _ in queued(self.state())), left)
        self.assertTrue(all("the journal has no message" in problem for _, _, _, problem in queued(self.state())))
        run.stop()


if __name__ == "__main__":
    unittest.main()
