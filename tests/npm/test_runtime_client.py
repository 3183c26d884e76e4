#!/usr/bin/python3
"""aws-lambda-ric, the stock Runtime API client for node, as an instance of runtime `lambda`."""
import json
import os
import unittest
import urllib.request

import npm_project
from coldframe_program import ProgramTest, wait_for, instances_of, write

CODE = """
exports.ok = async (event, context) => {
    console.log("seen by " + context.functionName);
    return { doubled: event.x * 2, arn: context.invokedFunctionArn,
             left: context.getRemainingTimeInMillis() };
};
exports.fails = async () => { throw new RangeError("no such order: 17"); };
exports.streams = awslambda.streamifyResponse(async (event, out) => {
    out.write("hello, ");
    out.write("world");
    out.end();
});
exports.breaks = awslambda.streamifyResponse(async (event, out) => {
    out.write("half of ");
    throw new RangeError("the other half is missing");
});
"""


def setUpModule():
    global CLIENT
    folder = npm_project.install("aws-lambda-ric", "cmake", "autoconf", "automake", "libtoolize", "g++",
                                 "make")
    CLIENT = os.path.join(folder, "node_modules", "aws-lambda-ric", "bin", "index.mjs")


class RuntimeClient(ProgramTest):
    def setUp(self):
        super().setUp()
        def function(handler):
            return {"runtime": "lambda", "code": "code", "timeoutMs": 30000, "memoryMb": 512,
                    "command": ["node", CLIENT, handler]}
        self.at = os.path.join(self.folder, "made")
        write(os.path.join(self.at, "code", "index.js"), CODE)
        functions = {name: function("index." + name) for name in ("ok", "fails", "streams", "breaks")}
        functions["missing"] = function("nothere.handler")
        write(os.path.join(self.at, "coldframe.json"),
              json.dumps({"format": 1, "name": "made", "functions": functions}))

    def invoke(self, function, event=None):
        done = self.coldframe("invoke", self.at, function, "--json", "--event", "-", stdin=json.dumps(event or {}))
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return json.loads(done.stdout)

    def test_success(self):
        told = self.invoke("ok", {"x": 21})
        self.assertEqual((told["status"], told["result"]["doubled"]), ("succeeded", 42), told)
        self.assertTrue(told["result"]["arn"].endswith(":function:ok"))
        self.assertGreater(told["result"]["left"], 20000)
        self.assertGreater(told["initMs"], 0)

    def test_an_error_of_the_handler(self):
        told = self.invoke("fails")
        self.assertEqual(told["status"], "failed", told)
        self.assertEqual(told["result"]["errorType"], "RangeError", told)
        self.assertEqual(told["result"]["errorMessage"], "no such order: 17")

    def test_an_error_of_the_init(self):
        told = self.invoke("missing")
        self.assertEqual(told["status"], "failed", told)
        self.assertEqual(told["result"]["errorType"], "Runtime.ImportModuleError", told)

    def test_streaming_and_the_same_process_for_many_calls(self):
        run = self.run_workspace(self.at, "--serve", "0", "--no-record")

        def call(function, event):
            request = urllib.request.Request(
                "%s/2015-03-31/functions/%s/invocations" % (run.url, function), json.dumps(event).encode())
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.headers.get("X-Amz-Function-Error"), answer.read().decode()

        self.assertEqual(call("streams", {}), (None, "hello, world"))
        error, body = call("breaks", {})
        self.assertEqual(error, "Unhandled")
        self.assertEqual(json.loads(body)["errorMessage"], "the other half is missing")
        self.assertEqual(call("streams", {}), (None, "hello, world"))
        for x in range(50):
            error, body = call("ok", {"x": x})
            self.assertEqual((error, json.loads(body)["doubled"]), (None, 2 * x))
        code, summary = run.stop()
        self.assertEqual(code, 0, run.said)
        wait_for(lambda: not instances_of(self.at), "its processes are gone")


if __name__ == "__main__":
    unittest.main()
