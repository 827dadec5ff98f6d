# SPDX-License-Identifier: GPL-3.0-or-later
"""A small mail server that keeps what it takes and can be as unpleasant as real ones: refusing, greylisting, slow, hanging up."""
import asyncio
import base64
import collections
import dataclasses
import email
import email.policy
import ssl
import threading


@dataclasses.dataclass
class Letter:
    sender: str
    recipient: str
    data: bytes
    tls: bool
    user: str

    @property
    def message(self):
        return email.message_from_bytes(self.data, policy=email.policy.default)

    @property
    def text(self):
        return self.message.get_content().replace("\r\n", "\n")


class HangUp(Exception):
    """The server closes the connection without another word."""


class SmtpServer:
    """Behaviours are set from the test's thread:

    refusals[address]   reply codes to RCPT, one for each attempt; when they are used up the address is taken
    hang_ups[address]   points at which the connection is closed, one for each attempt: RCPT, DATA, BODY (in the letter), DOT (behind it)
    sender_code         reply to MAIL, 250 unless set
    delay               seconds before each reply
    on_letter           called with a letter before it is confirmed
    """

    def __init__(self, tls=None, login=None, must_login=False):
        """tls: (certificate, key) to offer STARTTLS with. login: (user, password) that is right."""
        self.tls, self.login, self.must_login = tls, login, must_login
        self.letters = []
        self.attempts = collections.Counter()      # RCPT by address
        self.connections = 0
        self.commands = collections.Counter()
        self.refusals, self.hang_ups = collections.defaultdict(list), collections.defaultdict(list)
        self.sender_code, self.delay, self.on_letter = 250, 0.0, None
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server, self.port = None, 0
        self.open()

    def _run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    def open(self):
        """Listens, on the same port as before if there was one."""
        async def start():
            return await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.server = self._run(start())
        self.port = self.server.sockets[0].getsockname()[1]

    def shut(self):
        """Stops listening; connections that are open stay."""
        async def stop():
            self.server.close()
            await self.server.wait_closed()
        self._run(stop())

    def stop(self):
        self.shut()

        async def finish():
            for task in asyncio.all_tasks():
                if task is not asyncio.current_task():
                    task.cancel()
        self._run(finish())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(30)
        self.loop.close()

    def of(self, address):
        return [letter for letter in self.letters if letter.recipient == address]

    # ---- the conversation ----------------------------------------------------------------------------------------

    async def _serve(self, reader, writer):
        self.connections += 1
        try:
            await self._talk(reader, writer)
        except (HangUp, ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError):
            pass
        finally:
            writer.transport.abort()

    async def _say(self, writer, code, *lines):
        if self.delay:
            await asyncio.sleep(self.delay)
        lines = lines or ("said",)
        for line in lines[:-1]:
            writer.write(f"{code}-{line}\r\n".encode())
        writer.write(f"{code} {lines[-1]}\r\n".encode())
        await writer.drain()

    def _point(self, address, where):
        if self.hang_ups[address] and self.hang_ups[address][0] == where:
            self.hang_ups[address].pop(0)
            raise HangUp

    async def _log_in(self, reader, writer, words):
        if words[1] == "PLAIN" and len(words) == 2:
            await self._say(writer, 334, "")
            words.append((await reader.readline()).decode().strip())
        if words[1] == "PLAIN":
            user, password = base64.b64decode(words[2]).decode().split("\0")[1:]
        else:
            given = []
            for question in ("Username:", "Password:"):
                await self._say(writer, 334, base64.b64encode(question.encode()).decode())
                given.append(base64.b64decode((await reader.readline()).strip()).decode())
            user, password = given
        good = self.login == (user, password)
        await self._say(writer, 235 if good else 535)
        return user if good else ""

    async def _talk(self, reader, writer):
        user, sender, recipient, secure = "", "", "", False
        await self._say(writer, 220, "harness ESMTP")
        while True:
            line = await reader.readline()
            if not line:
                return
            words = line.decode("ascii").strip().split(" ")
            command = words[0].upper()
            self.commands[command] += 1
            if command in ("EHLO", "HELO"):
                offers = ["harness", "8BITMIME", "SIZE 1000000"]
                if self.tls and not secure:
                    offers.append("STARTTLS")
                if self.login:
                    offers.append("AUTH PLAIN LOGIN")
                await self._say(writer, 250, *offers)
            elif command == "STARTTLS" and self.tls:
                await self._say(writer, 220)
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(*self.tls)
                await writer.start_tls(context)
                secure = True
            elif command == "AUTH":
                user = await self._log_in(reader, writer, words)
            elif command == "MAIL":
                code = 530 if self.must_login and not user else self.sender_code
                sender = line.decode().split("<", 1)[1].split(">")[0]
                await self._say(writer, code)
            elif command == "RCPT":
                recipient = line.decode().split("<", 1)[1].split(">")[0]
                self.attempts[recipient] += 1
                self._point(recipient, "RCPT")
                await self._say(writer, self.refusals[recipient].pop(0) if self.refusals[recipient] else 250)
            elif command == "DATA":
                self._point(recipient, "DATA")
                await self._say(writer, 354)
                if self.hang_ups[recipient] and self.hang_ups[recipient][0] == "BODY":
                    await reader.readline()
                    self._point(recipient, "BODY")
                await self._take(reader, writer, Letter(sender, recipient, b"", secure, user))
            elif command == "RSET":
                await self._say(writer, 250)
            elif command == "QUIT":
                await self._say(writer, 221)
                return
            else:
                await self._say(writer, 502)

    async def _take(self, reader, writer, letter):
        lines = []
        while (line := await reader.readline()) != b".\r\n":
            if not line:
                raise HangUp
            assert line.endswith(b"\r\n") and len(line) <= 1000, line
            lines.append(line[1:] if line.startswith(b".") else line)
        letter.data = b"".join(lines)
        if self.on_letter:
            await self.loop.run_in_executor(None, self.on_letter, letter)
        self.letters.append(letter)
        self._point(letter.recipient, "DOT")
        await self._say(writer, 250)
