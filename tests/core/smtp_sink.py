"""A mail server for the tests: takes every letter, or answers as it is told to."""

import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 sink")
        while line := self.rfile.readline():
            verb = line[:4].decode("ascii", "replace").upper()
            if verb == "QUIT":
                self.say("221 bye")
                return
            answer = self.server.answers.get(verb)
            if answer == "hang up":
                return
            if verb != "DATA" or answer:
                self.say(answer or "250 ok")
                continue
            self.say("354 go on")
            self.server.take(self.read_letter())
            self.say("250 taken")

    def read_letter(self):
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        return message_from_bytes(b"".join(lines), policy=policy.default)

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


class SmtpSink(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.port = self.server_address[1]
        self.letters = []
        self.answers = {}  # verb → the answer to give, or "hang up"
        self.before_answer = lambda: None

    def take(self, letter):
        self.letters.append(letter)
        self.before_answer()

    def handle_error(self, request, client_address):
        """A killed worker hangs up in the middle of a line: nothing to report."""

    @property
    def message_ids(self):
        return [letter["Message-ID"] for letter in self.letters]


@contextmanager
def smtp_sink():
    with SmtpSink() as sink:
        thread = threading.Thread(target=sink.serve_forever, args=[0.05], daemon=True)
        thread.start()
        try:
            yield sink
        finally:
            sink.shutdown()
            thread.join()
