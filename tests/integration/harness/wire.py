# SPDX-License-Identifier: GPL-3.0-or-later
"""A raw client of the protocol: well-behaved requests, and any bytes at all."""
import pathlib
import socket
import ssl

import samordning_pb2 as pb  # generated at build time; conftest puts it on the path


def encode_varint(value):
    out = bytearray()
    while True:
        byte = value & 0x7F
        value >>= 7
        out.append(byte | (0x80 if value else 0))
        if not value:
            return bytes(out)


class Closed(Exception):
    """The daemon closed the connection."""


class Wire:
    def __init__(self, address, bundle, timeout=30.0, certificate=None, key=None, hello=True, ciphers=None, version=None):
        bundle = pathlib.Path(bundle)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.load_verify_locations(bundle / "ca.crt")
        if certificate is not False:
            context.load_cert_chain(certificate or bundle / "client.crt", key or bundle / "client.key")
        if version:
            context.minimum_version = context.maximum_version = version
        self.raw = socket.create_connection(address, timeout=timeout)
        self.raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = context.wrap_socket(self.raw, server_hostname=address[0])
        self.received = bytearray()
        self.next_id = 1
        self.hello = None
        if hello:
            response = self.call(hello=pb.HelloRequest(protocol=1, software="harness"))
            assert response.status == pb.STATUS_OK, response
            self.hello = response.hello

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            self.socket.close()
        except OSError:
            pass

    def abort(self):
        """Goes away without a word, as a killed client does."""
        self.raw.close()
        self.socket.close()

    def send_bytes(self, data):
        try:
            self.socket.sendall(data)
        except (ConnectionError, ssl.SSLError, BrokenPipeError) as error:
            raise Closed(str(error)) from None

    def send(self, **body):
        request = pb.Request(id=body.pop("id", self.next_id), **body)
        self.next_id = max(self.next_id, request.id) + 1
        data = request.SerializeToString()
        self.send_bytes(encode_varint(len(data)) + data)
        return request.id

    def _fill(self):
        try:
            more = self.socket.recv(65536)
        except (ConnectionError, ssl.SSLError) as error:
            raise Closed(str(error)) from None
        if not more:
            raise Closed("end of stream")
        self.received += more

    def receive(self):
        while True:
            size = shift = used = 0
            complete = False
            for byte in self.received[:5]:
                size |= (byte & 0x7F) << shift
                shift += 7
                used += 1
                if not byte & 0x80:
                    complete = True
                    break
            if complete and len(self.received) >= used + size:
                response = pb.Response()
                response.ParseFromString(bytes(self.received[used:used + size]))
                del self.received[:used + size]
                return response
            self._fill()

    def call(self, **body):
        number = self.send(**body)
        while True:
            response = self.receive()
            if response.id == number and not response.more:
                return response

    def is_closed(self):
        """Reads until the daemon closes; true when it does within the timeout."""
        try:
            while True:
                self.receive()
        except Closed:
            return True
        except (TimeoutError, socket.timeout):
            return False

    def submit(self, interactions, **more):
        return self.call(submit=pb.SubmitRequest(interactions=interactions, **more))


def microseconds(moment):
    return int(round(moment.timestamp() * 1_000_000))


def meeting(time_us, actors, source_id="", source="harness", kind="meeting", **more):
    return pb.Interaction(type=kind, time=time_us, source=source if source_id else "", source_id=source_id,
                          participants=[pb.Participant(actor=a, role=pb.ROLE_PARTICIPANT) for a in actors], **more)
