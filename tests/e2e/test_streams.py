#!/usr/bin/python3
"""Lines of a growing file as a stream: batches, retries, partial failures, lanes, windows, filters, restarts."""
import base64
import json
import os
import random
import signal
import time
import unittest

from coldframe_program import objects, read_json, wait_for, write
from source_program import SourcesTest

READING = '''
import base64, time

def lines(event):
    return [base64.b64decode(record["kinesis"]["data"]).decode() for record in event["Records"]]

def stream(event, context):
    if any("poison" in line for line in lines(event)):
        raise ValueError("poison")
    note(lines(event))

def rows(event, context):
    note(event)

def total(event, context):
    numbers = [json.loads(line)["n"] for line in lines(event)]
    return {"first": numbers[0], "sum": sum(numbers)}

tried = set()

def reports(event, context):
    """Up to the first line that fails; one that is flaky fails when it is first seen."""
    done = []
    failures = []
    for record, line in zip(event["Records"], lines(event)):
        if "poison" in line or "flaky" in line and line not in tried:
            tried.add(line)
            failures.append({"itemIdentifier": record["kinesis"]["sequenceNumber"]})
            break
        done.append(line)
    note(done)
    return {"batchItemFailures": failures}

def by_key(event, context):
    """Takes a while; every third batch fails when it is first seen by this instance."""
    began = time.monotonic()
    batch = [json.loads(line) for line in lines(event)]
    time.sleep(0.02)
    if batch[0]["n"] % 3 == 0 and batch[0]["n"] not in tried:
        tried.add(batch[0]["n"])
        raise ValueError("not yet")
    note([began, time.monotonic(), batch])

def sums(event, context):
    state = event["state"]
    for line in lines(event):
        state["sum"] = state.get("sum", 0) + json.loads(line)["n"]
    if event["isFinalInvokeForWindow"]:
        note([event["window"], state.get("sum", 0), len(event["Records"]), event["isWindowTerminatedEarly"]])
    return {"state": state}

def swells(event, context):
    """Its state grows by half of what it may have with each line."""
    state = event["state"]
    text = state.get("text", "") + "x" * 550_000 * len(event["Records"])
    note([event["isFinalInvokeForWindow"], event["isWindowTerminatedEarly"], len(state.get("text", ""))])
    return {"state": {"text": text}}

def forgets(event, context):
    return {"done": True}
'''


class StreamTest(SourcesTest):
    def streamed(self, function, trigger, stores=(), **settings):
        return self.made(function, {"kind": "stream", "path": "clicks.jsonl", **trigger}, stores, READING, **settings)

    def append(self, *lines, name="clicks.jsonl"):
        with open(os.path.join(self.at, name), "a") as file:
            file.write("".join(json.dumps(line) + "\n" for line in lines))

    def numbers(self):
        """What each call noted, as numbers of its lines."""
        return [[json.loads(line)["n"] for line in batch] for batch in self.calls()]

    def seen(self):
        return [n for batch in self.numbers() for n in batch]

    def until_idle(self):
        code, summary = self.run_workspace(self.at, "--until-idle").wait()
        self.assertEqual(code, 0)
        return summary

    def dead(self):
        """The records of what was given up, by the name of their file."""
        return {name: read_json(self.path("dead", name)) for name in objects(self.path("dead"))}


