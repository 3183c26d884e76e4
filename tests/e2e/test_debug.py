#!/usr/bin/python3
"""invoke --debug: real debuggers stop in real handlers, the timeout stands still, and it costs nothing."""
import json
import os
import re
import shutil
import subprocess
import threading
import unittest

from coldframe_program import PATIENCE, ProgramTest, instances_of, program, wait_for, write
from debuggers import Dap, Inspector

PYTHON = """\
import time

def handler(event, context):
    doubled = event["n"] * 2
    return {"doubled": doubled, "left": context.get_remaining_time_in_millis()}
"""
NODE = """\
exports.handler = async (event, context) => {
  const doubled = event.n * 2;
  return { doubled, left: context.getRemainingTimeInMillis() };
};
"""
COMPILED = """\
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

// The smallest client of the Runtime API: one connection per request.
static std::string ask(const std::string& request)
{
    const char* api = std::getenv("AWS_LAMBDA_RUNTIME_API");
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<unsigned short>(std::atoi(std::strchr(api, ':') + 1)));
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
        std::exit(1);
    if (write(fd, request.data(), request.size()) < 0)
        std::exit(1);
    std::string answer;
    char buffer[4096];
    for (ssize_t got; (got = read(fd, buffer, sizeof buffer)) > 0;)
        answer.append(buffer, static_cast<std::size_t>(got));
    close(fd);
    return answer;
}

__attribute__((noinline)) int handle(int n)
{
    int doubled = n * 2;
    return doubled; // stop here
}

int main()
{
    for (;;) {
        const std::string event = ask("GET /2018-06-01/runtime/invocation/next HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n");
        const std::string name = "Lambda-Runtime-Aws-Request-Id: ";
        const std::size_t at = event.find(name) + name.size();
        const std::string id = event.substr(at, event.find('\\r', at) - at);
        const int n = std::atoi(event.c_str() + event.rfind(':') + 1);
        const std::string body = "{\\"doubled\\": " + std::to_string(handle(n)) + "}";
        ask("POST /2018-06-01/runtime/invocation/" + id + "/response HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\nContent-Length: "
            + std::to_string(body.size()) + "\\r\\n\\r\\n" + body);
    }
}
"""


