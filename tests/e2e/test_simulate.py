#!/usr/bin/python3
"""simulate SCENARIO: figures with intervals, sweeps, laws from recordings, clear words, no file left behind."""
import csv
import json
import os
import signal
import subprocess
import time
import unittest

from coldframe_program import ROOT, ProgramTest, write

SCENARIOS = os.path.join(ROOT, "examples", "scenarios")
SMALL = {"format": 1, "durationS": 2000, "replications": 3, "functions": {"f": {
    "service": {"law": "exponential", "meanS": 0.5}, "arrivals": {"law": "poisson", "ratePerS": 2}}}}


class Simulate(ProgramTest):
    def scenario(self, document):
        path = os.path.join(self.folder, "s.json")
        write(path, json.dumps(document))
        return path

    def simulate(self, *arguments):
        done = self.coldframe("simulate", *arguments, "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def test_simfaas_example_as_published(self):
        """SimFaaS: 0.00133694 +- 1.8e-5 cold, 7.6992 servers, 1.7922 busy, 6423.7 s."""
        answer = self.simulate(os.path.join(SCENARIOS, "one-function.json"))
        for figures in (answer["functions"]["f"], answer["total"]):
            for key, published, half in (("coldStartProbability", .00133694, 1.8e-5), ("instances", 7.6992, .0116),
                                         ("busyInstances", 1.7922, .0011), ("lifespanS", 6423.7, 81)):
                found = figures[key]
                self.assertLess(abs(found["mean"] - published), 2 * (half + found["ci95"]), key)
        self.assertEqual(set(answer["functions"]["f"]["responseS"]), {"mean", "p50", "p95", "p99"})

    def test_a_burst_on_knative(self):
        path = os.path.join(SCENARIOS, "knative-burst.json")
        few = ("--set", "replications=2")
        total = self.simulate(path, *few)["total"]
        self.assertGreater(total["peakInstances"]["mean"], 30)
        self.assertLess(total["responseS"]["p50"]["mean"], .5)
        self.assertEqual((total["costUsd"], total["billedGbS"]), (None, None))  # which is not 0
        calm = self.simulate(path, *few, "--set", "pool.minInstances=60")["total"]
        self.assertLess(calm["coldStarts"]["mean"], total["coldStarts"]["mean"])
        text = self.coldframe("simulate", path, *few)
        self.assertIn("cost: not priced (there is no price book for Knative Serving", text.stdout)

    def test_threads_change_nothing(self):
        path = os.path.join(SCENARIOS, "morning-rush.json")
        answers = [self.simulate(path, "--threads", str(threads), "--set", "replications=2") for threads in (1, 3)]
        for answer in answers:
            del answer["tookS"]
        self.assertEqual(*answers)

    def test_a_sweep_and_its_files(self):
        table, series = os.path.join(self.folder, "t.csv"), os.path.join(self.folder, "s.csv")
        answer = self.simulate(self.scenario(SMALL), "--sweep", "pool.keepAliveS=1..9/3",
                               "--sweep", "functions.f.reservedConcurrency=1,8", "--csv", table, "--series-csv", series)
        self.assertEqual([point["settings"] for point in answer["points"]],
                         [{"pool.keepAliveS": keep, "functions.f.reservedConcurrency": limit}
                          for keep in (1, 5, 9) for limit in (1, 8)])
        rejected = [point["total"]["rejectedProbability"]["mean"] for point in answer["points"]]
        self.assertGreater(rejected[0], .4)  # Erlang: one server at load 1 refuses half
        self.assertLess(rejected[1], .001)
        with open(table) as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), 12)
        self.assertEqual(rows[0]["pool.keepAliveS"], "1")
        self.assertAlmostEqual(float(rows[0]["rejectedProbability"]), rejected[0])
        with open(series) as file:
            self.assertEqual(len(list(csv.DictReader(file))), 34)

    def test_laws_from_a_recording(self):
        """A day of a schedule, run for real, becomes the law and the arrivals of a simulation."""
        workspace = os.path.join(self.folder, "ws")
        write(os.path.join(workspace, "code", "app.py"),
              "import random, time\ndef handler(event, context):\n    time.sleep(random.uniform(.001, .004))\n")
        write(os.path.join(workspace, "coldframe.json"), json.dumps({
            "format": 1, "name": "ws", "functions": {"tick": {
                "runtime": "python", "code": "code", "handler": "app.handler", "memoryMb": 256}},
            "triggers": {"often": {"kind": "schedule", "expression": "rate(1 minute)", "function": "tick"}}}))
        scenario = self.scenario({
            "format": 1, "durationS": 7200, "functions": {"tick": {
                "memoryMb": 256, "service": {"law": "fitted", "recording": "ws"},
                "coldStart": {"law": "fitted", "recording": "ws"},
                "arrivals": {"law": "recording", "recording": "ws", "rateFactor": 3}}}})
        for _ in range(5):
            self.assertEqual(self.coldframe("run", workspace, "--skip-idle", "--for", "2h", "--json").returncode, 0)
            # The one cold start may have waited for a core of a busy machine; then it is no measure.
            if "no cold start" not in self.coldframe("simulate", scenario).stderr:
                break
        answer = self.simulate(scenario)
        self.assertEqual(answer["total"]["invocations"]["mean"], 3 * 119)
        self.assertLess(answer["total"]["responseS"]["p50"]["mean"], .1)
        notes = {note["what"]: note for note in answer["origins"]}
        self.assertEqual(notes["service of tick"]["origin"], "measured")
        self.assertRegex(notes["service of tick"]["detail"], r"from 60 durations; on 59 others: p50 [+-]")
        self.assertEqual(notes["arrivals of tick"]["detail"], "119 recorded, 357 simulated, in ws")

    def test_a_shared_database(self):
        """More servers, less waiting; figures of the backend in text, JSON and CSV."""
        path, table = os.path.join(SCENARIOS, "shared-database.json"), os.path.join(self.folder, "t.csv")
        short = ("--set", "replications=2", "--set", "durationS=900")
        answer = self.simulate(path, *short, "--sweep", "backends.db.servers=4,8,16", "--csv", table)
        backends = [point["backends"]["db"] for point in answer["points"]]
        for key in ("waitS", "responseS"):
            self.assertEqual(set(backends[0][key]), {"mean", "p50", "p95", "p99"})
        for few, more in zip(backends, backends[1:]):
            self.assertGreater(few["responseS"]["mean"]["mean"], more["responseS"]["mean"]["mean"])
            self.assertGreater(few["utilisation"]["mean"], more["utilisation"]["mean"])
        self.assertGreater(backends[0]["refused"]["mean"], 1000)
        self.assertEqual(backends[0]["peakConnections"]["mean"], 60)
        self.assertEqual(backends[2]["refused"]["mean"], 0)
        with open(table) as file:
            rows = [row for row in csv.DictReader(file) if row["backend"] == "db"]
        self.assertEqual([row["backends.db.servers"] for row in rows], ["4", "8", "16"])
        self.assertAlmostEqual(float(rows[0]["backend.refused"]), backends[0]["refused"]["mean"])
        self.assertEqual(rows[0]["invocations"], "")
        done = self.coldframe("simulate", path, *short)
        self.assertRegex(done.stdout, r"\nbackends +db\nvisits ")
        self.assertRegex(done.stdout, r"\nutilisation .* %\n")

    def test_a_queue_and_its_dead_letters(self):
        """Smaller batches, longer waits in a burst; figures of the queues in text, JSON and CSV."""
        path, table = os.path.join(SCENARIOS, "queue.json"), os.path.join(self.folder, "t.csv")
        short = ("--set", "replications=2", "--set", "functions.work.queue.messageFailureShare=0.2")
        answer = self.simulate(path, *short, "--sweep", "functions.work.queue.batchSize=1,10", "--csv", table)
        one, ten = [point["queues"]["parts"] for point in answer["points"]]
        self.assertEqual(one["sent"]["mean"], ten["sent"]["mean"])
        self.assertGreater(one["waitS"]["p95"]["mean"], ten["waitS"]["p95"]["mean"])
        self.assertEqual(one["batchSize"]["mean"], 1)
        for point in answer["points"]:
            parts, dead = point["queues"]["parts"], point["queues"]["dead"]
            self.assertAlmostEqual(parts["deadLetteredProbability"]["mean"], .2 ** 3, delta=.001)
            self.assertEqual(parts["deadLettered"]["mean"], dead["movedIn"]["mean"])
            self.assertAlmostEqual(parts["sent"]["mean"], sum(
                parts[key]["mean"] for key in ("deleted", "deadLettered", "expired", "left")))
        with open(table) as file:
            rows = [row for row in csv.DictReader(file) if row["queue"] == "parts"]
        self.assertAlmostEqual(float(rows[1]["queue.waitS.p95"]), ten["waitS"]["p95"]["mean"])
        self.assertEqual(rows[1]["invocations"], "")
        done = self.coldframe("simulate", path, *short)
        self.assertRegex(done.stdout, r"\nqueues +parts +dead\nsent ")
        self.assertRegex(done.stdout, r"\nsent to deleted, mean .* s ")

    def test_a_stream_with_poisoned_records(self):
        """More lanes, younger records; figures of the stream in text, JSON and CSV, the same for the same seed."""
        path, table = os.path.join(SCENARIOS, "stream.json"), os.path.join(self.folder, "t.csv")
        short = ("--set", "replications=2", "--set", "durationS=1200")
        lanes = ("--sweep", "streams.clicks.parallelizationFactor=1,4")
        answer = self.simulate(path, *short, *lanes, "--csv", table)
        one, four = [point["streams"]["clicks"] for point in answer["points"]]
        self.assertEqual(one["records"], four["records"])
        self.assertGreater(one["iteratorAgeS"]["p95"]["mean"], four["iteratorAgeS"]["p95"]["mean"])
        for stream in one, four:
            self.assertGreater(stream["retryAttemptsExhausted"]["mean"], 0)
            self.assertAlmostEqual(stream["records"]["mean"], sum(stream[key]["mean"] for key in (
                "done", "retryAttemptsExhausted", "recordAgeExceeded", "left")))
            self.assertEqual(set(stream["iteratorAgeS"]), {"mean", "p50", "p95", "p99", "max"})
        with open(table) as file:
            rows = [row for row in csv.DictReader(file) if row["stream"] == "clicks"]
        self.assertAlmostEqual(float(rows[1]["stream.iteratorAgeS.p95"]), four["iteratorAgeS"]["p95"]["mean"])
        self.assertEqual(rows[1]["invocations"], "")
        again = self.simulate(path, *short, *lanes)
        self.assertEqual(again["points"], answer["points"])
        done = self.coldframe("simulate", path, *short)
        self.assertRegex(done.stdout, r"\nstreams +clicks\nrecords ")
        self.assertRegex(done.stdout, r"\niterator age, mean .*s\n")
        done = self.coldframe("simulate", path, *short, *lanes)
        self.assertRegex(done.stdout, r"clicks age +clicks age p95 +clicks given up\n")

    def refused(self, *arguments):
        done = self.coldframe("simulate", *arguments)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        return done.stderr

    def test_bad_input(self):
        path = self.scenario(SMALL)
        table = os.path.join(self.folder, "t.csv")
        self.assertEqual(self.refused(path, "--sweep", "seed=1..1000000/1000000", "--csv", table),
                         "coldframe: the sweeps have 1,000,000 points; sweep over fewer values, or confirm with --yes\n")
        self.assertIn("would need", self.refused(path, "--set", "stepS=0.002", "--set", "replications=100000", "--csv", table))
        self.assertIn("has no function \"g\"", self.refused(path, "--set", "functions.g.memoryMb=1"))
        self.assertIn("ratePerS must be", self.refused(path, "--set", "functions.f.arrivals.ratePerS=-1", "--csv", table))
        self.assertIn("needs a scenario file", self.refused())
        self.assertIn("none.json", self.refused(os.path.join(self.folder, "none.json")))
        self.assertIn("is a folder", self.refused(self.folder))
        self.assertIn("would be overwritten", self.refused(path, "--csv", path))
        self.assertIn("are for traces", self.refused(path, "--seed", "4"))
        self.assertIn("is set twice", self.refused(path, "--set", "seed=1", "--sweep", "seed=1,2"))
        self.assertFalse(os.path.exists(table))

    def test_validate_knows_scenarios(self):
        self.assertEqual(self.coldframe("validate", self.scenario(SMALL)).returncode, 0)
        done = self.coldframe("validate", self.scenario(dict(SMALL, warmUpS=9999)))
        self.assertEqual(done.returncode, 2)
        self.assertIn("s.json:1:", done.stdout)
        self.assertIn("warmUpS is 9999 s, but the simulated time ends after 2000 s", done.stdout)

    def test_interrupted_it_keeps_finished_points(self):
        document = dict(SMALL, durationS=3_000_000)
        program = subprocess.Popen([os.environ["COLDFRAME_BIN"], "simulate", self.scenario(document), "--json", "--threads",
                                    "1", "--sweep", "seed=1..200/200"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True)
        time.sleep(3)  # some points; all would take minutes
        program.send_signal(signal.SIGINT)
        out, error = program.communicate(timeout=60)
        self.assertEqual(program.returncode, 1)
        points = json.loads(out)["points"]
        self.assertEqual(error, "stopped: %d of 200 points were finished\n" % len(points))
        self.assertLess(len(points), 200)



class KeepAliveCurve(ProgramTest):
    def scenario(self, **function):
        path = os.path.join(self.folder, "scenario.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"format": 1, "seed": 5, "replications": 3, "durationS": 20000, "warmUpS": 1000,
                       "functions": {"f": {"memoryMb": 512, "service": {"law": "exponential", "meanS": 2},
                                           "arrivals": {"law": "poisson", "ratePerS": 0.5}, **function}},
                       "pool": {"dispatch": "most-recently-used"}}, file)
        return path

    def test_one_pass_is_what_each_simulation_gives(self):
        path, csv = self.scenario(), os.path.join(self.folder, "curve.csv")
        done = self.coldframe("simulate", path, "--keep-alive-curve", "10..600/4", "--json", "--csv", csv)
        self.assertEqual(done.returncode, 0, done.stderr)
        study = json.loads(done.stdout)
        self.assertTrue(study["exact"])
        self.assertEqual(len(study["keepAliveCurve"]), 4)
        for row in study["functions"]["f"]["keepAliveCurve"]:
            one = self.coldframe("simulate", path, "--set", "pool.keepAliveS=%.9g" % row["keepAliveS"], "--json")
            figures = json.loads(one.stdout)["functions"]["f"]
            self.assertEqual(row["coldStarts"], figures["coldStarts"])
            self.assertAlmostEqual(row["idleInstances"]["mean"], figures["idleInstances"]["mean"], places=6)
        with open(csv, encoding="utf-8") as table:
            self.assertEqual([line.split(",")[0] for line in table.read().splitlines()], ["function"] + ["f"] * 4 + ["total"] * 4)

    def test_what_is_approximate_says_why(self):
        path = self.scenario(coldStart={"law": "constant", "meanS": 1})
        done = self.coldframe("simulate", path, "--keep-alive-curve", "60,600")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("'f' is approximate: its cold starts take time", done.stdout)

    def test_what_has_no_curve_is_refused(self):
        path = self.scenario(arrivals={"law": "closed-loop", "clients": 3, "think": {"law": "exponential", "meanS": 1}})
        done = self.coldframe("simulate", path, "--keep-alive-curve", "60,600")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("the arrivals of 'f' depend on its answers", done.stderr)
        shared = os.path.join(SCENARIOS, "shared-database.json")
        done = self.coldframe("simulate", shared, "--keep-alive-curve", "60,600")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("'orders' visits backends, where its time depends on who else is there", done.stderr)
        read = os.path.join(SCENARIOS, "queue.json")
        done = self.coldframe("simulate", read, "--keep-alive-curve", "60,600")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("'work' reads a queue, whose batches depend on who else is there", done.stderr)
        fed = os.path.join(SCENARIOS, "stream.json")
        done = self.coldframe("simulate", fed, "--keep-alive-curve", "60,600")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("a stream feeds 'count', and its batches depend on when those before them end", done.stderr)
        done = self.coldframe("simulate", path, "--keep-alive-curve", "60,600", "--sweep", "seed=1,2")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("--keep-alive-curve takes the place of --sweep", done.stderr)
        done = self.coldframe("simulate", self.scenario(), "--set", "platform=knative", "--keep-alive-curve", "60,600")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("a timer decides how many instances there are", done.stderr)


if __name__ == "__main__":
    unittest.main()
