#!/usr/bin/python3
"""@aws-sdk/client-lambda, version 3 for JavaScript, as a caller of the Invoke API."""
import json
import os
import subprocess
import unittest

import npm_project
from coldframe_program import ProgramTest, wait_for

CODE = '''
import pathlib
def upper(event, context):
    print("hello from upper")
    return {key: value.upper() for key, value in event.items()}
def fails(event, context):
    raise ValueError("no such order: 17")
def writes(event, context):
    pathlib.Path(event["file"]).write_text("written")
'''


def setUpModule():
    global PACKAGES
    PACKAGES = npm_project.install("@aws-sdk/client-lambda")


class Sdk(ProgramTest):
    def setUp(self):
        super().setUp()
        at = self.workspace({name: {"handler": "app." + name, "timeoutMs": 20000}
                             for name in ("upper", "fails", "writes")}, CODE)
        self.run_ = self.run_workspace(at, "--serve", "0", "--no-record")

    def call(self, function, payload, **more):
        """What the SDK makes of one call."""
        calls = [{"FunctionName": function, "Payload": json.dumps(payload), **more}]
        done = subprocess.run(["node", os.path.join(npm_project.HERE, "calls.mjs"), self.run_.url, PACKAGES],
                              input=json.dumps(calls), capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)[0]

    def test_request_and_response(self):
        told = self.call("upper", {"a": "b"})
        self.assertEqual((told["status"], json.loads(told["payload"])), (200, {"a": "B"}))
        self.assertEqual((told["functionError"], told["version"], told["log"]), (None, "$LATEST", None))

    def test_the_log_when_asked_for(self):
        told = self.call("upper", {}, LogType="Tail")
        self.assertIn("hello from upper\n", told["log"])
        self.assertIn("REPORT RequestId: ", told["log"])

    def test_an_error_of_the_function(self):
        told = self.call("fails", {})
        self.assertEqual((told["status"], told["functionError"]), (200, "Unhandled"))
        document = json.loads(told["payload"])
        self.assertEqual((document["errorType"], document["errorMessage"]), ("ValueError", "no such order: 17"))

    def test_an_event_is_accepted_and_then_run(self):
        file = os.path.join(self.folder, "proof")
        told = self.call("writes", {"file": file}, InvocationType="Event")
        self.assertEqual((told["status"], told["functionError"]), (202, None))
        self.assertFalse(told["payload"])
        wait_for(lambda: os.path.exists(file), "the event was handled")

    def test_a_dry_run_runs_nothing(self):
        file = os.path.join(self.folder, "proof")
        told = self.call("writes", {"file": file}, InvocationType="DryRun")
        self.assertEqual(told["status"], 204)
        self.assertEqual(self.call("upper", {})["status"], 200)
        self.assertFalse(os.path.exists(file))

    def test_an_unknown_function(self):
        told = self.call("nobody", {})
        self.assertEqual((told["exception"], told["status"]), ("ResourceNotFoundException", 404))
        self.assertIn("nobody", told["message"])

    def test_a_full_name_reaches_the_function(self):
        told = self.call("arn:aws:lambda:us-east-1:000000000000:function:upper", {"a": "b"})
        self.assertEqual(json.loads(told["payload"]), {"a": "B"})


if __name__ == "__main__":
    unittest.main()
