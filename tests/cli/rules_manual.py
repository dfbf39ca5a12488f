#!/usr/bin/env python3
"""docs/RULES.md holds: its examples are rules that lint and test well, its transcripts are what the
program prints, it has every kind, parameter, comparison, head key and no message that there is not.
TAP; usage: rules_manual.py CLAIMVET

Blocks carry a name behind their language: `yaml FILE` and `tsv FILE` are pieces of that file of the
reader's folder, `yaml KIND` the heart of what `rules new` prints for the kind, `yaml when` and
`yaml entries` pieces of a rule.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parent.parent.parent
binary = os.path.abspath(sys.argv[1])
manual = (root / "docs/RULES.md").read_text(encoding="utf-8")
blocks = re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", manual, re.M | re.S)
folder = tempfile.TemporaryDirectory()
results = []


def claimvet(*words):
    done = subprocess.run([binary, *words], cwd=folder.name, capture_output=True, check=False)
    return done.returncode, done.stdout.decode("utf-8") + done.stderr.decode("utf-8")


def result(name, wrong):
    results.append((name, wrong))


def rule_wrong(text):
    """What lint and test say of one rule; empty when they are content."""
    path = pathlib.Path(folder.name) / "one.yaml"
    path.write_text(text, encoding="utf-8")
    said = [claimvet("rules", word, "one.yaml") for word in ("lint", "test")]
    path.unlink()
    return "".join(text for status, text in said if status != 0)


def skeleton(kind):
    return claimvet("rules", "new", "my_rule", "--kind", kind)[1]


def bare(text):
    return re.sub(r" *# .*", "", text)


def heart_replaced(kind, piece):
    """The skeleton of the kind with another heart: from `kind:` to `cite:`."""
    text = bare(skeleton(kind))
    start = text.index("kind: ")
    return text[:start] + piece + text[text.index("cite:", start):]


own = pathlib.Path(folder.name) / "my-rules"
own.mkdir()
kinds = re.findall(r"^POLICY\((\w+)", (root / "src/rule/kinds.def").read_text(), re.M)
unnamed = []
for language, name, text in blocks:
    if language == "tsv" or (language == "yaml" and name and name.endswith(".yaml")):
        if name in ("sources.tsv", "plan_x.yaml"):
            with open(own / name, "a", encoding="utf-8") as file:
                file.write(text)
        else:
            lists = pathlib.Path(folder.name) / "lists"
            lists.mkdir(exist_ok=True)
            (lists / name).write_text(text, encoding="utf-8")
    elif language == "yaml" and name in kinds:
        result(f"block of {name} is the skeleton's",
               "" if text in bare(skeleton(name)) else "not in what rules new prints")
        result(f"skeleton of {name}", rule_wrong(skeleton(name)))
    elif language == "yaml" and name == "when":
        # The examples of the skeleton leave these facts open: only the writing is judged.
        piece = heart_replaced("not_covered", "kind: not_covered\npayers: bcbs\ncodes: "
                               "[\"64454\", \"64624\"]\nsince: open\n" + text)
        (pathlib.Path(folder.name) / "when.yaml").write_text(piece, encoding="utf-8")
        status, said = claimvet("rules", "lint", "when.yaml")
        result("conditions", said if status else "")
    elif language == "yaml" and name == "entries":
        piece = heart_replaced("session_limit", text)
        result("entries", rule_wrong(piece))
    elif language == "yaml":
        unnamed.append(text.splitlines()[0])
result("every YAML block has a name", "\n".join(unnamed))

shown = [name for language, name, _ in blocks if language == "yaml"]
result("every kind has a block", " ".join(kind for kind in kinds if kind not in shown))
result("every kind has its anchor",
       " ".join(kind for kind in kinds if f"\n### {kind}\n" not in manual))
policy = (root / "src/rule/policy.def").read_text()
words = re.findall(r"^(?:NUMBER|CODES|NAMES|TESTS|WORDS|TEXT|CHOICE)\((\w+),", policy, re.M)
words += re.findall(r"^OPERATOR\(\w+, (\w+)", policy, re.M)
head = re.findall(r'\{"(\w+)", (?:true|false), read_\w+\}',
                  (root / "src/rule/parse.c").read_text())
result("the words were found", "" if len(words) > 40 and "overrides" in head else "too few")
result("every word of the language is explained",
       " ".join(word for word in words + head
                if not re.search(rf"(?<![a-z_]){word}(?![a-z_])", manual)))

text = (pathlib.Path(own) / "plan_x.yaml").read_text(encoding="utf-8")
result("the first rule is one", "" if text.startswith("id: plan_x_epidurals\n") else text[:40])
transcripts = [text for language, _, text in blocks if language == "console"]
for transcript in transcripts:
    for command, expected in re.findall(r"^\$ claimvet (.*)\n((?:(?!\$ ).*\n)*)", transcript, re.M):
        _, said = claimvet(*command.split())
        parts = expected.split("…\n")
        wrong = [part for part in parts if part not in said]
        result(f"claimvet {command}", "\n".join(wrong) and said)
result("there are transcripts", "" if len(transcripts) > 1 else "none")
status, said = claimvet("rules", "lint", "lists", "my-rules")
result("the tables", said if status else "")

known = "".join(path.read_text(encoding="utf-8") for path in
                [*sorted((root / "tests/bad/rules").glob("*.txt")),
                 *sorted((root / "tests/cli/cases").glob("rules_*.golden"))])
messages = re.findall(r"^\| `([^`]+)` \|", manual[manual.index("\n## Messages"):], re.M)
result("every message is one of the program",
       "\n".join(message for message in messages if message not in known))
result("there are messages", "" if len(messages) > 20 else "too few")

print(f"1..{len(results)}")
for number, (name, wrong) in enumerate(results, 1):
    print(f"{'not ok' if wrong else 'ok'} {number} - {name}")
    print("".join(f"# {line}\n" for line in wrong.splitlines()), end="")
folder.cleanup()
sys.exit(any(wrong for _, wrong in results))
