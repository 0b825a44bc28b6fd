"""Google Cloud Storage's XML API, in memory, as far as the client of the Rust crate object_store
speaks it: objects with generations, conditions, ranges and metadata, uploads in parts, listings in
pages, copies. What it does not know is refused with a 4xx that names it, never passed over.

gcs.py PORT BUCKET TOKEN [--page KEYS]

It listens on 127.0.0.1, knows one bucket and one bearer token, and lists KEYS keys a page (1000).
"""

import argparse
import email.utils
import http.server
import time
import urllib.parse
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from gcs_bucket import Bucket, Refused

MOST_PARTS = 10_000
NAMESPACE = "http://doc.s3.amazonaws.com/2006-03-01"

# Headers that are kept with an object and come back with it.
KEPT = {
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "x-goog-storage-class",
}
METADATA = "x-goog-meta-"
# Extension headers that mean something here; any other one is refused.
KNOWN = {"x-goog-if-generation-match", "x-goog-copy-source", "x-goog-storage-class"}


def integer(text, name, lowest, highest):
    if not (text.isascii() and text.isdigit() and lowest <= int(text) <= highest):
        message = f"{name} is not a number from {lowest} to {highest}: {text!r}"
        raise Refused(400, "InvalidArgument", message)
    return int(text)


def byte_range(text, size):
    """Where the bytes of a Range header start and end."""
    unit, _, text = text.partition("=")
    first, dash, last = text.partition("-")
    if unit != "bytes" or dash != "-" or not all(n.isdigit() for n in (first, last) if n):
        raise Refused(400, "InvalidArgument", f"this range is not known: {unit}={text}")
    if first:
        start, end = int(first), min(int(last or size) + 1, size)
        good = start < end
    else:
        start, end = max(size - int(last or 0), 0), size
        good = bool(last) and int(last) > 0 and size > 0
    if not good:
        headers = {"Content-Range": f"bytes */{size}"}
        raise Refused(416, "InvalidRange", f"{text} does not lie in {size} bytes", headers)
    return start, end


def matches(header, etag):
    return header.strip() == "*" or etag in (tag.strip() for tag in header.split(","))


