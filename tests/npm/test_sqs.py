"""Queues through the stock AWS SDK for JavaScript, newest version: it speaks the JSON protocol and checks the digests."""
import hashlib
import json
import os
import subprocess
import unittest

import npm_project

from coldframe_program import ProgramTest

BODY = "grüße <€>\r\n😀"


def setUpModule():
    global PACKAGES
    PACKAGES = npm_project.install("@aws-sdk/client-sqs")


class Queues(ProgramTest):
    def test_from_outside(self):
        at = self.workspace({"idle": {"handler": "app.idle"}}, "def idle(event, context): pass\n",
                            queues={"parts": {"visibilityTimeoutS": 77}, "orders": {"fifo": True}})
        run = self.run_workspace(at, "--serve-sqs", "0", "--no-record")
        url = run.wait_for_line(r"SQS queues on (http://127\.0\.0\.1:\d+)\n").group(1)
        env = dict(os.environ, AWS_ENDPOINT_URL_SQS=url, AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x")
        done = subprocess.run(["node", os.path.join(npm_project.HERE, "sqs_calls.mjs"), PACKAGES], capture_output=True,
                              text=True, env=env, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        told = json.loads(done.stdout)
        self.assertEqual(told["url"], {"QueueUrl": url + "/000000000000/parts"})
        self.assertEqual(told["sent"]["MD5OfMessageBody"], hashlib.md5(BODY.encode()).hexdigest())
        got, = told["got"]["Messages"]
        self.assertEqual((got["Body"], got["MessageId"], got["Attributes"]),
                         (BODY, told["sent"]["MessageId"], {"ApproximateReceiveCount": "1"}))
        self.assertEqual(got["MessageAttributes"], {"n": {"DataType": "Number", "StringValue": "1"},
                                                    "b": {"DataType": "Binary.x", "BinaryValue": [0, 1, 255]}})
        self.assertEqual(got["MD5OfMessageAttributes"], told["sent"]["MD5OfMessageAttributes"])
        for nothing in ("changed", "deleted", "purged", "empty"):
            self.assertEqual(told[nothing], {}, nothing)
        self.assertEqual([entry["Id"] for entry in told["batch"]["Successful"]], ["a"])
        self.assertEqual([(entry["Id"], entry["Code"]) for entry in told["batch"]["Failed"]], [("b", "InvalidMessageContents")])
        self.assertEqual(len(told["fifo"]["SequenceNumber"]), 20)
        self.assertEqual(told["list"]["QueueUrls"], [url + "/000000000000/" + name for name in ("orders.fifo", "parts")])
        self.assertEqual(told["facts"], {"Attributes": {"VisibilityTimeout": "77"}})
        for name, error, status in (("noQueue", "QueueDoesNotExist", 400), ("noHandle", "ReceiptHandleIsInvalid", 404),
                                    ("noBatch", "EmptyBatchRequest", 400), ("noBody", "MissingParameter", 400)):
            self.assertEqual((told[name]["error"], told[name]["status"]), (error, status))


if __name__ == "__main__":
    unittest.main()
