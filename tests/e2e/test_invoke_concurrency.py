#!/usr/bin/python3
"""As many calls at once as a function has concurrency, and one more: through the Invoke API, on real processes."""
import json
import os
import threading
import unittest

from coldframe_program import PATIENCE, wait_for, write
from invoke_server import WORKSPACE, Server

LIMIT = 32


def reserving(limit):
    holds = dict(WORKSPACE["functions"]["holds"], reservedConcurrency=limit)
    return dict(WORKSPACE, functions={"holds": holds})


def read_text(path):
    with open(path) as file:
        return file.read()


class Concurrency(unittest.TestCase):
    def setUp(self):
        # The desk has room for them all: what is tested is the pool's limit, not this machine's.
        self.server = Server("--desk-slots", str(LIMIT + 8), workspace=reserving(LIMIT))
        self.addCleanup(self.server.stop)
        self.client = self.server.client
        self.addCleanup(self.client.close)
        self.until = self.server.path("until")
        self.answers = {}

    def call(self, number):
        event = {"started": self.server.path("started", str(number)), "until": self.until}
        answer = self.client.invoke(FunctionName="holds", Payload=json.dumps(event))
        answer["Payload"] = json.load(answer["Payload"])
        self.answers[number] = answer

    def start_calls(self, numbers):
        callers = [threading.Thread(target=self.call, args=(number,)) for number in numbers]
        for caller in callers:
            caller.start()
        return callers

    def started(self):
        return os.listdir(self.server.path("started"))

    def test_all_that_are_reserved_run_at_once_and_one_more_is_refused(self):
        os.mkdir(self.server.path("started"))
        callers = self.start_calls(range(LIMIT))
        self.addCleanup(lambda: [caller.join(PATIENCE) for caller in callers])
        self.addCleanup(write, self.until, "")
        wait_for(lambda: len(self.started()) == LIMIT, "%d calls are at work at once" % LIMIT)

        with self.assertRaises(self.client.exceptions.TooManyRequestsException) as caught:
            self.call(LIMIT)
        refusal = caught.exception.response
        self.assertEqual(refusal["ResponseMetadata"]["HTTPStatusCode"], 429)
        self.assertEqual(refusal["Reason"], "ReservedFunctionConcurrentInvocationLimitExceeded")
        self.assertEqual(len(self.started()), LIMIT, "the refused call reached no handler")

        write(self.until, "")
        for caller in callers:
            caller.join(PATIENCE)
        self.assertEqual(sorted(self.answers), list(range(LIMIT)), "every call was answered")
        for number, answer in self.answers.items():
            with self.subTest(number):
                self.assertEqual((answer["StatusCode"], answer.get("FunctionError"), answer["Payload"]),
                                 (200, None, "released"))
        processes = {read_text(self.server.path("started", name)) for name in self.started()}
        self.assertEqual(len(processes), LIMIT, "each on an instance of its own")

        self.call(LIMIT)  # there is room again, and a warm instance
        self.assertEqual(self.answers[LIMIT]["Payload"], "released")
        code, summary = self.server.run.stop()
        self.assertEqual(code, 0)
        self.assertEqual({name: summary[name] for name in ("events", "succeeded", "failed", "throttled", "coldStarts")},
                         {"events": LIMIT + 2, "succeeded": LIMIT + 1, "failed": 0, "throttled": 1,
                          "coldStarts": LIMIT}, self.server.run.said)


if __name__ == "__main__":
    unittest.main()