def seconds(date):
    try:
        return int(email.utils.parsedate_to_datetime(date).timestamp())
    except ValueError:
        raise Refused(400, "InvalidArgument", f"this is no date: {date!r}") from None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body of an answer are two packets: the second one is not to wait for the first.
    disable_nagle_algorithm = True
    # The bucket, its name and the token; set when the server starts.
    bucket = name = token = None

    def do_PUT(self):
        self.answer(self.put)

    def do_POST(self):
        self.answer(self.post)

    def do_GET(self):
        self.answer(self.get)

    do_HEAD = do_GET

    def do_DELETE(self):
        self.answer(self.delete)

    def answer(self, handle):
        """Reads the whole request, so that the connection is of further use, then answers."""
        try:
            self.body = self.read_body()
            status, headers, body = handle(*self.target())
        except Refused as refused:
            status, headers = refused.status, refused.headers
            code, message = escape(refused.code), escape(refused.message)
            body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status not in (204, 304):
            self.wfile.write(body)

    def read_body(self):
        if "Transfer-Encoding" in self.headers:
            self.close_connection = True
            raise Refused(411, "MissingContentLength", "a body needs a Content-Length")
        length = self.headers.get("Content-Length")
        if length is None:
            if self.command in ("PUT", "POST"):
                raise Refused(411, "MissingContentLength", "a body needs a Content-Length")
            return b""
        length = integer(length, "Content-Length", 0, 5 << 40)
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            raise Refused(400, "IncompleteBody", f"{len(body)} bytes of {length} came")
        return body

    def target(self):
        """The key, empty for the bucket itself, and the query."""
        if self.headers.get("Authorization") != f"Bearer {self.token}":
            raise Refused(401, "AuthenticationRequired", "the bearer token is not the right one")
        for header in map(str.lower, self.headers):
            known = header in KNOWN or header.startswith(METADATA)
            if header.startswith(("x-goog-", "x-amz-")) and not known:
                raise Refused(400, "InvalidArgument", f"this header is not known: {header}")
        path, _, query = self.path.partition("?")
        pairs = urllib.parse.parse_qsl(query, keep_blank_values=True)
        if len(dict(pairs)) < len(pairs):
            raise Refused(400, "InvalidArgument", f"a parameter is given twice: {query}")
        bucket, key = self.place(path[1:])
        if bucket != self.name:
            raise Refused(404, "NoSuchBucket", f"there is no bucket {bucket!r}")
        return key, dict(pairs)

    def place(self, path):
        bucket, _, key = path.partition("/")
        try:
            bucket, key = (urllib.parse.unquote(part, errors="strict") for part in (bucket, key))
        except UnicodeDecodeError:
            raise Refused(400, "InvalidArgument", f"this is not UTF-8: {path}") from None
        if len(key.encode()) > 1024:
            raise Refused(400, "KeyTooLong", "a key has at most 1024 bytes")
        # XML, in which keys are listed, has no control characters.
        if any(ord(character) < 32 for character in key) or key in (".", ".."):
            raise Refused(400, "InvalidArgument", f"no object can have this name: {key!r}")
        return bucket, key

    def only(self, query, *known):
        for name in query:
            if name not in known:
                raise Refused(400, "InvalidArgument", f"this parameter is not known: {name}")

    def expected(self):
        text = self.headers.get("x-goog-if-generation-match")
        return None if text is None else integer(text, "x-goog-if-generation-match", 0, 1 << 63)

    def no_condition(self):
        if self.expected() is not None:
            message = "an upload in parts is never conditional"
            raise Refused(400, "InvalidArgument", message)

    def attributes(self):
        items = ((name.lower(), value) for name, value in self.headers.items())
        return {k: v for k, v in items if k in KEPT or k.startswith(METADATA)}

    def need_key(self, key):
        if not key:
            raise Refused(405, "MethodNotAllowed", f"{self.command} of a bucket is not known")

    def put(self, key, query):
        self.need_key(key)
        if any(header in self.headers for header in ("If-Match", "If-None-Match")):
            message = "a write is conditional by x-goog-if-generation-match only"
            raise Refused(400, "InvalidArgument", message)
        if "uploadId" in query:
            self.only(query, "uploadId", "partNumber")
            self.no_condition()
            number = integer(query.get("partNumber", ""), "partNumber", 1, MOST_PARTS)
            etag = self.bucket.put_part(key, query["uploadId"], number, self.body)
            return 200, {"ETag": etag}, b""
        self.only(query)
        source = self.headers.get("x-goog-copy-source")
        if source is None:
            stored = self.bucket.put(key, self.body, self.attributes(), self.expected())
            return 200, self.written(stored), b""
        bucket, source = self.place(source.removeprefix("/"))
        if bucket != self.name:
            raise Refused(404, "NoSuchBucket", f"there is no bucket {bucket!r}")
        stored = self.bucket.copy(key, source, self.expected())
        etag, modified = escape(stored.etag), iso(stored.modified)
        text = f"<LastModified>{modified}</LastModified><ETag>{etag}</ETag>"
        return 200, self.written(stored), f"<CopyObjectResult>{text}</CopyObjectResult>".encode()

    def written(self, stored):
        return {"ETag": stored.etag, "x-goog-generation": str(stored.generation)}

    def post(self, key, query):
        self.need_key(key)
        self.no_condition()
        if "uploads" in query:
            self.only(query, "uploads")
            name = self.bucket.start_upload(key, self.attributes())
            text = f"<Key>{escape(key)}</Key><UploadId>{name}</UploadId>"
            text = f"<Bucket>{self.name}</Bucket>{text}"
            return self.document("InitiateMultipartUploadResult", text)
        self.only(query, "uploadId")
        name = query.get("uploadId", "")
        stored = self.bucket.complete_upload(key, name, self.wanted_parts())
        text = f"<Key>{escape(key)}</Key><ETag>{escape(stored.etag)}</ETag>"
        headers = self.written(stored)
        return self.document("CompleteMultipartUploadResult", text, headers)

    def wanted_parts(self):
        try:
            root = ElementTree.fromstring(self.body)
        except ElementTree.ParseError as error:
            raise Refused(400, "MalformedCompleteMultipartUploadRequest", str(error)) from None
        wanted = []
        for part in root.iter():
            if part.tag.rpartition("}")[2] != "Part":
                continue
            values = {child.tag.rpartition("}")[2]: child.text or "" for child in part}
            number = integer(values.get("PartNumber", ""), "PartNumber", 1, MOST_PARTS)
            if wanted and wanted[-1][0] >= number:
                raise Refused(400, "InvalidPartOrder", "part numbers do not ascend")
            wanted.append((number, values.get("ETag", "")))
        if not wanted:
            message = "no part is named"
            raise Refused(400, "MalformedCompleteMultipartUploadRequest", message)
        return wanted

    def delete(self, key, query):
        self.need_key(key)
        self.only(query, "uploadId")
        if "uploadId" in query:
            self.no_condition()
            self.bucket.abort_upload(key, query["uploadId"])
        else:
            self.bucket.delete(key, self.expected())
        return 204, {}, b""

    def get(self, key, query):
        if not key:
            return self.list_uploads(query) if "uploads" in query else self.list(query)
        self.only(query, "generation")
        found = self.bucket.get(key)
        generation = query.get("generation")
        if generation is not None:
            if integer(generation, "generation", 0, 1 << 63) != found.generation:
                raise Refused(404, "NoSuchKey", f"{key!r} has no generation {generation}")
        self.check_read(found)
        text = self.headers.get("Range")
        if text is None:
            return 200, found.headers(), found.content
        start, end = byte_range(text, len(found.content))
        shown = {"Content-Range": f"bytes {start}-{end - 1}/{len(found.content)}"}
        return 206, found.headers() | shown, found.content[start:end]

    def check_read(self, found):
        """Conditions of RFC 9110: an ETag comes before a date."""
        expected, headers = self.expected(), self.headers
        failed = Refused(412, "PreconditionFailed", "a condition does not hold")
        if expected is not None and expected != found.generation:
            raise failed
        if "If-Match" in headers:
            if not matches(headers["If-Match"], found.etag):
                raise failed
        elif "If-Unmodified-Since" in headers:
            if int(found.modified) > seconds(headers["If-Unmodified-Since"]):
                raise failed
        unchanged = Refused(304, "NotModified", "", found.headers())
        if "If-None-Match" in headers:
            if matches(headers["If-None-Match"], found.etag):
                raise unchanged
        elif "If-Modified-Since" in headers:
            if int(found.modified) <= seconds(headers["If-Modified-Since"]):
                raise unchanged

    def list(self, query):
        known = ("list-type", "prefix", "delimiter", "continuation-token", "start-after", "max-keys")
        self.only(query, *known)
        if query.get("list-type") != "2":
            raise Refused(400, "InvalidArgument", "only listings with list-type=2 are known")
        most = integer(query.get("max-keys", str(self.bucket.page)), "max-keys", 1, 1000)
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        after, token = query.get("start-after", ""), query.get("continuation-token", "")
        most = min(most, self.bucket.page)
        objects, prefixes, token = self.bucket.list(prefix, delimiter, after, token, most)
        text = f"<Name>{self.name}</Name><Prefix>{escape(prefix)}</Prefix>"
        text += f"<IsTruncated>{str(token is not None).lower()}</IsTruncated>"
        if token is not None:
            text += f"<NextContinuationToken>{escape(token)}</NextContinuationToken>"
        for key, found in objects:
            text += f"<Contents><Key>{escape(key)}</Key><Size>{len(found.content)}</Size>"
            text += f"<Generation>{found.generation}</Generation>"
            text += f"<LastModified>{iso(found.modified)}</LastModified>"
            text += f"<ETag>{escape(found.etag)}</ETag></Contents>"
        for common in prefixes:
            text += f"<CommonPrefixes><Prefix>{escape(common)}</Prefix></CommonPrefixes>"
        return self.document("ListBucketResult", text)

    def list_uploads(self, query):
        self.only(query, "uploads")
        text = f"<Bucket>{self.name}</Bucket><IsTruncated>false</IsTruncated>"
        for name, key in self.bucket.list_uploads():
            text += f"<Upload><Key>{escape(key)}</Key><UploadId>{name}</UploadId></Upload>"
        return self.document("ListMultipartUploadsResult", text)

    def document(self, root, text, headers=()):
        body = f"<?xml version='1.0' encoding='UTF-8'?><{root} xmlns='{NAMESPACE}'>{text}</{root}>"
        return 200, {"Content-Type": "application/xml"} | dict(headers), body.encode()

    def log_message(self, *_):
        pass


def iso(timestamp):
    whole, fraction = divmod(timestamp, 1)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + f".{int(fraction * 1000):03}Z"


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("bucket")
    parser.add_argument("token")
    parser.add_argument("--page", type=int, default=1000)
    given = parser.parse_args()
    Handler.bucket, Handler.name, Handler.token = Bucket(given.page), given.bucket, given.token
    Server(("127.0.0.1", given.port), Handler).serve_forever()


main()
