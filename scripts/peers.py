"""Measures the tools that an import is compared with, on the log named by the first argument.

`duckdb` reads it with `read_json` into a table of a new database file and writes that to disk;
`sqlite-utils` inserts it with `insert --nl`. Prints one JSON object: name and version to seconds.
A tool that is not installed is left out. Neither hashes, seals, joins or proves anything.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version


def duckdb_s(log, folder):
    import duckdb

    began = time.monotonic()
    connection = duckdb.connect(os.path.join(folder, "duck.db"))
    connection.execute(
        "create table call as select * from read_json(?, format = 'newline_delimited', "
        "maximum_object_size = 67108864)",
        [log],
    )
    connection.execute("checkpoint")
    connection.close()
    return time.monotonic() - began


def sqlite_utils_s(log, folder):
    program = os.path.join(os.path.dirname(sys.executable), "sqlite-utils")
    began = time.monotonic()
    subprocess.run(
        [program, "insert", os.path.join(folder, "utils.db"), "call", log, "--nl", "--silent"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.monotonic() - began


def main():
    log = sys.argv[1]
    measured = {}
    for package, measure in (("duckdb", duckdb_s), ("sqlite-utils", sqlite_utils_s)):
        try:
            name = f"{package} {version(package)}"
        except ImportError:
            continue
        with tempfile.TemporaryDirectory(dir=os.path.dirname(log)) as folder:
            measured[name] = measure(log, folder)
    print(json.dumps(measured))


main()
