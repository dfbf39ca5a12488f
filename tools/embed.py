#!/usr/bin/env python3
"""Embed files in a program: an assembler file that includes their bytes, and a C table of views.

    embed.py NAME ROOT OUT.S OUT.c FILE...

The C file defines `struct view NAME_names[]` (paths relative to ROOT), `struct view NAME_texts[]`
and `int NAME_count`, in the order of the files. Symbols are hidden by the build's default.
"""
import os
import sys


def main():
    name, root, assembly, table = sys.argv[1:5]
    files = sys.argv[5:]
    lines = ["    .section .rodata"]
    externs, names, texts = [], [], []
    for index, path in enumerate(files):
        symbol = f"{name}_bytes_{index}"
        lines += [f"    .global {symbol}", f"    .hidden {symbol}", f"{symbol}:",
                  f'    .incbin "{os.path.abspath(path)}"', "    .byte 0"]
        shown = os.path.relpath(path, root)
        externs.append(f"extern const char {symbol}[];")
        names.append(f'    {{"{shown}", {len(shown.encode())}}},')
        texts.append(f"    {{{symbol}, {os.path.getsize(path)}}},")
    lines += ['    .section .note.GNU-stack,"",%progbits', ""]
    with open(assembly, "w", encoding="utf-8") as out:
        out.write("\n".join(lines))
    with open(table, "w", encoding="utf-8") as out:
        out.write('#include "base/base.h"\n\n' + "\n".join(externs) + "\n\n"
                  f"extern const struct view {name}_names[];\n"
                  f"extern const struct view {name}_texts[];\n"
                  f"extern const int {name}_count;\n\n"
                  f"const struct view {name}_names[] = {{\n" + "\n".join(names) + "\n};\n"
                  f"const struct view {name}_texts[] = {{\n" + "\n".join(texts) + "\n};\n"
                  f"const int {name}_count = {len(files)};\n")


main()