class Debugged:
    """`coldframe invoke … --debug` under way."""

    def __init__(self, folder, event='{"n": 21}', env=None):
        self.process = subprocess.Popen([program(), "invoke", folder, "f", "--json", "--debug", "--event", "-"], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
        self.process.stdin.write(event)
        self.process.stdin.close()
        self.lines = []
        self.reader = threading.Thread(target=lambda: self.lines.extend(iter(self.process.stderr.readline, "")), daemon=True)
        self.reader.start()

    @property
    def said(self):
        return "".join(self.lines)

    def line(self, pattern):
        return wait_for(lambda: re.search(pattern, self.said), pattern)

    def port(self):
        return int(self.line(r"attach a debugger to 127\.0\.0\.1:(\d+)\n").group(1))

    def configuration(self):
        text = self.line(r"(?s)\n(\{\n.*?\n\})\n").group(1)
        return json.loads(text)

    def result(self):
        out = self.process.stdout.read()
        self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        return json.loads(out) if out else None

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            stream.close()


class DebugTest(ProgramTest):
    timeout_ms = 1500

    def workspace_of(self, function, files):
        at = os.path.join(self.folder, "w")
        for name, text in files.items():
            write(os.path.join(at, "code", name), text)
        settings = {"code": "code", "timeoutMs": self.timeout_ms, **function}
        write(os.path.join(at, "coldframe.json"), json.dumps({"format": 1, "functions": {"f": settings}}))
        return at

    def debug(self, at, **options):
        started = Debugged(at, **options)
        self.addCleanup(started.stop)
        return started

    def outlast_the_timeout(self):
        """Longer than the function may take: only real time shows that its clock stands still."""
        threading.Event().wait(self.timeout_ms / 1000 + 0.5)

    def check(self, told, doubled=42):
        self.assertEqual(told["status"], "succeeded", told)
        self.assertEqual(told["result"]["doubled"], doubled)
        self.assertTrue(told["debugged"])
        self.assertEqual(told["costUsd"], 0)
        self.assertIn("It was held for a debugger", told["reason"])


class Python(DebugTest):
    def test_a_breakpoint_in_a_python_handler(self):
        at = self.workspace_of({"runtime": "python", "handler": "app.handler", "interpreter": "/usr/bin/python3"},
                               {"app.py": PYTHON})
        run = self.debug(at)
        port = run.port()
        self.assertEqual(run.configuration()["connect"], {"host": "127.0.0.1", "port": port})
        self.outlast_the_timeout()
        client = Dap(port)
        self.addCleanup(client.close)
        client.attach(os.path.join(at, "code", "app.py"), 5)
        thread, line, variables = client.stopped()
        self.assertEqual((line, variables["doubled"]), (5, "42"))
        run.line("a debugger is attached")
        self.outlast_the_timeout()
        client.send("continue", threadId=thread)
        told = run.result()
        self.check(told)
        self.assertGreater(told["result"]["left"], self.timeout_ms - 500, "what the handler reads stands still too")
        self.assertGreater(told["deskMs"], 2 * self.timeout_ms)

    def test_an_interpreter_without_debugpy(self):
        at = self.workspace_of({"runtime": "python", "handler": "app.handler", "interpreter": "/usr/bin/python3",
                                "environment": {"PYTHONNOUSERSITE": "1"}},
                               {"app.py": "import sys\nsys.modules['debugpy'] = None\n" + PYTHON})
        run = self.debug(at)
        run.line("the event cannot be debugged: /usr/bin/python3 has no debugpy. Install it for this interpreter")
        self.assertIsNone(run.result())
        self.assertEqual(run.process.returncode, 1)

    def test_a_debugger_that_never_comes(self):
        at = self.workspace_of({"runtime": "python", "handler": "app.handler", "interpreter": "/usr/bin/python3"},
                               {"app.py": PYTHON})
        run = self.debug(at)
        run.port()
        run.process.terminate()
        self.assertIsNone(run.result())
        self.assertIn("interrupted before the function had answered", run.said)
        wait_for(lambda: not instances_of(at), "every process of it ended")


class Node(DebugTest):
    def test_a_breakpoint_in_a_node_handler(self):
        at = self.workspace_of({"runtime": "node", "handler": "app.handler"}, {"app.js": NODE})
        run = self.debug(at)
        port = run.port()
        self.assertEqual(run.configuration()["port"], port)
        self.outlast_the_timeout()
        client = Inspector(port)
        self.addCleanup(client.close)
        client.ask("Debugger.enable")
        client.ask("Runtime.enable")
        client.ask("Debugger.setBreakpointByUrl", lineNumber=2, urlRegex=".*code/app\\.js$")
        client.send("Runtime.runIfWaitingForDebugger")
        frame = client.event("Debugger.paused")["callFrames"][0]
        self.assertEqual(frame["location"]["lineNumber"], 2)
        value = client.ask("Debugger.evaluateOnCallFrame", callFrameId=frame["callFrameId"], expression="doubled")
        self.assertEqual(value["result"]["value"], 42)
        self.outlast_the_timeout()
        client.send("Debugger.resume")
        told = run.result()
        self.check(told)
        self.assertGreater(told["result"]["left"], self.timeout_ms - 500)


class Compiled(DebugTest):
    def test_a_breakpoint_in_a_compiled_handler(self):
        at = self.workspace_of({"runtime": "lambda"}, {"main.cpp": COMPILED})
        code = os.path.join(at, "code")
        subprocess.run(["c++", "-g", "-O0", "-o", "bootstrap", "main.cpp"], cwd=code, check=True)
        run = self.debug(at)
        port = run.port()
        self.assertEqual(run.configuration()["miDebuggerServerAddress"], "127.0.0.1:%d" % port)
        self.outlast_the_timeout()
        line = COMPILED[:COMPILED.index("// stop here")].count("\n") + 1
        gdb = subprocess.run(["gdb", "-nx", "-batch", "-ex", "set debuginfod enabled off",
                              "-ex", "target remote 127.0.0.1:%d" % port, "-ex", "break main.cpp:%d" % line,
                              "-ex", "continue", "-ex", "print doubled", "-ex", "detach",
                              os.path.join(code, "bootstrap")], capture_output=True, text=True, timeout=PATIENCE)
        self.assertIn("$1 = 42", gdb.stdout, gdb.stdout + gdb.stderr)
        self.check(run.result())

    def test_a_script_as_bootstrap(self):
        at = self.workspace_of({"runtime": "lambda"}, {"bootstrap": """\
#!/bin/bash
while curl -sf -D /dev/stderr "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next" > /dev/null; do :; done
"""})
        os.chmod(os.path.join(at, "code", "bootstrap"), 0o755)
        run = self.debug(at)
        run.line("the event cannot be debugged: the bootstrap is a script that bash runs")
        self.assertIsNone(run.result())


class Command(DebugTest):
    def test_a_program_per_event_is_refused(self):
        at = self.workspace_of({"runtime": "command", "command": ["cat"]}, {"x": ""})
        done = self.coldframe("invoke", at, "f", "--debug")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("events of f cannot be held for a debugger: its runtime is `command`", done.stderr)


if __name__ == "__main__":
    unittest.main()
