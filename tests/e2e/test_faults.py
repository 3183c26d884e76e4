#!/usr/bin/python3
"""What a kill at a random moment hardly ever hits: it comes at a certain call, or a call fails. A library that is
loaded into the program (fault_injector.cpp) kills it before, in the middle of or after its n-th call that changes a
file of the workspace, or lets calls fail from there on."""
import errno
import glob
import json
import os
import random
import re
import shutil
import unittest

from coldframe_program import LONG, ProgramTest, journaled, objects, queued, read_json, write

FILES = 3
CODE = '''
import json, os, re, urllib.request

def filed(event, context):
    return {"n": event["n"], "text": "x" * 20_000}

def lined(event, context):
    return {"n": event["n"], "text": "y" * 600_000}

def sent(event, context):
    return {"n": event["n"]}

def parted(event, context):
    return sorted(json.loads(record["body"])["n"] for record in event["Records"])

def uploads(event, context):
    """The first in parts, the others in one go."""
    address = "%s/up/%d.bin" % (os.environ["AWS_ENDPOINT_URL_S3"], event["n"])

    def ask(method, query="", body=None):
        with urllib.request.urlopen(urllib.request.Request(address + query, body, method=method)) as answer:
            return answer.read().decode(), answer.headers
    body = bytes([event["n"]]) * 300_000
    if event["n"] > 0:
        ask("PUT", body=body)
        return
    upload = re.search("<UploadId>(.*)</UploadId>", ask("POST", "?uploads")[0]).group(1)
    tag = ask("PUT", "?partNumber=1&uploadId=" + upload, body)[1]["ETag"]
    done = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>%s</ETag></Part></CompleteMultipartUpload>"
    ask("POST", "?uploadId=" + upload, (done % tag).encode())
'''


class Power:
    """What a loss of power may take, from the calls of a run: bytes and names that were not synced. Of the journal
    nothing is taken, so that it knows all that was done."""

    def __init__(self, calls):
        there = set()
        self.names, self.before, self.synced, self.dirty = set(), {}, {}, set()
        for call, path, more in calls:
            if call in ("create", "mkdir") and path not in there:
                there.add(path)
                self.names.add(path)
            elif call == "unlink":
                there.discard(path)
            elif call in ("write", "truncate"):
                self.dirty.add(path)
            elif call in ("rename", "link"):
                if path not in self.names:
                    self.before[more] = path  # which it has again if this is lost
                self.names.discard(path)
                self.names.add(more)
                there.discard(path)
                there.add(more)
                if path in self.dirty:
                    self.dirty.remove(path)
                    self.dirty.add(more)
                self.synced[more] = self.synced.pop(path, 0)
            elif call == "fsync":
                self.dirty.discard(path)
                self.synced[path] = int(more)
                self.names = {name for name in self.names if os.path.dirname(name) != path}

    def fails(self, folder):
        for path, before in self.before.items():
            if path in self.names and path.startswith(folder):
                os.replace(path, before)
                self.names -= {path, before}
                self.dirty.discard(before)
                if path in self.dirty:
                    self.dirty.add(before)
                self.synced[before] = self.synced.get(path, 0)
        for path in glob.glob(folder + "/**", recursive=True, include_hidden=True):
            if path in self.names and os.path.isdir(path):
                shutil.rmtree(path)
            elif path in self.names:
                os.remove(path)
            elif path in self.dirty:
                os.truncate(path, min(os.path.getsize(path), self.synced.get(path, 0)))


