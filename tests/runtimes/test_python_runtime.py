"""The Python runtime client against a Runtime API server: wire, payloads, start-up errors, exit codes."""
import os
import subprocess
import sys
import tempfile
import time
import unittest

from runtime_api import PYTHON_CLIENT, Run

ECHO = "def handler(event, context):\n    return event\n"


class Success(unittest.TestCase):
    def test_result_over_one_connection(self):
        code = "calls = 0\ndef handler(event, context):\n    global calls\n    calls += 1\n    return [calls, event]\n"
        with Run({"app.py": code}, "app.handler", events=[{"n": n} for n in range(50)]) as run:
            posts = run.posts(50)
            self.assertEqual([p.json for p in posts], [[n + 1, {"n": n}] for n in range(50)])
            self.assertEqual(posts[7].path, "invocation/req-8/response")
            self.assertEqual(run.api.connections, 1)

    def test_handler_in_a_package(self):
        files = {"pkg/__init__.py": "", "pkg/mod.py": "from pkg import part\n" + ECHO, "pkg/part.py": ""}
        for handler in ("pkg/mod.handler", "pkg.mod.handler"):
            with Run(files, handler, events=[1]) as run:
                self.assertEqual(run.posts()[0].json, 1)

    def test_values(self):
        values = [None, True, 0, -1.5, 1e300, "", "plain", "naïve 日本 😀 \u2028 \"\\ \n\x00", [], {}, {"a": [{"b": None}]}, 10 ** 30]
        with Run({"app.py": ECHO}, "app.handler", events=values) as run:
            posts = run.posts(len(values))
            self.assertEqual([p.json for p in posts], values)
            self.assertEqual(posts[0].body, b"null")
            self.assertIn("日本 😀".encode(), posts[7].body)

    def test_half_a_surrogate_is_escaped(self):
        with Run({"app.py": "def handler(e, c): return '\\ud800'"}, "app.handler", events=[1]) as run:
            self.assertEqual(run.posts()[0].body, b'"\\ud800"')

    def test_decimal_and_spaces_as_on_aws(self):
        code = "from decimal import Decimal\ndef handler(e, c):\n    return {'a': Decimal('1.5'), 'b': (1, 2)}\n"
        with Run({"app.py": code}, "app.handler", events=[1]) as run:
            self.assertEqual(run.posts()[0].body, b'{"a": 1.5, "b": [1, 2]}')

    def test_white_space_around_the_event(self):
        with Run({"app.py": ECHO}, "app.handler", events=[b' \n{"a": 1}\r\n ']) as run:
            self.assertEqual(run.posts()[0].json, {"a": 1})

    def test_one_megabyte_each_way(self):
        event = {"text": "ä" * 500000}
        with Run({"app.py": ECHO}, "app.handler", events=[event, 2, event]) as run:
            self.assertEqual([p.json for p in run.posts(3)], [event, 2, event])

    def test_chunked_event(self):
        with Run({"app.py": ECHO}, "app.handler", events=[{"text": "x" * 1000}, 2], chunked=True) as run:
            self.assertEqual([p.json for p in run.posts(2)], [{"text": "x" * 1000}, 2])
            self.assertEqual(run.api.connections, 1)

    def test_next_is_asked_again_when_the_connection_drops(self):
        with Run({"app.py": ECHO}, "app.handler", events=[1], drop_next=2) as run:
            self.assertEqual(run.posts()[0].json, 1)

    def test_refused_response_does_not_end_the_client(self):
        with Run({"app.py": ECHO}, "app.handler", events=[1, 2], status=413) as run:
            self.assertEqual([p.json for p in run.posts(2)], [1, 2])

    def test_context(self):
        code = """
import os
def handler(event, context):
    left = context.get_remaining_time_in_millis()
    return {"name": context.function_name, "version": context.function_version, "arn": context.invoked_function_arn,
            "memory": context.memory_limit_in_mb, "id": context.aws_request_id, "group": context.log_group_name,
            "stream": context.log_stream_name, "identity": context.identity.cognito_identity_id,
            "client": context.client_context and [context.client_context.custom, context.client_context.client.app_title],
            "left": type(left) is int and 20000 < left <= 30000, "trace": os.environ["_X_AMZN_TRACE_ID"][-1]}
"""
        told = {
            "Lambda-Runtime-Client-Context": '{"custom":{"k":"v"},"client":{"app_title":"t"}}',
            "Lambda-Runtime-Cognito-Identity": '{"cognitoIdentityId":"me","cognitoIdentityPoolId":"pool"}',
        }
        with Run({"app.py": code}, "app.handler", events=[1, (b"2", told)]) as run:
            plain, rich = [p.json for p in run.posts(2)]
        self.assertEqual(plain, {
            "name": "under-test", "version": "$LATEST", "memory": "256", "id": "req-1", "identity": None, "client": None,
            "arn": "arn:aws:lambda:eu-west-1:000000000000:function:under-test", "group": "/aws/lambda/under-test",
            "stream": "2026/03/04/[$LATEST]00", "left": True, "trace": "0"})
        self.assertEqual((rich["identity"], rich["client"], rich["trace"]), ("me", [{"k": "v"}, "t"], "1"))

    def test_path_and_main(self):
        code = """
import os, sys
if __name__ == "__main__":
    raise Exception("not the main program")
def handler(event, context):
    return [sys.path[0], __name__, os.getcwd(), any(p.endswith("runtimes/python") for p in sys.path)]
"""
        with Run({"app.py": code}, "app.handler", events=[1]) as run:
            self.assertEqual(run.posts()[0].json, [run.root, "app", run.root, False])


