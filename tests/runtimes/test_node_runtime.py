"""The Node.js runtime client against a Runtime API server: wire, payloads, streaming, start-up errors, exit codes."""
import base64
import json
import os
import shutil
import unittest

import runtime_api

NODE = shutil.which("node")
ECHO = "exports.handler = async (event) => event;\n"


def Run(files, handler="index.handler", events=(), **more):
    if isinstance(files, str):
        files = {"index.js": files}
    return runtime_api.Run(files, handler, events, command=[NODE, runtime_api.NODE_CLIENT], **more)


@unittest.skipUnless(NODE, "not run: node is missing")
class NodeCase(unittest.TestCase):
    pass


class Success(NodeCase):
    def test_result_over_one_connection(self):
        code = "let calls = 0;\nexports.handler = async (event) => [++calls, event];\n"
        with Run(code, events=[{"n": n} for n in range(50)]) as run:
            posts = run.posts(50)
            self.assertEqual([p.json for p in posts], [[n + 1, {"n": n}] for n in range(50)])
            self.assertEqual(posts[7].path, "invocation/req-8/response")
            self.assertEqual(run.api.connections, 1)

    def test_places_of_a_handler(self):
        cases = [
            ({"a/b/index.js": "exports.foo = { bar: async () => 'nested' };"}, "a/b/index.foo.bar", "nested"),
            ({"index.mjs": "const late = await Promise.resolve('esm');\nexport const handler = async () => late;"}, "index.handler", "esm"),
            ({"package.json": '{"type":"module"}', "src/index.js": "export function handler(e, c, done) { done(null, 'type'); }"},
             "src/index.handler", "type"),
            ({"index.cjs": "exports.handler = async () => require('./part.cjs');", "part.cjs": "module.exports = 'cjs';"}, "index.handler", "cjs"),
        ]
        for files, handler, result in cases:
            with self.subTest(handler=handler, result=result), Run(files, handler, events=[1]) as run:
                self.assertEqual(run.posts()[0].json, result)

    def test_values(self):
        values = [None, True, 0, -1.5, "", "naïve 日本 😀 \u2028 \"\\ \n\x00", [], {}, {"a": [{"b": None}]}]
        with Run(ECHO, events=values) as run:
            posts = run.posts(len(values))
            self.assertEqual([p.json for p in posts], values)
            self.assertIn("日本 😀".encode(), posts[5].body)

    def test_undefined_is_null(self):
        with Run("exports.handler = async () => {};", events=[1]) as run:
            self.assertEqual(run.posts()[0].body, b"null")

    def test_one_megabyte_each_way(self):
        event = {"text": "ä" * 500000}
        with Run(ECHO, events=[event, 2, event]) as run:
            self.assertEqual([p.json for p in run.posts(3)], [event, 2, event])
            self.assertEqual(run.api.connections, 1)

    def test_chunked_event(self):
        with Run(ECHO, events=[{"text": "x" * 1000}, 2], chunked=True) as run:
            self.assertEqual([p.json for p in run.posts(2)], [{"text": "x" * 1000}, 2])

    def test_next_is_asked_again_when_the_connection_drops(self):
        with Run(ECHO, events=[1], drop_next=2) as run:
            self.assertEqual(run.posts()[0].json, 1)

    def test_context(self):
        code = """
exports.handler = async (event, c) => {
  const left = c.getRemainingTimeInMillis();
  return [c.functionName, c.functionVersion, c.memoryLimitInMB, c.awsRequestId, c.logGroupName, c.logStreamName,
    c.invokedFunctionArn, left > 20000 && left <= 30000, process.env._X_AMZN_TRACE_ID.slice(-1), process.cwd(),
    c.clientContext && c.clientContext.custom.k, c.identity && c.identity.cognitoIdentityId];
};"""
        told = {"Lambda-Runtime-Client-Context": '{"custom":{"k":"v"}}', "Lambda-Runtime-Cognito-Identity": '{"cognitoIdentityId":"me"}'}
        with Run(code, events=[1, (b"2", told)]) as run:
            plain, rich = [p.json for p in run.posts(2)]
        self.assertEqual(plain, [
            "under-test", "$LATEST", "256", "req-1", "/aws/lambda/under-test", "2026/03/04/[$LATEST]00",
            "arn:aws:lambda:eu-west-1:000000000000:function:under-test", True, "0", run.root, None, None])
        self.assertEqual(rich[8:], ["1", run.root, "v", "me"])


