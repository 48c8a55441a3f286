"""The reading room: serves the public half of an archive that is kept in memory."""
import ctypes
import json
import sys
import unicodedata
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

PORT = 8101
# The archive comes in on standard input, so that it lies nowhere on the disk.
ARCHIVE = json.load(sys.stdin)
PR_SET_DUMPABLE = 4


def gate(raw):
    """The path a reader asked for, or None where it leads out of the reading room."""
    path = unquote(raw, errors="strict")
    parts = path.split("/")
    if parts[:2] != ["", "public"] or ".." in parts or "\\" in path or "\0" in path:
        return None
    return path


def fetch(path):
    """The document at a path. Names are found however a keyboard composes them."""
    kept = []
    for part in unicodedata.normalize("NFKC", path).split("/"):
        if part == "..":
            kept = kept[:-1]
        elif part not in ("", "."):
            kept.append(part)
    return ARCHIVE.get("/".join(kept))


class Reader(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            path = gate(urlsplit(self.path).path)
        except UnicodeDecodeError:
            path = None
        if path is None:
            return self.answer(403, "only /public/ is open to readers\n")
        text = fetch(path)
        if text is None:
            return self.answer(404, "no such document\n")
        return self.answer(200, text)

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    # Nobody of the same user may look into this process: what is asked is asked over HTTP.
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    ThreadingHTTPServer(("127.0.0.1", PORT), Reader).serve_forever()
