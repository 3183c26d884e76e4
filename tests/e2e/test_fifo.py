#!/usr/bin/python3
"""FIFO queues whose functions fail: each group keeps its order, what cannot be processed moves on, nothing is lost."""
import collections
import json
import os
import random
import signal
import unittest

from coldframe_program import queued, wait_for
from test_queues import QueuesTest

# A message that says bad fails. `one` gets one at a time, `some` tells which of its batch have failed. What was done
# is a line of the file calls: group, number, sequence number, receives and whether it failed.
HANDLERS = '''
def done(record):
    body, facts = json.loads(record["body"]), record["attributes"]
    bad = bool(body.get("bad")) and int(facts["ApproximateReceiveCount"]) <= body["bad"]
    note([facts["MessageGroupId"], body["n"], facts["SequenceNumber"], int(facts["ApproximateReceiveCount"]), bad])
    return not bad

def one(event, context):
    record, = event["Records"]
    if not done(record):
        raise ValueError("bad " + record["body"])

def some(event, context):
    failed = [record["messageId"] for record in event["Records"] if not done(record)]
    return {"batchItemFailures": [{"itemIdentifier": name} for name in failed]}
'''

ALWAYS = 99  # as many receives as it may fail in


class FifoTest(QueuesTest):
    more_code = HANDLERS

    def ordered(self, reader, messages, **read):
        """Messages of three groups; those with a number in `messages` fail in so many receives."""
        self.made(reader, queue={"fifo": True, "maxReceives": 3}, on_success={"messageGroup": "{payload.who}"}, read=read)
        self.drop({"n": n, "who": "abc"[n % 3], **({"bad": messages[n]} if n in messages else {})} for n in range(60))

    def waiting(self, reader, messages, **read):
        """Likewise, and all lie in the queue already."""
        self.ordered(reader, messages, enabled=False, **read)
        self.until_idle()
        self.assertEqual(len(queued(self.state())), 60)
        settings = self.settings()
        settings["triggers"]["read"]["enabled"] = True
        self.save(settings)

    def finish(self):
        run = self.run_workspace(self.at, "--until-idle", "--no-record")
        self.assertEqual(run.wait()[0], 0, run.said)

    def check(self, poison, once=True):
        """Each group was done in the order of its sequence numbers; the poison lies in the dead-letter queue."""
        calls = self.calls()
        done, last = collections.Counter(), {}
        for group, n, sequence, _, bad in calls:
            if bad:
                continue
            done[n] += 1
            if done[n] == 1:
                self.assertLess(last.get(group, ""), sequence, "group %s in order" % group)
                last[group] = sequence
        self.assertEqual(sorted(done), [n for n in range(60) if n not in poison])
        if once:
            self.assertEqual(set(done.values()), {1})
        left = queued(self.state())
        self.assertEqual(sorted(json.loads(body)["n"] for _, body, _, _ in left), sorted(poison))
        self.assertEqual({queue for queue, _, _, _ in left}, {"dead"} if poison else set())
        return left

    def blocked(self, calls, n):
        """Others of its group are done neither between its receives nor before it is given up."""
        at = [place for place, call in enumerate(calls) if call[1] == n]
        between = [call for call in calls[at[0]:at[-1]] if call[0] == "abc"[n % 3] and call[1] != n]
        self.assertEqual(between, [])
        self.assertEqual([calls[place][3] for place in at], [1, 2, 3])


class Failures(FifoTest):
    def test_a_group_waits_for_the_one_that_fails(self):
        self.ordered("one", {7: 2, 30: ALWAYS, 33: ALWAYS}, batchSize=1)
        self.until_idle()
        for _, body, _, problem in self.check({30, 33}):
            self.assertEqual(problem, "ValueError: bad " + body)
        for n in (7, 30, 33):  # the first was done at its third receive
            self.blocked(self.calls(), n)

    def test_those_that_answers_name_come_again(self):
        self.ordered("some", {5: ALWAYS, 29: ALWAYS}, reportBatchItemFailures=True)
        self.until_idle()
        for _, _, _, problem in self.check({5, 29}):
            self.assertEqual(problem, "the function named it in batchItemFailures")
        counts = collections.Counter(n for _, n, _, _, _ in self.calls())
        self.assertEqual({n: times for n, times in counts.items() if times > 1}, {5: 3, 29: 3})

    def test_kills_lose_nothing_and_keep_the_order(self):
        seed = random.randrange(1 << 32)
        print("seed %d" % seed)
        chance = random.Random(seed)
        self.waiting("one", {4: 1, 20: ALWAYS, 41: ALWAYS}, batchSize=1)
        for _ in range(3):
            run = self.run_workspace(self.at, "--no-record")
            goal = len(self.calls_so_far()) + chance.randrange(1, 15)
            wait_for(lambda: len(self.calls_so_far()) >= goal or run.process.poll() is not None, "some calls")
            run.stop(signal.SIGKILL)
        self.finish()
        self.check({20, 41}, once=False)

    def test_the_filter_over_the_dead_letters_holds_as_they_come(self):
        self.made("work", read={"batchSize": 1})
        settings = self.settings()
        settings["functions"]["late"] = {"runtime": "python", "code": "code", "handler": "app.late"}
        settings["triggers"]["late"] = {"kind": "queue", "store": "dead", "function": "late", "filter": {"body": {"n": [1, 3]}}}
        self.save(settings)
        self.drop({"n": n, "bad": True} for n in range(5))
        summary = self.until_idle()
        self.assertEqual(sorted(call["late"] for call in self.calls() if "late" in call), [1, 3])
        self.assertEqual((summary["filteredOut"], queued(self.state())), (3, []))


class Kind(FifoTest):
    def test_between_two_runs_a_queue_may_become_another(self):
        self.waiting("one", {})
        settings = self.settings()
        for queue in ("parts", "dead"):
            settings["stores"][queue]["fifo"] = False
        del settings["functions"]["feed"]["onSuccess"]["messageGroup"]
        settings["functions"]["one"]["handler"] = "app.work"
        self.save(settings)
        self.finish()
        self.assertEqual(sorted(n for call in self.calls() for n in call["n"]), list(range(60)))


if __name__ == "__main__":
    unittest.main()
