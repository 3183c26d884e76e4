"""What the Python runtime client says when a function fails: AWS Lambda's payloads and log lines, and one line of help.

Loaded by coldframe_runtime.py at the first failure, or when the function imports `logging`.
"""
import os
import sys

NBSP = "\u00a0"  # AWS indents traceback lines with it, so that a log viewer keeps them together

# import names whose package has another name
PACKAGES = {
    "bs4": "beautifulsoup4",
    "Crypto": "pycryptodome",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "jwt": "PyJWT",
    "PIL": "Pillow",
    "psycopg2": "psycopg2-binary",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "PyYAML",
}


class Fault(Exception):
    """A failure that Lambda's own runtime names."""

    def __init__(self, kind, message, trace=()):
        Exception.__init__(self, message)
        self.kind, self.trace = kind, list(trace)


def of_call(error, failed, request_id, runtime_file):
    """The payload of a failed call. `failed` names the step of the runtime's own that failed, None for the handler."""
    if failed:
        body = payload(failed[1] % error, failed[0], [], request_id)
    else:
        body = payload(words(error), type(error).__name__, frames(error, runtime_file), request_id)
    log(body)
    return body


def of_init(error, handler, root, runtime_file):
    """The payload of a failed start and the error type for its header."""
    fault = fault_of_init(error, handler, runtime_file)
    if fault is not None:
        body = payload(str(fault), fault.kind, fault.trace, "")
    else:
        body = payload(words(error), type(error).__name__, frames(error, runtime_file), "")
    log(body)
    text = help_for(error, handler, root, body["errorType"])
    if text:
        sys.stdout.flush()
        sys.stderr.write("coldframe: %s\n" % text)
    return body, "".join(c if 32 < ord(c) < 127 else "_" for c in body["errorType"])


def fault_of_init(error, handler, runtime_file):
    if isinstance(error, Fault):
        return error
    if "." not in handler:
        return Fault("Runtime.MalformedHandlerName", "Bad handler '%s': %s" % (handler, error))
    module, function = handler.rsplit(".", 1)
    if isinstance(error, ImportError):
        return Fault("Runtime.ImportModuleError", "Unable to import module '%s': %s" % (module, error))
    if isinstance(error, SyntaxError):
        where = '  File "%s" Line %s\n    %s' % (error.filename, error.lineno, error.text)
        return Fault("Runtime.UserCodeSyntaxError", "Syntax error in module '%s': %s" % (module, error), [where])
    if isinstance(error, ValueError) and not module and not frames(error, runtime_file):
        return Fault("Runtime.MalformedHandlerName", "Bad handler '%s': %s" % (handler, error))
    if isinstance(error, AttributeError) and not frames(error, runtime_file):
        return Fault("Runtime.HandlerNotFound", "Handler '%s' missing on module '%s'" % (function, module))
    return None


def words(error):
    try:
        return str(error)
    except Exception as broken:
        return "<message not available: %s>" % type(broken).__name__


def frames(error, runtime_file):
    import traceback

    stack = traceback.extract_tb(error.__traceback__)
    while stack and (stack[0].filename == runtime_file or stack[0].filename.startswith("<frozen importlib")):
        del stack[0]
    return traceback.format_list(stack)


def payload(message, kind, trace, request_id):
    return {"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": trace}


def log(body):
    lines = ["[ERROR] " + body["errorType"] + (": " + body["errorMessage"] if body["errorMessage"] else "")]
    lines.append("Traceback (most recent call last):")
    for frame in body["stackTrace"]:
        for line in frame.splitlines():
            text = line.lstrip(" ")
            lines.append(NBSP * (len(line) - len(text)) + text)
    try:
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
    except Exception:  # the function closed or replaced it
        pass


