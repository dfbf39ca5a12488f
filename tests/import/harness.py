"""What the tests of import share: a folder for the files of one test, what imports them, and the
run of the tests, which speaks TAP."""
import json
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

TESTS, ORIGINALS = [], []


class Failure(Exception):
    """What went wrong with a test, told behind its name."""


def same(found, expected, what):
    if found != expected:
        if isinstance(found, list) and isinstance(expected, list):
            pairs = [(a, b) for a, b in zip(found, expected) if a != b]
            found, expected = pairs[0] if pairs else (len(found), len(expected))
        raise Failure(f'{what}: {str(found)[:700]} instead of {str(expected)[:300]}')


def test(function):
    TESTS.append(function)
    return function


def original(function):
    """A test that needs the files of ../shared."""
    ORIGINALS.append(function)
    return function


class Folder:
    """A folder for files."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def write(self, name, data):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def zip(self, name, members):
        path = self.folder / name
        with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as into:
            for member, data in members:
                into.writestr(member, data)
        return path


class Imports(Folder):
    """A folder, and the programs import_files and dump_sheet over a store in it."""

    programs = ()

    def __init__(self, folder):
        super().__init__(folder)
        self.image = self.folder / 'store'

    def run(self, *paths):
        """Results and errors."""
        self.image.unlink(missing_ok=True)
        done = subprocess.run([self.programs[0], str(self.image), *map(str, paths)],
                              capture_output=True, check=False, timeout=120)
        said = [json.loads(line) for line in done.stdout.decode().splitlines()]
        errors = [line for line in said if 'error' in line]
        if done.returncode not in (0, 3) or (done.returncode == 0) == bool(errors):
            raise Failure(f'exit {done.returncode}: {done.stdout[:300]} {done.stderr[:300]}')
        if errors and self.image.exists():
            raise Failure('a store was written in spite of errors')
        return [line for line in said if 'error' not in line], errors

    def read(self, *paths):
        results, errors = self.run(*paths)
        if errors:
            raise Failure(f'not read: {errors[:2]}')
        return results

    def dump(self, table, day=None):
        done = subprocess.run([self.programs[1], str(self.image), table] + ([day] if day else []),
                              capture_output=True, check=True, timeout=120)
        return [json.loads(line) for line in done.stdout.decode().splitlines()]


def run(place, cases=(), shared=True):
    """Runs the tests, then `cases` (name and function), then the originals if ../shared is there.
    Each gets a `place` over an empty folder."""
    every = [(t.__name__, t) for t in TESTS] + list(cases)
    every += [('original ' + t.__name__, t if shared else None) for t in ORIGINALS]
    print(f'1..{len(every)}')
    failed = 0
    for number, (name, function) in enumerate(every, 1):
        if function is None:
            print(f'ok {number} - {name} # SKIP ../shared is not there')
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                function(place(folder))
                print(f'ok {number} - {name}', flush=True)
            except (Failure, AssertionError, OSError, struct.error,
                    subprocess.SubprocessError) as why:
                failed += 1
                print(f'not ok {number} - {name}\n# {why}', flush=True)
    sys.exit(failed > 0)
