"""Drives the real program on workspaces in temporary folders, and waits for what must come of it.

COLDFRAME_BIN names the program; CTest sets it. COLDFRAME_LONG asks for the tests that take minutes.
"""
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PATIENCE = 120  # seconds; nothing takes that long when all is well
LONG = bool(os.environ.get("COLDFRAME_LONG"))


def program():
    try:
        return os.environ["COLDFRAME_BIN"]
    except KeyError:
        raise unittest.SkipTest("not run: COLDFRAME_BIN does not name the program")


def wait_for(condition, what, patience=PATIENCE):
    """The first true value of condition()."""
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("waited %d s, but never: %s" % (patience, what))
        time.sleep(0.02)


def write(path, text):
    """Complete or not at all, as a careful program writes."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    temporary = path + ".part"
    with open(temporary, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    os.rename(temporary, path)


def objects(folder):
    """Names in a store's folder, without those of files that are being written."""
    return [name for name in os.listdir(folder) if not name.startswith(".coldframe-")]


def read_json(path):
    with open(path, "rb") as file:
        return json.load(file)


def instances_of(folder):
    """Processes that Coldframe started for a workspace, whatever has become of their parents."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/environ" % pid, "rb") as file:
                environment = file.read()
            with open("/proc/%s/stat" % pid) as file:
                state = file.read().rpartition(")")[2].split()[0]
        except OSError:
            continue  # it ended meanwhile
        if b"COLDFRAME_SANDBOX=" in environment and folder.encode() in environment and state != "Z":
            found.append(int(pid))
    return found


def journaled(state):
    """Events in the journal of a state folder, read as any reader may while another writes."""
    try:
        with sqlite3.connect("file:%s?mode=ro" % os.path.join(state, "journal.db"), uri=True) as journal:
            return journal.execute("SELECT count(*) FROM events").fetchone()[0]
    except sqlite3.Error:
        return None


def queued(state):
    """Messages in the journal of a state folder, as (queue, body, receives, problem), in order of sending."""
    try:
        with sqlite3.connect("file:%s?mode=ro" % os.path.join(state, "journal.db"), uri=True) as journal:
            return journal.execute(
                "SELECT ifnull(s.queue, m.queue), CAST(body AS TEXT), ifnull(receives, 0), ifnull(problem, '') "
                "FROM messages m LEFT JOIN stands s USING (key) ORDER BY key").fetchall()
    except sqlite3.Error:
        return None


class Run:
    """`coldframe run` under way. Its standard error is gathered line by line."""

    def __init__(self, folder, *options, env=None, before=()):
        """`before`: a command that becomes the program, such as setpriv or nsenter with its options."""
        self.folder = folder
        self.lines = []
        self.process = subprocess.Popen([*before, program(), "run", folder, "--json", *options], text=True, env=env,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stderr:
            self.lines.append(line)

    @property
    def said(self):
        return "".join(self.lines)

    def wait_for_line(self, pattern):
        def found():
            if self.process.poll() is not None:
                self._reader.join()
                match = re.search(pattern, self.said)
                if not match:
                    raise AssertionError("it ended with %s and said:\n%s" % (self.process.returncode, self.said))
                return match
            return re.search(pattern, self.said)
        return wait_for(found, pattern + "\n" + self.said)

    @property
    def url(self):
        return self.wait_for_line(r"Invoke API on (http://127\.0\.0\.1:\d+)\n").group(1)

    def wait(self):
        """(exit code, summary) once it ends by itself."""
        self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        out = self.process.stdout.read()
        self.process.stdout.close()
        self.process.stderr.close()
        return self.process.returncode, json.loads(out) if out else None

    def stop(self, how=signal.SIGINT):
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.wait()

    def discard(self):
        """For clean-up: whatever state it is in."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        self.process.stdout.close()
        self.process.stderr.close()


class ProgramTest(unittest.TestCase):
    """A test with a folder of its own, in which nothing outlives it."""

    def setUp(self):
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="coldframe-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        # Trust is remembered in the user's own configuration, which is none of a test's business.
        os.environ["XDG_CONFIG_HOME"] = os.path.join(self.folder, "config")

    def example(self, name):
        """A fresh copy of an example, as in a new clone: without what earlier runs left in it."""
        copy = os.path.join(self.folder, name)
        shutil.copytree(os.path.join(ROOT, "examples", name), copy,
                        ignore=shutil.ignore_patterns(".coldframe", "__pycache__", "build", "recordings"))
        data = os.path.join(copy, "data")
        for folder, _, files in os.walk(data):
            for file in files:
                os.remove(os.path.join(folder, file))
        return copy

    def workspace(self, functions, code, stores=(), triggers=None, name="made", queues=None, **more):
        """A workspace with Python functions; `code` is the text of its app.py, `queues` are rules by name."""
        folder = os.path.join(self.folder, name)
        for store in stores:
            os.makedirs(os.path.join(folder, "data", store))
        write(os.path.join(folder, "code", "app.py"), code)
        document = {"format": 1, "name": name,
                    "functions": {key: {"runtime": "python", "code": "code", **value}
                                  for key, value in functions.items()},
                    "stores": {**{store: {"kind": "folder", "path": "data/" + store} for store in stores},
                               **{name: {"kind": "queue", **rules} for name, rules in (queues or {}).items()}},
                    "triggers": triggers or {}, **more}
        write(os.path.join(folder, "coldframe.json"), json.dumps(document, indent=2))
        return folder

    def coldframe(self, *arguments, stdin="", env=None, before=()):
        """A command that ends by itself: its exit code, output and messages."""
        return subprocess.run([*before, program(), *arguments], input=stdin, capture_output=True, text=True,
                              timeout=PATIENCE, env=env)

    def run_workspace(self, folder, *options, env=None, before=()):
        run = Run(folder, *options, env=env, before=before)
        self.addCleanup(run.discard)
        return run

    def wait_until_watching(self, run, folder, stores):
        """Returns once a file dropped into each store would be seen: its watch is in the kernel's books."""
        def watched():
            try:
                wanted = {os.stat(os.path.join(folder, "data", store)).st_ino for store in stores}
            except FileNotFoundError:  # made when the run starts
                return False
            return wanted <= inodes_watched_by(run.process.pid)
        wait_for(watched, "the folders are watched")


def inodes_watched_by(pid):
    inodes = set()
    try:
        for descriptor in os.listdir("/proc/%d/fdinfo" % pid):
            with open("/proc/%d/fdinfo/%s" % (pid, descriptor)) as file:
                inodes.update(int(number, 16) for number in re.findall(r"^inotify .*?ino:([0-9a-f]+)", file.read(), re.M))
    except OSError:
        pass  # it ended meanwhile, or a descriptor was closed
    return inodes