class Reload(unittest.TestCase):
    """The process is started again after a save; it must run what was saved."""

    def results(self, age):
        with tempfile.TemporaryDirectory() as root:
            path, results = os.path.join(root, "app.py"), []
            for version in ("one", "two"):
                with open(path, "w") as out:
                    out.write("def handler(e, c): return '%s'\n" % version)
                if age:
                    os.utime(path, (time.time() - age,) * 2)
                with Run({}, "app.handler", events=[1], root=root) as run:
                    results.append(run.posts()[0].json)
                cached = os.path.exists(os.path.join(root, "__pycache__"))
                age = age and age - 5
            return results, cached

    def test_saved_twice_within_a_second(self):
        self.assertEqual(self.results(age=0), (["one", "two"], False))

    def test_settled_code_is_cached(self):
        self.assertEqual(self.results(age=60), (["one", "two"], True))


class Output(unittest.TestCase):
    def test_print_arrives_before_the_result(self):
        code = "import sys\ndef handler(e, c):\n    print('no newline', end='')\n    print('warn', end='', file=sys.stderr)\n    return 1\n"
        with Run({"app.py": code}, "app.handler", events=[1]) as run:
            run.posts()
            os.set_blocking(run.process.stdout.fileno(), False)
            os.set_blocking(run.process.stderr.fileno(), False)
            self.assertEqual(run.process.stdout.read(), b"no newline")
            self.assertEqual(run.process.stderr.read(), b"warn")

    def test_logging_works_as_on_aws(self):
        code = """
import logging
log = logging.getLogger()
log.setLevel(logging.INFO)
def handler(e, c):
    log.info("seen %s", e)
"""
        with Run({"app.py": code}, "app.handler", events=[17]) as run:
            run.posts()
            out, err = run.stop()
        self.assertRegex(out, r"^\[INFO\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\treq-1\tseen 17\n$")
        self.assertEqual(err, "")

    def test_own_logging_configuration_works(self):
        code = """
import logging, sys
log = logging.getLogger("mine")
log.propagate = False
out = logging.StreamHandler(sys.stdout)
out.setFormatter(logging.Formatter("%(levelname)s|%(message)s"))
log.addHandler(out)
def handler(e, c):
    log.warning("own")
"""
        with Run({"app.py": code}, "app.handler", events=[1]) as run:
            run.posts()
            self.assertEqual(run.stop()[0], "WARNING|own\n")


