#!/usr/bin/python3
"""`run --until-idle` ends when nothing is left to do, and not before."""
import json
import os
import subprocess
import unittest

from coldframe_program import ProgramTest, wait_for, write

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


if __name__ == "__main__":
    unittest.main()
