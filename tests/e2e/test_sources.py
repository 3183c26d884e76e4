#!/usr/bin/python3
"""What makes events survives restarts: files that came meanwhile, moments that passed, lines of a growing file."""
import base64
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import unittest

from coldframe_program import ProgramTest, objects, read_json, wait_for, write

FILES = 3_000

# Each call is a line of the file calls, in the order in which they end.
NOTING = '''
import base64, json, os, time

def note(what):
    at = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "calls")
    with open(at, "ab", buffering=0) as file:
        file.write(json.dumps(what).encode() + b"\\n")

def key(event, context):
    record = event["Records"][0]
    note([record["eventName"], record["s3"]["object"]["key"]])

def cloud(event, context):
    note([event["type"], event["subject"]])

def stream(event, context):
    lines = [base64.b64decode(record["kinesis"]["data"]).decode() for record in event["Records"]]
    if any("poison" in line for line in lines):
        raise ValueError("poison")
    note(lines)

def rows(event, context):
    note(event)

def scheduled(event, context):
    note(event["time"])
'''


class SourcesTest(ProgramTest):
    def made(self, function, trigger, stores=("in",), **settings):
        self.at = self.workspace({"f": {"handler": "app." + function, "memoryMb": 256, "reservedConcurrency": 4,
                                        **settings}}, NOTING, stores, {"t": {"function": "f", **trigger}})
        self.data = os.path.join(self.at, "data", "in")
        return self.at

    def calls(self):
        try:
            with open(os.path.join(self.at, "calls")) as file:
                return [json.loads(line) for line in file if line.endswith("\n")]
        except FileNotFoundError:
            return []

    def mark(self, key):
        """What the journal keeps under this key."""
        try:
            with sqlite3.connect("file:%s/.coldframe/journal.db?mode=ro" % self.at, uri=True) as journal:
                return journal.execute("SELECT value FROM marks WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error:
            return None

    def path(self, *parts):
        return os.path.join(self.at, "data", *parts)

    def watching(self, *options, **more):
        run = self.run_workspace(self.at, *options, **more)
        self.wait_until_watching(run, self.at, ["in"])
        return run


class Files(SourcesTest):
    def test_what_came_meanwhile_is_processed_once(self):
        self.made("key", {"kind": "file", "store": "in", "events": ["created", "removed"], "suffix": ".txt"})
        write(self.path("in", "before.txt"), "not mine")
        run = self.watching()
        for name in ("a.txt", "b.txt", "c.txt"):
            write(self.path("in", name), name)
        wait_for(lambda: len(self.calls()) == 3, "three events\n" + run.said)
        self.assertEqual(run.stop()[1]["events"], 3)

        write(self.path("in", "a.txt"), "a, written again")
        os.remove(self.path("in", "b.txt"))
        write(self.path("in", "new.txt"), "new")
        write(self.path("in", "new.csv"), "not wanted")
        code, summary = self.run_workspace(self.at, "--until-idle").wait()
        self.assertEqual((code, summary["events"]), (0, 3))
        self.assertEqual(sorted(self.calls()[3:]), [["ObjectCreated:Put", "a.txt"], ["ObjectCreated:Put", "new.txt"],
                                                    ["ObjectRemoved:Delete", "b.txt"]])
        code, summary = self.run_workspace(self.at, "--until-idle").wait()
        self.assertEqual((code, summary["events"]), (0, 0), "nothing came")

    def test_without_catch_up_nothing_is_made_up_for(self):
        self.made("key", {"kind": "file", "store": "in", "catchUp": False})
        self.watching().stop()
        write(self.path("in", "new.txt"), "new")
        self.assertEqual(self.run_workspace(self.at, "--until-idle").wait()[1]["events"], 0)

    def test_killed_in_the_middle_every_file_is_processed_and_few_twice(self):
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        self.made("key", {"kind": "file", "store": "in"})
        written = 0
        names = ["%04d.txt" % number for number in range(FILES)]
        for _ in range(4):
            run = self.watching()
            for name in names[written:written + FILES // 5]:
                write(self.path("in", name), name)
            written += FILES // 5
            # No more than will come: a fast machine is nearly done by now.
            least = min(len(self.calls()) + chance.randrange(FILES // 8), written)
            wait_for(lambda: len(self.calls()) >= least, "%d calls\n%s" % (least, run.said))
            run.process.send_signal(signal.SIGKILL)
            run.wait()
        for name in names[written:]:
            write(self.path("in", name), name)
        code, _ = self.run_workspace(self.at, "--until-idle").wait()
        self.assertEqual(code, 0)
        keys = [key for _, key in self.calls()]
        self.assertEqual(sorted(set(keys)), names, "seed %d" % seed)
        print("killed 4 times (seed %d): %d files, %d processed twice" % (seed, FILES, len(keys) - FILES))
        # Those that were accepted and had not ended: running, or done and not taken out of the journal yet.
        self.assertLessEqual(len(keys) - FILES, 4 * 64, "seed %d" % seed)

    def test_modified_and_only_modified_not_recursive(self):
        self.made("key", {"kind": "file", "store": "in", "events": ["modified"], "recursive": False})
        run = self.watching()
        for name in ("a.txt", "deep/b.txt"):
            write(self.path("in", name), "1")
        wait_for(lambda: self.mark("a.txt"), "the new file is known\n" + run.said)
        for name in ("a.txt", "deep/b.txt"):
            write(self.path("in", name), "2 and more")
        wait_for(lambda: len(self.calls()) == 1, "one event\n" + run.said)
        self.assertEqual(run.stop()[1]["events"], 1)
        self.assertEqual(self.calls(), [["ObjectCreated:Put", "a.txt"]])

    def test_modified_and_glob(self):
        self.made("cloud", {"kind": "file", "store": "in", "events": ["created", "modified"], "shape": "cloudevents",
                            "glob": "**/[a-c]*.csv"})
        run = self.watching()
        for name in ("a.csv", "deep/er/b.csv", "z.csv", "a.txt"):
            write(self.path("in", name), "1")
        wait_for(lambda: len(self.calls()) == 2, "two new ones\n" + run.said)
        self.assertEqual(sorted(self.calls()), [["coldframe.file.created", "a.csv"],
                                                ["coldframe.file.created", "deep/er/b.csv"]])
        for name in ("a.csv", "deep/er/b.csv", "z.csv", "a.txt"):
            with open(self.path("in", name), "a") as file:
                file.write("2")
        wait_for(lambda: len(self.calls()) == 4, "two written over\n" + run.said)
        self.assertEqual(run.stop()[1]["events"], 4)
        self.assertEqual(sorted(self.calls()[2:]), [["coldframe.file.modified", "a.csv"],
                                                ["coldframe.file.modified", "deep/er/b.csv"]])

    def test_an_unmounted_folder_is_waited_for_and_nothing_is_lost_or_repeated(self):
        if os.geteuid() != 0:
            self.skipTest("not run: mounting needs root")
        self.made("key", {"kind": "file", "store": "in", "events": ["created", "removed"]})
        disk = os.path.join(self.folder, "disk")
        os.mkdir(disk)
        holder = subprocess.Popen(["unshare", "--mount", "--propagation", "private", "sh", "-c", "echo up && exec cat"],
                                  text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(lambda: (holder.stdin.close(), holder.wait(), holder.stdout.close()))
        if holder.stdout.readline() != "up\n":
            self.skipTest("not run: there are no mount namespaces here")
        inside = ["nsenter", "--mount", "--target", str(holder.pid), "--"]

        def mount():
            subprocess.run([*inside, "mount", "--bind", disk, self.data], check=True)

        mount()
        write(os.path.join(disk, "one.txt"), "1")
        run = self.run_workspace(self.at, before=inside)
        wait_for(lambda: "1 file already here" in run.said, "it watches\n" + run.said)
        write(os.path.join(disk, "two.txt"), "2")
        wait_for(lambda: len(self.calls()) == 1, "one event\n" + run.said)
        subprocess.run([*inside, "umount", self.data], check=True)
        run.wait_for_line(r"warning: t: nothing is mounted at .*/data/in any more")
        write(os.path.join(disk, "three.txt"), "3")
        mount()
        wait_for(lambda: len(self.calls()) == 2, "what came meanwhile\n" + run.said)
        subprocess.run([*inside, "umount", self.data], check=True)
        run.stop()

        run = self.run_workspace(self.at, before=inside)
        run.wait_for_line(r"warning: t: nothing is mounted at .*/data/in any more")
        write(os.path.join(disk, "four.txt"), "4")
        mount()
        wait_for(lambda: len(self.calls()) == 3, "what came before the program\n" + run.said)
        self.assertEqual(run.stop()[1]["events"], 1)
        self.assertEqual(self.calls(), [["ObjectCreated:Put", name + ".txt"] for name in ("two", "three", "four")])


class Schedules(SourcesTest):
    def test_at_fires_once_in_its_time_zone(self):
        self.made("scheduled", {"kind": "schedule", "expression": "at(2026-03-29T03:30:00)", "timezone": "Europe/Paris",
                                "flexibleWindowMinutes": 15})
        code, summary = self.run_workspace(self.at, "--skip-idle", "--for", "72h", "--from", "2026-03-28").wait()
        self.assertEqual((code, summary["events"], self.calls()), (0, 1, ["2026-03-29T01:30:00Z"]))

    def test_one_that_is_past_or_does_not_exist_is_warned_of(self):
        for expression, zone, said in (
                ("at(2020-01-01T00:00:00)", "UTC", "the schedule of t never fires: at(2020-01-01T00:00:00) is past"),
                ("at(2032-03-28T02:30:00)", "Europe/Paris", "the schedule of t never fires: there is no such time in "
                 "Europe/Paris, where the clock goes forward over it")):
            at = self.made("scheduled", {"kind": "schedule", "expression": expression, "timezone": zone})
            done = self.coldframe("validate", at)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(said, done.stdout + done.stderr)
            shutil.rmtree(at)


class Streams(SourcesTest):
    def append(self, *lines, name="clicks.jsonl"):
        with open(os.path.join(self.at, name), "a") as file:
            for line in lines:
                file.write(json.dumps(line) + "\n")

    def seen(self):
        return [json.loads(line)["n"] for batch in self.calls() for line in batch]

    def test_rotated_and_killed_every_line_comes_in_order(self):
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        self.made("stream", {"kind": "stream", "path": "clicks.jsonl", "batchSize": 40, "partitionKey": "n"})
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
        batches = [[json.loads(line)["n"] for line in batch] for batch in self.calls()]
        reached = 0
        repeated = 0
        for batch in batches:
            self.assertEqual(batch, list(range(batch[0], batch[0] + len(batch))), "seed %d" % seed)
            self.assertLessEqual(batch[0], reached, "seed %d: a gap" % seed)
            self.assertLessEqual(len(batch), 40)
            repeated += reached - batch[0]
            reached = max(reached, batch[-1] + 1)
        self.assertEqual(reached, number, "seed %d" % seed)
        print("killed 3 times (seed %d): %d lines, %d handed over again" % (seed, number, repeated))
        self.assertLessEqual(repeated, 3 * 2 * 40)

    def test_a_poisoned_batch_blocks_and_then_goes_to_on_failure(self):
        self.made("stream", {"kind": "stream", "path": "clicks.jsonl", "batchSize": 2, "maximumRetryAttempts": 2},
                  stores=("dead",), onFailure={"store": "dead"})
        self.append({"n": 0}, {"n": 1}, {"n": 2}, {"n": "poison"}, {"n": 4})
        code, summary = self.run_workspace(self.at, "--until-idle").wait()
        self.assertEqual((code, summary["invocations"], self.seen()), (0, 5, [0, 1, 4]))
        dead = objects(self.path("dead"))
        self.assertEqual(dead, ["t-3-4.json"])
        record = read_json(self.path("dead", dead[0]))
        self.assertEqual((record["requestContext"]["condition"], record["requestContext"]["approximateInvokeCount"]),
                         ("RetryAttemptsExhausted", 3))
        self.assertEqual(record["responseContext"]["functionError"], "Unhandled")
        self.assertEqual(record["KinesisBatchInfo"]["batchSize"], 2)
        payload = json.loads(record["payload"])
        self.assertEqual([json.loads(base64.b64decode(item["kinesis"]["data"])) for item in payload["Records"]],
                         [{"n": 2}, {"n": "poison"}])
        self.assertEqual(payload["Records"][0]["kinesis"]["sequenceNumber"],
                         record["KinesisBatchInfo"]["startSequenceNumber"])

    def test_rows_of_csv_from_its_end_on(self):
        at = self.made("rows", {"kind": "stream", "path": "data.csv", "shape": "lines", "batchSize": 10,
                                "startingPosition": "LATEST", "batchWindowS": 1})
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
