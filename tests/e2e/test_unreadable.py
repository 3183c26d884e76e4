#!/usr/bin/python3
"""What the program may not read, with the permissions of a user who is not root: it says which and what to do."""
import json
import os
import re
import shutil
import subprocess
import unittest

from coldframe_program import ProgramTest, program, read_json, wait_for, write

NOBODY = 65534

ECHO = """
def f(event, context):
    return event
"""


def as_a_user():
    """A command that becomes the program without root's right to read everything."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if not setpriv:
        raise unittest.SkipTest("not run: root may read everything, and there is no setpriv to become another user")
    before = [setpriv, "--reuid=%d" % NOBODY, "--regid=%d" % NOBODY, "--clear-groups"]
    tried = subprocess.run([*before, program(), "version"], capture_output=True, text=True)
    if tried.returncode != 0:
        raise unittest.SkipTest("not run: user %d cannot start the program: %s" % (NOBODY, tried.stderr.strip()))
    return before


class Unreadable(ProgramTest):
    def setUp(self):
        super().setUp()
        self.before = as_a_user()
        self.at = self.workspace(
            {"f": {"handler": "app.f", "reservedConcurrency": 2, "onSuccess": {"store": "out"}}}, ECHO, ["in", "out"],
            {"drop": {"kind": "file", "store": "in", "events": ["created"], "shape": "content", "function": "f"}})
        self.inbox = os.path.join(self.at, "data", "in")
        if self.before:
            for folder, _, files in os.walk(self.folder):
                for path in [folder, *(os.path.join(folder, name) for name in files)]:
                    os.chown(path, NOBODY, NOBODY)

    def start(self, *options):
        return self.run_workspace(self.at, *options, before=self.before)

    def forbid(self, path):
        """For everybody, its owner too. Allowed again at the end, or it could not be removed."""
        mode = os.stat(path).st_mode
        self.addCleanup(os.chmod, path, mode)
        os.chmod(path, 0)
        return mode

    def drop(self, name, number):
        write(os.path.join(self.inbox, name), json.dumps({"number": number}))

    def result(self, name, number):
        path = os.path.join(self.at, "data", "out", name)
        wait_for(lambda: os.path.exists(path), "the result of " + name)
        self.assertEqual(read_json(path), {"number": number})

    def wait_for_exactly(self, run, line):
        run.wait_for_line("(?m)^" + re.escape(line) + "$")

    def test_a_watched_folder_is_named_and_watched_once_it_may_be(self):
        mode = self.forbid(self.inbox)
        run = self.start()
        self.wait_for_exactly(run, "warning: drop: the folder %s cannot be read: Permission denied; allow your user to "
                                   "enter and read it (chmod u+rx): watching goes on by itself" % self.inbox)
        os.chmod(self.inbox, mode)
        self.wait_until_watching(run, self.at, ["in"])
        self.drop("a.json", 1)
        self.result("a.json", 1)
        code, summary = run.stop()
        self.assertEqual((code, summary["events"], summary["succeeded"]), (0, 1, 1), run.said)

    def test_a_folder_below_is_named_and_the_rest_goes_on(self):
        below = os.path.join(self.inbox, "closed")
        os.mkdir(below)
        self.forbid(below)
        run = self.start()
        self.wait_for_exactly(run, "warning: drop: the folder %s cannot be read; allow your user to enter and read "
                                   "them (chmod u+rx)" % below)
        self.wait_until_watching(run, self.at, ["in"])
        self.drop("a.json", 1)
        self.result("a.json", 1)

    def test_a_file_is_named_and_the_others_go_on(self):
        run = self.start()
        self.wait_until_watching(run, self.at, ["in"])
        secret = os.path.join(self.inbox, "secret.json")
        write(secret + ".part", json.dumps({"number": 7}))
        mode = self.forbid(secret + ".part")
        os.rename(secret + ".part", secret)
        self.addCleanup(write, secret + ".part", "")  # what forbid() allows again
        self.drop("a.json", 1)
        self.wait_for_exactly(run, "warning: %s: cannot read the file: Permission denied; allow your user to read it "
                                   "(chmod, chown), then touch it: that makes its event" % secret)
        self.result("a.json", 1)
        # Its advice works:
        os.chmod(secret, mode)
        os.utime(secret)
        open(secret, "a").close()
        self.result("secret.json", 7)
        code, summary = run.stop()
        self.assertEqual((code, summary["events"], summary["succeeded"]), (0, 2, 2), run.said)

    def test_the_workspace_file_is_named(self):
        file = os.path.join(self.at, "coldframe.json")
        self.forbid(file)
        said = "%s: the file cannot be read: Permission denied; check the permissions of the file and its folders\n" % file
        run = self.start("--until-idle")
        self.assertEqual((*run.wait(), run.said), (2, None, said))
        done = self.coldframe("validate", self.at, before=self.before)
        self.assertEqual((done.returncode, done.stdout), (2, said))

    def test_an_event_is_named(self):
        event = os.path.join(self.folder, "event.json")
        said = "coldframe: %s: the file is not there; correct the path after --event; - reads standard input\n" % event
        self.assertEqual(self.invoked(event), (2, "", said))
        write(event, "{}")
        self.forbid(event)
        said = ("coldframe: %s: the file cannot be read: Permission denied; check the permissions of the file and its "
                "folders\n" % event)
        self.assertEqual(self.invoked(event), (2, "", said))

    def invoked(self, event):
        done = self.coldframe("invoke", self.at, "f", "--event", event, before=self.before)
        return done.returncode, done.stdout, done.stderr

    def test_the_event_of_a_test_is_named(self):
        event = os.path.join(self.at, "events", "one.json")
        write(event, "{}")
        write(os.path.join(self.at, "events", "one.expect.json"), '{"status": "succeeded"}')
        self.forbid(event)
        done = self.coldframe("test", self.at, before=self.before)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("%s: the file cannot be read: Permission denied" % event, done.stdout)


if __name__ == "__main__":
    unittest.main()
