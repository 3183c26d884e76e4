#!/usr/bin/python3
"""At timeScale 1: a failed event comes again after the platform's minute, also when the program is killed meanwhile."""
import json
import os
import signal
import time
import unittest

from coldframe_program import ProgramTest, journaled, objects, wait_for, write

CODE = '''
import json, os, time

def f(event, context):
    at = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "calls")
    with open(at, "ab", buffering=0) as file:
        file.write(json.dumps(time.time()).encode() + b"\\n")
    with open(at) as file:
        if len(file.readlines()) == 1:
            raise ValueError("not yet")
    return event
'''


class RealRetry(ProgramTest):
    def test_it_waits_a_minute(self):
        at = self.workspace({"f": {"handler": "app.f", "onSuccess": {"store": "out"}}}, CODE, ["in", "out"],
                            {"drop": {"kind": "file", "store": "in", "shape": "content", "function": "f"}})
        calls = os.path.join(at, "calls")
        run = self.run_workspace(at)
        self.wait_until_watching(run, at, ["in"])
        write(os.path.join(at, "data", "in", "1.json"), json.dumps({"n": 1}))
        wait_for(lambda: os.path.exists(calls), "the first attempt\n" + run.said)
        time.sleep(2)  # so that the failure is in the journal; were it not, it would come again at once
        run.stop(signal.SIGKILL)
        run = self.run_workspace(at)
        wait_for(lambda: objects(os.path.join(at, "data", "out")), "the second attempt\n" + run.said)
        with open(calls) as file:
            first, second = [json.loads(line) for line in file]
        self.assertGreater(second - first, 59.9)
        self.assertLess(second - first, 75)
        wait_for(lambda: journaled(os.path.join(at, ".coldframe")) == 0, "the journal is empty")
        self.assertEqual(run.stop()[1]["failed"], 0)


if __name__ == "__main__":
    unittest.main()
