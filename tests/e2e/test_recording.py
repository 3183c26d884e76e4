#!/usr/bin/python3
"""What was recorded, replayed through a fresh engine, gives the same decisions to the last bit."""
import json
import os
import signal
import subprocess
import time
import unittest

from coldframe_program import ProgramTest, objects, read_json, wait_for, write

CODE = '''
import time
VERSION = %d

def f(event, context):
    time.sleep(event["waitMs"] / 1000)
    if event["fail"]:
        raise ValueError("as asked")
    return {"version": VERSION}
'''


class Recording(ProgramTest):
    def setUp(self):
        super().setUp()
        self.at = self.workspace(
            {"f": {"handler": "app.f", "timeoutMs": 700, "reservedConcurrency": 6, "onSuccess": {"store": "out"},
                   "onFailure": {"store": "bad"}}},
            CODE % 1, ["in", "out", "bad"],
            {"drop": {"kind": "file", "store": "in", "events": ["created"], "shape": "content", "function": "f"}},
            timeScale=100)

    def drop(self, first, count):
        """Every tenth fails and is retried, every thirteenth takes longer than it may."""
        for number in range(first, first + count):
            write(os.path.join(self.at, "data", "in", "%03d.json" % number),
                  json.dumps({"fail": number % 10 == 9, "waitMs": 2000 if number % 13 == 12 else 20}))

    def done(self):
        return sum(len(objects(os.path.join(self.at, "data", store))) for store in ("out", "bad"))

    def recording(self):
        recordings = os.path.join(self.at, ".coldframe", "recordings")
        return os.path.join(recordings, max(os.listdir(recordings)))

    def replay(self):
        checker = os.environ.get("COLDFRAME_REPLAY_CHECK")
        if not checker:
            self.skipTest("not run: COLDFRAME_REPLAY_CHECK does not name the program")
        done = subprocess.run([checker, self.recording()], capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout + done.stderr

    def test_a_run_with_a_reload_on_a_crowded_desk(self):
        run = self.run_workspace(self.at, "--desk-slots", "2")
        self.wait_until_watching(run, self.at, ["in"])
        self.drop(0, 30)
        wait_for(lambda: self.done() >= 10, "ten are done")
        write(os.path.join(self.at, "code", "app.py"), CODE % 2)
        document = read_json(os.path.join(self.at, "coldframe.json"))
        document["functions"]["f"]["reservedConcurrency"] = 4  # a configuration of its own
        write(os.path.join(self.at, "coldframe.json"), json.dumps(document))
        run.wait_for_line("coldframe.json was read again")
        # A stopped program is a late timer, as after a suspend.
        run.process.send_signal(signal.SIGSTOP)
        time.sleep(0.5)
        run.process.send_signal(signal.SIGCONT)
        self.drop(30, 30)
        wait_for(lambda: self.done() >= 60, "all are done\n" + run.said)
        code, summary = run.stop()
        self.assertEqual((code, summary["events"]), (0, 60), run.said)
        code, said = self.replay()
        self.assertEqual(code, 0, said)
        self.assertRegex(said, r"^equal: \d+ inputs, [1-9]\d* digests compared, complete\n$")

    def test_a_killed_run_can_be_replayed_up_to_its_last_batch(self):
        run = self.run_workspace(self.at)
        self.wait_until_watching(run, self.at, ["in"])
        self.drop(0, 20)
        wait_for(lambda: self.done() >= 10, "ten are done")
        time.sleep(1.5)  # the recording may lag a second
        run.stop(signal.SIGKILL)
        code, said = self.replay()
        self.assertEqual(code, 0, said)
        self.assertRegex(said, r"^equal: [1-9]\d* inputs, .* incomplete\n$")

    def test_none_when_none_is_wanted(self):
        code, _ = self.run_workspace(self.at, "--no-record", "--until-idle").wait()
        self.assertEqual(code, 0)
        self.assertEqual(os.listdir(os.path.join(self.at, ".coldframe", "recordings")), [])


if __name__ == "__main__":
    unittest.main()
