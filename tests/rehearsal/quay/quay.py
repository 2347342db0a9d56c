"""A server with nothing in it but the faults that it is asked for; without one it is a good guest anywhere."""

import argparse
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Quay(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"A quiet quay.\n")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--deaf", type=int, metavar="PORT", help="listen here, whatever the variable PORT says")
    parser.add_argument("--shy", action="store_true", help="listen for this machine alone")
    parser.add_argument("--asleep", type=float, default=0.0, help="seconds before it listens")
    parser.add_argument("--prepare", action="store_true", help="only prepare, as a release step does")
    parser.add_argument("--broken", action="store_true", help="fail while preparing")
    asked = parser.parse_args()
    if asked.prepare:
        sys.exit("the crane is broken, nothing could be prepared" if asked.broken else 0)
    time.sleep(asked.asleep)
    port = asked.deaf or int(os.environ["PORT"])
    ThreadingHTTPServer(("127.0.0.1" if asked.shy else "", port), Quay).serve_forever()


if __name__ == "__main__":
    main()
