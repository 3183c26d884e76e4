"""Coldframe's Python runtime client: runs `module.function(event, context)` handlers as AWS Lambda does.

    python3 coldframe_runtime.py          with _HANDLER, LAMBDA_TASK_ROOT and AWS_LAMBDA_RUNTIME_API set

Speaks the Lambda Runtime API 2018-06-01 over one keep-alive connection. Start-up time is what this file is
written for: it is compiled afresh at each start, so it stays small, uses the C modules below json and socket
(`json` alone would add 5 ms) and leaves everything about failures to coldframe_failures.py, loaded on need.
"""
import os
import sys
import time
from _socket import socket, AF_INET, AF_INET6, SOCK_STREAM, IPPROTO_TCP, TCP_NODELAY

HERE = os.path.dirname(os.path.abspath(__file__))
BASE = "/2018-06-01/runtime/"
DEBUG_PORT = "coldframe-debug-port"  # in the headers of an event that is to wait for a debugger
env = os.environ


class Gone(Exception):
    """The Runtime API cannot be reached any more."""


class Api:
    """One keep-alive connection to the Runtime API."""

    def __init__(self, address):
        host, _, port = address.rpartition(":")
        self.address, self.host = address, (host.strip("[]"), int(port))
        self.sock, self.rest = None, b""
        self.next_request = ("GET %sinvocation/next HTTP/1.1\r\nHost: %s\r\n\r\n" % (BASE, address)).encode()

    def connect(self):
        self.close()
        self.sock = socket(AF_INET6 if ":" in self.host[0] else AF_INET, SOCK_STREAM)
        try:
            self.sock.connect(self.host)
        except OSError as error:
            self.close()
            raise Gone("cannot reach the Runtime API at %s: %s" % (self.address, error))
        self.sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)

    def close(self):
        if self.sock is not None:
            self.sock.close()
        self.sock, self.rest = None, b""

    def next(self):
        """Waits for an event: (headers, body). A connection lost while waiting is opened again."""
        for _ in range(3):
            if self.sock is None:
                self.connect()
            try:
                self.sock.sendall(self.next_request)
                status, headers, body = self.answer()
            except OSError:
                self.close()
                continue
            if status == 200:
                return headers, body
            raise Gone("the Runtime API answered next with status %d" % status)
        raise Gone("the Runtime API at %s closed the connection" % self.address)

    def post(self, path, body, extra=""):
        """Posts JSON text as bytes; the status, or 0 when the connection was lost twice."""
        request = (
            "POST %s%s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n"
            % (BASE, path, self.address, extra, len(body))
        ).encode() + body
        for _ in range(2):
            if self.sock is None:
                self.connect()
            try:
                self.sock.sendall(request)
                return self.answer()[0]
            except OSError:
                self.close()
        return 0

    def more(self):
        data = self.sock.recv(262144)
        if not data:
            raise OSError("closed")
        return data

    def answer(self):
        data = self.rest or self.more()
        while True:
            end = data.find(b"\r\n\r\n")
            if end >= 0:
                break
            data += self.more()
        lines = data[:end].decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        self.rest = data[end + 4:]
        if "chunked" in headers.get("transfer-encoding", ""):
            body = self.chunks()
        else:
            body = self.exactly(int(headers.get("content-length", 0)))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return int(lines[0].split(None, 2)[1]), headers, body

    def exactly(self, size):
        data = self.rest
        if len(data) < size:
            whole, have = bytearray(size), len(data)
            whole[:have] = data
            view = memoryview(whole)
            while have < size:
                got = self.sock.recv_into(view[have:])
                if not got:
                    raise OSError("closed")
                have += got
            self.rest = b""
            return whole
        self.rest = data[size:]
        return data[:size]

    def line(self):
        while b"\r\n" not in self.rest:
            self.rest += self.more()
        line, _, self.rest = self.rest.partition(b"\r\n")
        return line

    def chunks(self):
        body = b""
        while True:
            size = int(self.line().split(b";")[0], 16)
            if size == 0:
                while self.line():  # trailers
                    pass
                return body
            body += self.exactly(size)
            self.line()


