"""`python -m demo.messages`: Suomi.fi Messages of the demo, until told to stop."""

import argparse
import signal
import threading

from demo.messages.server import messages

arguments = argparse.ArgumentParser()
arguments.add_argument("--port", type=int, default=8007)
given = arguments.parse_args()

stop = threading.Event()
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: stop.set())
with messages(given.port):
    print("Suomi.fi Messages of the demo is open.", flush=True)
    stop.wait()
