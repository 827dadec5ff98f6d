#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every message is translated into bokmål and nynorsk, none of them fuzzily, and msgfmt accepts the formats; what is a count alone is known as one."""
import importlib.util
import pathlib
import re
import shutil
import subprocess
import tempfile

import tree

HEAD = re.compile(r'^(msgid_plural|msgid|msgstr\[\d\]|msgstr) (".*")$')
TWICE = re.compile(r"\b([^\W\d]{2,}) \1\b")
ONE_WORD = "an interaction is called interaksjon, everywhere"
SIGNS = [(ONE_WORD, re.compile("samhandling", re.I)), ("before % stands a blank that does not break, U+00A0", re.compile(r"\d ?%(?!\d?\$)")), ("quotation marks are «»", re.compile("[“”]"))]
READ = {"samordning-analyse", "samordning-explore", "samordning-form"}  # on pages and paper; a terminal has plain blanks


def entries(path):
    """A list of dictionaries with msgid, msgid_plural, msgstr, msgstr[0], msgstr[1], and flags."""
    found, entry, field, flags = [], None, None, ""
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("#~"):
            continue
        if line.startswith("#,"):
            flags = line
        match = HEAD.match(line)
        if match:
            field = match.group(1)
            if field == "msgid":
                entry = {"flags": flags}
                found.append(entry)
                flags = ""
            entry[field] = match.group(2)[1:-1]
        elif line.startswith('"') and entry is not None:
            entry[field] += line[1:-1]
    return found


def check(po, pot, language):
    problems = []
    made = subprocess.run(["msgfmt", "--check", "--output-file=/dev/null", str(po)], capture_output=True, text=True, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"})
    if made.returncode:
        problems.append(f"{po.relative_to(tree.ROOT)}: {made.stderr.strip()}")
    translated = {entry["msgid"]: entry for entry in entries(po)}
    if f"Language: {language}" not in translated[""]["msgstr"]:
        problems.append(f"{po.relative_to(tree.ROOT)}: the header does not say Language: {language}")
    for entry in entries(pot):
        message = entry["msgid"]
        if not message:
            continue
        have = translated.get(message)
        fields = ["msgstr[0]", "msgstr[1]"] if "msgid_plural" in entry else ["msgstr"]
        if have is None:
            problems.append(f"{language}: not in the catalogue: {message}")
        elif "fuzzy" in have["flags"]:
            problems.append(f"{language}: fuzzy: {message}")
        elif not all(have.get(field) for field in fields):
            problems.append(f"{language}: not translated: {message}")
        else:
            for field in fields:
                text = have[field]
                if (message[:1] == " ") != (text[:1] == " ") or (message[-1:] == " ") != (text[-1:] == " ") or message.endswith("\\n") != text.endswith("\\n"):
                    problems.append(f"{language}: other blanks or line ends around: {text}")
                twice = TWICE.search(text)
                if twice and not TWICE.search(message):
                    problems.append(f"{language}: the same word twice: {twice.group(0)}: {text}")
                problems += [f"{language}: {words}: {text}" for words, pattern in SIGNS if pattern.search(text) and (pot.stem in READ or words == ONE_WORD)]
        if "<PRI" in message and pot.stem == "samordning-analyse":
            problems.append(f"<PRI...> in a message: the reader of embedded catalogues does not know it: {message}")
    return problems


def check_counts(extract):
    """Reports and pages group the digits of a card's value that has no words when its key stands in their list, and only then."""
    folders = extract.DOMAINS["samordning-analyse"]["folders"]
    wanted = set().union(*(extract.counts(path.read_text(encoding="utf-8")) for folder in folders for path in (tree.ROOT / folder).glob("*.c")))
    problems = [] if wanted else ["no card has a count any more"]
    for name, start, end in ("analysis/report/method.c", "counts[] = {", "};"), ("client/web/explore/figure.js", "COUNTS = [", "];"):
        text = (tree.ROOT / name).read_text(encoding="utf-8")
        have = set(re.findall(r"""["']([^"']+)["']""", text.partition(start)[2].partition(end)[0]))
        problems += [f"{name}: {'lacks' if key in wanted else 'no card has'} the count: {key}" for key in sorted(wanted ^ have)]
    return problems


def main():
    problems, checked = [], 0
    for tool in ("xgettext", "msgfmt"):
        if not shutil.which(tool):
            tree.finish([f"{tool} is missing: install gettext"], 1, "tools")
    spec = importlib.util.spec_from_file_location("extract", tree.ROOT / "po" / "extract.py")
    extract = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(extract)
    with tempfile.TemporaryDirectory() as scratch:
        for domain, pot in extract.extract(tree.ROOT, pathlib.Path(scratch)).items():
            for language in extract.LANGUAGES:
                po = tree.ROOT / "po" / domain / f"{language}.po"
                if not po.exists():
                    problems.append(f"po/{domain}/{language}.po is missing; cmake --build build/dev --target pot makes it")
                    continue
                checked += len(entries(pot))
                problems += [f"{domain}: {problem}" for problem in check(po, pot, language)]
    problems += check_counts(extract)
    tree.finish(problems, checked, "messages")


main()