class Order(StreamTest):
    def test_rotated_and_killed_every_line_comes_in_order(self):
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        self.streamed("stream", {"batchSize": 40, "partitionKey": "n"})
        number = 0
        for round_ in range(4):
            run = self.run_workspace(self.at)
            for _ in range(6):
                self.append(*({"n": number + i} for i in range(100)))
                number += 100
                if chance.randrange(2):
                    os.rename(os.path.join(self.at, "clicks.jsonl"),
                              os.path.join(self.at, "clicks.jsonl.%d" % number))
                least = number - chance.randrange(150)
                wait_for(lambda: self.seen() and max(self.seen()) >= least - 1, "%d lines\n%s" % (least, run.said))
            if round_ < 3:
                run.process.send_signal(signal.SIGKILL)
                run.wait()
                self.append(*({"n": number + i} for i in range(50)))
                number += 50
        wait_for(lambda: max(self.seen()) == number - 1, "all lines\n" + run.said)
        run.stop()
        reached = 0
        repeated = 0
        for batch in self.numbers():
            self.assertEqual(batch, list(range(batch[0], batch[0] + len(batch))), "seed %d" % seed)
            # What comes again begins earlier and goes on from there without a gap.
            self.assertLessEqual(batch[0], reached, "seed %d: a gap" % seed)
            self.assertLessEqual(len(batch), 40)
            repeated += reached - batch[0]
            reached = batch[-1] + 1
        self.assertEqual(reached, number, "seed %d" % seed)
        print("killed 3 times (seed %d): %d lines, %d handed over again" % (seed, number, repeated))
        self.assertLessEqual(repeated, 3 * 2 * 40)

    def test_lanes_keep_the_order_of_each_key_also_when_batches_fail_and_the_program_is_killed(self):
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        self.streamed("by_key", {"batchSize": 5, "partitionKey": "key", "parallelizationFactor": 4})
        keys = 12
        total = 600
        counts = [0] * keys
        for n in range(total):
            key = chance.randrange(keys)
            self.append({"n": n, "key": key, "nth": counts[key]})
            counts[key] += 1
        run = self.run_workspace(self.at)
        wait_for(lambda: len(self.calls()) > 20, "some batches\n" + run.said)
        run.process.send_signal(signal.SIGKILL)
        run.wait()
        killed = len(self.calls())
        self.until_idle()
        reached = [0] * keys
        for _, _, batch in self.calls():
            self.assertLessEqual(len(batch), 5)
            for row in batch:
                # One that comes again is followed by those after it, not by what came before.
                self.assertLessEqual(row["nth"], reached[row["key"]], "seed %d: a gap in %s" % (seed, row))
                reached[row["key"]] = row["nth"] + 1
        self.assertEqual(reached, counts, "seed %d" % seed)
        busiest = 0
        for calls in (self.calls()[:killed], self.calls()[killed:]):
            changes = sorted([(begin, 1) for begin, _, _ in calls] + [(end, -1) for _, end, _ in calls])
            level = most = 0
            for _, change in changes:
                level += change
                most = max(most, level)
            self.assertLessEqual(most, 4, "seed %d: batches at once" % seed)
            busiest = max(busiest, most)
        self.assertGreaterEqual(busiest, 2, "seed %d: lanes are at work side by side" % seed)
        handed = sum(len(batch) for _, _, batch in self.calls())
        print("4 lanes, killed once (seed %d): %d rows, %d handed over again" % (seed, total, handed - total))


