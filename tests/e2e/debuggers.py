"""Debuggers as an editor runs them: the Debug Adapter Protocol for Python, the Chrome DevTools Protocol for Node.js."""
import base64
import json
import os
import socket
import struct
import urllib.request


class Dap:
    """A client of debugpy, as VS Code is one."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.stream = self.socket.makefile("rb")
        self.number = 0
        self.events = []

    def send(self, command, **arguments):
        self.number += 1
        body = json.dumps({"seq": self.number, "type": "request", "command": command, "arguments": arguments}).encode()
        self.socket.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        return self.number

    def read(self):
        size = None
        while True:
            line = self.stream.readline()
            if not line:
                raise EOFError("the adapter closed the connection")
            if line == b"\r\n":
                break
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                size = int(value)
        return json.loads(self.stream.read(size))

    def answer(self, number):
        while True:
            message = self.read()
            if message["type"] == "response" and message["request_seq"] == number:
                if not message["success"]:
                    raise AssertionError(message)
                return message.get("body") or {}
            if message["type"] == "event":
                self.events.append(message)

    def ask(self, command, **arguments):
        return self.answer(self.send(command, **arguments))

    def event(self, name):
        while True:
            for at, message in enumerate(self.events):
                if message["event"] == name:
                    return self.events.pop(at).get("body")
            message = self.read()
            if message["type"] == "event":
                self.events.append(message)

    def attach(self, file, line):
        """Attaches with one breakpoint; the program goes on to it."""
        self.ask("initialize", adapterID="debugpy", pathFormat="path", linesStartAt1=True, columnsStartAt1=True)
        attached = self.send("attach", justMyCode=True)
        self.event("initialized")
        set_there = self.ask("setBreakpoints", source={"path": file}, breakpoints=[{"line": line}])
        assert set_there["breakpoints"][0]["verified"], set_there
        self.ask("configurationDone")
        self.answer(attached)

    def stopped(self):
        """(line, local variables as text) where it stopped."""
        thread = self.event("stopped")["threadId"]
        frame = self.ask("stackTrace", threadId=thread)["stackFrames"][0]
        scope = self.ask("scopes", frameId=frame["id"])["scopes"][0]
        variables = self.ask("variables", variablesReference=scope["variablesReference"])["variables"]
        return thread, frame["line"], {variable["name"]: variable["value"] for variable in variables}

    def close(self):
        self.stream.close()
        self.socket.close()


class Inspector:
    """A client of `node --inspect`, on one WebSocket."""

    def __init__(self, port):
        with urllib.request.urlopen("http://127.0.0.1:%d/json/list" % port, timeout=60) as answer:
            path = json.load(answer)[0]["webSocketDebuggerUrl"].split(str(port), 1)[1]
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(("GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             "Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n" % (path, port, key)).encode())
        self.stream = self.socket.makefile("rb")
        assert b" 101 " in self.stream.readline()
        while self.stream.readline() != b"\r\n":
            pass
        self.number = 0
        self.events = []

    def send(self, method, **parameters):
        self.number += 1
        text = json.dumps({"id": self.number, "method": method, "params": parameters}).encode()
        size = bytes([0x80 | len(text)]) if len(text) < 126 else b"\xfe" + struct.pack("!H", len(text))
        self.socket.sendall(b"\x81" + size + b"\0\0\0\0" + text)
        return self.number

    def read(self):
        first, size = self.stream.read(2)
        if size == 126:
            size = struct.unpack("!H", self.stream.read(2))[0]
        elif size == 127:
            size = struct.unpack("!Q", self.stream.read(8))[0]
        text = self.stream.read(size)
        return json.loads(text) if first & 15 == 1 else {}

    def ask(self, method, **parameters):
        number = self.send(method, **parameters)
        while True:
            message = self.read()
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]
            self.events.append(message)

    def event(self, name):
        while True:
            for at, message in enumerate(self.events):
                if message.get("method") == name:
                    return self.events.pop(at)["params"]
            self.events.append(self.read())

    def close(self):
        self.stream.close()
        self.socket.close()
