#!/usr/bin/python3
"""The Invoke API as its callers see it: the real program, real functions, the stock SDKs."""
import base64
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import unittest
import urllib.error
import urllib.request

import botocore.exceptions

from coldframe_program import PATIENCE, program, wait_for
from invoke_server import WORKSPACE, Server


class InvokeApi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.stop)
        cls.client = cls.server.client
        cls.addClassCleanup(cls.client.close)

    def invoke(self, name, event=None, **more):
        if event is not None:
            more["Payload"] = json.dumps(event)
        return self.client.invoke(FunctionName=name, **more)

    def refused(self, code, status, *args, **more):
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            self.invoke(*args, **more)
        answer = caught.exception.response
        self.assertEqual(answer["Error"]["Code"], code)
        self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], status)
        return caught.exception

    def test_request_response(self):
        answer = self.invoke("upper", {"name": "grün"})
        self.assertEqual(answer["StatusCode"], 200)
        self.assertEqual(json.load(answer["Payload"]), {"name": "GRÜN"})
        self.assertEqual(answer["ExecutedVersion"], "$LATEST")
        self.assertNotIn("FunctionError", answer)
        self.assertNotIn("LogResult", answer)
        self.assertRegex(answer["ResponseMetadata"]["RequestId"],
                         r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")

    def test_no_payload_is_an_empty_object(self):
        self.assertEqual(json.load(self.invoke("upper")["Payload"]), {})

    def test_event_is_run_after_the_answer(self):
        file = self.server.path("written")
        answer = self.invoke("writes", {"file": file, "text": "done"}, InvocationType="Event")
        self.assertEqual(answer["StatusCode"], 202)
        self.assertEqual(answer["Payload"].read(), b"")
        wait_for(lambda: os.path.exists(file) and pathlib.Path(file).read_text() == "done",
                 "the event was run")

    def test_dry_run_runs_nothing(self):
        file = self.server.path("never")
        answer = self.invoke("writes", {"file": file, "text": ""}, InvocationType="DryRun")
        self.assertEqual(answer["StatusCode"], 204)
        self.invoke("writes", {"file": file + "2", "text": ""})  # whatever came before it is over
        self.assertFalse(os.path.exists(file))

    def test_tail_of_the_log(self):
        answer = self.invoke("talks", {}, LogType="Tail")
        log = base64.b64decode(answer["LogResult"])
        self.assertEqual(len(log), 4096)
        self.assertIn(b"\nthe last word\nEND RequestId: ", log)
        self.assertRegex(log, rb"REPORT RequestId: [^\t]+\tDuration: [0-9.]+ ms\t")

    def test_function_error(self):
        answer = self.invoke("fails", {}, LogType="Tail")
        self.assertEqual(answer["StatusCode"], 200)
        self.assertEqual(answer["FunctionError"], "Unhandled")
        error = json.load(answer["Payload"])
        self.assertEqual(error["errorType"], "ValueError")
        self.assertEqual(error["errorMessage"], "no such order: 17")
        self.assertIn(b"REPORT RequestId: ", base64.b64decode(answer["LogResult"]))

    def test_call_after_a_timeout_gets_a_fresh_instance(self):
        never = {"started": self.server.path("slow"), "until": self.server.path("no-such-file")}
        answer = self.invoke("slow", never, LogType="Tail")
        self.assertEqual(answer["FunctionError"], "Unhandled")
        self.assertEqual(json.load(answer["Payload"])["errorType"], "Sandbox.Timedout")
        first = pathlib.Path(never["started"]).read_text()
        answer = self.invoke("slow", dict(never, until=self.server.folder), LogType="Tail")
        self.assertNotIn("FunctionError", answer)
        self.assertEqual(json.load(answer["Payload"]), "released")
        self.assertRegex(base64.b64decode(answer["LogResult"]), rb"\tInit Duration: [0-9.]+ ms\s", "it was cold")
        second = pathlib.Path(never["started"]).read_text()
        self.assertNotEqual(second, first, "another process")
        wait_for(lambda: not os.path.exists("/proc/" + first), "the process that took too long is gone")

    def test_unknown_function(self):
        with self.assertRaises(self.client.exceptions.ResourceNotFoundException) as caught:
            self.invoke("uper", {})
        self.assertIn("Function not found: arn:aws:lambda:us-east-1:000000000000:function:uper",
                      str(caught.exception))

    def test_unknown_version(self):
        with self.assertRaises(self.client.exceptions.ResourceNotFoundException):
            self.invoke("upper", {}, Qualifier="7")

    def test_all_forms_of_a_name(self):
        for name in ("upper", "upper:$LATEST", "123456789012:function:upper",
                     "arn:aws:lambda:eu-west-1:123456789012:function:upper",
                     "arn:aws:lambda:eu-west-1:123456789012:function:upper:$LATEST"):
            with self.subTest(name):
                self.assertEqual(json.load(self.invoke(name, {"a": "b"})["Payload"]), {"a": "B"})
        answer = self.invoke("upper", {"a": "b"}, Qualifier="$LATEST")
        self.assertEqual(answer["StatusCode"], 200)

    def test_client_context(self):
        context = base64.b64encode(json.dumps({"custom": {"user": "kim"}}, indent=1).encode())
        answer = self.invoke("context", {}, ClientContext=context.decode())
        told = json.load(answer["Payload"])
        self.assertEqual(told["custom"], {"user": "kim"})
        self.assertEqual(told["arn"], "arn:aws:lambda:us-east-1:000000000000:function:context")
        self.assertEqual(told["id"], answer["ResponseMetadata"]["RequestId"])
        self.refused("InvalidRequestContentException", 400, "context", {}, ClientContext="e3*=")

    def test_reserved_concurrency_throttles(self):
        names = {"started": self.server.path("started"), "until": self.server.path("until")}
        first = threading.Thread(target=self.invoke, args=("holds", names))
        first.start()
        wait_for(lambda: os.path.exists(names["started"]), "the first call holds the instance")
        error = self.refused("TooManyRequestsException", 429, "holds", names)
        self.assertIsInstance(error, self.client.exceptions.TooManyRequestsException)
        self.assertEqual(error.response["Reason"],
                         "ReservedFunctionConcurrentInvocationLimitExceeded")
        self.assertEqual(error.response["ResponseMetadata"]["HTTPHeaders"]["retry-after"], "1")
        open(names["until"], "w").close()
        first.join(PATIENCE)
        self.assertEqual(self.invoke("holds", names)["StatusCode"], 200)

    def test_a_function_without_concurrency_is_off(self):
        error = self.refused("TooManyRequestsException", 429, "off", {})
        self.assertEqual(error.response["Reason"],
                         "ReservedFunctionConcurrentInvocationLimitExceeded")

    def test_payload_limits(self):
        limit = 6 * 1024 * 1024
        most = '{"a":"' + "x" * (limit - 8) + '"}'
        self.assertEqual(len(most), limit)
        # The answer is over the response limit by nothing: 6 MiB and 100 bytes are allowed.
        answer = self.client.invoke(FunctionName="upper", Payload=most)
        self.assertNotIn("FunctionError", answer)
        self.assertEqual(len(json.load(answer["Payload"])["a"]), limit - 8)
        with self.assertRaises(self.client.exceptions.RequestTooLargeException) as caught:
            self.client.invoke(FunctionName="upper", Payload=most + " ")
        self.assertIn("6291457 byte payload is too large for the RequestResponse invocation type "
                      "(limit 6291456 bytes)", str(caught.exception))
        with self.assertRaises(self.client.exceptions.RequestTooLargeException):
            self.client.invoke(FunctionName="upper", InvocationType="Event",
                               Payload='"' + "x" * (1 << 20) + '"')

    def test_payload_that_is_not_json(self):
        with self.assertRaises(self.client.exceptions.InvalidRequestContentException) as caught:
            self.client.invoke(FunctionName="upper", Payload="{'a': 1}")
        self.assertIn("Could not parse request body into json: ", str(caught.exception))

    def test_unknown_invocation_type(self):
        self.refused("InvalidParameterValueException", 400, "upper", {}, InvocationType="Later")

    def test_old_asynchronous_call(self):
        file = self.server.path("written-by-the-old-call")
        answer = self.client.invoke_async(
            FunctionName="writes", InvokeArgs=json.dumps({"file": file, "text": "x"}))
        self.assertEqual(answer["Status"], 202)
        wait_for(lambda: os.path.exists(file), "the event was run")

    def test_functions_are_found(self):
        pages = self.client.get_paginator("list_functions").paginate()
        names = [f["FunctionName"] for page in pages for f in page["Functions"]]
        self.assertEqual(names, list(WORKSPACE["functions"]))
        found = self.client.get_function(FunctionName="upper")["Configuration"]
        self.assertEqual(found["Handler"], "app.upper")
        self.client.get_waiter("function_active_v2").wait(FunctionName="upper")
        self.client.get_waiter("function_updated").wait(FunctionName="upper")

    def test_other_operations_say_what_is_served(self):
        with self.assertRaises(botocore.exceptions.ClientError) as caught:
            self.client.delete_function(FunctionName="upper")
        self.assertIn("Coldframe's Invoke API serves POST /2015-03-31/functions/NAME/invocations",
                      str(caught.exception))

    def test_web_pages_are_refused(self):
        for header, value in (("Origin", "https://example.com"), ("Host", "example.com")):
            with self.subTest(header), self.assertRaises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(urllib.request.Request(
                    self.server.url + "/2015-03-31/functions/", headers={header: value}),
                    timeout=PATIENCE)
            self.assertEqual(caught.exception.code, 403)
            caught.exception.close()

    def test_taken_port(self):
        port = self.server.url.rsplit(":", 1)[1]
        state = tempfile.mkdtemp(prefix="coldframe-state-")
        self.addCleanup(shutil.rmtree, state, ignore_errors=True)
        ended = subprocess.run(
            [program(), "run", self.server.folder, "--state", state, "--serve", port],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(ended.returncode, 2, ended.stderr)
        self.assertIn(port, ended.stderr)
        self.assertNotIn("Invoke API on", ended.stderr)

    def test_many_callers_at_once(self):
        failures = []

        def calls(number):
            for i in range(25):
                answer = self.invoke("upper", {"n": f"c{number}-{i}"})
                if json.load(answer["Payload"]) != {"n": f"C{number}-{i}"}:
                    failures.append(number)

        threads = [threading.Thread(target=calls, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        self.assertEqual(failures, [])

    def test_stopping_lets_callers_go(self):
        server = Server()
        self.addCleanup(server.stop)
        names = {"started": server.path("started"), "until": server.path("never")}
        told = []

        def call():
            try:
                told.append(server.client.invoke(FunctionName="holds", Payload=json.dumps(names)))
            except botocore.exceptions.HTTPClientError as error:
                told.append(type(error))

        caller = threading.Thread(target=call)
        caller.start()
        wait_for(lambda: os.path.exists(names["started"]), "the call is under way")
        server.run.process.terminate()
        caller.join(PATIENCE)
        self.assertEqual(told, [botocore.exceptions.ConnectionClosedError])
        self.assertIsNotNone(server.run.process.wait(PATIENCE))


NODE_CALLS = """
const { LambdaClient, InvokeCommand } = require('@aws-sdk/client-lambda');
const client = new LambdaClient({ endpoint: process.argv[2], region: 'us-east-1', maxAttempts: 1,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
const text = (bytes) => Buffer.from(bytes ?? []).toString();
async function call(FunctionName, event, more = {}) {
    try {
        const a = await client.send(new InvokeCommand(
            { FunctionName, Payload: JSON.stringify(event), ...more }));
        return { status: a.StatusCode, payload: text(a.Payload), error: a.FunctionError,
            version: a.ExecutedVersion, log: a.LogResult && Buffer.from(a.LogResult, 'base64').toString() };
    } catch (e) {
        return { name: e.name, reason: e.Reason, status: e.$metadata?.httpStatusCode };
    }
}
(async () => console.log(JSON.stringify([
    await call('upper', { a: 'b' }, { LogType: 'Tail' }),
    await call('fails', {}),
    await call('upper', { a: 'b' }, { InvocationType: 'Event' }),
    await call('upper', { a: 'b' }, { InvocationType: 'DryRun' }),
    await call('none', {}),
    await call('off', {}),
    await call('arn:aws:lambda:eu-west-1:123456789012:function:upper', { a: 'c' }),
])))();
"""


@unittest.skipUnless(os.environ.get("COLDFRAME_WITH_NPM"), "not run: needs --with-npm")
class InvokeApiFromNode(unittest.TestCase):
    def test_the_javascript_sdk(self):
        server = Server()
        self.addCleanup(server.stop)
        folder = server.path("client")
        os.mkdir(folder)
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund",
                        "@aws-sdk/client-lambda@3"], cwd=folder, check=True, timeout=600)
        with open(os.path.join(folder, "calls.js"), "w") as file:
            file.write(NODE_CALLS)
        ran = subprocess.run(["node", "calls.js", server.url], cwd=folder, check=True,
                             capture_output=True, text=True, timeout=PATIENCE)
        result, error, event, dry, unknown, throttled, arn = json.loads(ran.stdout)
        self.assertEqual((result["status"], result["payload"], result["version"]),
                         (200, '{"a": "B"}', "$LATEST"))
        self.assertIn("REPORT RequestId: ", result["log"])
        self.assertEqual((error["status"], error["error"]), (200, "Unhandled"))
        self.assertEqual((event["status"], event["payload"]), (202, ""))
        self.assertEqual(dry["status"], 204)
        self.assertEqual((unknown["name"], unknown["status"]), ("ResourceNotFoundException", 404))
        self.assertEqual((throttled["name"], throttled["reason"]),
                         ("TooManyRequestsException",
                          "ReservedFunctionConcurrentInvocationLimitExceeded"))
        self.assertEqual(arn["payload"], '{"a": "C"}')


if __name__ == "__main__":
    unittest.main()
