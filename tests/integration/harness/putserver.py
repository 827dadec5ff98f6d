# SPDX-License-Identifier: GPL-3.0-or-later
"""A web server that takes PUTs and answers as a test wants."""
import http.server
import threading


class PutServer:
    """codes: replies to the next PUTs; when they are used up, 201. taken: (path, headers, body) of every PUT."""

    def __init__(self):
        self.codes, self.taken = [], []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_PUT(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.taken.append((self.path, dict(self.headers), body))
                self.send_response(outer.codes.pop(0) if outer.codes else 201)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/rapporter"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(30)
