#!/usr/bin/python3
"""Records sent to HTTP addresses."""
import contextlib
import glob
import http.server
import json
import os
import ssl
import subprocess
import threading
import time
import unittest

from coldframe_program import journaled, objects, wait_for, write
from destinations_program import DROP, Destinations


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


if __name__ == "__main__":
    unittest.main()
