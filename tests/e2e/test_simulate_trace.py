#!/usr/bin/python3
"""simulate --trace and --synthetic-day: exact figures, clear words on bad input, no file left behind."""
import csv
import json
import os
import shutil
import unittest

from coldframe_program import ROOT, ProgramTest, write

SAMPLE = os.path.join(ROOT, "tests", "data", "azure2019_sample500_8h")


class SimulateTrace(ProgramTest):
    def simulate(self, *arguments):
        done = self.coldframe("simulate", *arguments, "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def sample(self, **changed):
        """A copy of the sample with some files rewritten: invocations=lambda text: …"""
        folder = os.path.join(self.folder, "trace")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(SAMPLE, folder)
        for name, change in changed.items():
            path = os.path.join(folder, name + ".csv")
            with open(path) as file:
                text = change(file.read())
            if text is None:
                os.remove(path)
            else:
                write(path, text)
        return folder

    def test_the_sample_is_exact(self):
        for keep_alive, cold, idle in ((600, 3074, 8101937928585), (60, 20659, None), (3600, 944, None)):
            with self.subTest(keep_alive):
                answer = self.simulate("--trace", "azure2019", SAMPLE, "--set", "pool.keepAliveS=%d" % keep_alive,
                                       "--arrivals", "even")
                totals = answer["totals"]
                self.assertEqual((totals["invocations"], totals["coldStarts"], totals["busyUs"]),
                                 (3037902, cold, 1528526325122))
                if idle:
                    self.assertEqual(totals["idleUs"], idle)
                self.assertTrue(answer["exact"])

    def test_the_curve_is_what_single_runs_give(self):
        answer = self.simulate("--trace", "azure2019", SAMPLE, "--keep-alive-curve", "0,60,600.5,3600")
        curve = answer["keepAliveCurve"]
        self.assertEqual([point["keepAliveS"] for point in curve], [0, 60, 600.5, 3600])
        for point in curve:
            single = self.simulate("--trace", "azure2019", SAMPLE, "--set", "pool.keepAliveS=%s" % point["keepAliveS"])
            self.assertEqual((single["totals"]["coldStarts"], single["totals"]["idleUs"]),
                             (point["coldStarts"], point["idleUs"]))

    def test_threads_rows_and_limits_that_do_not_bind_change_nothing(self):
        def reordered(text):
            header, *rows = text.splitlines()
            return "\n".join([header, *reversed(rows)]) + "\n"
        folder = self.sample(invocations=reordered, durations=reordered)
        for more in ((), ("--arrivals", "poisson"), ("--arrivals", "empirical", "--service", "percentiles")):
            with self.subTest(more):
                one = self.simulate("--trace", "azure2019", SAMPLE, "--per-function", "--threads", "1", *more)
                two = self.simulate("--trace", "azure2019", folder, "--per-function", "--threads", "3", *more)
                self.assertEqual(one, two)
                under = self.simulate("--trace", "azure2019", SAMPLE, "--per-function", *more, "--set",
                                      "account.concurrency=100000")
                self.assertEqual(under["account"]["limit"], "never reached")
                self.assertEqual(under["functions"], one["functions"])

    def test_limits_reject(self):
        loose, tight = (self.simulate("--trace", "azure2019", SAMPLE, "--threads", threads, "--set",
                                      "account.concurrency=%d" % limit)
                        for threads, limit in (("1", 100), ("2", 60)))
        self.assertEqual(tight["account"]["limit"], "applied")
        self.assertLess(loose["totals"]["rejected"], tight["totals"]["rejected"])
        self.assertEqual(tight, self.simulate("--trace", "azure2019", SAMPLE, "--threads", "1", "--set",
                                              "account.concurrency=60"))
        own = self.simulate("--trace", "azure2019", SAMPLE, "--set", "pool.maxConcurrency=1", "--per-function")
        self.assertTrue(all(function["peak"] <= 1 for function in own["functions"]))
        self.assertGreater(own["totals"]["rejected"], 0)

    def test_requests_of_2021(self):
        path = os.path.join(self.folder, "trace2021.txt")
        write(path, "app,func,end_timestamp,duration\n"
                    "a,f,700.5,0.5\na,f,10.25,0.25\na,g,3,1\na,f,20,1.5\n")
        answer = self.simulate("--trace", "azure2021", path, "--set", "pool.keepAliveS=60", "--per-function")
        self.assertEqual(answer["durationS"], 700.5)
        functions = {function["function"]: function for function in answer["functions"]}
        # f: 10.00-10.25, idle 8.25 s, 18.5-20, idle 60 s, 700-700.5; g: 2-3, idle 60 s.
        self.assertEqual([functions["f"][key] for key in ("invocations", "coldStarts", "busyUs", "idleUs")],
                         [3, 2, 2250000, 68250000])
        self.assertEqual([functions["g"][key] for key in ("invocations", "coldStarts", "busyUs", "idleUs")],
                         [1, 1, 1000000, 60000000])

    def test_a_synthetic_day(self):
        def day(*more):
            return self.simulate("--synthetic-day", "--functions", "500", "--per-function", *more)
        one = day("--threads", "1")
        self.assertEqual(one, day("--threads", "2"))
        self.assertNotEqual(one["totals"], day("--seed", "2")["totals"])
        self.assertEqual(one["totals"]["functions"], 500)

    def test_a_function_may_miss_in_a_file(self):
        folder = self.sample(durations=lambda text: "\n".join(text.splitlines()[:-3]) + "\n", memory=lambda text: None)
        notes = self.simulate("--trace", "azure2019", folder)["notes"]
        self.assertRegex(notes[0], r"^3 functions are not in the durations file: [\d.]+ ms each, the median of the "
                                   r"others \(assumed\)$")
        self.assertIn("the memory of 500 functions is not known", notes[1])

    def test_csv_is_written_whole(self):
        path = os.path.join(self.folder, "out.csv")
        self.simulate("--trace", "azure2019", SAMPLE, "--csv", path)
        with open(path) as file:
            rows = list(csv.DictReader(file))
        self.assertEqual((len(rows), sum(int(row["coldStarts"]) for row in rows)), (500, 3074))
        self.simulate("--trace", "azure2019", SAMPLE, "--csv", path, "--keep-alive-curve", "60..3600/60")
        with open(path) as file:
            rows = list(csv.DictReader(file))
        self.assertEqual((len(rows), rows[0]["coldStarts"], rows[-1]["coldStarts"]), (60, "20659", "944"))
        self.assertEqual(os.listdir(self.folder), ["out.csv"])

    def test_bad_files_are_told_with_their_places(self):
        def line(number, change):
            def changed(text):
                lines = text.splitlines(True)
                lines[number - 1] = change(lines[number - 1])
                return "".join(lines)
            return changed
        cases = [
            ("cut off", {"invocations": lambda text: text[:-500]},
             r'/invocations\.csv:501:\d+: (the line ends after \d+ of 484 columns; the file is cut off|the file ends where the '
             r'count of minute \d+ must stand; it is cut off): download it again'),
            ("renamed", {"invocations": line(1, lambda text: text.replace("HashFunction", "HashFunc"))},
             r'/invocations\.csv:1:19: there is no column "HashFunction"; rename the column "HashFunc" to "HashFunction"'),
            ("renamed", {"durations": line(1, lambda text: text.replace(",Average,", ",Averge,"))},
             r'/durations\.csv:1:32: there is no column "Average"; rename the column "Averge" to "Average"'),
            ("negative", {"invocations": line(7, lambda text: text[:-2] + "-1\n")},
             r'/invocations\.csv:7:\d+: the count of minute 959 must be 0 or more, got "-1"; correct this value, or '
             r'remove the line'),
            ("nan", {"durations": line(3, lambda text: text.replace(",6108,", ",nan,"))},
             r'/durations\.csv:3:\d+: Average must be a number, got "nan"; correct this value, or remove the line'),
            ("too many", {"invocations": line(4, lambda text: text[:-1] + ",5\n")},
             r"/invocations\.csv:4:\d+: the line has more than the header's 484 columns; correct this line, or remove it"),
            ("empty", {"memory": lambda text: ""},
             r"/memory\.csv: the file is empty; download it again, or choose another one"),
            ("missing", {"durations": lambda text: None},
             r"trace: there is no durations\.csv; put the invocations and durations files of the Azure Functions trace "
             r"of 2019 into this folder")]
        for name, changed, said in cases:
            with self.subTest(name + str(list(changed))):
                out = os.path.join(self.folder, "out.csv")
                done = self.coldframe("simulate", "--trace", "azure2019", self.sample(**changed), "--json", "--csv", out)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertRegex(done.stderr, said + "\n$")
                self.assertEqual(os.listdir(self.folder), ["trace"])

    def test_bad_options_are_told(self):
        cases = [
            (("--set", "pool.keepAliveS=-1"), 'pool.keepAliveS must be seconds from 0 to 1,000,000, got "-1"; '
                                              "write a number, such as 600\n"),
            (("--set", "pool.keepAliveS=nan"), 'pool.keepAliveS must be seconds from 0 to 1,000,000, got "nan"; '
                                               "write a number, such as 600\n"),
            (("--set", "pool.keepAlive=1"), 'a trace has no setting "pool.keepAlive"; did you mean pool.keepAliveS?\n'),
            (("--set", "account.concurrency=0"), 'account.concurrency must be a whole number from 1 to 1,000,000,000, '
                                                 'got "0"; a limit of zero would reject everything\n'),
            (("--keep-alive-curve", "1..1000/200000"), '--keep-alive-curve "1..1000/200000" asks for 200000 values, at '
                                                       "most 100000; take fewer\n"),
            (("--keep-alive-curve", "60..3600"), '--keep-alive-curve "60..3600": the range "60..3600" has no count; '
                                                 "write FROM..TO/COUNT, as in 60..3600/60, or 60,600,3600\n"),
            (("--set", "account.concurrency=5", "--set", "pool.maxConcurrency=5"),
             "account.concurrency and pool.maxConcurrency exclude each other for a trace; set one of them\n")]
        for options, said in cases:
            with self.subTest(options):
                done = self.coldframe("simulate", "--trace", "azure2019", SAMPLE, *options)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (2, "", "coldframe: " + said))


if __name__ == "__main__":
    unittest.main()