class Callbacks(NodeCase):
    def test_callback_waits_for_the_event_loop(self):
        code = """
exports.handler = (event, context, callback) => {
  const seen = [];
  setTimeout(() => seen.push('timer'), 60);
  callback(null, seen);
};"""
        with Run(code, events=[1, 2]) as run:
            self.assertEqual([p.json for p in run.posts(2)], [["timer"], ["timer"]])

    def test_callback_that_does_not_wait(self):
        code = """
exports.handler = (event, context, callback) => {
  context.callbackWaitsForEmptyEventLoop = false;
  setInterval(() => {}, 1000);
  callback(null, 'at once');
};"""
        with Run(code, events=[1, 2]) as run:
            self.assertEqual([p.json for p in run.posts(2)], ["at once", "at once"])

    def test_succeed_fail_done(self):
        code = """
exports.handler = (event, context, callback) => {
  setInterval(() => {}, 1000);
  if (event === 1) context.succeed('s');
  if (event === 2) context.fail(new RangeError('f'));
  if (event === 3) context.done(null, 'd');
  if (event === 4) context.done('text');
  if (event === 5) callback(new Error('c'));
};"""
        with Run(code, events=[1, 2, 3, 4, 5]) as run:
            posts = [(p.path.split("/")[-1], p.json) for p in run.posts(5)]
        self.assertEqual([p[0] for p in posts], ["response", "error", "response", "error", "error"])
        self.assertEqual((posts[0][1], posts[2][1]), ("s", "d"))
        self.assertEqual((posts[1][1]["errorType"], posts[1][1]["errorMessage"]), ("RangeError", "f"))
        self.assertEqual(posts[3][1], {"errorType": "string", "errorMessage": "text", "trace": []})

    def test_nothing_called_is_null_and_a_forgotten_promise_an_error(self):
        code = "exports.handler = (event) => event === 1 ? undefined : event === 2 ? new Promise(() => {}) : Promise.resolve(event);"
        with Run(code, events=[1, 2, 3]) as run:
            nothing, forgotten, after = run.posts(3)
        self.assertEqual((nothing.path, nothing.json), ("invocation/req-1/response", None))
        self.assertEqual(forgotten.json["errorType"], "Runtime.NodejsExit")
        self.assertEqual(after.json, 3)


class Output(NodeCase):
    def test_console_lines(self):
        code = """
console.log('loading');
exports.handler = async () => { console.log('a %d', 1, { b: 2 }); console.error('bad'); process.stdout.write('raw'); };"""
        with Run(code, events=[1]) as run:
            run.posts()
            os.set_blocking(run.process.stdout.fileno(), False)
            lines = run.process.stdout.read().decode().split("\n")
        stamp = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t"
        self.assertRegex(lines[0], stamp + "undefined\tINFO\tloading$")
        self.assertRegex(lines[1], stamp + r"req-1\tINFO\ta 1 \{ b: 2 \}$")
        self.assertRegex(lines[2], stamp + "req-1\tERROR\tbad$")
        self.assertEqual(lines[3], "raw")


class CallErrors(NodeCase):
    def test_error(self):
        code = "exports.handler = async (e) => {\n  if (e) { const x = new TypeError('bad order'); x.code = 'E17'; throw x; }\n  return e;\n};"
        with Run(code, events=[1, 0]) as run:
            post, after = run.posts(2)
            body = post.json
            self.assertEqual((post.path, after.json), ("invocation/req-1/error", 0))
            self.assertEqual((body["errorType"], body["errorMessage"]), ("TypeError", "bad order"))
            self.assertEqual(body["trace"][0], "TypeError: bad order")
            self.assertIn("%s/index.js:2" % run.root, body["trace"][1])
            self.assertNotIn("coldframe_runtime", post.body.decode())
            out, _ = run.stop()
        self.assertRegex(out, r'req-1\tERROR\tInvoke Error \t\{"errorType":"TypeError","errorMessage":"bad order","code":"E17","stack":\[')

    def test_synchronous_error_and_thrown_text(self):
        with Run("exports.handler = (e) => { throw e === 1 ? new Error('sync') : 'text'; };", events=[1, 2]) as run:
            first, second = [p.json for p in run.posts(2)]
        self.assertEqual((first["errorType"], first["errorMessage"]), ("Error", "sync"))
        self.assertEqual(second, {"errorType": "string", "errorMessage": "text", "trace": []})

    def test_result_that_is_no_json(self):
        with Run("exports.handler = async () => { const a = {}; a.a = a; return a; };", events=[1]) as run:
            self.assertRegex(run.posts()[0].json["errorMessage"], "^Unable to stringify response body")

    def test_event_that_is_no_json(self):
        with Run(ECHO, events=[b"{not json", b"3"]) as run:
            self.assertEqual([p.json if p.json == 3 else p.json["errorType"] for p in run.posts(2)], ["Runtime.UnmarshalError", 3])

    def test_unhandled_rejection(self):
        code = "exports.handler = () => { Promise.reject(new Error('lost')); return new Promise((r) => setTimeout(r, 5000)); };"
        with Run(code, events=[1]) as run:
            self.assertEqual(run.end()[0], 128)
            body = run.posts()[0].json
        self.assertEqual((body["errorType"], body["errorMessage"]), ("Runtime.UnhandledPromiseRejection", "Error: lost"))

    def test_uncaught_exception(self):
        code = "exports.handler = () => new Promise(() => setTimeout(() => { throw new RangeError('late'); }, 10));"
        with Run(code, events=[1]) as run:
            self.assertEqual(run.end()[0], 129)
            body = run.posts()[0].json
        self.assertEqual((body["errorType"], body["errorMessage"]), ("RangeError", "late"))


