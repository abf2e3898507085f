"""`python -m demo.neighbour`: everything outside another city's portal, until told to stop."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from demo.identity.server import identity
from demo.neighbour.running import neighbour
from demo.portal_processes import Ports

arguments = argparse.ArgumentParser()
arguments.add_argument("--city", required=True)
arguments.add_argument("--folder", type=Path, required=True)
arguments.add_argument("--port-base", type=int, required=True, help="the port of its portal")
given = arguments.parse_args()

stop = threading.Event()
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: stop.set())
ports = Ports(given.port_base)
doors = {"portal": f"http://127.0.0.1:{ports.web}", "staff_portal": f"http://localhost:{ports.web}"}
try:
    with (
        neighbour(given.city, given.folder, library=ports.library, population=ports.population) as running,
        identity(ports.identity, **doors),
    ):
        sources = given.folder / "sources.json"
        sources.touch(mode=0o600)
        sources.write_text(json.dumps(running.sources, indent=1))
        print(f"The systems of {given.city} are open.", flush=True)
        stop.wait()
except OSError as error:
    sys.exit(f"The systems of {given.city} could not open: {error.strerror} (ports from {ports.web}, {given.folder}).")
