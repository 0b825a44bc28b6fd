"""Runs a server in a folder of its own until standard input ends, as it does when whoever holds its
other end dies, however that happens. Then the server and all of its processes are killed, and the
folder is removed.

guard.py [--remove FILE]... -- COMMAND...

FILE is something that the server leaves elsewhere. The exit code is the server's if it ended by
itself, else 0.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading


def run(command, leftovers):
    folder = tempfile.mkdtemp(prefix="pq-server-")
    server = None
    try:
        # What looks for a home or a temporary folder finds this one.
        environment = os.environ | {"HOME": folder, "TMPDIR": folder}
        server = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        code = []
        ended = threading.Event()

        def wait_for_server():
            code.append(server.wait())
            ended.set()

        def wait_for_caller():
            while sys.stdin.buffer.read(4096):
                pass
            ended.set()

        for wait in (wait_for_server, wait_for_caller):
            threading.Thread(target=wait, daemon=True).start()
        ended.wait()
        return code[0] if code else 0
    finally:
        if server is not None:
            try:
                os.killpg(server.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)
        for leftover in leftovers:
            pathlib.Path(leftover).unlink(missing_ok=True)


def main(arguments):
    end = arguments.index("--")
    options, command = arguments[:end], arguments[end + 1 :]
    if len(options) % 2 or any(option != "--remove" for option in options[::2]) or not command:
        sys.exit(__doc__)
    # The folder goes, also when somebody ends this process by hand.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    sys.exit(run(command, options[1::2]))


main(sys.argv[1:])
