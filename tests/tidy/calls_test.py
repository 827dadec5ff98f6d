#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No calls that cannot be used safely in what is installed, igraph included, no printing or exiting in libraries, no sleeping in tests (benchmarks pace
their load with it)."""
import re

import tree

BANNED = {
    "strcpy": "it knows no size", "strcat": "it knows no size", "sprintf": "it knows no size", "vsprintf": "it knows no size", "gets": "it knows no size",
    "stpcpy": "it knows no size", "atoi": "it cannot fail", "atol": "it cannot fail", "atof": "it cannot fail", "strtok": "it keeps state of its own",
    "localtime": "days are days of Europe/Oslo: civil_time", "localtime_r": "days are days of Europe/Oslo: civil_time", "asctime": "civil_time",
    "ctime": "civil_time", "mktime": "days are days of Europe/Oslo: civil_time", "tmpnam": "another process may take the name", "mktemp": "another process may take the name",
    "alloca": "the stack has a limit nobody names", "system": "no shell", "popen": "no shell", "rand": "the generator is named and seeded", "srand": "the generator is named and seeded",
}
# What 0.10.2, the packaged release, answers wrongly or does not come back from; tests may call it as a witness of just that.
IGRAPH = {
    "igraph_all_st_mincuts": "it leaves cuts out: separator.h, mincut.h", "igraph_all_st_cuts": "it leaves cuts out: separator.h",
    "igraph_pagerank": "it ignores negative weights silently: prestige.h", "igraph_personalized_pagerank": "it ignores negative weights silently: prestige.h",
    "igraph_eigenvector_centrality": "it is zero on acyclic networks: principal.h", "igraph_avg_nearest_neighbor_degree": "it is wrong with weights",
    "igraph_community_label_propagation": "it rounds weights", "igraph_community_multilevel": "it may loop for ever", "igraph_rewire": "it fails on tiny networks",
    "igraph_read_graph_graphml": "it keeps 64-bit ids as doubles", "igraph_write_graph_graphml": "it keeps 64-bit ids as doubles",
}
# What is called outside tests, and what makes it safe: input built by us (simple, undirected, loop-free, finite weights over 0), one call of bounded
# length at a time, in the process of one job, which is killed when the job is cancelled. Whatever is not here needs a reason, and a test, first.
IGRAPH_USED = {
    "analysis/metrics/engine.c": {"igraph_coreness", "igraph_community_leiden"},
    "analysis/network/layout.c": {"igraph_layout_kamada_kawai", "igraph_layout_fruchterman_reingold"},
}
IGRAPH_PLUMBING = re.compile(r"igraph_((vector|vector_int|matrix)_(init|destroy|push_back|resize|null)|create|destroy|version|strerror|set_(error|warning)_handler|"
                             r"rng_(seed|default))$")
# igraph is not thread-safe, and families run in threads when they are replicated: these files alone may ask engine.h, none of them from a crew.
ENGINE_CALLERS = {"analysis/metrics/engine.c": None, "analysis/metrics/communities.c": {"engine_graph_create", "engine_graph_destroy", "engine_leiden"}, "analysis/metrics/families.c": {"engine_version"}}
LIBRARIES = ("proto/", "analysis/network/", "analysis/metrics/", "analysis/inference/", "analysis/report/", "client/lib/", "client/sources/")
PRINTING = {"printf": "", "puts": "", "putchar": "", "perror": "", "exit": "", "abort": "", "_exit": ""}
SLEEPING = ("sleep", "usleep", "nanosleep")


def main():
    problems, checked = [], 0
    for path in tree.files(".c", ".h"):
        checked += 1
        text = tree.code(tree.read(path), strings=False)
        library = str(path).startswith(LIBRARIES)
        for match in re.finditer(r"(?<![\w.>])([a-z_]\w*)\s*\(", text):
            name = match.group(1)
            where = f"{path}:{tree.line_of(text, match.start())}"
            if name in BANNED and not str(path).startswith("tests/"):
                problems.append(f"{where}: {name}: {BANNED[name]}")
            elif name in IGRAPH and not str(path).startswith("tests/"):
                problems.append(f"{where}: {name}: igraph 0.10.2: {IGRAPH[name]}")
            elif name.startswith("igraph_") and not str(path).startswith("tests/") and not IGRAPH_PLUMBING.match(name) \
                    and name not in IGRAPH_USED.get(str(path), ()):
                problems.append(f"{where}: {name}: not among the calls of igraph that are known to be safe here")
            elif re.match(r"engine_[a-z_]+$", name) and not str(path).startswith("tests/") and path.suffix == ".c" \
                    and (ENGINE_CALLERS.get(str(path), ()) is not None and name not in ENGINE_CALLERS.get(str(path), ())):
                problems.append(f"{where}: {name}: igraph is not thread-safe; see ENGINE_CALLERS")
            elif library and name in PRINTING:
                problems.append(f"{where}: {name}: a library returns, it does not print or exit")
            elif str(path).startswith("tests/") and not str(path).startswith("tests/bench/") and name in SLEEPING:
                problems.append(f"{where}: {name}: wait for a condition with a deadline")
        if library:
            for match in re.finditer(r"\bfprintf\s*\(\s*std(err|out)\b", text):
                problems.append(f"{path}:{tree.line_of(text, match.start())}: a library returns, it does not print")
    # Several families run at once, but of those that call igraph one at a time.
    rows = re.findall(r"\{(\"\w+\"[^{}]*?(\w+)_compute)\}", tree.read("analysis/metrics/families.c"))
    for path in (path for path in ENGINE_CALLERS if not path.endswith(("/engine.c", "/families.c"))):
        if not any(name == path.rsplit("/", 1)[1][:-2] and "METRICS_ALONE" in row for row, name in rows):
            problems.append(f"{path}: calls igraph, and its family is not METRICS_ALONE")
    for path in tree.files(".py"):
        if str(path).startswith("tests/") and not str(path).startswith("tests/tidy/"):
            checked += 1
            text = tree.read(path)
            for match in re.finditer(r"\btime\.sleep\(\s*(\d+(?:\.\d+)?)", text):
                if float(match.group(1)) >= 1:
                    problems.append(f"{path}:{tree.line_of(text, match.start())}: sleeps {match.group(1)} s: wait for a condition with a deadline")
    tree.finish(problems, checked, "files")


main()