class Fields:
    def __init__(self, **fields):
        self.__dict__.update(fields)

    def __repr__(self):
        return "%s(%s)" % (type(self).__name__, ", ".join("%s=%r" % pair for pair in self.__dict__.items()))


class CognitoIdentity(Fields):
    pass


class ClientContext(Fields):
    pass


class Client(Fields):
    pass


class LambdaContext(Fields):
    function_name = env.get("AWS_LAMBDA_FUNCTION_NAME")
    function_version = env.get("AWS_LAMBDA_FUNCTION_VERSION")
    memory_limit_in_mb = env.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
    log_group_name = env.get("AWS_LAMBDA_LOG_GROUP_NAME")
    log_stream_name = env.get("AWS_LAMBDA_LOG_STREAM_NAME")
    client_context = tenant_id = None

    def __init__(self, headers):
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self._deadline_ms = int(headers.get("lambda-runtime-deadline-ms", 0))
        identity = self._parsed(headers, "lambda-runtime-cognito-identity")
        self.identity = CognitoIdentity(
            cognito_identity_id=identity.get("cognitoIdentityId"),
            cognito_identity_pool_id=identity.get("cognitoIdentityPoolId"),
        )
        if "lambda-runtime-client-context" in headers:
            given = self._parsed(headers, "lambda-runtime-client-context")
            client = given.get("client")
            names = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")
            self.client_context = ClientContext(
                custom=given.get("custom"),
                env=given.get("env"),
                client=client and Client(**{name: client.get(name) for name in names}),
            )
        if "lambda-runtime-aws-tenant-id" in headers:
            self.tenant_id = headers["lambda-runtime-aws-tenant-id"]

    @staticmethod
    def _parsed(headers, name):
        text = headers.get(name)
        return from_json(text.encode("latin-1").decode()) if text else {}

    def get_remaining_time_in_millis(self):
        return max(int(self._deadline_ms - time.time() * 1000), 0) if self._deadline_ms else 0

    def hold_clock(self, wait):
        """The time that is left stands still while it waits for a debugger, and after that with one attached."""
        left = self.get_remaining_time_in_millis()
        self.get_remaining_time_in_millis = lambda: left
        if not wait():
            self._deadline_ms = time.time() * 1000 + left
            del self.get_remaining_time_in_millis

    def log(self, message):
        sys.stdout.write(str(message))


def not_serialisable(value):
    if type(value).__name__ == "Decimal":
        return float(value)
    raise TypeError("Object of type %s is not JSON serializable" % type(value).__name__)


try:
    from _json import make_scanner, make_encoder, encode_basestring, encode_basestring_ascii

    class Parsing:
        strict, object_hook, object_pairs_hook, parse_float, parse_int = True, None, None, float, int
        parse_constant = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}.__getitem__

    scan = make_scanner(Parsing())

    def from_json(text):
        try:
            value, end = scan(text, 0)
            if end == len(text):
                return value
        except Exception:  # the scanner alone cannot raise json's own errors
            pass
        import json  # white space around it, or an error for json to word

        return json.loads(text)

    def to_json(value, strings=encode_basestring):
        chunks = make_encoder({}, not_serialisable, strings, None, ": ", ", ", False, False, True)(value, 0)
        try:
            return "".join(chunks).encode()
        except UnicodeEncodeError:  # half a surrogate pair
            return to_json(value, encode_basestring_ascii)

    if to_json(from_json('{"a":[1,2.5,null]}')) != b'{"a": [1, 2.5, null]}':
        raise ImportError
except Exception:  # an interpreter whose C helpers are missing or different
    import json

    from_json = json.loads

    def to_json(value):
        try:
            return json.dumps(value, ensure_ascii=False, default=not_serialisable).encode()
        except UnicodeEncodeError:
            return json.dumps(value, default=not_serialisable).encode()


