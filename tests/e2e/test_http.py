#!/usr/bin/python3
"""HTTP triggers of the real program: routes, formats, errors, and callers who mean no good."""
import base64
import concurrent.futures
import http.client
import json
import os
import socket
import time
import unittest

from coldframe_program import ProgramTest, write

CODE = '''
import base64, json, os, time

def echo(event, context):
    return event

def old(event, context):
    return {"statusCode": 200, "multiValueHeaders": {"Set-Cookie": ["q=1", "r=2"]},
            "body": json.dumps(event)}

def odd(event, context):
    what = event["pathParameters"]["what"]
    if what == "boom":
        raise ValueError("no such order")
    if what == "late":
        time.sleep(30)
    if what == "shape":
        return {"statusCode": 200, "body": {"not": "text"}}
    if what == "split":
        return {"statusCode": 200, "headers": {"X-A": "b\\r\\nSet-Cookie: stolen=1"}}
    if what == "image":
        return {"statusCode": 201, "headers": {"Content-Type": "image/png"}, "cookies": ["a=b", "c=d"],
                "body": base64.b64encode(bytes(range(256))).decode(), "isBase64Encoded": True}
    return "plain"

def holds(event, context):
    gate = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gate")
    while not os.path.exists(gate):
        time.sleep(0.01)
    return "held"
'''


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class HttpTriggers(ProgramTest):
    def setUp(self):
        super().setUp()
        self.port = free_port()
        route = lambda function, route, **more: {"kind": "http", "port": self.port, "route": route,
                                                 "function": function, **more}
        self.at = self.workspace(
            {name: {"handler": "app." + name, "timeoutMs": 60_000} for name in ("echo", "old", "odd")}
            | {"holds": {"handler": "app.holds", "timeoutMs": 60_000, "reservedConcurrency": 1}},
            CODE, [],
            {"orders": route("echo", "POST /orders/{id}"),
             "rest": {"kind": "http", "port": self.port, "function": "echo"},
             "old": route("old", "ANY /old/{proxy+}", payload="1.0"),
             "odd": route("odd", "GET /odd/{what}", timeoutMs=1500),
             "holds": route("holds", "GET /holds"),
             "own": {"kind": "http", "function": "echo", "enabled": False}})
        self.run = self.run_workspace(self.at)
        self.run.wait_for_line(r"holds takes GET at http://127\.0\.0\.1:%d/holds" % self.port)

    def call(self, method, target, body=None, headers={}):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.addCleanup(connection.close)
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
        return answer.status, answer, answer.read()

    def test_requests_become_events_and_results_answers(self):
        status, answer, body = self.call(
            "POST", "/orders/a%2Fb?x=1&x=2&y=a+b", json.dumps({"qty": 4}),
            {"Content-Type": "application/json", "Cookie": "sid=42; t=1"})
        event = json.loads(body)
        self.assertEqual((status, answer.headers["Content-Type"]), (200, "application/json"))
        self.assertRegex(answer.headers["X-Amzn-Requestid"], r"^[0-9a-f-]{36}$")
        self.assertEqual(event["routeKey"], "POST /orders/{id}")
        self.assertEqual(event["rawPath"], "/orders/a%2Fb")
        self.assertEqual(event["pathParameters"], {"id": "a/b"})
        self.assertEqual(event["queryStringParameters"], {"x": "1,2", "y": "a b"})
        self.assertEqual(event["cookies"], ["sid=42", "t=1"])
        self.assertEqual(json.loads(event["body"]), {"qty": 4})

        binary = bytes(range(256)) * 40
        event = json.loads(self.call("PUT", "/anything", binary, {"Content-Type": "application/zip"})[2])
        self.assertTrue(event["isBase64Encoded"])
        self.assertEqual(base64.b64decode(event["body"]), binary)
        self.assertEqual(event["routeKey"], "$default")

        status, answer, body = self.call("GET", "/old/a/b?x=1&x=2")
        event = json.loads(body)
        self.assertEqual(answer.headers.get_all("Set-Cookie"), ["q=1", "r=2"])
        self.assertEqual(event["version"], "1.0")
        self.assertEqual(event["pathParameters"], {"proxy": "a/b"})
        self.assertEqual(event["multiValueQueryStringParameters"], {"x": ["1", "2"]})

        status, answer, body = self.call("GET", "/odd/image")
        self.assertEqual((status, answer.headers["Content-Type"], body), (201, "image/png", bytes(range(256))))
        self.assertEqual(answer.headers.get_all("Set-Cookie"), ["a=b", "c=d"])
        self.assertEqual(self.call("GET", "/odd/text")[2], b"plain")
        status, answer, body = self.call("HEAD", "/head")
        self.assertEqual((status, body), (200, b""))

    def test_errors(self):
        self.assertEqual(self.call("GET", "/odd/boom")[0], 502)
        self.assertEqual(self.call("GET", "/odd/shape")[0], 502)
        self.run.wait_for_line(r"odd: the result of odd is no HTTP answer, the caller got 502: body must be a text")
        status, answer, _ = self.call("GET", "/odd/split")
        self.assertEqual((status, answer.headers["Set-Cookie"]), (502, None))
        began = time.monotonic()
        status, _, body = self.call("GET", "/odd/late")
        self.assertEqual((status, json.loads(body)), (504, {"message": "Endpoint request timed out"}))
        self.assertLess(time.monotonic() - began, 25)
        self.assertEqual(self.call("GET", "/orders/%00")[0], 400)
        self.assertEqual(self.call("GET", "/orders/%zz")[0], 400)
        # What does not fit into an event, in base64, and what does not even fit into a request.
        self.assertEqual(self.call("POST", "/x", b"\xff" * (5 << 20))[0], 413)
        self.assertEqual(self.call("POST", "/x", b"a" * (11 << 20))[0], 413)

    def test_a_full_pool_is_429(self):
        with concurrent.futures.ThreadPoolExecutor() as pool:
            calls = [pool.submit(self.call, "GET", "/holds") for _ in range(2)]
            first, = concurrent.futures.wait(calls, 60, concurrent.futures.FIRST_COMPLETED).done
            self.assertEqual(first.result()[0], 429)
            write(os.path.join(self.at, "code", "gate"), "")
            calls.remove(first)
            self.assertEqual(calls[0].result()[0], 200)

    def test_nobody_is_let_in(self):
        self.assertEqual(self.call("GET", "/", headers={"Origin": "http://evil.example"})[0], 403)
        self.assertEqual(self.call("GET", "/", headers={"Host": "evil.example"})[0], 403)

        def raw(text):
            with socket.create_connection(("127.0.0.1", self.port), 30) as peer:
                peer.sendall(text)
                peer.settimeout(30)
                answer = b""
                try:
                    while piece := peer.recv(65536):
                        answer += piece
                except ConnectionResetError:
                    pass
                return answer

        head = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
        inner = b"GET /odd/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
        for request in (head + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner,
                        head + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello" + inner,
                        head + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + inner,
                        head + b"Content-Length: +5\r\n\r\nhello" + inner,
                        head + b"Content-Length : 5\r\n\r\nhello" + inner):
            answer = raw(request)
            self.assertRegex(answer, rb"^HTTP/1\.1 (400|501)", request)
            self.assertEqual(answer.count(b"HTTP/1.1 "), 1, answer)

        # Two hundred who never end their request do not keep others from theirs.
        slow = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(200)]
        for peer in slow:
            self.addCleanup(peer.close)
            peer.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\na")
        self.assertEqual(self.call("GET", "/odd/text")[0], 200)
        summary = self.run.stop()[1]
        self.assertNotIn("smuggled", json.dumps(summary))

    def test_a_taken_port_is_told_and_taken_when_free(self):
        port = free_port()
        with socket.socket() as other:
            other.bind(("127.0.0.1", port))
            other.listen()
            path = os.path.join(self.at, "coldframe.json")
            with open(path) as file:
                workspace = json.load(file)
            workspace["triggers"]["late"] = {"kind": "http", "port": port, "function": "echo"}
            write(path, json.dumps(workspace))
            self.run.wait_for_line(r"late does not listen: .*%d" % port)
        self.run.wait_for_line(r"late takes requests at http://127\.0\.0\.1:%d/" % port)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.addCleanup(connection.close)
        connection.request("GET", "/there")
        self.assertEqual(json.loads(connection.getresponse().read())["rawPath"], "/there")


class Refused(ProgramTest):
    def test_idle_time_is_not_skipped_while_requests_are_waited_for(self):
        at = self.workspace({"f": {"handler": "app.echo"}}, CODE, [],
                            {"web": {"kind": "http", "function": "f"}})
        run = self.run_workspace(at, "--skip-idle", "--for", "1h")
        self.assertEqual(run.wait()[0], 2)
        self.assertRegex(run.said, r"idle time cannot be skipped: trigger web waits for HTTP requests")


if __name__ == "__main__":
    unittest.main()