class Faults(ProgramTest):
    usual = None

    def setUp(self):
        super().setUp()
        self.library = os.environ.get("COLDFRAME_FAULTS")
        if not self.library:
            self.skipTest("not run: COLDFRAME_FAULTS does not name the library")
        self.made()

    def made(self):
        """A workspace that has run once, with nothing to do: what lies there from now on makes events."""
        drop = {"kind": "file", "store": "in", "events": ["created"], "shape": "content"}
        functions = {
            "filed": {"store": "out"},
            "lined": {"store": "lines", "key": "all.jsonl", "append": True, "rotateMb": 1},
            "sent": {"store": "parts"}, "parted": {"store": "batches", "key": "{sourceKey}.json"}, "uploads": None}
        self.at = self.workspace(
            {name: {"handler": "app." + name, "memoryMb": 512, "reservedConcurrency": 1,
                    **({"onSuccess": to} if to else {})} for name, to in functions.items()},
            CODE, ["in", "out", "lines", "batches", "up"],
            {**{name: {**drop, "function": name} for name in ("filed", "lined", "sent", "uploads")},
             "parted": {"kind": "queue", "store": "parts", "function": "parted"}},
            queues={"parts": {}}, timeScale=1000)
        code, _ = self.run_workspace(self.at, "--until-idle", "--no-record").wait()
        self.assertEqual(code, 0)
        for n in range(FILES):
            write(self.data("in", "%d.json" % n), json.dumps({"n": n}))
        self.template = os.path.join(self.folder, "template")
        os.rename(self.at, self.template)

    def fresh(self):
        shutil.rmtree(self.at, ignore_errors=True)
        shutil.copytree(self.template, self.at)

    def run_with(self, *options, **plan):
        """The program with the library; `plan` are its variables."""
        variables = {"below": self.at, "trace": self.at + ".trace", **plan}
        if os.path.exists(variables["trace"]):
            os.remove(variables["trace"])
        return self.run_workspace(self.at, "--until-idle", "--no-record", *options, env={
            **os.environ, "LD_PRELOAD": self.library, "ASAN_OPTIONS": "verify_asan_link_order=0",
            **{"FAULT_" + name.upper(): str(value) for name, value in variables.items()}})

    def calls(self):
        """What the traced run did: (call, path, second path or nothing)."""
        with open(self.at + ".trace") as file:
            lines = [line.rstrip("\n").split("\t") for line in file]
        return [(call, path, second[0] if second else None) for _, call, path, *second in
                sorted(lines, key=lambda line: int(line[0]))]

    def data(self, *names):
        return os.path.join(self.at, "data", *names)

    def check_whole(self):
        """Whatever has a name that is not hidden is whole; of lines, the last of a file may be cut short."""
        for name in objects(self.data("out")):
            self.assertEqual(len(read_json(self.data("out", name))["text"]), 20_000, name)
        for name in objects(self.data("batches")):
            read_json(self.data("batches", name))
        for name in objects(self.data("up")):
            with open(self.data("up", name), "rb") as file:
                self.assertEqual(file.read(), bytes([int(name.split(".")[0])]) * 300_000, name)
        return self.lines(torn_allowed=True)

    def lines(self, torn_allowed=False):
        found = []
        for path in glob.glob(self.data("lines", "*.jsonl")):
            with open(path) as file:
                for line in file:
                    if torn_allowed and not line.endswith("\n"):
                        continue
                    found.append(json.loads(line)["n"])
            self.assertLessEqual(os.path.getsize(path), 1 << 20, path)
        return found

    def check_all(self):
        """Every result is there, nothing lies about."""
        self.check_whole()
        every = list(range(FILES))
        self.assertEqual(sorted(objects(self.data("out"))), ["%d.json" % n for n in every])
        self.assertEqual(sorted(objects(self.data("up"))), ["%d.bin" % n for n in every])
        self.assertEqual(sorted(set(self.lines())), every)
        self.assertEqual(sorted({n for name in objects(self.data("batches"))
                                 for n in read_json(self.data("batches", name))}), every)
        hidden = [path for path in glob.glob(self.at + "/**/*", recursive=True, include_hidden=True)
                  if os.path.basename(path).startswith(".coldframe-") or "/s3/parts/" in path]
        self.assertEqual(hidden, [])
        state = os.path.join(self.at, ".coldframe")
        self.assertEqual((journaled(state), queued(state)), (0, []))
        self.assertFalse(os.path.exists(os.path.join(state, "undelivered")))

    def traced(self):
        """The calls of a run in which nothing happens, with paths below the workspace; looked at once for all tests."""
        if not Faults.usual:
            self.fresh()
            run = self.run_with()
            code, summary = run.wait()
            self.assertEqual((code, summary["failed"]), (0, 0), run.said)
            self.check_all()
            Faults.usual = [(call, os.path.relpath(path, self.at)) for call, path, _ in self.calls()]
        return Faults.usual

    def chance(self):
        seed = int(os.environ.get("FAULT_SEED", random.randrange(1 << 32)))
        print("FAULT_SEED=%d" % seed)
        return random.Random(seed)

    def picks(self, calls, count):
        """All calls, or some: of each kind as many, though most are writes of the journal."""
        if LONG:
            return list(range(1, len(calls) + 1))
        chance = self.chance()
        kinds = {}
        for number, (call, path, *_) in enumerate(calls, 1):
            kinds.setdefault((call, ".coldframe/" in path), []).append(number)
        chosen = chance.sample(sorted(kinds), min(count, len(kinds)))
        return [chance.choice(kinds[kind]) for kind in chosen]

    def test_killed_at_a_call(self):
        calls = self.traced()
        self.assertLessEqual({"create", "write", "rename", "unlink", "fsync"}, {call for call, _ in calls})
        killed = 0
        for number in self.picks(calls, 3):
            how = ("kill-before", "kill-half", "kill-after")[number % 3]
            with self.subTest(number=number, how=how, call=calls[number - 1]):
                self.fresh()
                run = self.run_with(nth=number, do=how)
                code, _ = run.wait()
                self.assertIn(code, (0, -9), run.said)  # 0: this time there were fewer calls
                killed += code == -9
                self.check_whole()
                run = self.run_workspace(self.at, "--until-idle", "--no-record")
                code, summary = run.wait()
                self.assertEqual((code, summary["failed"]), (0, 0), run.said)
                self.check_all()
        self.assertGreater(killed, 0)

    def test_one_call_fails(self):
        calls = self.traced()
        for number in self.picks(calls, 2):
            error = (errno.ENOSPC, errno.EIO, errno.EACCES)[number % 3]
            with self.subTest(number=number, error=os.strerror(error), call=calls[number - 1]):
                self.fresh()
                run = self.run_with(nth=number, do=error)
                code, _ = run.wait()
                if code != 0:  # it could not begin, and says what and where
                    self.assertRegex(run.said, r"(?m)^coldframe: %s/.*: .*; " % re.escape(self.at))
                self.check_whole()
                run = self.run_workspace(self.at, "--until-idle", "--no-record")
                code, summary = run.wait()
                self.assertEqual((code, summary["failed"]), (0, 0), run.said)
                self.check_all()

    def test_calls_fail_for_a_while(self):
        """It waits, says what and where, and goes on by itself. Without the uploads: those fail for their function."""
        below = ("data/out", "data/lines", "data/batches", ".coldframe/journal.db")
        places = [os.path.join(self.at, name) for name in below]
        calls = [path for _, path in self.traced() if path.startswith(below)]
        chance = self.chance()
        errors = [errno.ENOSPC, errno.EIO, errno.EACCES]
        for error in errors if LONG else chance.sample(errors, 1):
            number = chance.randrange(len(calls) // 3, 2 * len(calls) // 3)
            with self.subTest(number=number, error=os.strerror(error), of=len(calls)):
                self.fresh()
                write(self.at + ".while", "")
                run = self.run_with(below=":".join(places), nth=number, do=error, **{"while": self.at + ".while"})
                run.wait_for_line(r"(?m)^error: (%s).*; .*" % "|".join(map(re.escape, places)))
                os.remove(self.at + ".while")
                code, summary = run.wait()
                self.assertEqual((code, summary["failed"]), (0, 0), run.said)
                self.assertRegex(run.said, "results are stored again|The journal is written again")
                self.check_all()

    def test_power_fails(self):
        """With --durability power what was done stays done, whether it fails in the middle or at the end."""
        self.fails_at(None)
        calls = self.calls()
        for number in self.picks(calls, 1):
            with self.subTest(number=number, call=calls[number - 1]):
                self.fails_at(number)

    def fails_at(self, number):
        self.fresh()
        run = self.run_with("--durability", "power", nth=number or 0, do="kill-before")
        self.assertIn(run.wait()[0], (0, -9) if number else (0,), run.said)
        calls = self.calls()
        Power(calls[:number - 1] if number else calls).fails(self.data())
        self.check_whole()
        run = self.run_workspace(self.at, "--until-idle", "--no-record")
        code, summary = run.wait()
        self.assertEqual((code, summary["failed"]), (0, 0), run.said)
        self.check_all()


if __name__ == "__main__":
    unittest.main()
