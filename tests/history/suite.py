#!/usr/bin/env python3
"""suite.py sqlite|postgres TEST_HISTORY: the suite over a folder of files, or over a PostgreSQL
server of its own; where PostgreSQL is not installed each of its tests is skipped by its name."""
import subprocess
import sys
import tempfile

import server

HISTORIES = 60  # as many as the suite makes at most


def skip(program, why):
    names = subprocess.run([program, '--list'], capture_output=True, text=True,
                           check=True).stdout.split()
    print(f'1..{len(names)}')
    for number, name in enumerate(names, 1):
        print(f'ok {number} - {name} # SKIP {why}')
    return 0


def with_server(program):
    if not server.programs():
        return skip(program, 'PostgreSQL is not installed')
    if b'postgres' not in subprocess.run([program, '--with'], capture_output=True,
                                         check=True).stdout:
        return skip(program, 'built without libpq')
    with server.Server() as own:
        made = own.sql(''.join(f'CREATE SCHEMA t{i};' for i in range(1, HISTORIES)))
        if made.returncode != 0:
            raise RuntimeError(made.stderr)
        return subprocess.run([program, own.prefix('t')], check=False).returncode


def main(keeper, program):
    if keeper == 'postgres':
        return with_server(program)
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run([program, folder + '/history.'], check=False).returncode


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
