#!/usr/bin/python3
"""Where results go: files by key, JSON lines; nothing is lost when the program is killed."""
import contextlib
import glob
import http.server
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import ssl
import subprocess
import threading
import time
import unittest

from coldframe_program import ProgramTest, journaled, objects, wait_for, write
from small_disk import SmallDisk

CODE = """
def echo(event, context):
    if event.get("fails"):
        raise ValueError("no")
    return {"id": event["id"], "total": event["id"] * 1.5, "requestId": context.aws_request_id,
            "padding": "x" * event.get("padding", 0)}

def rows(event, context):
    return event.get("rows", [])
"""

DROP = {"kind": "file", "store": "in", "suffix": ".json", "shape": "content", "function": "f"}


class Destinations(ProgramTest):
    def make(self, destination, stores=("in", "out"), handler="app.echo", more_stores=None, **function):
        self.at = self.workspace({"f": {"handler": handler, "timeoutMs": 60_000, "reservedConcurrency": 4,
                                        "onSuccess": destination, **function}},
                                 CODE, stores, {"in": DROP})
        if more_stores:
            self.change(lambda document: document["stores"].update(more_stores))

    def change(self, how):
        path = os.path.join(self.at, "coldframe.json")
        with open(path) as file:
            document = json.load(file)
        how(document)
        write(path, json.dumps(document, indent=2))

    def drop(self, numbers, **more):
        for number in numbers:
            write(os.path.join(self.at, "data", "in", "%d.json" % number), json.dumps({"id": number, **more}))

    def process(self, numbers, *options, **more):
        """Files that are there are processed by one run, which ends by itself."""
        self.drop(numbers, **more)
        run = self.run_workspace(self.at, "--until-idle", "--backfill", "in", *options)
        code, summary = run.wait()
        return run, code, summary

    def lines(self, pattern="*.jsonl"):
        found = []
        for path in sorted(glob.glob(os.path.join(self.at, "data", "out", "**", pattern), recursive=True)):
            with open(path) as file:
                text = file.read()
            self.assertTrue(text.endswith("\n"), path)
            found += [json.loads(line) for line in text.splitlines()]
        return found


class Folder(Destinations):
    def test_a_file_a_result_under_a_key_of_its_own(self):
        self.make({"store": "out", "key": "dt={date}/{payload.id}-{source.name}"})
        run, code, _ = self.process([1, 2])
        self.assertEqual(code, 0, run.said)
        found = sorted(glob.glob(os.path.join(self.at, "data", "out", "dt=20??-??-??", "*")))
        self.assertEqual([os.path.basename(path) for path in found], ["1-1.json", "2-2.json"])
        with open(found[0]) as file:
            self.assertEqual(json.load(file)["total"], 1.5)

    def test_records_of_failures_by_condition(self):
        self.make({"store": "out", "key": "ok/{requestId}"}, **{
            "async": {"retries": 0}, "onFailure": {"store": "out", "key": "{condition}/{payload.id}.json"}})
        run, code, summary = self.process([7], fails=True)
        self.assertEqual((code, summary["failed"]), (0, 1), run.said)
        with open(os.path.join(self.at, "data", "out", "RetriesExhausted", "7.json")) as file:
            self.assertEqual(json.load(file)["requestPayload"]["id"], 7)

    def test_lines_with_rotation(self):
        self.make({"store": "out", "key": "r-{function}.jsonl", "append": True, "content": "record", "rotateMb": 1})
        run, code, _ = self.process(range(12), padding=200_000)
        self.assertEqual(code, 0, run.said)
        files = glob.glob(os.path.join(self.at, "data", "out", "r-f*.jsonl"))
        self.assertEqual(len(files), 3, files)
        self.assertTrue(all(os.path.getsize(path) <= 1 << 20 for path in files))
        records = self.lines()
        self.assertEqual(sorted(record["responsePayload"]["id"] for record in records), list(range(12)))
        self.assertEqual({record["requestContext"]["condition"] for record in records}, {"Success"})

    def test_what_stands_in_the_way_is_told_and_waited_for(self):
        self.make({"store": "out", "key": "all.jsonl", "append": True})
        os.mkdir(os.path.join(self.at, "data", "out", "all.jsonl"))
        self.drop(range(5))
        run = self.run_workspace(self.at, "--backfill", "in")
        run.wait_for_line(r"(?m)^error: .*/data/out/all\.jsonl: cannot append to the file: Is a directory")
        wait_for(lambda: journaled(os.path.join(self.at, ".coldframe")) == 5, "all five wait in the journal")
        os.rmdir(os.path.join(self.at, "data", "out", "all.jsonl"))
        run.wait_for_line(r"out: results are stored again")
        wait_for(lambda: len(self.lines()) == 5, "all are stored")
        wait_for(lambda: journaled(os.path.join(self.at, ".coldframe")) == 0, "the journal is empty")
        run.stop()
        self.assertEqual(run.said.count("cannot append"), 1, run.said)