class InitErrors(NodeCase):
    def init_error(self, files, handler, kind, message):
        with Run(files, handler, events=[1]) as run:
            code, out, err = run.end()
            post = run.posts()[0]
            self.assertEqual((code, post.path), (1, "init/error"))
            self.assertEqual(post.headers["lambda-runtime-function-error-type"], kind)
            self.assertEqual(post.json["errorType"], kind)
            self.assertRegex(post.json["errorMessage"], message)
            self.assertEqual(run.api.nexts, 0)
            self.assertIn("\tERROR\tUncaught Exception", out)
            return err

    def test_missing_module(self):
        for files in ({"index.js": "require('no-such-thing/part');"}, {"index.mjs": "import 'no-such-thing';"}):
            err = self.init_error(files, "index.handler", "Runtime.ImportModuleError", "^Error: Cannot find (module|package) 'no-such-thing")
            self.assertEqual(len(err.splitlines()), 1, err)
            self.assertRegex(err, r"Node \d.*cd /.* && npm install no-such-thing\n$")
            self.assertIn(os.path.realpath(NODE), err)

    def test_missing_handler_file(self):
        err = self.init_error({}, "index.handler", "Runtime.ImportModuleError", "^Error: Cannot find module 'index'")
        self.assertIn("there is no file index.js", err)

    def test_missing_function(self):
        self.init_error({"index.js": ECHO}, "index.foo", "Runtime.HandlerNotFound", "^index.foo is undefined or not exported$")
        self.init_error({"index.js": "exports.foo = 1;"}, "index.foo", "Runtime.HandlerNotFound", "^index.foo is not a function$")

    def test_malformed_handler(self):
        self.init_error({"index.js": ECHO}, "index", "Runtime.MalformedHandlerName", "^Bad handler$")

    def test_syntax_error(self):
        self.init_error({"index.js": "exports.handler = (;"}, "index.handler", "Runtime.UserCodeSyntaxError", "^SyntaxError: Unexpected token")
        self.init_error({"index.mjs": "export const = 1;"}, "index.handler", "Runtime.UserCodeSyntaxError", "^SyntaxError: ")

    def test_error_while_loading(self):
        self.init_error({"index.js": "throw new RangeError('init');"}, "index.handler", "RangeError", "^init$")
        self.init_error({"index.mjs": "await Promise.reject(new RangeError('init'));"}, "index.handler", "RangeError", "^init$")

    def test_top_level_await_that_never_ends(self):
        self.init_error({"index.mjs": "await new Promise(() => {});"}, "index.handler", "Runtime.NodejsExit", "top-level await")


class Exits(NodeCase):
    def test_process_exit(self):
        for code in ("exports.handler = async () => { console.log('bye'); process.exit(4); };", "console.log('bye'); process.exit(4);"):
            with Run(code, events=[1]) as run:
                status, out, _ = run.end()
                self.assertEqual((status, run.api.posts), (4, []))
                self.assertIn("bye\n", out)

    def test_no_runtime_api(self):
        with Run(ECHO, env={"AWS_LAMBDA_RUNTIME_API": "127.0.0.1:1"}) as run:
            status, _, err = run.end()
        self.assertEqual(status, 1)
        self.assertIn("coldframe: the Runtime API at 127.0.0.1:1 cannot be reached", err)


