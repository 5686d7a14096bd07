"""Listens on the socket that is named on the command line, as a system log does, and prints what comes, a line each."""
import os
import socket
import sys

path = sys.argv[1]
if os.path.exists(path):
    os.unlink(path)
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind(path)
print("listening", flush=True)
while True:
    line = log.recv(65536)
    sys.stdout.buffer.write(line.rstrip(b"\0") + b"\n")
    sys.stdout.buffer.flush()
