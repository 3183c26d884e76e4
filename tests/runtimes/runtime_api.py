"""A small Runtime API server for the tests: hands out events one by one and keeps what the runtime client posts."""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

TESTS = os.path.dirname(os.path.abspath(__file__))
RUNTIMES = os.path.join(TESTS, "..", "..", "resources", "runtimes")
PYTHON_CLIENT = os.path.normpath(os.path.join(RUNTIMES, "python", "coldframe_runtime.py"))
NODE_CLIENT = os.path.normpath(os.path.join(RUNTIMES, "node", "coldframe_runtime.cjs"))
BASE = "/2018-06-01/runtime/"


class Post:
    """One request posted by the client."""

    def __init__(self, path, headers, body, trailers, connection, when):
        self.path, self.headers, self.body, self.trailers = path, headers, body, trailers
        self.connection, self.when = connection, when

    @property
    def json(self):
        return json.loads(self.body.decode())


class Wire:
    """Reads HTTP requests from one connection."""

    def __init__(self, sock):
        self.sock, self.data = sock, b""

    def fill(self):
        more = self.sock.recv(262144)
        if not more:
            raise EOFError
        self.data += more

    def until(self, mark):
        while mark not in self.data:
            self.fill()
        found, _, self.data = self.data.partition(mark)
        return found

    def exactly(self, size):
        parts, have = [self.data], len(self.data)
        while have < size:
            more = self.sock.recv(262144)
            if not more:
                raise EOFError
            parts.append(more)
            have += len(more)
        data = b"".join(parts)
        self.data = data[size:]
        return data[:size]

    @staticmethod
    def fields(lines):
        return {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}

    def request(self):
        lines = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        method, path, _ = lines[0].split(" ")
        headers, trailers, body = self.fields(lines[1:]), {}, b""
        if headers.get("transfer-encoding") == "chunked":
            while True:
                size = int(self.until(b"\r\n"), 16)
                if size == 0:
                    break
                body += self.exactly(size)
                assert self.exactly(2) == b"\r\n"
            last = []
            while True:
                line = self.until(b"\r\n").decode()
                if not line:
                    break
                last.append(line)
            trailers = self.fields(last)
        else:
            body = self.exactly(int(headers.get("content-length", 0)))
        return method, path, headers, body, trailers


class RuntimeApi:
    """Serves `events` (bytes, or (bytes, extra headers)) one after the other; then `next` waits for ever."""

    def __init__(self, events=(), chunked=False, drop_next=0, status=202):
        self.events = [e if isinstance(e, tuple) else (e, {}) for e in events]
        self.chunked, self.drop_next, self.status = chunked, drop_next, status
        self.posts, self.connections, self.nexts = [], 0, 0
        self.first_next = None
        self.changed = threading.Condition()
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(16)
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.open = []
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        for sock in self.open:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            sock.close()

    def accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.changed:
                self.connections += 1
                self.open.append(sock)
                number = self.connections
            threading.Thread(target=self.serve, args=(sock, number), daemon=True).start()

    def serve(self, sock, number):
        wire = Wire(sock)
        try:
            while True:
                method, path, headers, body, trailers = wire.request()
                now = time.perf_counter()
                if method == "GET" and path == BASE + "invocation/next":
                    if not self.answer_next(sock, now):
                        return
                else:
                    sock.sendall(b"HTTP/1.1 %d Accepted\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n"
                                 b'{"status":"OK"}\n' % self.status)
                    with self.changed:
                        self.posts.append(Post(path[len(BASE):], headers, body, trailers, number, now))
                        self.changed.notify_all()
        except (EOFError, OSError):
            return

    def answer_next(self, sock, now):
        with self.changed:
            self.first_next = self.first_next or now
            self.nexts += 1
            self.changed.notify_all()
            if self.drop_next:
                self.drop_next -= 1
                sock.shutdown(socket.SHUT_RDWR)
                return False
            number = len(self.posts)
            while number >= len(self.events):
                self.changed.wait()
            event, extra = self.events[number]
        fields = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": "req-%d" % (number + 1),
            "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 30000),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-west-1:000000000000:function:under-test",
            "Lambda-Runtime-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=%d" % (number % 2),
        }
        fields.update(extra)
        head = "HTTP/1.1 200 OK\r\n" + "".join("%s: %s\r\n" % pair for pair in fields.items())
        if self.chunked:
            sock.sendall((head + "Transfer-Encoding: chunked\r\n\r\n").encode())
            for at in range(0, len(event), 7):
                part = event[at:at + 7]
                sock.sendall(b"%x\r\n%s\r\n" % (len(part), part))
            sock.sendall(b"0\r\n\r\n")
        else:
            sock.sendall((head + "Content-Length: %d\r\n\r\n" % len(event)).encode() + event)
        return True

    def wait_posts(self, count, seconds=10):
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.posts) >= count, seconds), "%d posts, wanted %d" % (len(self.posts), count)
            return list(self.posts)

    def wait_nexts(self, count, seconds=10):
        with self.changed:
            assert self.changed.wait_for(lambda: self.nexts >= count, seconds), "%d nexts, wanted %d" % (self.nexts, count)


class Run:
    """The real runtime client as a process; the function's code is the given files, or what lies in `root`."""

    def __init__(self, files, handler, events=(), command=None, env=None, root=None, **api):
        self.temporary = root is None
        self.root = root or os.path.realpath(tempfile.mkdtemp(prefix="coldframe-runtime-"))
        for name, text in files.items():
            path = os.path.join(self.root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
        self.api = RuntimeApi([e if isinstance(e, (bytes, tuple)) else json.dumps(e).encode() for e in events], **api)
        self.environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "LANG": "C.UTF-8",
            "AWS_LAMBDA_RUNTIME_API": self.api.address,
            "AWS_LAMBDA_FUNCTION_NAME": "under-test",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/under-test",
            "AWS_LAMBDA_LOG_STREAM_NAME": "2026/03/04/[$LATEST]00",
            "AWS_REGION": "eu-west-1",
            "LAMBDA_TASK_ROOT": self.root,
            "_HANDLER": handler,
        }
        self.environment.update(env or {})
        self.process = subprocess.Popen(
            command or [sys.executable, PYTHON_CLIENT],
            cwd=self.root, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        self.api.close()
        if self.temporary:
            shutil.rmtree(self.root, ignore_errors=True)

    def posts(self, count=1):
        return self.api.wait_posts(count)

    def stop(self):
        """Ends the client after its last answer; what it printed as (stdout, stderr)."""
        self.process.kill()
        out, err = self.process.communicate()
        return out.decode(), err.decode()

    def end(self, seconds=10):
        """Waits for the client to end by itself: (exit code, stdout, stderr)."""
        out, err = self.process.communicate(timeout=seconds)
        return self.process.returncode, out.decode(), err.decode()