class Table(Destinations):
    ORDERS = {"orders": {"kind": "sqlite", "path": "data/orders.db"}}
    TOTALS = {"store": "orders", "table": "totals", "columns": {"id": "payload.id", "total": "payload.total"},
              "key": ["id"], "create": True}

    def ask(self, sql):
        with contextlib.closing(sqlite3.connect(os.path.join(self.at, "data", "orders.db"))) as database:
            return database.execute(sql).fetchall()

    def test_rows_by_key_of_results_and_of_lists(self):
        self.make(self.TOTALS, more_stores=self.ORDERS)
        for _ in range(2):  # a result that comes again replaces its row
            run, code, _ = self.process([1, 2])
            self.assertEqual(code, 0, run.said)
        self.assertEqual(self.ask("SELECT id, total FROM totals ORDER BY id"), [(1, 1.5), (2, 3.0)])
        self.change(lambda document: document["functions"]["f"].update(
            handler="app.rows", onSuccess={"store": "orders", "table": "lines", "create": True,
                                           "columns": {"request": "requestId", "n": "index", "sku": "payload.sku"},
                                           "key": ["request", "n"]}))
        run, code, _ = self.process([3], rows=[{"sku": "a"}, {"sku": "b"}, {}])
        self.assertEqual(code, 0, run.said)
        self.assertIn(("b",), self.ask("SELECT sku FROM lines WHERE n = 1"))

    def test_one_json_column_and_the_path_in_the_environment(self):
        self.make({"store": "orders", "table": "results", "create": True}, handler="app.where",
                  more_stores=self.ORDERS)
        write(os.path.join(self.at, "code", "app.py"),
              "import os\ndef where(event, context):\n    return {'file': os.environ['COLDFRAME_STORE_ORDERS']}\n")
        run, code, _ = self.process([1])
        self.assertEqual(code, 0, run.said)
        self.assertEqual(json.loads(self.ask("SELECT json FROM results")[0][0]),
                         {"file": os.path.join(self.at, "data", "orders.db")})

    def test_a_locked_database_is_waited_for(self):
        self.make(self.TOTALS, more_stores=self.ORDERS)
        other = sqlite3.connect(os.path.join(self.at, "data", "orders.db"), isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN EXCLUSIVE")
        self.drop(range(10))
        run = self.run_workspace(self.at, "--backfill", "in")
        run.wait_for_line(r'(?m)^error: .*/data/orders\.db: table "totals": database is locked; another program keeps it '
                          r"locked: end its transaction; results wait until then$")
        wait_for(lambda: journaled(os.path.join(self.at, ".coldframe")) == 10, "all wait in the journal")
        other.execute("COMMIT")
        run.wait_for_line(r"orders: results are stored again")
        wait_for(lambda: journaled(os.path.join(self.at, ".coldframe")) == 0, "the journal is empty")
        self.assertEqual(self.ask("SELECT count(*) FROM totals"), [(10,)])
        run.stop()
        self.assertEqual(run.said.count("database is locked"), 1, run.said)

    def test_a_wrong_table_waits_until_it_is_put_right(self):
        self.make({**self.TOTALS, "create": False}, more_stores=self.ORDERS)
        with contextlib.closing(sqlite3.connect(os.path.join(self.at, "data", "orders.db"))) as other:
            other.execute("CREATE TABLE totals(id INTEGER PRIMARY KEY)")
            self.drop([1])
            run = self.run_workspace(self.at, "--backfill", "in")
            run.wait_for_line(r'table "totals": table totals has no column named total; add it with ALTER TABLE "totals" '
                              r'ADD COLUMN')
            other.execute("ALTER TABLE totals ADD COLUMN total")
        run.wait_for_line(r"orders: results are stored again")
        self.assertEqual(self.ask("SELECT id, total FROM totals"), [(1, 1.5)])
        run.stop()

    def test_a_destination_that_is_corrected_is_taken_at_the_next_try(self):
        self.make({**self.TOTALS, "create": False}, more_stores=self.ORDERS)
        self.drop([1])
        run = self.run_workspace(self.at, "--backfill", "in")
        run.wait_for_line(r'table "totals": unable to open database file; make the database, or add "create": true')
        self.change(lambda document: document["functions"]["f"]["onSuccess"].update(create=True))
        run.wait_for_line(r"orders: results are stored again")
        self.assertEqual(self.ask("SELECT id, total FROM totals"), [(1, 1.5)])
        run.stop()

    def test_a_full_disk_is_waited_for(self):
        disk = SmallDisk(os.path.join(self.folder, "disk"), "1m")
        self.addCleanup(disk.close)
        self.make({**self.TOTALS, "columns": {"id": "payload.id", "padding": "payload.padding"}},
                  more_stores={"orders": {"kind": "sqlite", "path": os.path.join(disk.folder, "orders.db")},
                               "lines": {"kind": "folder", "path": os.path.join(disk.folder, "lines")}})
        self.change(lambda document: (
            document["functions"].update(g={**document["functions"]["f"], "onSuccess": {
                "store": "lines", "key": "all.jsonl", "append": True}}),
            document["triggers"].update(other={**DROP, "function": "g"})))
        self.drop(range(10), padding=200_000)
        run = self.run_workspace(self.at, "--backfill", "in", "--backfill", "other", before=disk.before)
        run.wait_for_line(r'/orders\.db: table "totals": database or disk is full; free some space there; results wait')
        run.wait_for_line(r"/lines/all\.jsonl: cannot append to the file: No space left on device; free some space there")
        disk.resize("20m")
        run.wait_for_line(r"orders: results are stored again")
        run.wait_for_line(r"lines: results are stored again")
        wait_for(lambda: journaled(os.path.join(self.at, ".coldframe")) == 0, "the journal is empty")
        with open(os.path.join(disk.seen, "lines", "all.jsonl")) as file:
            self.assertEqual(sorted(json.loads(line)["id"] for line in file), list(range(10)))
        shutil.copy(os.path.join(disk.seen, "orders.db"), os.path.join(self.at, "data", "orders.db"))
        self.assertEqual(self.ask("SELECT count(*), min(length(padding)) FROM totals"), [(10, 200_000)])
        run.stop()

    def test_a_test_works_on_a_copy(self):
        self.make({"store": "out"}, handler="app.add", more_stores=self.ORDERS)
        write(os.path.join(self.at, "code", "app.py"),
              "import os, sqlite3\n"
              "def add(event, context):\n"
              "    with sqlite3.connect(os.environ['COLDFRAME_STORE_ORDERS']) as orders:\n"
              "        orders.execute('INSERT INTO totals VALUES (2)')\n"
              "        return orders.execute('SELECT count(*) FROM totals').fetchone()[0]\n")
        with contextlib.closing(sqlite3.connect(os.path.join(self.at, "data", "orders.db"))) as other:
            other.executescript("PRAGMA journal_mode=WAL; CREATE TABLE totals(id); INSERT INTO totals VALUES (1)")
            write(os.path.join(self.at, "events", "add.json"), "{}")
            write(os.path.join(self.at, "events", "add.expect.json"),
                  json.dumps({"function": "f", "result": 2}))
            said = self.coldframe("test", self.at)
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)
        self.assertEqual(self.ask("SELECT id FROM totals"), [(1,)])

    def test_a_row_that_does_not_fit_is_kept_beside(self):
        self.make({**self.TOTALS, "columns": {"id": "payload.nothing"}}, more_stores=self.ORDERS)
        run, code, _ = self.process([1])
        self.assertEqual(code, 0, run.said)
        told = re.search(r'(?m)^error: table "totals": row 1 has no payload\.nothing, which the key column "id" needs '
                         r"\(request ([0-9a-f-]{36}) of f\); let the function return it, or choose another key; the "
                         r"record is kept in (.*)$", run.said)
        self.assertTrue(told, run.said)
        self.assertEqual(told.group(2), os.path.join(self.at, ".coldframe", "undelivered", "f-%s.json" % told.group(1)))
        with open(told.group(2)) as file:
            self.assertEqual(json.load(file)["responsePayload"]["total"], 1.5)
        self.assertEqual(journaled(os.path.join(self.at, ".coldframe")), 0)


