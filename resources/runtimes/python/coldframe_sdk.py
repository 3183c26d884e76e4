"""Lets an AWS SDK for Python that is older than the variables AWS_ENDPOINT_URL_... heed them.

boto3 1.28 (botocore 1.31, July 2023) was the first to read them; Debian 12 has 1.26. Without this its clients would call
the real services, with keys that open nothing. Loaded when the function imports botocore.session; a newer one is left
as it is. What happens is what the newer one does: a client that is made without an endpoint_url gets the one that the
environment names for its service.
"""
import os
import sys

FIRST = (1, 31)  # botocore


def attach_endpoints(session_module):
    import botocore

    version = tuple(int(part) for part in botocore.__version__.split(".")[:2] if part.isdigit())
    if version >= FIRST:
        return
    Session, told = session_module.Session, []
    create = Session.create_client

    def create_client(self, service_name, *arguments, **options):
        if len(arguments) < 5 and options.get("endpoint_url") is None:  # the 5th in order, if it is not named
            address = configured(service_name)
            if address:
                options["endpoint_url"] = address
                if not told:
                    told.append(True)
                    tell(botocore.__version__, service_name, address)
        return create(self, service_name, *arguments, **options)

    Session.create_client = create_client


def configured(service_name):
    env = os.environ
    if env.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return None
    own = "AWS_ENDPOINT_URL_" + service_name.upper().replace("-", "_").replace(" ", "_")
    return env.get(own) or env.get("AWS_ENDPOINT_URL")


def tell(version, service_name, address):
    sys.stdout.flush()
    sys.stderr.write(
        "coldframe: botocore %s does not know AWS_ENDPOINT_URL_%s yet, so its clients were pointed at %s for it. A newer one "
        "needs no help: %s -m pip install 'boto3>=1.28'\n" % (version, service_name.upper(), address, sys.executable or "python3"))