class Streaming(NodeCase):
    def test_chunks(self):
        code = """
exports.handler = awslambda.streamifyResponse(async (event, out, context) => {
  out.setContentType('text/plain');
  out.write('one ');
  await new Promise((r) => setTimeout(r, 20));
  out.write(Buffer.from('zwölf '));
  out.write({ three: 3 });
  out.end();
});"""
        with Run(code, events=[1, 2]) as run:
            for post in run.posts(2):
                self.assertEqual(post.body.decode(), 'one zwölf {"three":3}')
                self.assertEqual(post.headers["lambda-runtime-function-response-mode"], "streaming")
                self.assertEqual(post.headers["content-type"], "text/plain")
                self.assertEqual(post.trailers, {})
            self.assertEqual(run.api.connections, 1)

    def test_megabytes_through_a_pipeline(self):
        code = """
const { pipeline } = require('stream/promises');
const { Readable } = require('stream');
exports.handler = awslambda.streamifyResponse(async (event, out) => {
  await pipeline(Readable.from((function* () { for (let i = 0; i < 64; i++) yield Buffer.alloc(100000, 97 + i % 26); })()), out);
});"""
        with Run(code, events=[1]) as run:
            self.assertEqual(len(run.posts()[0].body), 6400000)

    def test_prelude(self):
        code = """
exports.handler = awslambda.streamifyResponse(async (event, out) => {
  out = awslambda.HttpResponseStream.from(out, { statusCode: 201, headers: { a: 'b' } });
  out.write('body');
  out.end();
});"""
        with Run(code, events=[1]) as run:
            post = run.posts()[0]
        self.assertEqual(post.headers["content-type"], "application/vnd.awslambda.http-integration-response")
        prelude, body = post.body.split(b"\0" * 8)
        self.assertEqual((json.loads(prelude), body), ({"statusCode": 201, "headers": {"a": "b"}}, b"body"))

    def test_error_before_and_amid_the_stream(self):
        code = """
exports.handler = awslambda.streamifyResponse(async (event, out) => {
  if (event === 1) throw new Error('early');
  if (event === 4) return out.destroy(new Error('destroyed'));
  out.write('half');
  await new Promise((r) => setTimeout(r, 20));
  if (event === 2) throw new RangeError('mid');
  out.end();
});"""
        with Run(code, events=[1, 2, 3, 4, 3]) as run:
            early, mid, fine, destroyed, last = run.posts(5)
            self.assertEqual(run.api.connections, 1)
        self.assertEqual((early.path, early.json["errorMessage"]), ("invocation/req-1/error", "early"))
        self.assertEqual((mid.path, mid.body), ("invocation/req-2/response", b"half"))
        self.assertEqual(mid.trailers["lambda-runtime-function-error-type"], "RangeError")
        told = json.loads(base64.b64decode(mid.trailers["lambda-runtime-function-error-body"]))
        self.assertEqual((told["errorType"], told["errorMessage"]), ("RangeError", "mid"))
        self.assertEqual((fine.body, fine.trailers), (b"half", {}))
        self.assertEqual((destroyed.path, destroyed.json["errorMessage"]), ("invocation/req-4/error", "destroyed"))
        self.assertEqual(last.body, b"half")

    def test_forgotten_end(self):
        code = "exports.handler = awslambda.streamifyResponse(async (event, out) => { if (event === 1) out.write('x'); });"
        with Run(code, events=[1, 2]) as run:
            self.assertEqual([p.body for p in run.posts(2)], [b"x", b""])

    def test_streaming_needs_a_promise(self):
        with Run("exports.handler = awslambda.streamifyResponse(() => 1);", events=[1]) as run:
            self.assertEqual(run.posts()[0].json["errorMessage"], "Streaming does not support non-async handlers.")


class OldSdk(NodeCase):
    def said_of(self, package, version, **env):
        at = "node_modules/%s/" % package
        files = {"index.js": "require(%r);\n" % package + ECHO, at + "package.json": json.dumps({"version": version, "main": "index.js"}),
                 at + "index.js": ""}
        with Run(files, events=[1], env=env) as run:
            self.assertEqual(run.posts()[0].json, 1)
            return run.stop()[1]

    def test_is_told_of_with_its_remedy(self):
        url = {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9002"}
        self.assertEqual(self.said_of("aws-sdk", "2.1692.0", **url),
                         "coldframe: aws-sdk 2.1692.0 does not know AWS_ENDPOINT_URL_S3, so its S3 clients call the real service: move to "
                         "@aws-sdk/client-s3, or give them { endpoint: process.env.AWS_ENDPOINT_URL_S3, s3ForcePathStyle: true }\n")
        self.assertEqual(self.said_of("@aws-sdk/client-s3", "3.400.0", **url),
                         "coldframe: @aws-sdk/client-s3 3.400.0 does not know AWS_ENDPOINT_URL_S3, so its S3 clients call the real service: "
                         "update it to 3.428 or later, or give them { endpoint: process.env.AWS_ENDPOINT_URL_S3 }\n")

    def test_is_not_mentioned_when_there_is_no_need(self):
        url = {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9002"}
        for package, version, env in (("@aws-sdk/client-s3", "3.428.0", url), ("@aws-sdk/client-s3", "3.1175.0", url),
                                      ("@aws-sdk/client-sqs", "3.1.0", url), ("aws-sdk", "2.1692.0", {})):
            with self.subTest(package=package, version=version):
                self.assertEqual(self.said_of(package, version, **env), "")


if __name__ == "__main__":
    unittest.main()
