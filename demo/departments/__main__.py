"""`python -m demo.departments`: the departments of the demo, until told to stop."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from demo.client import Department
from demo.departments.early_education import DATABASE
from demo.departments.running import Ports, departments

arguments = argparse.ArgumentParser()
arguments.add_argument("--port-base", type=int, default=8000)
arguments.add_argument("--folder", type=Path, required=True)
arguments.add_argument("--superuser", required=True, help="connection address of the embedded cluster")
arguments.add_argument("--socket", type=Path, required=True, help="its unix socket")
arguments.add_argument("--database", default=DATABASE, help="early education's database")
arguments.add_argument("--caller", type=Path, help="the key file by which sports services call the portal's API")
given = arguments.parse_args()

stop = threading.Event()
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: stop.set())
base = given.port_base
ports = Ports(
    library=base + 2,
    sports=base + 3,
    control=base + 4,
    early_education=base + 5,
    population=base + 6,
    receiver=base + 8,
)
caller = Department(f"http://127.0.0.1:{base}", given.caller) if given.caller else None
try:
    with departments(
        given.folder, given.superuser, given.socket, ports=ports, database=given.database, caller=caller
    ) as running:
        sources = given.folder / "sources.json"
        sources.touch(mode=0o600)
        sources.write_text(json.dumps(running.sources, indent=1))
        print("The departments are open.", flush=True)
        stop.wait()
except OSError as error:
    sys.exit(f"The departments could not open: {error.strerror} (ports {base + 2} to {base + 8}, {given.folder}).")
