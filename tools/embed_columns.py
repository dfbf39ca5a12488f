#!/usr/bin/env python3
"""Turn data/csv_columns.tsv into the C rows that csv_columns.c includes.

    embed_columns.py data/csv_columns.tsv OUT
"""
import sys


def rows(path):
    seen = {}
    with open(path, encoding="ascii") as table:
        for number, text in enumerate(table, 1):
            text = text.rstrip("\n")
            if not text or text.startswith("#") or text.startswith("field\t"):
                continue
            field, headers = text.split("\t")
            for header in headers.split():
                if not header.isalnum() or header != header.lower():
                    sys.exit(f"{path}:{number}: {header}: lower case letters and digits only")
                if header in seen:
                    sys.exit(f"{path}:{number}: header {header} also means {seen[header]}")
                seen[header] = field
                yield field, header


def main():
    source, out = sys.argv[1:]
    with open(out, "w", encoding="ascii") as code:
        for field, header in rows(source):
            code.write(f'{{CSV_{field}, {len(header)}, "{header}"}},\n')


main()
