#!/usr/bin/python3
"""`run --until-idle` ends when nothing is left to do, and not before."""
import json
import os
import subprocess
import unittest
import urllib.parse
import urllib.request

from coldframe_program import ProgramTest, read_json, wait_for, write

CODE = """
import os, pathlib, time
HERE = os.path.dirname(__file__)

def f(event, context):
    if event["holds"]:
        pathlib.Path(HERE, "started").touch()
        while not os.path.exists(os.path.join(HERE, "go")):
            time.sleep(0.01)
    return event
"""


class UntilIdle(ProgramTest):
    def setUp(self):
        super().setUp()
        self.at = self.workspace(
            {"f": {"handler": "app.f", "timeoutMs": 600_000, "onSuccess": {"store": "out"}}}, CODE, ["in", "out"],
            {"drop": {"kind": "file", "store": "in", "events": ["created"], "suffix": ".json", "shape": "content",
                      "settleMs": 4000, "function": "f"}})
        # It is kept busy until the test has done what it came for.
        self.drop("first", True)
        self.run_ = self.run_workspace(self.at, "--backfill", "drop", "--until-idle")
        wait_for(lambda: os.path.exists(os.path.join(self.at, "code", "started")), "it is at work")

    def drop(self, name, holds):
        write(os.path.join(self.at, "data", "in", name + ".json"), json.dumps({"holds": holds}))

    def go(self):
        write(os.path.join(self.at, "code", "go"), "")

    def results(self):
        return sorted(os.listdir(os.path.join(self.at, "data", "out")))

    def test_a_file_that_settles_is_waited_for(self):
        self.drop("young", False)
        self.go()  # what it has to do ends long before the file is told of
        code, summary = self.run_.wait()
        self.assertEqual((code, summary["events"], summary["succeeded"]), (0, 2, 2), self.run_.said)
        self.assertEqual(self.results(), ["first.json", "young.json"])

    def test_a_file_that_is_being_written_is_waited_for(self):
        with open(os.path.join(self.at, "data", "in", "slow.json"), "w") as file:
            file.write('{"holds": ')
            file.flush()
            self.go()
            wait_for(lambda: self.results() == ["first.json"], "all else is done")
            with self.assertRaises(subprocess.TimeoutExpired, msg="it ended though a file was being written"):
                self.run_.process.wait(3)  # what is idle ends within one
            file.write("false}")
        code, summary = self.run_.wait()
        self.assertEqual((code, summary["events"], summary["succeeded"]), (0, 2, 2), self.run_.said)
        self.assertEqual(self.results(), ["first.json", "slow.json"])

    def test_what_the_trigger_does_not_want_is_not(self):
        with open(os.path.join(self.at, "data", "in", "endless.log"), "w") as file:
            file.write("a program that writes its log here for ever")
            file.flush()
            self.go()
            code, summary = self.run_.wait()
        self.assertEqual((code, summary["events"]), (0, 1), self.run_.said)


POISON = """
import base64, json

def weigh(event, context):
    for record in event["Records"]:
        body = record["body"] if "body" in record else base64.b64decode(record["kinesis"]["data"])
        if json.loads(body).get("poison"):
            raise ValueError("no weight")

def body(event, context):
    if event.get("poison"):
        raise ValueError("no weight")
    return event
"""


class Stuck(ProgramTest):
    """Whoever waits for the end of a run is told what it is that it waits for."""

    def stuck(self, run, what, hint):
        """It says so while it waits, and once more when it is ended."""
        run.wait_for_line(r"(?m)^waiting: work: %s failed, \d+ attempts? in \S+ s \(ValueError: no weight\); it is "
                          r"(being tried|tried again (at once|in \S+ m?s)); %s$" % (what, hint))
        self.assertIsNone(run.process.poll(), "it ended")
        code, summary = run.stop()
        self.assertRegex(run.said, r"(?m)^not done: work: %s failed, \d+ attempts? in .* \(ValueError: no weight\); it comes "
                                   r"again at the next start; %s$" % (what, hint))
        self.assertEqual(len([line for line in run.lines if line.startswith("waiting: ")]), 1, run.said)
        return code, summary

    def test_behind_a_message_without_a_dead_letter_queue(self):
        at = self.workspace({"f": {"handler": "app.weigh", "timeoutMs": 2000}}, POISON, triggers={
            "work": {"kind": "queue", "store": "parts", "function": "f", "batchSize": 1}},
            queues={"parts": {"visibilityTimeoutS": 2}, "out": {}})
        self.send(at, [{"poison": True}, {}])
        run = self.run_workspace(at, "--until-idle")
        _, summary = self.stuck(run, r"message [0-9a-f-]{36} of parts", "correct the function or the message, or give the queue "
                                                                         "maxReceives and deadLetters")
        self.assertEqual((summary["queues"]["parts"]["messages"], summary["queues"]["parts"]["deleted"]), (1, 1), run.said)

    def send(self, at, bodies):
        """Through the queue's endpoint, while nothing reads it."""
        run = self.run_workspace(self.without_triggers(at), "--serve-sqs", "0")
        url = run.wait_for_line(r"SQS queues on (http://\S+)\n").group(1)
        for body in bodies:
            form = urllib.parse.urlencode({"Action": "SendMessage", "MessageBody": json.dumps(body)}).encode()
            with urllib.request.urlopen(url + "/000000000000/parts", form, timeout=60) as answer:
                self.assertEqual(answer.status, 200)
        run.stop()
        self.change(at, lambda document: document.update(triggers=self.triggers))

    def without_triggers(self, at):
        self.triggers = read_json(os.path.join(at, "coldframe.json"))["triggers"]
        self.change(at, lambda document: document.update(triggers={}))
        return at

    def change(self, at, how):
        document = read_json(os.path.join(at, "coldframe.json"))
        how(document)
        write(os.path.join(at, "coldframe.json"), json.dumps(document))

    def test_behind_a_record_of_a_stream(self):
        at = self.workspace({"f": {"handler": "app.weigh"}}, POISON, triggers={
            "work": {"kind": "stream", "path": "data/rows.jsonl", "function": "f"}})
        write(os.path.join(at, "data", "rows.jsonl"), '{"n": 1}\n{"poison": true}\n')
        run = self.run_workspace(at, "--until-idle")
        self.stuck(run, r"records \d+ to \d+", "correct the function, or set maximumRetryAttempts or maximumRecordAgeS")

    def test_the_reason_of_a_trigger_s_first_failure_is_told(self):
        at = self.workspace({"f": {"handler": "app.body", "reservedConcurrency": 1,
                                   "onFailure": {"store": "failed", "key": "{source.name}.json"}}},
                            POISON, ["in", "failed"],
                            {"drop": {"kind": "file", "store": "in", "shape": "content", "function": "f"}}, timeScale=1000)
        for name in ("a", "b", "c"):
            write(os.path.join(at, "data", "in", name + ".json"), '{"poison": true}')
        run = self.run_workspace(at, "--until-idle", "--backfill", "drop")
        code, summary = run.wait()
        self.assertEqual((code, summary["failed"]), (0, 3), run.said)
        told = [line for line in run.lines if line.startswith("warning: drop: ")]
        self.assertEqual(len(told), 1, "the others fail of the same\n" + run.said)
        self.assertRegex(told[0], r"^warning: drop: [abc]\.json failed \(ValueError: no weight\); it is tried again in 1 s$")


if __name__ == "__main__":
    unittest.main()
