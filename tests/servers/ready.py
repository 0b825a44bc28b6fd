"""Waits until a server does what it is for: makes the bucket and puts an object, or fails with what
it said last. The object is deleted again.

ready.py PLACE

PLACE is a JSON object with `url` and `options`, as pq_store takes them.
"""

import base64
import datetime
import hashlib
import hmac
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import s3

PATIENCE = 60.0
OBJECT = "ready"


def check_s3(bucket, options):
    from botocore.exceptions import ClientError

    client = s3.client(options)

    def check():
        try:
            client.create_bucket(Bucket=bucket)
        except ClientError as error:
            # Made by a try before this one.
            if not error.response["Error"]["Code"].startswith("BucketAlready"):
                raise
        client.put_object(Bucket=bucket, Key=OBJECT, Body=b"ready")
        client.delete_object(Bucket=bucket, Key=OBJECT)

    return check


def send(method, url, headers, body=None):
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return answer.read()


def check_azure(container, options):
    endpoint, account, key = (options[n] for n in ("endpoint", "account_name", "account_key"))

    def signed(method, path, query, body, headers):
        now = datetime.datetime.now(datetime.timezone.utc)
        headers |= {
            "x-ms-date": now.strftime("%a, %d %b %Y %H:%M:%S GMT"),
            "x-ms-version": "2023-11-03",
        }
        length = str(len(body)) if body else ""
        kind = "application/octet-stream" if body else ""
        own = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
        resource = f"/{account}{urllib.parse.urlsplit(endpoint).path}{path}"
        resource += "".join(f"\n{name}:{query[name]}" for name in sorted(query))
        text = "\n".join([method, "", "", length, "", kind, "", "", "", "", "", "", own + resource])
        digest = hmac.digest(base64.b64decode(key), text.encode(), hashlib.sha256)
        signature = base64.b64encode(digest).decode()
        headers |= {"Authorization": f"SharedKey {account}:{signature}", "Content-Type": kind}
        search = f"?{urllib.parse.urlencode(query)}" if query else ""
        send(method, endpoint + path + search, headers, body)

    def check():
        try:
            signed("PUT", f"/{container}", {"restype": "container"}, b"", {})
        except urllib.error.HTTPError as error:
            # Made by a try before this one.
            if error.code != 409:
                raise
        path = f"/{container}/{OBJECT}"
        signed("PUT", path, {}, b"ready", {"x-ms-blob-type": "BlockBlob"})
        signed("DELETE", path, {}, b"", {})

    return check


def check_gcs(bucket, options):
    headers = {"Authorization": f"Bearer {options['bearer_token']}"}
    url = f"{options['base_url']}/{bucket}/{OBJECT}"

    def check():
        send("PUT", url, headers, b"ready")
        send("DELETE", url, headers)

    return check


def said(error):
    if isinstance(error, urllib.error.HTTPError):
        return f"{error}: {error.read().decode(errors='replace')}"
    return repr(error)


def main(place):
    place = json.loads(place)
    scheme, bucket = place["url"].split("://")
    checks = {"s3": check_s3, "az": check_azure, "gs": check_gcs}
    check = checks[scheme](bucket, place["options"])
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return check()
        except Exception as error:
            if time.monotonic() > end:
                sys.exit(f"no good answer in {PATIENCE:.0f} s, the last one: {said(error)}")
            time.sleep(0.1)


main(*sys.argv[1:])
