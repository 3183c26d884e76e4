#!/usr/bin/python3
"""What replay says another setting would have made of a run is what a run with that setting comes to."""
import concurrent.futures
import json
import os
import time
import unittest
import urllib.request

from coldframe_program import ProgramTest, read_json, write

BURST = 24  # calls at once: far above the limits, whatever the machine is busy with
WAIT_MS = 5000  # of the handler: longer than it takes to start all, so that no instance is free again
LATER = 5  # calls one after the other, once all are idle: they find warm instances


class Replay(ProgramTest):
    def limited(self, name, limit):
        """The example with another limit, in a folder of its own."""
        at = self.example("scale")
        moved = os.path.join(self.folder, name)
        os.rename(at, moved)
        document = read_json(os.path.join(moved, "coldframe.json"))
        document["functions"]["slow-limited"]["reservedConcurrency"] = limit
        document["functions"]["slow-limited"]["timeoutMs"] = 60000
        write(os.path.join(moved, "coldframe.json"), json.dumps(document))
        return moved

    def call(self, run, wait_ms):
        request = urllib.request.Request(
            run.url + "/2015-03-31/functions/slow-limited/invocations", data=json.dumps({"waitMs": wait_ms}).encode())
        try:
            with urllib.request.urlopen(request, timeout=90) as answer:
                return answer.status
        except urllib.error.HTTPError as refused:
            refused.close()
            return refused.code

    def live(self, at):
        """A burst, a rest, and a few calls more: (throttled, cold starts) as the run itself counts them."""
        run = self.run_workspace(at, "--serve", "0")
        run.url  # it serves
        with concurrent.futures.ThreadPoolExecutor(BURST) as callers:
            codes = list(callers.map(lambda _: self.call(run, WAIT_MS), range(BURST)))
        self.assertEqual(set(codes), {200, 429})
        for _ in range(LATER):
            self.assertEqual(self.call(run, 10), 200)
        code, summary = run.stop()
        self.assertEqual(code, 0, run.said)
        self.assertEqual(summary["throttled"], codes.count(429))
        return summary["throttled"], summary["coldStarts"]

    def replay(self, *arguments, code=0):
        done = self.coldframe("replay", *arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def near(self, a, b, what):
        self.assertLessEqual(abs(a - b), 0.05 * max(a, b), "%s: %d and %d" % (what, a, b))

    def test_a_changed_limit_comes_to_what_a_run_with_it_comes_to(self):
        a = self.limited("a", 4)
        b = self.limited("b", 8)
        throttled_a, cold_a = self.live(a)
        throttled_b, cold_b = self.live(b)
        self.assertNotEqual((throttled_a, cold_a), (throttled_b, cold_b))
        self.one_is_the_other(a, 8, (throttled_a, cold_a), (throttled_b, cold_b))
        self.one_is_the_other(b, 4, (throttled_b, cold_b), (throttled_a, cold_a))

        same = json.loads(self.replay(a, "--json").stdout)
        self.assertTrue(same["equal"] and same["complete"])
        self.assertNotIn("replayed", same)

    def one_is_the_other(self, at, limit, recorded, wanted):
        csv = os.path.join(self.folder, "figures.csv")
        told = json.loads(self.replay(at, "--set", "functions.slow-limited.reservedConcurrency=%d" % limit,
                                      "--json", "--csv", csv).stdout)
        before, after = told["recorded"]["total"], told["replayed"]["total"]
        self.assertEqual((before["throttled"], before["coldStarts"]), recorded)
        self.near(after["throttled"], wanted[0], "throttled")
        self.near(after["coldStarts"], wanted[1], "cold starts")
        self.assertEqual(after["peakConcurrency"], limit)
        self.assertEqual(told["difference"]["total"]["throttled"], after["throttled"] - before["throttled"])
        self.assertEqual(sum(told["series"]["replayed"]["throttled"]), after["throttled"])
        self.assertEqual(sum(told["series"]["recorded"]["arrived"]), BURST + LATER)
        for run in ("recorded", "replayed"):
            course, total = told["series"][run], told[run]["total"]
            self.assertEqual(course["costUsd"][-1], total["costUsd"])
            self.assertEqual(len(course["p95Ms"]), -(-len(course["costUsd"]) // 5))
            self.assertTrue(min(v for v in course["p50Ms"] if v) <= total["p50Ms"])
        more = max(0, after["coldStarts"] - before["coldStarts"])  # an init and an attempt of each are drawn
        self.assertEqual(told["times"]["total"]["drawn"], 2 * more)
        with open(csv) as file:
            lines = file.read().splitlines()
        self.assertEqual(lines[0], "function,figure,unit,basis,recorded,replayed,difference")
        self.assertIn("slow-limited,throttled,,counted,%d,%d,%d" % (
            before["throttled"], after["throttled"], after["throttled"] - before["throttled"]), lines)

    def test_what_is_wrong_is_named(self):
        at = self.workspace({"made": {"handler": "app.f"}}, "def f(event, context):\n    return 1\n")
        self.assertIn("holds no recording", self.replay(at, code=2).stderr)
        self.assertEqual(self.run_workspace(at, "--for", "200ms").wait()[0], 0)
        for setting, said in {
                "functions.mode.memoryMb=256": 'did you mean "functions.made.memoryMb"? The functions are "made"',
                "functions.made.memory=256": 'there is no setting "functions.made.memory"',
                "functions.made.memoryMb=64": 'functions.made.memoryMb must be a whole number from 128 to 10240, not "64"',
                "functions.made.reservedConcurrency=none": "or null",
                "pool.dispatch=newst": 'did you mean "newest"?',
                "pool.keepAlive=5": 'did you mean "pool.keepAliveS"?',
                "platform=aws-lambda-x86": 'did you mean "aws-lambda-x86_64"?',
                "arrivals.rateFactor=-1": "must be a number above 0",
                "accountConcurrency": "write PATH=VALUE"}.items():
            csv = os.path.join(self.folder, "none.csv")
            done = self.replay(at, "--set", setting, "--csv", csv, code=2)
            self.assertIn(said, done.stderr)
            self.assertEqual(done.stdout, "")
            self.assertFalse(os.path.exists(csv))


if __name__ == "__main__":
    unittest.main()
