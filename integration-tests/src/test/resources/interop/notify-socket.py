"""Binds a datagram socket as a service manager does (argv: its path, or @ and a name), says so, and prints for each
datagram its octets as Python writes them and the time of the monotonic clock in microseconds."""

import socket
import sys
import time

name = sys.argv[1]
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind("\0" + name[1:] if name.startswith("@") else name)
receiver.settimeout(120)
print("bound", flush=True)
while True:
    datagram = receiver.recv(4096)
    print(repr(datagram), time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000, flush=True)
