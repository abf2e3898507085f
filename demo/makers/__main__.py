"""`python -m demo.makers`: the makers of watches of the demo, until told to stop."""

import argparse
import signal
import threading

from demo.makers.server import makers

arguments = argparse.ArgumentParser()
arguments.add_argument("--port", type=int, default=8010)
arguments.add_argument("--portal", default="http://127.0.0.1:8000")
given = arguments.parse_args()

stop = threading.Event()
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: stop.set())
with makers(given.port, portal=given.portal):
    print("The makers of watches of the demo are open.", flush=True)
    stop.wait()