class Failures(StreamTest):
    def test_a_poisoned_batch_blocks_and_then_goes_to_on_failure(self):
        self.streamed("stream", {"batchSize": 2, "maximumRetryAttempts": 2}, ["dead"], onFailure={"store": "dead"})
        self.append({"n": 0}, {"n": 1}, {"n": 2}, {"n": "poison"}, {"n": 4})
        self.assertEqual(self.until_idle()["invocations"], 5)
        self.assertEqual(self.seen(), [0, 1, 4])
        [(name, record)] = self.dead().items()
        self.assertEqual(name, "t-3-4.json")
        self.assertEqual((record["requestContext"]["condition"], record["requestContext"]["approximateInvokeCount"]),
                         ("RetryAttemptsExhausted", 3))
        self.assertEqual(record["responseContext"]["functionError"], "Unhandled")
        self.assertEqual(record["KinesisBatchInfo"]["batchSize"], 2)
        payload = json.loads(record["payload"])
        self.assertEqual([json.loads(base64.b64decode(item["kinesis"]["data"])) for item in payload["Records"]],
                         [{"n": 2}, {"n": "poison"}])
        self.assertEqual(payload["Records"][0]["kinesis"]["sequenceNumber"],
                         record["KinesisBatchInfo"]["startSequenceNumber"])

    def test_halving_isolates_one_poisoned_record_and_all_others_succeed(self):
        self.streamed("stream", {"batchSize": 100, "maximumRetryAttempts": 1, "bisectBatchOnFunctionError": True},
                      ["dead"], onFailure={"store": "dead"})
        self.append(*({"n": "poison" if n == 37 else n} for n in range(150)))
        summary = self.until_idle()
        self.assertEqual(self.seen(), [n for n in range(150) if n != 37])
        [(name, record)] = self.dead().items()
        self.assertEqual(name, "t-38-38.json")
        self.assertEqual((record["requestContext"]["condition"], record["requestContext"]["approximateInvokeCount"],
                          record["KinesisBatchInfo"]["batchSize"]), ("RetryAttemptsExhausted", 2, 1))

        def failures(first, last):
            """Batches of [first, last) that fail until the poisoned record has failed alone twice."""
            if not first <= 37 < last:
                return 0
            middle = (first + last) // 2
            return 2 if last - first == 1 else 1 + failures(first, middle) + failures(middle, last)
        self.assertEqual(summary["failed"], failures(0, 100))

    def test_what_the_answer_names_is_tried_again_and_what_comes_before_it_is_done(self):
        self.streamed("reports", {"batchSize": 6, "maximumRetryAttempts": 2, "reportBatchItemFailures": True}, ["dead"],
                      onFailure={"store": "dead"}, reservedConcurrency=1)
        self.append(*({"n": n, "is": {2: "flaky", 8: "poison"}.get(n, "good")} for n in range(12)))
        summary = self.until_idle()
        self.assertEqual(self.numbers(), [[0, 1], [2, 3, 4, 5], [6, 7], [], []])
        self.assertEqual(summary["failed"], 0, "the function itself has not failed")
        [(name, record)] = self.dead().items()
        self.assertEqual(name, "t-9-12.json")
        self.assertEqual(record["responseContext"],
                         {"statusCode": 200, "executedVersion": "$LATEST", "functionError": None})
        self.assertEqual(record["requestContext"]["approximateInvokeCount"], 3)

    def test_with_halving_only_the_named_record_is_given_up(self):
        self.streamed("reports", {"batchSize": 12, "maximumRetryAttempts": 0, "reportBatchItemFailures": True,
                                  "bisectBatchOnFunctionError": True}, ["dead"], onFailure={"store": "dead"})
        self.append(*({"n": n, "is": "poison" if n == 8 else "good"} for n in range(12)))
        self.until_idle()
        self.assertEqual(self.seen(), [n for n in range(12) if n != 8])
        self.assertEqual(list(self.dead()), ["t-9-9.json"])

    def test_records_too_old_are_given_up_unseen_and_later_ones_are_not(self):
        self.streamed("stream", {"maximumRecordAgeS": 60}, ["dead"], onFailure={"store": "dead"})
        self.append({"n": 0}, {"n": 1})
        two_minutes_ago = time.time() - 120
        os.utime(os.path.join(self.at, "clicks.jsonl"), (two_minutes_ago, two_minutes_ago))
        run = self.run_workspace(self.at)
        wait_for(lambda: objects(self.path("dead")), "they are given up\n" + run.said)
        self.append({"n": 2})
        wait_for(self.calls, "one call\n" + run.said)
        run.stop()
        self.assertEqual(self.seen(), [2])
        [(name, record)] = self.dead().items()
        self.assertEqual(name, "t-1-2.json")
        self.assertEqual((record["requestContext"]["condition"], record["requestContext"]["approximateInvokeCount"]),
                         ("RecordAgeExceeded", 1))
        self.assertNotIn("responseContext", record)

    def test_a_blocked_stream_goes_on_once_its_rules_are_changed(self):
        self.streamed("stream", {"batchSize": 1})
        self.append({"n": "poison"}, {"n": 1})
        run = self.run_workspace(self.at)
        run.wait_for_line(r"warning: t: record 1 failed \(ValueError: .*\); no later ones are handed over")
        self.assertEqual(self.calls(), [])
        document = read_json(os.path.join(self.at, "coldframe.json"))
        document["triggers"]["t"]["maximumRetryAttempts"] = 0
        write(os.path.join(self.at, "coldframe.json"), json.dumps(document))
        wait_for(self.calls, "the second record\n" + run.said)
        run.stop()
        self.assertIn("record 1 is given up: RetryAttemptsExhausted", run.said)
        self.assertEqual(self.seen(), [1])