def help_for(error, handler, root, kind):
    if kind == "Runtime.MalformedHandlerName":
        return "the handler '%s' should be of the form module.function, for example app.handler" % handler
    if kind == "Runtime.HandlerNotFound":
        module, function = handler.rsplit(".", 1)
        loaded = sys.modules.get(module.replace("/", "."))
        mine = [n for n, v in vars(loaded).items() if callable(v) and getattr(v, "__module__", "") == loaded.__name__]
        return "%s defines %s; correct the handler in coldframe.json" % (
            getattr(loaded, "__file__", module), ", ".join(sorted(mine)[:8]) or "no function")
    if kind == "Runtime.ImportModuleError" and "attempted relative import" in str(error):
        return relative_import(handler, root)
    missing = getattr(error, "name", None)
    if kind != "Runtime.ImportModuleError" or not isinstance(error, ModuleNotFoundError) or not missing:
        return None
    module = handler.rsplit(".", 1)[0].replace("/", ".")
    if missing == module or module.startswith(missing + "."):
        return "there is no module '%s' in %s; correct the handler or the code folder in coldframe.json" % (module, root)
    return misplaced(missing, handler, root) or missing_package(missing.split(".")[0], root)


def relative_import(handler, root):
    module, function = handler.rsplit(".", 1)
    package = os.path.basename(root)
    if module.count("/") or module.count("."):  # it has a package already, and climbs above it
        return "a relative import of '%s' leads above the code folder %s; set \"code\" to a folder further up" % (module, root)
    return "a relative import needs a package around it: in coldframe.json set \"code\" to %s and \"handler\" to %s/%s.%s" % (
        os.path.dirname(root), package, module, function)


def parents(root):
    """The folders above, up to the workspace's; two of them when its file has another name."""
    above, folder = [], root
    while len(above) < 8:
        if os.path.exists(os.path.join(folder, "coldframe.json")):
            return above
        folder = os.path.dirname(folder)
        above.append(folder)
    return [folder for folder in above[:2] if os.path.dirname(folder) != folder]


def misplaced(name, handler, root):
    """Where code of the workspace lies that a function imports but cannot see from its own code folder."""
    path = name.replace(".", "/")
    top = path.split("/")[0]
    if os.path.exists(os.path.join(root, top)) or os.path.exists(os.path.join(root, top + ".py")):
        return "there is no module '%s' below %s" % (name, root) if path != top else None
    for folder in parents(root):
        for found in (os.path.join(folder, path), os.path.join(folder, path + ".py")):
            if os.path.exists(found):
                return "module '%s' lies in %s, which is not in the code folder %s; in coldframe.json set \"code\" to %s and \"handler\" to %s/%s" % (
                    name, found, root, folder, os.path.relpath(root, folder), handler)
    return None


def missing_package(name, root):
    import sysconfig

    python, package = sys.executable or "python3", PACKAGES.get(name, name)
    said = "module '%s' is not installed for %s (Python %d.%d); install it with: " % ((name, python) + sys.version_info[:2])
    in_venv = sys.prefix != sys.base_prefix
    if not in_venv and os.path.exists(os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")):
        venv = os.path.join(root, ".venv")  # the system's pip refuses; a .venv beside the code is found by itself
        return said + "%s -m venv %s && %s/bin/python -m pip install %s" % (quoted(python), quoted(venv), quoted(venv), package)
    return said + "%s -m pip install %s" % (quoted(python), package)


def quoted(path):
    import shlex

    return shlex.quote(path)


def attach_log_handler(logging, current):
    """Lambda's root log handler: without it logger.info() of an unmodified function would show nothing."""

    class RequestId(logging.Filter):
        def filter(self, record):
            record.aws_request_id = current["id"]
            return True

    class ToStdout(logging.Handler):
        def emit(self, record):
            try:
                sys.stdout.write(self.format(record))
                sys.stdout.flush()
            except Exception:
                self.handleError(record)

    handler = ToStdout()
    form = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
    formatter = logging.Formatter(form, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = __import__("time").gmtime
    handler.setFormatter(formatter)
    handler.addFilter(RequestId())
    logging.root.addHandler(handler)
