#!/usr/bin/env python3
"""The gates can fail: each is run on small trees that are wrong in one place, and on right ones."""
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.environ.get("SOURCE_ROOT") or os.path.dirname(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
GATES = os.path.join(ROOT, "tools", "gates")

LONG = "int f(void) {\n" + "    g();\n" * 59 + "    return 0;\n}\n"
FITTING = "int f(void) {\n" + "    g();\n" * 57 + "    return 0;\n}\n"
BRANCHES = "int f(int a) {\n" + "".join(
    f"    if (a == {n}) return {n};\n" for n in range(15)) + "    return -1;\n}\n"

# gate, what is shown, file, its text, what the gate must say (None: it must pass)
CASES = [
    ("function_size", "62 lines", "src/base/a.c", LONG, "60 are allowed"),
    ("function_size", "60 lines", "src/base/a.c", FITTING, None),
    ("function_size", "complexity 16", "src/base/a.c", BRANCHES, "complexity 16"),
    ("file_size", "801 lines", "src/base/a.c", "\n" * 801, "800 are allowed"),
    ("file_size", "800 lines", "src/base/a.c", "\n" * 800, None),
    ("file_size", "101 columns", "tools/a.py", "#" * 101 + "\n", "wider than 100"),
    ("file_size", "101 columns in a script", "tools/a", "#!/bin/sh\n#" + "a" * 101, "wider than"),
    ("banned_calls", "sprintf", "src/base/a.c", "void f(char *a) { sprintf(a, b); }", "sprintf"),
    ("banned_calls", "atoi in a test", "tests/base/a.c", "int a = atoi (b);", "atoi"),
    ("banned_calls", "snprintf", "src/base/a.c", "void f(void) { snprintf(a, 1, b); }", None),
    ("banned_calls", "words in a comment", "src/base/a.c", "/* strcpy(a) */ // gets(a)\n", None),
    ("banned_calls", "words in a string", "src/base/a.c", 'f("rand()");', None),
    ("memory_in_base", "malloc in claim", "src/claim/a.c", "p = malloc(1);", "malloc"),
    ("memory_in_base", "free in a test", "tests/os/a.c", "free(p);", "free"),
    ("memory_in_base", "malloc in base", "src/base/a.c", "p = malloc(1);", None),
    ("memory_in_base", "memory_free", "src/claim/a.c", "memory_free(p); x.free(p);", None),
    ("no_floating_point", "double", "src/price/a.c", "static double a;", "double"),
    ("no_floating_point", "a constant", "src/price/a.c", "int a = (int)(b * 1.5);", "1.5"),
    ("no_floating_point", "an exponent", "src/price/a.c", "int a = 1e9;", "1e9"),
    ("no_floating_point", "hexadecimal", "src/price/a.c", "int a = 0x1e9 + 0xFFFFu;", None),
    ("no_floating_point", "in a benchmark", "bench/a.c", "double a;", None),
    ("room_table", "base knows x12", "src/base/a.c", '#include "x12/x12.h"\n', "may not include"),
    ("room_table", "an internal header", "src/claim/a.c", '#include "x12/scan.h"\n', "internal"),
    ("room_table", "an unknown room", "src/misc/a.c", '#include "base/base.h"\n', "not in the"),
    ("room_table", "an unknown header", "src/claim/a.c", '#include "misc/a.h"\n', "no room"),
    ("room_table", "x12 does not know claim", "src/x12/a.h", '#include "claim/claim.h"\n', "may"),
    ("room_table", "claim knows x12", "src/claim/a.c",
     '#include "claim/own.h"\n#include "x12/x12.h"\n', None),
    ("room_table", "report knows the types of audit.h", "src/report/a.c",
     '#include "store/store.h"\n', None),
    ("platform_seam", "unistd.h", "src/claim/a.c", "#include <unistd.h>\n", "seam is src/os"),
    ("platform_seam", "an #ifdef", "src/claim/a.c", "#ifdef __linux__\n#endif\n", "platform"),
    ("platform_seam", "a processor #if", "src/x12/a.c", "#if defined(__AVX2__)\n#endif\n",
     "vector"),
    ("platform_seam", "intrinsics", "src/x12/scan.c", "#include <immintrin.h>\n", "vector file"),
    ("platform_seam", "yaml.h in claim", "src/claim/a.c", "#include <yaml.h>\n", "belongs to rule"),
    ("platform_seam", "os", "src/os/a.c", "#include <unistd.h>\n#ifdef _WIN32\n#endif\n", None),
    ("platform_seam", "a vector file", "src/x12/scan_avx2.c", "#include <immintrin.h>\n", None),
    ("platform_seam", "json-c in claim", "src/claim/a.c", "#include <json-c/json.h>\n", None),
    ("static_analysis", "past the end", "src/base/a.c",
     "int f(void) { int a[2] = {0}; return a[2]; }\n", "arrayIndexOutOfBounds"),
    ("static_analysis", "in bounds", "src/base/a.c",
     "int f(void) { int a[2] = {0}; return a[1]; }\n", None),
    ("citations", "its checker fails", "tools/check_cites.py",
     "import sys\nprint('unknown key')\nsys.exit(1)\n", "unknown key"),
    ("citations", "its checker passes", "tools/check_cites.py", "", None),
    ("no_traces", "a home folder", "docs/a.md", "see /" + "home/someone/notes\n", "one machine"),
    ("no_traces", "a temporary file", "src/base/a.c", 'f("/' + 'tmp/x");\n', "one machine"),
    ("no_traces", "part of a relative path", "docs/a.md", "see tests/work/a and a/tmp/b\n", None),
    ("no_traces", "an unwanted word", "docs/a.md", "written by Pelican-three\n", "product"),
    ("no_traces", "other words", "docs/a.md", "written by pelicans\n", None),
    ("whitespace", "a blank at the end", "src/base/a.c", "int a; \n", "blanks at the end"),
    ("whitespace", "a tab in C", "src/base/a.c", "\tint a;\n", "a tab"),
    ("whitespace", "no line end", "tools/a.py", "a = 1", "no line end"),
    ("whitespace", "a tab in a Makefile", "Makefile", "all:\n\ttrue\n", None),
    ("nothing_generated", "an object", "src/base/a.o", "", "made by a build"),
    ("nothing_generated", "a cache", "tools/__pycache__/a.pyc", "", "made by a build"),
    ("nothing_generated", "generated C", "src/store/a.c", "/* generated by x */\n", "generated"),
    ("nothing_generated", "a binary", "data/a.bin", "a\0b", "binary"),
    ("nothing_generated", "a source", "src/store/a.c", "/* regenerates */\n", None),
]


def run_gate(gate, path, text):
    folder = tempfile.mkdtemp(prefix="claimvet-gate-")
    try:
        full = os.path.join(folder, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)
        extra = ["--also", "pelican"] if gate == "no_traces" else []
        done = subprocess.run([os.path.join(GATES, gate), folder, *extra], text=True,
                              capture_output=True, check=False)
        return done.returncode, done.stdout + done.stderr
    finally:
        shutil.rmtree(folder)


def verdict(gate, path, text, expected):
    """None when the gate did as expected, a SKIP directive, or what went wrong."""
    needs = {"function_size": "pmccabe", "static_analysis": "cppcheck"}.get(gate)
    if needs and not shutil.which(needs):
        return f"# SKIP {needs} not installed"
    status, said = run_gate(gate, path, text)
    if expected is None:
        return None if status == 0 else f"exit status {status}: {said}"
    return None if status == 1 and expected in said else f"exit status {status}: {said!r}"


def main():
    print(f"1..{len(CASES) + 1}")
    bad = 0
    for number, (gate, what, path, text, expected) in enumerate(CASES, 1):
        wrong = verdict(gate, path, text, expected)
        name = f"{number} - {gate} {'passes' if expected is None else 'fails'}: {what}"
        if wrong and wrong.startswith("# SKIP"):
            print(f"ok {name} {wrong}")
        elif wrong:
            bad += 1
            print(f"not ok {name}\n# " + wrong.replace("\n", "\n# "))
        else:
            print(f"ok {name}")
    gates = {name for name in os.listdir(GATES) if "." not in name and "_" != name[0]}
    untested = gates - {case[0] for case in CASES if case[4]}
    print(f"{'not ok' if untested else 'ok'} {len(CASES) + 1} - every gate is shown to fail")
    if untested:
        print("# without a failing case: " + " ".join(sorted(untested)))
    return 1 if bad or untested else 0


if __name__ == "__main__":
    sys.exit(main())
