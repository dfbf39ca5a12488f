#!/usr/bin/env python3
"""tools/packages.sh on machines that are played: bare, complete, without root, offline."""
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.environ.get("SOURCE_ROOT") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PACKAGES = os.path.join(ROOT, "tools", "packages.sh")
REAL_TOOLS = ("sh", "dirname", "cut", "tr", "grep", "env", "cat")

DPKG = """#!/bin/sh
for last; do :; done
grep -qx "$last" "$STATE/installed" && echo installed || exit 1
"""
APT = """#!/bin/sh
echo "$@" >>"$STATE/apt"
case "$*" in *update*) [ ! -e "$STATE/offline" ]; exit ;; esac
[ ! -e "$STATE/broken" ] || exit 100
for word; do case "$word" in -*|install) ;; *) echo "$word" >>"$STATE/installed" ;; esac; done
"""
SUDO = """#!/bin/sh
echo sudo >>"$STATE/apt"
exec "$@"
"""


def play(installed=(), user=0, sudo=False, dpkg=True, offline=False, broken=False):
    """Runs `packages.sh build` on such a machine: exit status, what it says, calls of apt-get."""
    with tempfile.TemporaryDirectory() as machine:
        tools = os.path.join(machine, "bin")
        os.mkdir(tools)
        for tool in REAL_TOOLS:
            os.symlink(shutil.which(tool), os.path.join(tools, tool))
        fakes = {"apt-get": APT, "id": f"#!/bin/sh\necho {user}\n"}
        fakes.update({"dpkg-query": DPKG} if dpkg else {})
        fakes.update({"sudo": SUDO} if sudo else {})
        for name, text in fakes.items():
            with open(os.path.join(tools, name), "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(os.path.join(tools, name), 0o755)
        for name, wanted in (("offline", offline), ("broken", broken), ("apt", True)):
            if wanted:
                open(os.path.join(machine, name), "w", encoding="utf-8").close()
        with open(os.path.join(machine, "installed"), "w", encoding="utf-8") as file:
            file.writelines(name + "\n" for name in installed)
        done = subprocess.run([PACKAGES, "build"], text=True, capture_output=True, check=False,
                              env={"PATH": tools, "STATE": machine})
        with open(os.path.join(machine, "apt"), encoding="utf-8") as file:
            return done.returncode, done.stdout + done.stderr, file.read().splitlines()


def listed():
    with open(os.path.join(ROOT, "tools", "packages.txt"), encoding="utf-8") as file:
        rows = [line.split() for line in file if line.strip() and line[0] != "#"]
    return [row[0] for row in rows if row[1] == "build"]


def check_complete():
    return play(listed()) == (0, "", [])


def check_bare():
    status, said, calls = play()
    return (status == 0 and len(calls) == 2 and calls[0].endswith("update")
            and all(name in said and name in calls[1].split() for name in listed())
            and said.index("missing Debian packages") < said.index("installing them"))


def check_one_missing():
    status, said, calls = play(listed()[1:])
    return (status == 0 and calls[1].split()[-1] == listed()[0] and "compiles the program" in said
            and listed()[1] not in calls[1].split())


def check_sudo():
    status, _, calls = play(user=1000, sudo=True)
    return status == 0 and calls[0] == "sudo" and len(calls) == 4


def check_no_rights():
    status, said, calls = play(user=1000)
    return status == 1 and not calls and "neither root nor sudo" in said and "apt-get inst" in said


def check_offline():
    status, said, calls = play(offline=True)
    return status == 0 and len(calls) == 2 and "no fresh package lists" in said


def check_broken():
    status, said, _ = play(broken=True)
    return status == 1 and "could not install" in said


def check_other_system():
    status, said, calls = play(dpkg=False)
    return status == 0 and not calls and "no Debian" in said and listed()[0] in said


CASES = [
    ("a complete machine: says nothing, calls nothing", check_complete),
    ("a bare machine: says what and why, then installs all", check_bare),
    ("one is missing: installs that one", check_one_missing),
    ("not root, with sudo", check_sudo),
    ("not root, without sudo: says what to install", check_no_rights),
    ("no fresh lists: tries the ones at hand", check_offline),
    ("apt-get fails: so does it", check_broken),
    ("no Debian: says what to see to, goes on", check_other_system),
]


def main():
    print(f"1..{len(CASES)}")
    results = [(name, check()) for name, check in CASES]
    for number, (name, fine) in enumerate(results, 1):
        print(f"{'ok' if fine else 'not ok'} {number} - packages: {name}")
    return 0 if all(fine for _, fine in results) else 1


if __name__ == "__main__":
    sys.exit(main())
