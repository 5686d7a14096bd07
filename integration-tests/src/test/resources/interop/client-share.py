"""Clients of two addresses, for a network namespace that has both: 192.0.2.2 keeps every connection of the proxy at
192.0.2.1 busy with one message after the other, and 192.0.2.3 sends one. Prints the seconds that this one took.

usage: client-share.py CONNECTIONS COMMAND OF THE PROXY...
"""

import os
import socket
import subprocess
import sys
import threading
import time

PROXY = ("192.0.2.1", 10027)
RELAY = ("192.0.2.1", 10028)


def relay():
    server = socket.create_server(RELAY, backlog=100)
    while True:
        connection, _ = server.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


def serve(connection):
    within_message = False
    with connection, connection.makefile("rwb") as stream:
        answer(stream, "220 relay")
        for line in stream:
            if within_message and line != b".\r\n":
                continue
            within_message = line == b"DATA\r\n"
            answer(stream, "354 go" if within_message else "250 ok")


def answer(stream, text):
    stream.write(text.encode() + b"\r\n")
    stream.flush()


def connect(own):
    client = socket.create_connection(PROXY, timeout=60, source_address=(own, 0))
    return client, client.makefile("rwb")


def send_message(stream):
    for line in ("MAIL FROM:<a@example.org>", "RCPT TO:<b@example.org>", "DATA", "From: a@example.org\r\n\r\nhi\r\n."):
        answer(stream, line)
        reply = stream.readline()
        if not reply.startswith((b"250 ", b"354 ")):
            raise ConnectionError(reply)


def keep_busy():
    while True:
        try:
            client, stream = connect("192.0.2.2")
            with client, stream:
                stream.readline()
                while True:
                    send_message(stream)
        except OSError:
            time.sleep(0.01)


def main():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for host in range(1, 4):
        subprocess.run(["ip", "address", "add", f"192.0.2.{host}/32", "dev", "lo"], check=True)
    threading.Thread(target=relay, daemon=True).start()
    proxy = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL)
    try:
        wait_for_proxy()
        for _ in range(int(sys.argv[1])):
            threading.Thread(target=keep_busy, daemon=True).start()
        time.sleep(2)
        begin = time.monotonic()
        client, stream = connect("192.0.2.3")
        greeting = stream.readline()
        if not greeting.startswith(b"220 "):
            sys.exit(f"192.0.2.3 was rejected: {greeting}")
        send_message(stream)
        print(time.monotonic() - begin)
    finally:
        proxy.terminate()
        proxy.wait(30)
    sys.stdout.flush()
    os._exit(0)


def wait_for_proxy():
    for _ in range(300):
        try:
            connect("192.0.2.3")[0].close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("the proxy does not listen")


main()
