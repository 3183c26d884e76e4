"""Functions probed at rising concurrency by the real program."""
import json
import os
import signal
import subprocess
import unittest

from coldframe_program import ROOT, ProgramTest, instances_of, program, wait_for


class Probe(ProgramTest):
    def setUp(self):
        super().setUp()
        self.at = self.example("one-at-a-time")
        self.event = os.path.join(self.at, "events", "item.json")

    def probe(self, *options, function="quote"):
        return self.coldframe("probe", self.at, function, "--event", self.event, *options)

    def test_a_shared_resource_is_found_and_higher_levels_are_modelled(self):
        csv, scenario = os.path.join(self.at, "levels.csv"), os.path.join(self.at, "quote.json")
        done = self.probe("--concurrency", "12,1,2,4,8,100", "--for", "1s", "--desk-slots", "12", "--json", "--csv", csv,
                          "--scenario", scenario)
        self.assertEqual(done.returncode, 0, done.stderr)
        report = json.loads(done.stdout)
        levels = {level["concurrency"]: level for level in report["levels"]}
        self.assertEqual(list(levels), [1, 2, 4, 8, 12, 100])
        self.assertEqual([level["origin"] for level in levels.values()], ["measured"] * 5 + ["modelled"])
        self.assertIn("room for 12 instances", levels[100]["reason"])
        # 20 ms in a ledger for one: at most 50 a second, and less by what the machine takes for itself.
        self.assertGreater(report["fit"]["mostPerS"], 30)
        self.assertLess(report["fit"]["mostPerS"], 51)
        self.assertTrue(2.5 <= report["knee"] <= 5.5, done.stdout)
        self.assertEqual(report["proposedConcurrency"], round(report["knee"]))
        # Little's law of what was measured, and the model near what it was fitted to.
        for n in (1, 2, 4, 8, 12):
            measured, simulated = levels[n]["measured"], levels[n]["simulated"]
            self.assertAlmostEqual(measured["perS"] * measured["responseS"]["mean"], n, delta=0.05 * n)
            self.assertAlmostEqual(simulated["responseS"]["mean"] / measured["responseS"]["mean"], 1, delta=0.35)
        self.assertAlmostEqual(levels[100]["simulated"]["perS"], report["fit"]["mostPerS"], delta=2)
        with open(csv, encoding="utf-8") as table:
            rows = table.read().splitlines()
        self.assertEqual(len(rows), 7)
        self.assertTrue(rows[0].startswith("concurrency,origin,measured_per_s,"))
        self.assertEqual(instances_of(self.at), [])
        # The scenario is one, and its backend is as busy as its load says.
        self.assertEqual(self.coldframe("validate", scenario).returncode, 0)
        played = self.coldframe("simulate", scenario, "--set", "replications=4", "--set", "durationS=600", "--json")
        self.assertEqual(played.returncode, 0, played.stderr)
        self.assertAlmostEqual(json.loads(played.stdout)["backends"]["shared"]["utilisation"]["mean"], 0.8, delta=0.05)

    def test_text_tells_the_knee_and_what_to_set(self):
        done = self.probe("--concurrency", "1,3,6,12", "--for", "500ms")
        self.assertEqual(done.returncode, 0, done.stderr)
        for word in ("concurrency", "measured, ", "Fit ", "Knee ", '"reservedConcurrency": '):
            self.assertIn(word, done.stdout)

    def test_a_limit_of_the_platform_is_said_and_its_levels_modelled(self):
        at = self.example("scale")
        event = os.path.join(at, "event.json")
        with open(event, "w", encoding="utf-8") as file:
            json.dump({"waitMs": 20}, file)
        done = self.coldframe("probe", at, "slow-limited", "--event", event, "--concurrency", "2,4,8,12,20", "--for", "300ms",
                              "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        levels = json.loads(done.stdout)["levels"]
        self.assertEqual([level["origin"] for level in levels], ["measured"] * 3 + ["modelled"] * 2)
        self.assertIn("10", levels[3]["reason"])

    def test_an_event_that_fails_is_refused_with_its_error(self):
        with open(self.event, "w", encoding="utf-8") as file:
            file.write('{"partnerMs": "soon"}')
        done = self.probe("--concurrency", "1,2,4", "--for", "300ms")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("function 'quote' fails with this event", done.stderr)
        self.assertIn("ValueError", done.stderr)

    def test_failures_that_cost_the_instance_end_with_their_error(self):
        at = self.example("errors")
        for function, word in (("os-exit", "Runtime"), ("timeout", "timed out"), ("import-error", "ImportModuleError")):
            with self.subTest(function):
                done = self.coldframe("probe", at, function, "--concurrency", "1,2", "--for", "300ms")
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn("function '%s' fails with this event" % function, done.stderr)
                self.assertIn(word, done.stderr)

    def test_failures_that_come_with_concurrency_bound_what_is_proposed(self):
        code = os.path.join(self.at, "functions", "quote", "app.py")
        with open(code, "w", encoding="utf-8") as file:
            file.write("import fcntl, time\n"
                       "def handler(event, context):\n"
                       "    for seat in range(3):\n"
                       "        with open(__file__ + str(seat), 'w') as lock:\n"
                       "            try:\n"
                       "                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
                       "            except BlockingIOError:\n"
                       "                continue\n"
                       "            time.sleep(.05)\n"
                       "            return {}\n"
                       "    raise RuntimeError('no seat')\n")
        done = self.probe("--concurrency", "1,2,3,8", "--for", "500ms", "--json", "--csv", os.path.join(self.at, "no", "x.csv"))
        self.assertEqual(done.returncode, 2, done.stderr)  # for the path; what was measured is told all the same
        report = json.loads(done.stdout)
        self.assertEqual((report["failsFrom"], report["proposedConcurrency"]), (8, 3))
        self.assertGreater(report["levels"][3]["failed"], 0)
        self.assertLess(report["levels"][3]["measured"]["perS"], 80)

    def test_bad_usage(self):
        for options, words in ((("--concurrency", "0,2"), "whole numbers from 1 to 1,000"),
                               (("--concurrency", "1,,2"), "whole numbers from 1 to 1,000"),
                               (("--for", "3"), "is no duration")):
            with self.subTest(options):
                done = self.probe(*options)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn(words, done.stderr)
        done = self.probe(function="quota")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("quote", done.stderr)

    def test_files_that_are_read_are_not_overwritten(self):
        """Told before anything is measured."""
        other, settings = os.path.join(self.folder, "levels.csv"), os.path.join(self.at, "coldframe.json")
        for options, words in ((("--csv", self.event), "the event itself would be overwritten; name another file for --csv"),
                               (("--scenario", self.event), "the event itself would be overwritten"),
                               (("--csv", settings), "the workspace itself would be overwritten"),
                               (("--csv", other, "--scenario", other), "--csv and --scenario name the same file")):
            with self.subTest(options):
                with open(options[1] if options[1] != other else self.event, encoding="utf-8") as file:
                    before = file.read()
                done = self.probe("--concurrency", "1", "--for", "100ms", *options)
                self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
                self.assertIn(words, done.stderr)
                with open(options[1] if options[1] != other else self.event, encoding="utf-8") as file:
                    self.assertEqual(file.read(), before)
        self.assertFalse(os.path.exists(other))

    def test_interrupted_it_keeps_the_levels_that_were_finished(self):
        running = subprocess.Popen([program(), "probe", self.at, "quote", "--event", self.event, "--concurrency",
                                    "1,2,3,4", "--for", "2s", "--json"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(running.kill)
        said = []
        wait_for(lambda: said.append(running.stderr.readline()) or said[-1].startswith("3 at once"), "three levels")
        running.send_signal(signal.SIGINT)
        out, rest = running.communicate(timeout=60)
        self.assertEqual(running.returncode, 0, rest)
        self.assertEqual([level["concurrency"] for level in json.loads(out)["levels"]], [1, 2, 3])
        self.assertEqual(instances_of(self.at), [])


if __name__ == "__main__":
    unittest.main()
