"""`python -m demo.departments`: the departments of the demo, until told to stop."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from demo.departments.early_education import DATABASE
from demo.departments.running import Ports, departments

arguments = argparse.ArgumentParser()
arguments.add_argument("--port-base", type=int, default=8000)
arguments.add_argument("--folder", type=Path, required=True)
arguments.add_argument("--superuser", required=True, help="connection address of the embedded cluster")
arguments.add_argument("--socket", type=Path, required=True, help="its unix socket")
arguments.add_argument("--database", default=DATABASE, help="early education's database")
given = arguments.parse_args()

stop = threading.Event()
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: stop.set())
base = given.port_base
ports = Ports(library=base + 2, sports=base + 3, control=base + 4, early_education=base + 5, population=base + 6)
try:
    with departments(given.folder, given.superuser, given.socket, ports=ports, database=given.database) as running:
        sources = given.folder / "sources.json"
        sources.touch(mode=0o600)
        sources.write_text(json.dumps(running.sources, indent=1))
        print("The departments are open.", flush=True)
        stop.wait()
except OSError as error:
    sys.exit(f"The departments could not open: {error.strerror} (ports {base + 2} to {base + 6}, {given.folder}).")
