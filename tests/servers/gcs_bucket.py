"""What the server of gcs.py stores, in memory."""

import email.utils
import hashlib
import itertools
import threading
import time

SMALLEST_PART = 5 << 20


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status, code, message, headers=()):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.headers = dict(headers)


class Object:
    """A state of an object; it never changes."""

    def __init__(self, content, etag, generation, attributes):
        self.content, self.etag, self.generation = content, etag, generation
        self.attributes = attributes
        self.modified = time.time()

    def headers(self):
        return self.attributes | {
            "ETag": self.etag,
            "Last-Modified": email.utils.formatdate(self.modified, usegmt=True),
            "x-goog-generation": str(self.generation),
            "x-goog-metageneration": "1",
            "Accept-Ranges": "bytes",
        }


class Upload:
    """Parts, until they are completed."""

    def __init__(self, key, attributes):
        self.key, self.attributes = key, attributes
        self.parts = {}


class Bucket:
    """Everything that is stored, under one lock: each method is one step."""

    def __init__(self, page):
        self.lock = threading.Lock()
        self.page = page
        self.objects = {}
        self.uploads = {}
        # Generations of Google Cloud Storage are times in microseconds.
        self.generations = itertools.count(time.time_ns() // 1000)

    def put(self, key, content, attributes, expected):
        etag = quoted_md5(content)
        with self.lock:
            self._check(key, expected)
            return self._store(key, content, etag, attributes)

    def copy(self, key, source, expected):
        with self.lock:
            found = self._get(source)
            self._check(key, expected)
            return self._store(key, found.content, found.etag, found.attributes)

    def get(self, key):
        with self.lock:
            return self._get(key)

    def delete(self, key, expected):
        with self.lock:
            self._get(key)
            self._check(key, expected)
            del self.objects[key]

    def start_upload(self, key, attributes):
        with self.lock:
            name = f"upload-{next(self.generations)}"
            self.uploads[name] = Upload(key, attributes)
            return name

    def put_part(self, key, name, number, content):
        etag = quoted_md5(content)
        with self.lock:
            self._upload(key, name).parts[number] = (etag, content)
        return etag

    def complete_upload(self, key, name, wanted):
        with self.lock:
            upload = self._upload(key, name)
            contents = []
            for number, etag in wanted:
                part = upload.parts.get(number)
                if part is None or part[0] != etag:
                    raise Refused(400, "InvalidPart", f"no part {number} with the ETag {etag}")
                contents.append(part[1])
            if any(len(content) < SMALLEST_PART for content in contents[:-1]):
                message = f"only the last part may have less than {SMALLEST_PART} bytes"
                raise Refused(400, "EntityTooSmall", message)
            del self.uploads[name]
            # As there, the ETag of what was uploaded in parts is no hash of its content.
            digest = hashlib.md5("".join(etag for _, etag in wanted).encode()).hexdigest()
            etag = f'"{digest}-{len(wanted)}"'
            return self._store(key, b"".join(contents), etag, upload.attributes)

    def abort_upload(self, key, name):
        with self.lock:
            self._upload(key, name)
            del self.uploads[name]

    def list_uploads(self):
        """Names of uploads and their keys."""
        with self.lock:
            return [(name, upload.key) for name, upload in self.uploads.items()]

    def list(self, prefix, delimiter, after, token, most):
        """Objects of keys beyond `after`, common prefixes, and the token of the next page."""
        objects, prefixes, last = [], [], token
        with self.lock:
            for key in sorted(self.objects):
                if not key.startswith(prefix) or key <= after:
                    continue
                common = common_prefix(key, prefix, delimiter)
                # The token is what the page before this one ended with.
                place = common or key
                if place <= last:
                    continue
                if len(objects) + len(prefixes) == most:
                    return objects, prefixes, last
                if common:
                    prefixes.append(common)
                else:
                    objects.append((key, self.objects[key]))
                last = place
        return objects, prefixes, None

    def _get(self, key):
        if key not in self.objects:
            raise Refused(404, "NoSuchKey", f"there is no object {key!r}")
        return self.objects[key]

    def _check(self, key, expected):
        there = self.objects.get(key)
        generation = there.generation if there else 0
        if expected is not None and expected != generation:
            message = f"generation {expected} is expected, and {generation} is there"
            raise Refused(412, "PreconditionFailed", message)

    def _store(self, key, content, etag, attributes):
        stored = Object(content, etag, next(self.generations), attributes)
        self.objects[key] = stored
        return stored

    def _upload(self, key, name):
        upload = self.uploads.get(name)
        if upload is None or upload.key != key:
            raise Refused(404, "NoSuchUpload", f"there is no upload {name!r} of {key!r}")
        return upload


def quoted_md5(content):
    return f'"{hashlib.md5(content).hexdigest()}"'


def common_prefix(key, prefix, delimiter):
    if not delimiter:
        return None
    found = key.find(delimiter, len(prefix))
    return None if found < 0 else key[: found + len(delimiter)]