class Server:
    """Takes records, answers as it is told, and keeps what came."""

    def __init__(self, answers=(), tls=None, port=0, wait=0):
        self.requests, self.answers = [], list(answers)
        self.over = threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if not outer.over.wait(wait):  # a slow server, until the test is over
                    self.answer(body)

            def answer(self, body):
                outer.requests.append((self.path, dict(self.headers), json.loads(body)))
                status, text = outer.answers.pop(0) if outer.answers else (204, "")
                self.send_response(status)
                if status == 429:
                    self.send_header("Retry-After", "1")
                if status != 204:
                    self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                with contextlib.suppress(BrokenPipeError):
                    self.wfile.write(text.encode())

            def log_message(self, *arguments):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self.server.server_port
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()


class Http(Destinations):
    def serve(self, *arguments, **options):
        server = Server(*arguments, **options)
        self.addCleanup(server.close)
        return server

    def undelivered(self):
        return glob.glob(os.path.join(self.at, ".coldframe", "undelivered", "*.json"))

    def test_records_by_post_with_a_secret_that_is_never_shown(self):
        server = self.serve([(500, "your token is s3cret-T0ken")])
        self.make({"http": {"url": "http://127.0.0.1:%d/in?a=b" % server.port, "headers": {"X-From": "garden"},
                            "secretHeader": {"name": "Authorization", "value": "Bearer ${env:TOKEN}"}}})
        write(os.path.join(self.at, "secrets.env"), "TOKEN=s3cret-T0ken\n")
        run, code, _ = self.process([1])
        self.assertEqual(code, 0, run.said)
        self.assertEqual(len(server.requests), 2, "again after the 500")
        path, headers, record = server.requests[1]
        self.assertEqual(path, "/in?a=b")
        self.assertEqual(headers["Authorization"], "Bearer s3cret-T0ken")
        self.assertEqual(headers["X-From"], "garden")
        self.assertEqual(headers["Content-Type"], "application/json")
        self.assertEqual(headers["Idempotency-Key"], record["requestContext"]["requestId"])
        self.assertEqual(record["responsePayload"]["total"], 1.5)
        self.assertRegex(run.said, r"(?m)^error: http://127\.0\.0\.1:\d+/in\?a=b answers 500: your token is \*\*\*; ")
        self.assertIn("results are taken again", run.said)
        for folder, _, files in os.walk(os.path.join(self.at, ".coldframe")):
            for name in files:
                with open(os.path.join(folder, name), "rb") as file:
                    self.assertNotIn(b"s3cret-T0ken", file.read(), name)

    def test_a_missing_variable_is_found_by_validate(self):
        self.make({"http": {"url": "http://127.0.0.1:1/", "headers": {"X": "${env:NOT_THERE}"}}})
        said = self.coldframe("validate", self.at)
        self.assertEqual(said.returncode, 2, said.stdout + said.stderr)
        self.assertIn('/functions/f/onSuccess/http/headers/X: the destination of "f" needs the variable NOT_THERE',
                      said.stdout + said.stderr)

    def test_4xx_is_final(self):
        server = self.serve([(404, "no such hook")])
        self.make({"http": {"url": "http://localhost:%d/" % server.port}})
        run, code, _ = self.process([1])
        self.assertEqual((code, len(server.requests)), (0, 1), run.said)
        self.assertRegex(run.said, r"(?m)^error: http://localhost:\d+/ answers 404: no such hook \(request \S+ of f\); "
                                   r"correct the address, its headers or what the server takes; the record is kept in ")
        self.assertEqual(len(self.undelivered()), 1)

    def test_it_is_given_up_after_the_retries(self):
        server = self.serve([(503, "")] * 3)
        self.make({"http": {"url": "http://127.0.0.1:%d/" % server.port, "retries": 2}})
        run, code, _ = self.process([1])
        self.assertEqual((code, len(server.requests)), (0, 3), run.said)
        self.assertRegex(run.said, r"answers 503, also after 2 retries \(request")
        self.assertEqual(len(self.undelivered()), 1)

    def test_a_server_that_starts_late_and_asks_for_time(self):
        free = self.serve()
        free.close()
        self.make({"http": {"url": "http://127.0.0.1:%d/" % free.port}})
        self.drop([1])
        run = self.run_workspace(self.at, "--backfill", "in")
        run.wait_for_line(r"no connection to 127\.0\.0\.1:\d+: Connection refused; start the server")
        server = self.serve([(429, "slow down")], port=free.port)
        wait_for(lambda: len(server.requests) == 2, "it is sent again")
        wait_for(lambda: journaled(os.path.join(self.at, ".coldframe")) == 0, "the journal is empty")
        run.stop()
        self.assertEqual(self.undelivered(), [])

    def test_a_slow_server_holds_up_nobody_and_does_not_keep_the_program(self):
        server = self.serve(wait=30)
        self.make({"http": {"url": "http://127.0.0.1:%d/" % server.port, "timeoutMs": 300_000}})
        self.change(lambda document: (
            document["functions"].update(g={**document["functions"]["f"], "onSuccess": {"store": "out"}}),
            document["triggers"].update(other={**DROP, "function": "g"})))
        self.drop(range(10))
        run = self.run_workspace(self.at, "--backfill", "in", "--backfill", "other")
        wait_for(lambda: len(objects(os.path.join(self.at, "data", "out"))) == 10, "the others are stored")
        begun = time.monotonic()
        run.stop()
        self.assertLess(time.monotonic() - begun, 20)
        self.assertEqual(journaled(os.path.join(self.at, ".coldframe")), 10, "and come again at the next start")

    def test_an_answer_in_time(self):
        server = self.serve(wait=2)
        self.make({"http": {"url": "http://127.0.0.1:%d/" % server.port, "timeoutMs": 200, "retries": 1}})
        run, code, _ = self.process([1])
        self.assertRegex(run.said, r"no answer from 127\.0\.0\.1:\d+: it takes longer than timeoutMs; raise timeoutMs")
        self.assertEqual(len(self.undelivered()), 1)

    def test_https_checks_the_certificate(self):
        key, certificate = (os.path.join(self.folder, name) for name in ("key.pem", "certificate.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate,
                        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
                       check=True, capture_output=True)
        server = self.serve(tls=(certificate, key))
        self.make({"http": {"url": "https://localhost:%d/" % server.port, "retries": 0}})
        run, code, _ = self.process([1])
        self.assertRegex(run.said, r"no secure connection to localhost:\d+: ")
        self.assertEqual(len(self.undelivered()), 1)
        trusting = {**os.environ, "SSL_CERT_FILE": certificate}
        self.drop([2])
        code, _ = self.run_workspace(self.at, "--until-idle", "--backfill", "in", env=trusting).wait()
        self.assertEqual([record["responsePayload"]["id"] for _, _, record in server.requests].count(2), 1)
        self.change(lambda document: document["functions"]["f"]["onSuccess"]["http"].update(
            url="https://127.0.0.1:%d/" % server.port))  # trusted, but of another host
        run = self.run_workspace(self.at, "--until-idle", "--backfill", "in", env=trusting)
        run.wait()
        self.assertRegex(run.said, r"no secure connection to 127\.0\.0\.1:\d+: ")


class Killed(Destinations):
    """SIGKILL at seeded moments. COLDFRAME_SEED repeats a run that failed."""
    EVENTS = 500
    KILLS = 5

    def kill_and_finish(self, stored):
        seed = int(os.environ.get("COLDFRAME_SEED") or random.randrange(1 << 31))
        print("COLDFRAME_SEED=%d" % seed)
        chance = random.Random(seed)
        self.drop(range(self.EVENTS), padding=100_000)
        removed = kills = 0
        for kill in range(self.KILLS):
            run = self.run_workspace(self.at, "--no-record", *(["--backfill", "in"] if kill == 0 else []))
            wanted = min(self.EVENTS - 20, (kill + 1) * self.EVENTS // (self.KILLS + 1) + chance.randrange(40))
            wait_for(lambda: stored() >= wanted or run.process.poll() is not None, "%d are stored" % wanted)
            time.sleep(chance.random() * 0.01)  # not at the moment that was just seen
            self.assertIsNone(run.process.poll(), run.said)
            run.process.send_signal(signal.SIGKILL)
            run.process.wait()
            kills += 1
            run.discard()
            removed += run.said.count("a torn line of")
        run = self.run_workspace(self.at, "--no-record", "--until-idle")
        code, _ = run.wait()
        self.assertEqual(code, 0, run.said)
        print("%d kills, %d stored, %d torn lines repaired" % (
            kills, stored(), removed + run.said.count("a torn line of")))

    def test_lines(self):
        self.make({"store": "out", "key": "{minute}.jsonl", "append": True, "rotateMb": 2})

        def stored():
            count = 0
            for path in glob.glob(os.path.join(self.at, "data", "out", "*.jsonl")):
                try:
                    with open(path, "rb") as file:
                        count += file.read().count(b"\n")
                except FileNotFoundError:  # it was rotated meanwhile
                    return 0
            return count
        self.kill_and_finish(stored)
        found = self.lines()
        self.assertEqual({line["id"] for line in found}, set(range(self.EVENTS)))
        self.assertTrue(all(len(line["padding"]) == 100_000 for line in found))
        self.assertLess(len(found), self.EVENTS * 1.5, "most are stored once")

    def test_rows(self):
        """By key each is there once, however often it was delivered."""
        self.make({"store": "orders", "table": "totals", "create": True, "key": ["id"],
                   "columns": {"id": "payload.id", "request": "requestId", "padding": "payload.padding"}},
                  more_stores=Table.ORDERS)
        path = os.path.join(self.at, "data", "orders.db")

        def ask(sql):
            with contextlib.closing(sqlite3.connect(path, timeout=10)) as database:
                return database.execute(sql).fetchall()

        def stored():
            try:
                return ask("SELECT count(*) FROM totals")[0][0] if os.path.exists(path) else 0
            except sqlite3.OperationalError:  # no table yet
                return 0
        self.kill_and_finish(stored)
        self.assertEqual(ask("PRAGMA integrity_check"), [("ok",)])
        self.assertEqual([row for row, in ask("SELECT id FROM totals ORDER BY id")], list(range(self.EVENTS)))
        self.assertEqual(ask("SELECT count(DISTINCT request) FROM totals"), [(self.EVENTS,)])
        self.assertEqual(ask("SELECT DISTINCT length(padding) FROM totals"), [(100_000,)])


if __name__ == "__main__":
    unittest.main()