class CallErrors(unittest.TestCase):
    def test_exception(self):
        code = "def inner():\n    raise ValueError('bad order 17')\n\ndef handler(e, c):\n    return inner() if e else e\n"
        with Run({"app.py": code}, "app.handler", events=[1, 0]) as run:
            post, after = run.posts(2)
            self.assertEqual(post.path, "invocation/req-1/error")
            body = post.json
            self.assertEqual((body["errorMessage"], body["errorType"], body["requestId"]), ("bad order 17", "ValueError", "req-1"))
            self.assertEqual(len(body["stackTrace"]), 2)
            self.assertIn('File "%s/app.py", line 5, in handler' % run.root, body["stackTrace"][0])
            self.assertEqual(after.json, 0)
            self.assertEqual(run.api.connections, 1)
            out, _ = run.stop()
        lines = out.splitlines()
        self.assertEqual(lines[:2], ["[ERROR] ValueError: bad order 17", "Traceback (most recent call last):"])
        self.assertTrue(lines[2].startswith("\u00a0\u00a0File "), lines[2])

    def test_exception_without_message_and_own_class(self):
        with Run({"app.py": "class Broken(Exception): pass\ndef handler(e, c): raise Broken\n"}, "app.handler", events=[1]) as run:
            body = run.posts()[0].json
        self.assertEqual((body["errorMessage"], body["errorType"]), ("", "Broken"))

    def test_result_that_is_no_json(self):
        code = "def handler(e, c):\n    return {'a': {1, 2}} if e else [0]\n"
        with Run({"app.py": code}, "app.handler", events=[1, 0]) as run:
            post, after = run.posts(2)
        self.assertEqual(post.json, {
            "errorMessage": "Unable to marshal response: Object of type set is not JSON serializable",
            "errorType": "Runtime.MarshalError", "requestId": "req-1", "stackTrace": []})
        self.assertEqual(after.json, [0])

    def test_circular_result(self):
        with Run({"app.py": "def handler(e, c):\n    a = []\n    a.append(a)\n    return a\n"}, "app.handler", events=[1]) as run:
            self.assertEqual(run.posts()[0].json["errorMessage"], "Unable to marshal response: Circular reference detected")

    def test_event_that_is_no_json(self):
        with Run({"app.py": ECHO}, "app.handler", events=[b"{not json", b"", b"1 2", b"3"]) as run:
            posts = run.posts(4)
        self.assertEqual([p.json["errorType"] for p in posts[:3]], ["Runtime.UnmarshalError"] * 3)
        self.assertIn("Expecting property name", posts[0].json["errorMessage"])
        self.assertEqual(posts[3].json, 3)

    def test_deep_recursion(self):
        with Run({"app.py": "def handler(e, c):\n    return handler(e, c)\n"}, "app.handler", events=[1]) as run:
            self.assertEqual(run.posts()[0].json["errorType"], "RecursionError")


