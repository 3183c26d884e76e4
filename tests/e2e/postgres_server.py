"""A real PostgreSQL server with a cluster of its own, on a free port of the loopback interface."""
import glob
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

from coldframe_program import wait_for

NOBODY = 65534  # the server refuses to run as root
PASSWORD = "correct horse"


def programs():
    """Where Debian puts the programs of the newest server."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"))
    if not found:
        raise unittest.SkipTest("not run: PostgreSQL's server is not installed (package postgresql)")
    return os.path.dirname(found[-1])


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class PostgresServer:
    def __init__(self):
        self.programs = programs()
        self.folder = tempfile.mkdtemp(prefix="coldframe-postgres-")
        os.chmod(self.folder, 0o711)
        data, password = self.path("data"), self.path("password")
        os.mkdir(data)
        with open(password, "w") as file:
            file.write(PASSWORD)
        self.options = {}
        if os.geteuid() == 0:
            self.options = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            for path in (data, password):
                os.chown(path, NOBODY, NOBODY)
        self.log = open(self.path("log"), "ab")
        subprocess.run([os.path.join(self.programs, "initdb"), "-D", data, "-U", "postgres", "-A", "scram-sha-256",
                        "--pwfile", password, "-E", "UTF8", "--locale", "C", "--no-sync", "--no-instructions"],
                       check=True, stdout=self.log, stderr=self.log, cwd="/", **self.options)
        self.port = free_port()
        self.process = None
        self.start()

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self):
        settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "wal_level=logical", "fsync=off",
                    "lc_messages=C", "max_wal_senders=10", "max_replication_slots=10"]
        self.process = subprocess.Popen(
            [os.path.join(self.programs, "postgres"), "-D", self.path("data"), "-p", str(self.port),
             *(word for setting in settings for word in ("-c", setting))],
            stdout=self.log, stderr=self.log, cwd="/", **self.options)
        wait_for(lambda: self.try_sql("SELECT 1") == "1", "the server answers")

    def stop(self, how=signal.SIGINT):
        """SIGINT: orderly; SIGQUIT: at once, as in a crash."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(60)

    def remove(self):
        self.stop(signal.SIGQUIT)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def psql(self, *statements):
        words = ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]
        for statement in statements:
            words += ["-c", statement]
        return subprocess.run(words, capture_output=True, text=True, env={**os.environ, "PGPASSWORD": PASSWORD})

    def try_sql(self, statement):
        done = self.psql(statement)
        return done.stdout.strip() if done.returncode == 0 else None

    def sql(self, *statements):
        """Each in a transaction of its own; what the last one answers."""
        done = self.psql(*statements)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return done.stdout.strip()
