#!/usr/bin/python3
"""What makes events survives restarts: files that came meanwhile, moments that passed."""
import os
import random
import shutil
import signal
import subprocess
import unittest

from coldframe_program import wait_for, write
from source_program import SourcesTest

FILES = 3_000


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


if __name__ == "__main__":
    unittest.main()