class InitErrors(unittest.TestCase):
    def init_error(self, files, handler, kind, message, env=None):
        with Run(files, handler, events=[1], env=env) as run:
            code, out, err = run.end()
            post = run.posts()[0]
            self.assertEqual(code, 1)
            self.assertEqual(post.path, "init/error")
            self.assertEqual(post.headers["lambda-runtime-function-error-type"], kind)
            body = post.json
            self.assertEqual((body["errorType"], body["errorMessage"], body["requestId"]), (kind, message, ""))
            self.assertEqual(run.api.nexts, 0)
            self.assertIn("[ERROR] %s" % kind, out)
            return body, err

    def test_missing_module_names_interpreter_and_command(self):
        body, err = self.init_error({"app.py": "import no_such_pandas.core\n"}, "app.handler", "Runtime.ImportModuleError",
                                    "Unable to import module 'app': No module named 'no_such_pandas'")
        self.assertEqual(body["stackTrace"], [])
        self.assertEqual(len(err.splitlines()), 1, err)
        self.assertIn("-m pip install no_such_pandas", err)
        self.assertIn(sys.executable, err)

    def test_missing_module_in_a_virtual_environment(self):
        with tempfile.TemporaryDirectory() as folder:
            made = subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], stderr=subprocess.PIPE)
            if made.returncode:
                self.skipTest("not run: venv is missing")
            python = os.path.join(folder, "bin", "python")
            with Run({"app.py": "import no_such_pandas\n"}, "app.handler", command=[python, PYTHON_CLIENT]) as run:
                self.assertIn("install it with: %s -m pip install no_such_pandas\n" % python, run.end()[2])

    def in_workspace(self, files, folder, handler="create.handler"):
        """What is said when the code folder is one of a workspace's; with the workspace's own path."""
        with tempfile.TemporaryDirectory() as workspace:
            for name, text in files.items():
                os.makedirs(os.path.dirname(os.path.join(workspace, name)), exist_ok=True)
                with open(os.path.join(workspace, name), "w", encoding="utf-8") as file:
                    file.write(text)
            with Run({}, handler, events=[1], env={"LAMBDA_TASK_ROOT": os.path.join(workspace, folder)}) as run:
                return run.end()[2].replace(workspace, "WS")

    def test_missing_module_that_lies_in_the_workspace(self):
        for module in ("lib/store.py", "lib.py"):
            err = self.in_workspace({"coldframe.json": "{}", "a/handlers/create.py": "import lib\n", module: ""}, "a/handlers")
            lies = "WS/lib.py" if module == "lib.py" else "WS/lib"
            self.assertEqual(err, "coldframe: module 'lib' lies in %s, which is not in the code folder WS/a/handlers; in coldframe.json "
                             'set "code" to WS and "handler" to a/handlers/create.handler\n' % lies)

    def test_missing_module_above_the_workspace(self):
        err = self.in_workspace({"ws/coldframe.json": "{}", "ws/create.py": "import lib\n", "lib/store.py": ""}, "ws")
        self.assertIn("pip install lib", err)

    def test_missing_module_of_a_package_that_is_there(self):
        err = self.in_workspace({"f/create.py": "import lib.store\n", "f/lib/other.py": ""}, "f")
        self.assertEqual(err, "coldframe: there is no module 'lib.store' below WS/f\n")

    def test_relative_import_without_a_package(self):
        err = self.in_workspace({"src/orders/create.py": "from .model import price\n", "src/orders/model.py": ""}, "src/orders")
        self.assertEqual(err, "coldframe: a relative import needs a package around it: in coldframe.json set \"code\" to WS/src "
                         'and "handler" to orders/create.handler\n')

    def test_missing_handler_file(self):
        _, err = self.init_error({}, "app.handler", "Runtime.ImportModuleError",
                                 "Unable to import module 'app': No module named 'app'")
        self.assertIn("there is no module 'app' in", err)
        self.assertNotIn("pip", err)

    def test_missing_function(self):
        _, err = self.init_error({"app.py": "def main(e, c): pass\n"}, "app.handler", "Runtime.HandlerNotFound",
                                 "Handler 'handler' missing on module 'app'")
        self.assertIn("defines main", err)

    def test_malformed_handler(self):
        self.init_error({"app.py": ECHO}, "app", "Runtime.MalformedHandlerName",
                        "Bad handler 'app': not enough values to unpack (expected 2, got 1)")

    def test_builtin_module(self):
        self.init_error({}, "sys.exit", "Runtime.BuiltInModuleConflict", "Cannot use built-in module sys as a handler module")

    def test_syntax_error(self):
        with Run({"app.py": "def handler(:\n"}, "app.handler") as run:
            body = run.posts()[0].json
            self.assertEqual(body["errorType"], "Runtime.UserCodeSyntaxError")
            self.assertRegex(body["errorMessage"], r"^Syntax error in module 'app': .*\(app.py, line 1\)$")
            self.assertIn("Line 1", body["stackTrace"][0])
            self.assertEqual(run.end()[0], 1)

    def test_exception_while_importing(self):
        body, _ = self.init_error({"app.py": "raise KeyError('DB_URL')\n"}, "app.handler", "KeyError", "'DB_URL'")
        self.assertEqual(len(body["stackTrace"]), 1)
        self.assertIn("app.py\", line 1", body["stackTrace"][0])

    def test_attribute_error_while_importing_is_the_functions_own(self):
        self.init_error({"app.py": "import os\nos.nothing\n"}, "app.handler", "AttributeError", "module 'os' has no attribute 'nothing'")


