"""A mail server on loopback: enough of SMTP (RFC 5321) to take messages, with encryption and login where asked for.

Belongs here: the server and its certificate. What is expected of the mails stands in the tests.
"""

from __future__ import annotations

import base64
import email.policy
import ipaddress
import socketserver
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


class MailHandler(socketserver.StreamRequestHandler):
    """One conversation; what the client said is kept in `heard`, a message it brought in `messages`."""

    def setup(self):
        if self.server.security == "tls":
            self.request = self.server.context.wrap_socket(self.request, server_side=True)
        self.is_encrypted = self.server.security == "tls"
        self.is_known = not self.server.login
        super().setup()

    def handle(self):
        self.say("220 here")
        while line := self.hear():
            verb = line.upper().split()[0]
            if verb == "QUIT":
                self.say("221 bye")
                return
            getattr(self, verb.lower(), self.agree)(line)

    def hear(self):
        line = self.rfile.readline().decode().strip()
        self.server.heard.append(line)
        return line

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())

    def agree(self, _):
        self.say("250 ok")

    def ehlo(self, _):
        offers = ["here"]
        if self.server.security == "starttls" and not self.is_encrypted:
            offers.append("STARTTLS")
        if self.server.login and (self.is_encrypted or self.server.security == "none"):
            offers.append(f"AUTH {self.server.mechanism}")
        self.wfile.write("".join(f"250-{offer}\r\n" for offer in offers).encode() + b"250 HELP\r\n")

    def starttls(self, _):
        self.say("220 go on")
        self.request = self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
        self.is_encrypted = True

    def auth(self, line):
        _, mechanism, first = line.split()
        if mechanism == "PLAIN":
            _, user, password = base64.b64decode(first).decode().split("\0")
        else:
            self.say("334 " + base64.b64encode(b"Password:").decode())
            user, password = (base64.b64decode(part).decode() for part in (first, self.hear()))
        self.is_known = (user, password) == self.server.login
        self.say("235 welcome" if self.is_known else f"535 wrong: {user} {password}")

    def mail(self, _):
        self.say("250 ok" if self.is_known else "530 who are you?")

    def rcpt(self, line):
        is_refused = self.server.refusing or any(one in line for one in self.server.refused)
        self.say("550 nobody here" if is_refused else "250 ok")

    def data(self, _):
        self.say("354 go on")
        lines = iter(self.rfile.readline, b".\r\n")
        self.server.messages.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
        self.say("250 taken")


class MailServer(socketserver.ThreadingTCPServer):
    """Answers 550 to every receiver when `refusing`, to those in `refused` otherwise.

    Args:
        security: none, starttls or tls.
        certificate: file with key and certificate; needed for the latter two.
        login: user and password it wants, or None.
        mechanism: how it takes them: PLAIN or LOGIN.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, security="none", certificate=None, login=None, mechanism="PLAIN"):
        self.security, self.login, self.mechanism = security, login, mechanism
        self.messages, self.heard, self.broken_off = [], [], []
        self.refusing, self.refused = False, ()
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        super().__init__(("127.0.0.1", 0), MailHandler)

    def handle_error(self, request, client_address):
        self.broken_off.append(client_address)  # a client that does not trust the certificate ends the conversation


@contextmanager
def serving(server):
    """The server, answering in a thread until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def write_certificate(folder, address="127.0.0.1"):
    """A self-signed certificate of that address: the file clients trust, and the one a server needs, with the key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail of the tests")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    trusted, owned = folder / "authority.pem", folder / "server.pem"
    trusted.write_bytes(certificate)
    owned.write_bytes(secret + certificate)
    return trusted, owned
