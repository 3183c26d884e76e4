"""A file system of a few megabytes that nobody else sees and of which nothing is left."""
import os
import subprocess
import sys
import unittest


class SmallDisk:
    """Mounted at `folder` for the processes that are started with `before`. Others look at it through `seen`."""

    def __init__(self, folder, size):
        if os.geteuid() != 0:
            raise unittest.SkipTest("not run: making a small file system needs root")
        os.mkdir(folder)
        self.folder = folder
        # The mount is in a namespace of its own, which lives as long as this process waits for its input to end.
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c",
             'mount -t tmpfs -o size="$1" tmpfs "$0" && echo mounted && exec cat', folder, size],
            text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if self._holder.stdout.readline() != "mounted\n":
            said = self._holder.stderr.read().strip()
            self.close()
            raise unittest.SkipTest("not run: a small file system cannot be made here: " + said)
        self.before = ["nsenter", "--mount", "--target", str(self._holder.pid), "--"]
        self.seen = "/proc/%d/root%s" % (self._holder.pid, folder)

    def journaled(self):
        """Events in the journal of the state folder that lies there."""
        # Not through `seen`: SQLite follows links by itself, and would come out at our own root.
        done = subprocess.run([*self.before, sys.executable, "-B", "-c",
                               "import sys, coldframe_program; print(coldframe_program.journaled(sys.argv[1]))",
                               os.path.join(self.folder, "state")],
                              env=dict(os.environ, PYTHONPATH=os.path.dirname(os.path.abspath(__file__))),
                              check=True, text=True, stdout=subprocess.PIPE)
        return done.stdout.strip()

    def resize(self, size):
        subprocess.run([*self.before, "mount", "-o", "remount,size=" + size, self.folder], check=True)

    def close(self):
        self._holder.stdin.close()
        self._holder.wait()
        self._holder.stdout.close()
        self._holder.stderr.close()