class Exits(unittest.TestCase):
    def exit_code(self, code, **more):
        with Run({"app.py": code}, "app.handler", events=[1], **more) as run:
            status, out, err = run.end()
            self.assertEqual(run.api.posts, [])
            return status, out, err

    def test_sys_exit_in_the_handler(self):
        self.assertEqual(self.exit_code("import sys\ndef handler(e, c):\n    print('bye')\n    sys.exit(4)\n"), (4, "bye\n", ""))

    def test_os_exit_in_the_handler(self):
        self.assertEqual(self.exit_code("import os\ndef handler(e, c):\n    os._exit(3)\n")[0], 3)

    def test_exit_while_importing(self):
        self.assertEqual(self.exit_code("import sys\nsys.exit(7)\n")[0], 7)

    def test_signal(self):
        self.assertEqual(self.exit_code("import os, signal\ndef handler(e, c):\n    os.kill(os.getpid(), signal.SIGSEGV)\n")[0], -11)

    def test_no_runtime_api(self):
        status, _, err = self.exit_code(ECHO, env={"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:1"})
        self.assertEqual(status, 1)
        self.assertRegex(err, r"^coldframe: cannot reach the Runtime API at 127.0.0.1:1: .*refused\n$")

    def test_runtime_api_that_goes_away(self):
        with Run({"app.py": ECHO}, "app.handler", drop_next=9) as run:
            status, _, err = run.end()
        self.assertEqual(status, 1)
        self.assertIn("closed the connection", err)


class OldSdk(unittest.TestCase):
    """Stand-ins for botocore that say a version and give back what their clients are made with."""

    SESSION = """class Session:
    def create_client(self, service_name, region_name=None, api_version=None, use_ssl=True, verify=None, endpoint_url=None):
        return endpoint_url
"""
    HANDLER = """import botocore.session
def handler(event, context):
    session = botocore.session.Session()
    return [session.create_client("s3"), session.create_client("s3", region_name="x"),
            session.create_client("s3", endpoint_url="http://127.0.0.1:1"),
            session.create_client("s3", None, None, True, None, "http://127.0.0.1:2"), session.create_client("lambda")]
"""

    def made_by(self, version, **env):
        files = {"app.py": self.HANDLER, "botocore/__init__.py": "__version__ = %r\n" % version, "botocore/session.py": self.SESSION}
        with Run(files, "app.handler", events=[1], env=env) as run:
            made = run.posts()[0].json
            return made, run.stop()[1]

    def test_gets_the_endpoint_that_a_newer_one_would_take(self):
        url = "http://127.0.0.1:9002"
        named = ["http://127.0.0.1:1", "http://127.0.0.1:2"]
        made, said = self.made_by("1.29.27", AWS_ENDPOINT_URL_S3=url)
        self.assertEqual(made, [url, url, *named, None])
        self.assertEqual(said, "coldframe: botocore 1.29.27 does not know AWS_ENDPOINT_URL_S3 yet, so its clients were pointed at %s for "
                               "it. A newer one needs no help: %s -m pip install 'boto3>=1.28'\n" % (url, sys.executable))
        made, said = self.made_by("1.30.1", AWS_ENDPOINT_URL_S3=url, AWS_ENDPOINT_URL="http://127.0.0.1:3")
        self.assertEqual(made, [url, url, *named, "http://127.0.0.1:3"])

    def test_is_left_alone_when_there_is_no_need(self):
        url = "http://127.0.0.1:9002"
        for version, env in (("1.31.0", {"AWS_ENDPOINT_URL_S3": url}), ("1.43.11", {"AWS_ENDPOINT_URL_S3": url}), ("1.29.27", {}),
                             ("1.29.27", {"AWS_ENDPOINT_URL_S3": url, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"})):
            with self.subTest(version=version, env=env):
                made, said = self.made_by(version, **env)
                self.assertEqual((made, said), ([None, None, "http://127.0.0.1:1", "http://127.0.0.1:2", None], ""))


if __name__ == "__main__":
    unittest.main()