class Windows(StreamTest):
    def test_state_is_handed_on_until_its_window_ends(self):
        self.streamed("sums", {"tumblingWindowS": 2, "batchSize": 3})
        run = self.run_workspace(self.at)
        total = 0
        for piece in range(3):
            self.append(*({"n": n} for n in range(10)))
            total += 45
            wait_for(lambda: sum(call[1] for call in self.calls()) == total, "window %d\n%s" % (piece, run.said))
        run.stop()
        windows = [call[0] for call in self.calls()]
        self.assertEqual(sorted(windows, key=lambda window: window["start"]), windows)
        self.assertEqual(len({window["start"] for window in windows}), len(windows), "each ends once")
        self.assertGreaterEqual(len(windows), 3)
        for window, _, records, early in self.calls():
            begin, end = (time.strptime(window[key], "%Y-%m-%dT%H:%M:%SZ") for key in ("start", "end"))
            self.assertEqual((time.mktime(end) - time.mktime(begin), begin.tm_sec % 2, records, early), (2, 0, 0, False))

    def test_state_survives_a_kill(self):
        self.streamed("sums", {"tumblingWindowS": 3, "batchSize": 4})
        self.append(*({"n": n} for n in range(10)))
        run = self.run_workspace(self.at)
        wait_for(lambda: b" open " in (self.mark("window") or [b""])[0], "some of it is done\n" + run.said)
        run.process.send_signal(signal.SIGKILL)
        run.wait()
        self.append({"n": 100})
        self.until_idle()
        self.assertEqual(sum(call[1] for call in self.calls()), 145)
        self.assertEqual(self.until_idle()["events"], 0, "nothing is left")

    def test_a_state_above_one_megabyte_ends_its_window_early(self):
        self.streamed("swells", {"tumblingWindowS": 900, "batchSize": 1})
        self.append(*({"n": n} for n in range(3)))
        run = self.run_workspace(self.at)
        wait_for(lambda: len(self.calls()) >= 4, "three lines and an end\n" + run.said)
        run.stop()
        self.assertEqual(self.calls()[:4], [[False, False, 0], [False, False, 550_000], [True, True, 1_100_000],
                                            [False, False, 0]])

    def test_an_answer_without_state_is_a_failed_invocation(self):
        self.streamed("forgets", {"tumblingWindowS": 900, "maximumRetryAttempts": 0}, ["dead"],
                      onFailure={"store": "dead"})
        run = self.run_workspace(self.at)
        self.append({"n": 1})
        run.wait_for_line(r"warning: t: record 1 failed \(the answer has no state\)")
        wait_for(lambda: self.dead().keys() == {"t-1-1.json"}, "it is given up\n" + run.said)
        run.stop()


class Records(StreamTest):
    def test_those_that_do_not_match_count_as_done(self):
        self.streamed("stream", {"batchSize": 10, "filter": {"data": {"kind": ["good"], "n": [{"numeric": ["<", 30]}]}}})
        self.append(*({"n": n, "kind": "good" if n % 2 else "bad"} for n in range(40)))
        summary = self.until_idle()
        self.assertEqual(self.seen(), list(range(1, 30, 2)))
        self.assertEqual(summary["filteredOut"], 25)
        self.assertEqual(self.until_idle()["filteredOut"], 0, "they do not come again")

    def test_results_of_batches_go_to_on_success(self):
        self.streamed("total", {"batchSize": 4}, ("out",), onSuccess={"store": "out", "key": "{payload.first}.json"})
        self.append(*({"n": n} for n in range(10)))
        self.until_idle()
        found = {name: read_json(self.path("out", name)) for name in objects(self.path("out"))}
        self.assertEqual(found, {"0.json": {"first": 0, "sum": 6}, "4.json": {"first": 4, "sum": 22},
                                 "8.json": {"first": 8, "sum": 17}})

    def test_rows_of_csv_from_its_end_on(self):
        at = self.made("rows", {"kind": "stream", "path": "data.csv", "shape": "lines", "batchSize": 10,
                                "startingPosition": "LATEST", "batchWindowS": 1}, (), READING)
        write(os.path.join(at, "data.csv"), "id,text\n1,old\n")
        run = self.run_workspace(at)
        wait_for(lambda: self.mark("position"), "it has begun\n" + run.said)
        with open(os.path.join(at, "data.csv"), "ab") as file:
            file.write(b'2,"a, b"\r\n3,\xff')
        wait_for(lambda: self.calls() == [[{"id": "2", "text": "a, b"}]], "one row\n" + run.said)
        with open(os.path.join(at, "data.csv"), "ab") as file:
            file.write(b"\n")
        wait_for(lambda: self.calls()[1:] == [[{"id": "3", "text": "\ufffd"}]], "its end\n" + run.said)
        self.assertEqual(run.stop()[1]["succeeded"], 2)


if __name__ == "__main__":
    unittest.main()
