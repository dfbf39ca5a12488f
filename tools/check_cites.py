#!/usr/bin/env python3
"""Citations: every key in square brackets in a comment of src/, include/ and tests/, and every key
of a rule file, of rules/guide.tsv, rules/selfaudit.tsv, rules/opportunit*.tsv or
data/payment_rules.tsv, is a row of rules/sources.tsv; every rule cites something.

Exit status 1 for an unknown key, a rule without citation or a broken table. Sources that nothing
cites are listed, which is no error: a document may be read before code rests on it.
"""
import glob
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# A key has a digit or a hyphen; a bracket behind a word or bracket is an index, not a citation.
CITED = re.compile(r"(?<![\w\])])\[([a-z][a-z0-9-]*[a-z0-9])\]")
TOKENS = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
RULE_KEY = re.compile(r"\{key: ([^,}\s]+)")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def sources():
    keys, problems = set(), []
    for number, line in enumerate(read(os.path.join(ROOT, "rules/sources.tsv")).splitlines(), 1):
        fields = line.split("\t")
        if len(fields) != 5:
            problems.append(f"rules/sources.tsv:{number}: has {len(fields)} columns, not 5")
        elif number > 1 and fields[0] in keys:
            problems.append(f"rules/sources.tsv:{number}: key {fields[0]} stands there twice")
        elif number > 1:
            keys.add(fields[0])
    return keys, problems


def cited_in_code(path):
    text = read(path)
    for token in TOKENS.finditer(text):
        if token.group()[0] != "/":
            continue
        for found in CITED.finditer(token.group()):
            if re.search(r"[0-9-]", found.group(1)):
                line = text.count("\n", 0, token.start() + found.start()) + 1
                yield found.group(1), line


def cited_in_rules(path):
    """Keys of a rule file with their lines, and the rules that cite nothing."""
    keys, bare, line = [], [], 1
    for block in re.split(r"(?m)^---\n", read(path)):
        cites = [(found.group(1), line + block.count("\n", 0, found.start()))
                 for found in RULE_KEY.finditer(block)]
        keys += cites
        named = re.search(r"(?m)^id: (\S+)", block)
        if named and not cites:
            bare.append((named.group(1), line))
        line += block.count("\n") + 1
    return keys, bare


def cited_in_table(path):
    for number, line in enumerate(read(path).splitlines()[1:], 2):
        for key in line.split("\t")[-1].split():
            yield key, number


def cited_in_payment_rules(path):
    names = None
    for number, line in enumerate(read(path).splitlines(), 1):
        if line.startswith("#"):
            continue
        if names is None:
            names = line.split("\t")
        else:
            yield dict(zip(names, line.split("\t")))["source"], number


def main():
    known, problems = sources()
    used = set()

    def use(key, path, line):
        used.add(key)
        if key not in known:
            problems.append(f"{os.path.relpath(path, ROOT)}:{line}: no source {key} in "
                            "rules/sources.tsv")

    for folder in ("src", "include", "tests"):
        for path in sorted(glob.glob(os.path.join(ROOT, folder, "**/*.[ch]"), recursive=True)):
            for key, line in cited_in_code(path):
                use(key, path, line)
    for path in sorted(glob.glob(os.path.join(ROOT, "rules/**/*.yaml"), recursive=True)):
        keys, bare = cited_in_rules(path)
        for key, line in keys:
            use(key, path, line)
        for rule, line in bare:
            problems.append(f"{os.path.relpath(path, ROOT)}:{line}: rule {rule} cites nothing")
    for name in ("rules/guide.tsv", "rules/selfaudit.tsv", "rules/opportunities.tsv",
                 "rules/opportunity_drugs.tsv", "rules/facility_kinds.tsv"):
        table = os.path.join(ROOT, name)
        for key, line in cited_in_table(table) if os.path.exists(table) else ():
            use(key, table, line)
    table = os.path.join(ROOT, "data/payment_rules.tsv")
    for key, line in cited_in_payment_rules(table) if os.path.exists(table) else ():
        use(key, table, line)
    print("\n".join(problems + [f"never cited: {key}" for key in sorted(known - used)]))
    return 1 if problems else 0


sys.exit(main())
