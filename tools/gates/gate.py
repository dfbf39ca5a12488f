"""What the gates share: the files of a tree, C text without comments and strings, the verdict.

Every gate is `tools/gates/NAME [ROOT]`: prints one line `path:line: what is wrong` per breach,
exits 0 when there is none, 1 when there is, 77 when it does not apply. ROOT is the tree to look
at; the self-tests in tests/gates/ hand in small trees that are wrong in one place.
"""
import os
import re
import subprocess
import sys

CODE = (".c", ".h", ".def")
OWN_TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# One alternative per lexical element in which the text is not code.
NOT_CODE = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)


def root():
    return os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else OWN_TREE


def files(*suffixes, under=""):
    """Paths, relative to the root, of what is or would be committed; by suffix, "" for all."""
    command = ["git", "-C", root(), "ls-files", "-co", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                check=True).stdout
        names = [os.fsdecode(name) for name in listed.split(b"\0") if name]
    except (OSError, subprocess.CalledProcessError):  # no git, or no clone
        names = [os.path.relpath(os.path.join(folder, name), root())
                 for folder, _, found in os.walk(root()) for name in found]
    return sorted(name for name in set(names)
                  if name.startswith(under) and name.endswith(suffixes or "")
                  and os.path.isfile(os.path.join(root(), name)))


def read(path):
    with open(os.path.join(root(), path), encoding="utf-8", errors="replace") as file:
        return file.read()


def code_only(text):
    """The same text with comments and literals blanked out; line numbers stay."""
    def blank(match):
        found = match.group()
        if found[0] in "\"'":
            return found[0] + " " * (len(found) - 2) + found[0]
        return re.sub(r"[^\n]", " ", found)
    return NOT_CODE.sub(blank, text)


def matches(pattern, text):
    """(line number, match) of every match."""
    for match in re.finditer(pattern, text):
        yield text.count("\n", 0, match.start()) + 1, match


def finish(breaches):
    """Prints the breaches and leaves with the exit status of the gate."""
    for breach in breaches:
        print(breach)
    sys.exit(1 if breaches else 0)
