#!/usr/bin/python3
"""A full disk under the state folder: the run goes on, nothing that was accepted is lost."""
import glob
import json
import os
import re
import subprocess
import unittest
import urllib.request

from coldframe_program import PATIENCE, ProgramTest, objects, wait_for, write
from small_disk import SmallDisk

CODE = """
import os, time
HERE = os.path.dirname(__file__)

def size(event, context):
    return len(event["text"])

def holds(event, context):
    while not os.path.exists(os.path.join(HERE, "go")):
        time.sleep(0.01)
    return event
"""


class FullDisk(ProgramTest):
    def make(self, disk_size):
        drop = {"kind": "file", "events": ["created"], "suffix": ".json", "shape": "content"}
        self.at = self.workspace(
            {"size": {"handler": "app.size", "memoryMb": 256, "timeoutMs": 60_000, "reservedConcurrency": 4,
                      "onSuccess": {"store": "sizes"}},
             "holds": {"handler": "app.holds", "timeoutMs": 600_000, "reservedConcurrency": 2,
                       "onSuccess": {"store": "held"}}},
            CODE, ["in", "sizes", "waits", "held"],
            {"sizes": {**drop, "store": "in", "function": "size"},
             "waits": {**drop, "store": "waits", "function": "holds"}})
        self.disk = SmallDisk(os.path.join(self.folder, "disk"), disk_size)
        self.addCleanup(self.disk.close)
        self.calls = 0

    def start(self, *options):
        run = self.run_workspace(self.at, "--state", os.path.join(self.disk.folder, "state"), *options,
                                 before=self.disk.before)
        return run

    def call(self, run, text):
        """A synchronous call, which needs no journal."""
        request = urllib.request.Request(run.url + "/2015-03-31/functions/size/invocations",
                                         json.dumps({"text": text}).encode())
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            self.assertEqual((answer.status, json.load(answer)), (200, len(text)))
        self.calls += 1

    def stored(self, store):
        return sorted(objects(os.path.join(self.at, "data", store)))

    def test_the_recording_ends_and_the_run_goes_on(self):
        self.make("4m")
        run = self.start("--serve", "0")
        self.wait_until_watching(run, self.at, ["in", "waits"])
        names = ["%d.json" % number for number in range(5)]
        for name in names:  # accepted, and not done when the disk is full
            write(os.path.join(self.at, "data", "waits", name), "{}")
        wait_for(lambda: self.disk.journaled() == "5", "all five are journaled")
        # The disk is filled in less time than the recording takes until it writes at all.
        wait_for(lambda: glob.glob(os.path.join(self.disk.seen, "state", "recordings", "*", "inputs.cfr"))
                 and all(os.path.getsize(file) for file in glob.glob(
                     os.path.join(self.disk.seen, "state", "recordings", "*", "inputs.cfr"))),
                 "the first inputs are recorded")
        pattern = (r"(?m)^error: %s/state/recordings/[^/]+/[a-z]+\.(cfr|bin): the recording stopped: cannot write: No "
                   r"space left on device; free space on this disk and start a new recording$"
                   % re.escape(self.disk.folder))
        while not re.search(pattern, run.said):
            self.assertLess(self.calls, 1000, run.said)
            self.call(run, "x" * 100_000)
        for _ in range(20):
            self.call(run, "x" * 100_000)
        self.assertEqual(len(re.findall(pattern, run.said)), 1, "said once")
        code, summary = run.stop()
        self.assertEqual(code, 0, "the exit code is the events', not the recording's")
        self.assertEqual((summary["events"], summary["succeeded"], summary["failed"]),
                         (self.calls + 5, self.calls, 0), run.said)
        self.check_recording()

        self.disk.resize("64m")
        write(os.path.join(self.at, "code", "go"), "")
        code, summary = self.start("--until-idle").wait()
        self.assertEqual((code, summary["events"], summary["succeeded"]), (0, 5, 5))
        self.assertEqual(self.stored("held"), names, "what was accepted is delivered")

    def check_recording(self):
        """It ends with its last whole batch, and up to there it replays."""
        checker = os.environ.get("COLDFRAME_REPLAY_CHECK")
        if not checker:
            self.skipTest("not run: COLDFRAME_REPLAY_CHECK does not name the program")
        recordings = os.path.join(self.disk.seen, "state", "recordings")
        name = min(os.listdir(recordings))  # later ones are tries to begin another
        done = subprocess.run([checker, os.path.join(recordings, name)], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"^equal: [1-9]\d* inputs, .* incomplete\n$")

    def test_the_source_waits_for_the_journal(self):
        """Files hold more than the journal keeps in memory while it cannot write: the rest stays where it is."""
        files, size = 200, 700_000
        self.make("2m")
        run = self.start("--serve", "0", "--no-record")
        self.wait_until_watching(run, self.at, ["in", "waits"])
        for number in range(files):
            write(os.path.join(self.at, "data", "in", "%d.json" % number),
                  json.dumps({"text": "y" * (size + number)}))
        run.wait_for_line(r"(?m)^error: %s/state/journal\.db: the journal: database or disk is full; free space on this "
                          r"disk; accepted events wait in memory and are written as soon as there is room$"
                          % re.escape(self.disk.folder))
        # 64 MB of events fill the memory, and what had been read by then comes on top.
        most = (64 << 20) // size + 64 + 3

        def events_taken():
            """As the last line of progress says: calls are events too."""
            lines = re.findall(r" ([\d,]+) events, ", run.said)
            return len(lines), int(lines[-1].replace(",", "")) - self.calls if lines else 0
        wait_for(lambda: events_taken()[1] > 90, "the memory is full")
        seen, _ = events_taken()
        while events_taken()[0] < seen + 2:  # calls are served, and more lines come
            self.call(run, "z")
        self.assertLessEqual(events_taken()[1], most, "the source waits")
        self.assertLessEqual(len(self.stored("sizes")), 3, "what is not in the journal does not run")

        self.disk.resize("600m")
        run.wait_for_line(r"(?m)^The journal is written again$")
        wait_for(lambda: len(self.stored("sizes")) == files, "a result for every file")
        code, summary = run.stop()
        self.assertEqual(code, 0, run.said)
        self.assertEqual((summary["events"], summary["succeeded"], summary["failed"]),
                         (files + self.calls, files + self.calls, 0), run.said)
        for number in range(files):
            with open(os.path.join(self.at, "data", "sizes", "%d.json" % number)) as file:
                self.assertEqual(file.read(), str(size + number))


if __name__ == "__main__":
    unittest.main()
