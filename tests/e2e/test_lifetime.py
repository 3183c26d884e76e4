#!/usr/bin/python3
"""How a run begins and ends: one owner, in order, killed, and taken up again."""
import json
import os
import signal
import socket
import unittest

from coldframe_program import ProgramTest, instances_of, journaled, objects, wait_for, write

HOLDS = '''
import os, pathlib, time
HERE = os.path.dirname(__file__)

def f(event, context):
    pathlib.Path(HERE, "started-%s" % event["number"]).touch()
    while not os.path.exists(os.path.join(HERE, "go")):
        time.sleep(0.01)
    return event
'''


class Lifetime(ProgramTest):
    def setUp(self):
        super().setUp()
        self.at = self.workspace(
            {"f": {"handler": "app.f", "timeoutMs": 600_000, "reservedConcurrency": 2, "onSuccess": {"store": "out"}}},
            HOLDS, ["in", "out"],
            {"drop": {"kind": "file", "store": "in", "events": ["created"], "shape": "content", "function": "f"}})

    def start(self, *options):
        run = self.run_workspace(self.at, *options)
        self.wait_until_watching(run, self.at, ["in"])
        return run

    def drop(self, numbers):
        for number in numbers:
            write(os.path.join(self.at, "data", "in", "%d.json" % number), json.dumps({"number": number}))

    def go(self):
        write(os.path.join(self.at, "code", "go"), "")

    def started(self):
        return [name for name in os.listdir(os.path.join(self.at, "code")) if name.startswith("started-")]

    def results(self):
        return sorted(objects(os.path.join(self.at, "data", "out")), key=lambda name: int(name.split(".")[0]))

    def leftovers(self):
        return os.listdir(os.path.join(self.at, ".coldframe", "instances"))

    def test_a_second_owner_is_refused_by_name(self):
        run = self.start()
        second = self.coldframe("run", self.at, "--until-idle")
        self.assertEqual(second.returncode, 2)
        self.assertIn("pid %d" % run.process.pid, second.stderr)
        self.go()
        third = self.coldframe("invoke", self.at, "f", "--event", "-", stdin='{"number": 0}')
        self.assertEqual(third.returncode, 0, "invoke has a state of its own: " + third.stderr)
        other = self.coldframe("run", self.at, "--until-idle", "--state", os.path.join(self.folder, "elsewhere"))
        self.assertEqual(other.returncode, 0, other.stderr)

    def test_nothing_outlives_a_killed_program_and_no_event_is_lost(self):
        run = self.start()
        self.drop(range(5))
        wait_for(lambda: len(self.started()) == 2, "two are at work, three wait")
        self.assertNotEqual(instances_of(self.at), [])
        # The others were accepted once they are in the journal; the recording shows how many came.
        wait_for(lambda: journaled(os.path.join(self.at, ".coldframe")) == 5, "all five are journaled")
        code, summary = run.stop(signal.SIGKILL)
        self.assertEqual((code, summary), (-signal.SIGKILL, None))
        wait_for(lambda: not instances_of(self.at), "no process is left")
        wait_for(lambda: not self.leftovers(), "no folder of an instance is left")
        self.assertEqual(self.results(), [])

        self.go()
        run = self.run_workspace(self.at, "--until-idle")
        code, summary = run.wait()
        self.assertEqual(code, 0, run.said)
        self.assertIn("5 events of the last run had not ended and are delivered now", run.said)
        self.assertEqual(self.results(), ["%d.json" % number for number in range(5)])
        self.assertEqual(summary["succeeded"], 5)
        self.assertEqual(self.leftovers(), [])

        code, summary = self.run_workspace(self.at, "--until-idle").wait()
        self.assertEqual((code, summary["events"]), (0, 0), "delivered once they are done with")

    def test_a_signal_ends_it_in_order(self):
        for how in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(how.name):
                run = self.start()
                self.drop([int(how)])
                wait_for(lambda: "started-%d" % how in self.started(), "it is at work")
                code, summary = run.stop(how)
                self.assertEqual(code, 0, run.said)
                self.assertEqual(summary["events"], len(self.started()))
                self.assertEqual((instances_of(self.at), self.leftovers()), ([], []))
        self.go()
        run = self.run_workspace(self.at, "--until-idle")
        code, _ = run.wait()
        self.assertEqual((code, self.results()), (0, ["2.json", "15.json"]), run.said)

    def test_a_time_may_be_set(self):
        code, summary = self.run_workspace(self.at, "--for", "300ms").wait()
        self.assertEqual((code, summary["events"]), (0, 0))

    def test_a_killed_reaper_leaves_nothing_either(self):
        run = self.start()
        self.drop([1])
        wait_for(lambda: self.started(), "it is at work")
        reapers = [pid for pid in children_of(run.process.pid)]
        self.assertNotEqual(reapers, [])
        workers = instances_of(self.at)
        for pid in reapers:
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not set(workers) & set(instances_of(self.at)), "its processes are gone")
        self.assertIsNone(run.process.poll(), "the program goes on")
        run.stop()
        self.assertEqual((instances_of(self.at), self.leftovers()), ([], []))

    def test_the_state_ignores_itself_in_git(self):
        self.start().stop()
        with open(os.path.join(self.at, ".coldframe", ".gitignore")) as file:
            self.assertEqual(file.read(), "*\n")


class Limits(ProgramTest):
    """--max-errors and --max-cost decide the exit code, nothing else does."""

    def run_three_failures(self, *options):
        at = self.workspace({"f": {"handler": "app.f", "async": {"retries": 0}}},
                            "def f(event, context):\n    raise ValueError(event)\n", ["in"],
                            {"drop": {"kind": "file", "store": "in", "shape": "content", "function": "f"}},
                            name="-".join(("limits", *options)).replace(".", "_"))
        for number in range(3):
            write(os.path.join(at, "data", "in", "%d.json" % number), "{}")
        run = self.run_workspace(at, "--backfill", "drop", "--until-idle", *options)
        code, summary = run.wait()
        self.assertEqual(summary["failed"], 3, run.said)
        said = [line for line in run.said.splitlines() if line.startswith("coldframe: ")]
        return code, summary.get("limitsPassed"), said

    def test_exit_codes(self):
        for options, expected in (((), 0), (("--max-errors", "3"), 0), (("--max-errors", "2"), 1),
                                  (("--max-cost", "0"), 1), (("--max-cost", "1"), 0)):
            with self.subTest(options):
                code, passed, said = self.run_three_failures(*options)
                self.assertEqual((code, passed), (expected, [options[0]] if expected else None))
                self.assertEqual(len(said), expected, said)
                if expected:
                    self.assertRegex(said[0], r"^coldframe: (3 invocations failed for good; --max-errors allows 2|"
                                              r"the estimated bill is 0\.0\d* USD; --max-cost allows 0)$")


class Port(ProgramTest):
    def test_a_taken_port_is_told(self):
        at = self.example("scale")
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            done = self.coldframe("run", at, "--serve", str(port), "--until-idle")
        self.assertEqual(done.returncode, 2)
        self.assertIn(str(port), done.stderr)

    def test_zero_takes_a_free_one(self):
        run = self.run_workspace(self.example("scale"), "--serve", "0")
        self.assertRegex(run.url, r":[1-9]\d*$")
        self.assertEqual(run.stop()[0], 0)


def children_of(pid):
    found = []
    for other in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % other) as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.append(int(other))
    return found


if __name__ == "__main__":
    unittest.main()
