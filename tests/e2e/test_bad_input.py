#!/usr/bin/python3
"""What nobody sends who means well: the real program says so and goes on."""
import http.client
import json
import os
import unittest
import urllib.request

from coldframe_program import ProgramTest, objects, read_json, wait_for, write
from test_http import free_port

DEEP = 500_000  # levels; a megabyte of JSON that is right

CODE = '''
def takes(event, context):
    return [record["body"][:100] for record in event["Records"]]

def lines(event, context):
    return [record["n"] for record in event]
'''

# A runtime of its own, as the thin client for Python would not get such a result written.
BOOTSTRAP = '''
import os, urllib.request
api = "http://%s/2018-06-01/runtime/invocation/" % os.environ["AWS_LAMBDA_RUNTIME_API"]
while True:
    with urllib.request.urlopen(api + "next") as event:
        request = event.headers["Lambda-Runtime-Aws-Request-Id"]
        deep = b"deep" in event.read()
    result = b'{"statusCode": %s}' % (b"[" * 500000 + b"]" * 500000) if deep else b'{"statusCode": 204}'
    urllib.request.urlopen(api + request + "/response", result).close()
'''


def nested(key):
    return '{"%s": %s1%s}' % (key, "[" * DEEP, "]" * DEEP)


class DeepJson(ProgramTest):
    """Levels of lists that a program which calls itself for each would not survive."""

    def test_a_message_a_line_and_a_result(self):
        port = free_port()
        at = self.workspace(
            {"takes": {"handler": "app.takes", "onSuccess": {"store": "out"}},
             "lines": {"handler": "app.lines", "onSuccess": {"store": "out"}},
             "answers": {"runtime": "lambda", "command": ["/usr/bin/python3", "boot.py"]}},
            CODE, ["out"],
            {"work": {"kind": "queue", "store": "jobs", "function": "takes", "filter": {"body": {"a": {"b": [1]}}}},
             "clicks": {"kind": "stream", "path": "clicks.jsonl", "shape": "lines", "function": "lines"},
             "web": {"kind": "http", "port": port, "route": "GET /{what}", "function": "answers"}},
            queues={"jobs": {}})
        write(os.path.join(at, "code", "boot.py"), BOOTSTRAP)
        write(os.path.join(at, "clicks.jsonl"), '{"n": 1}\n%s\n{"n": 2}\n' % nested("n"))
        run = self.run_workspace(at, "--serve-sqs", "0")
        url = run.wait_for_line(r"SQS queues on (http://127\.0\.0\.1:\d+)\n").group(1)

        def send(body):
            request = urllib.request.Request(
                url, json.dumps({"QueueUrl": "/000000000000/jobs", "MessageBody": body}).encode(),
                {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.SendMessage"})
            urllib.request.urlopen(request, timeout=60).close()

        send(nested("a.b"))
        send('{"a.b": 1}')

        run.wait_for_line("takes GET at")

        def get(what):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            self.addCleanup(connection.close)
            connection.request("GET", "/" + what)
            return connection.getresponse().status

        self.assertEqual(get("deep"), 502)
        self.assertEqual(get("flat"), 204)

        def results():
            return sorted(json.dumps(read_json(os.path.join(at, "data", "out", name)))
                          for name in objects(os.path.join(at, "data", "out")))
        wait_for(lambda: results() == ['["{\\"a.b\\": 1}"]', "[1, 2]"] and results(), "all that is right is done")
        code, summary = run.stop()
        self.assertEqual(code, 0, run.said)
        self.assertIn("record 2 is nested more than 200 deep", run.said)


if __name__ == "__main__":
    unittest.main()
