"""`python -m demo.identity`: the identity services of the demo, until told to stop."""

import argparse
import signal
import threading

from demo.identity.server import identity

arguments = argparse.ArgumentParser()
arguments.add_argument("--port", type=int, default=8001)
arguments.add_argument("--portal", default="http://127.0.0.1:8000")
arguments.add_argument("--staff-portal", default="http://localhost:8000")
given = arguments.parse_args()

stop = threading.Event()
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: stop.set())
with identity(given.port, portal=given.portal, staff_portal=given.staff_portal):
    print("The identity services are open.", flush=True)
    stop.wait()