class AfterImport:
    """Goes on from certain modules once the function has imported them."""

    todo = {"logging": lambda module: helper("coldframe_failures").attach_log_handler(module, current)}

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name not in cls.todo:
            return None
        then = cls.todo.pop(name)
        if not cls.todo:
            sys.meta_path.remove(cls)
        for finder in sys.meta_path:
            spec = finder is not cls and finder.find_spec(name, path, target)
            if spec:
                load = spec.loader.exec_module

                def exec_module(module):
                    load(module)
                    then(module)

                try:
                    spec.loader.exec_module = exec_module
                except AttributeError:  # a loader that takes no attributes: the module stays as it is
                    pass
                return spec
        return None


if "AWS_ENDPOINT_URL_S3" in env or "AWS_ENDPOINT_URL" in env:
    AfterImport.todo["botocore.session"] = lambda module: helper("coldframe_sdk").attach_endpoints(module)


def keep_fresh_code_uncached():
    """Python takes a cached module for current when its source has the same second and size. A function saved twice
    within a second would run its older code: so code younger than two seconds is not cached."""
    try:
        from _frozen_importlib_external import SourceFileLoader
    except ImportError:
        return
    write = getattr(SourceFileLoader, "_cache_bytecode", None)
    if write is None:
        return

    def write_if_settled(self, source_path, cache_path, data):
        if time.time() - os.stat(source_path).st_mtime > 2:
            write(self, source_path, cache_path, data)

    SourceFileLoader._cache_bytecode = write_if_settled


def helper(name):
    if name not in sys.modules:
        sys.path.insert(0, HERE)
        try:
            __import__(name)
        finally:
            sys.path.remove(HERE)
    return sys.modules[name]


def failures():
    return helper("coldframe_failures")


def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass


def find_handler(name):
    module_name, function_name = name.rsplit(".", 1)
    module_name = module_name.replace("/", ".")
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise failures().Fault("Runtime.BuiltInModuleConflict", "Cannot use built-in module %s as a handler module" % module_name)
    __import__(module_name)
    return getattr(sys.modules[module_name], function_name)


current = {"id": ""}


def main():
    root = env.get("LAMBDA_TASK_ROOT") or os.getcwd()
    if sys.path and sys.path[0] == HERE:
        del sys.path[0]
    sys.path.insert(0, root)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.reconfigure(line_buffering=True, errors="backslashreplace")
    sys.meta_path.insert(0, AfterImport)
    keep_fresh_code_uncached()
    api = Api(env["AWS_LAMBDA_RUNTIME_API"])
    api.connect()

    name = env.get("_HANDLER", "")
    try:
        handler = find_handler(name)
    except Exception as error:
        body, kind = failures().of_init(error, name, root, main.__code__.co_filename)
        flush()
        api.post("init/error", to_json(body), "Lambda-Runtime-Function-Error-Type: %s\r\n" % kind)
        sys.exit(1)

    flush()
    while True:
        headers, body = api.next()
        current["id"] = request_id = headers["lambda-runtime-aws-request-id"]
        trace = headers.get("lambda-runtime-trace-id")
        if trace:
            env["_X_AMZN_TRACE_ID"] = trace
        else:
            env.pop("_X_AMZN_TRACE_ID", None)
        failed = "Runtime.UnmarshalError", "Unable to unmarshal input: %s"
        try:
            event = from_json(body.decode())
            failed = None
            context = LambdaContext(headers)
            if DEBUG_PORT in headers:
                wait = helper("coldframe_debug").wait_for_debugger
                context.hold_clock(lambda: wait(api.address, int(headers[DEBUG_PORT])))
            result = handler(event, context)
            failed = "Runtime.MarshalError", "Unable to marshal response: %s"
            answer = to_json(result)
        except Exception as error:
            report = failures().of_call(error, failed, request_id, main.__code__.co_filename)
            flush()
            api.post("invocation/%s/error" % request_id, to_json(report))
        else:
            flush()
            api.post("invocation/%s/response" % request_id, answer)
        event = context = result = answer = body = headers = None  # nothing of one call stays alive into the next


if __name__ == "__main__":
    try:
        main()
    except Gone as gone:
        sys.stderr.write("coldframe: %s\n" % gone)
        sys.exit(1)
