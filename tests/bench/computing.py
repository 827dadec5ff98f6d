# SPDX-License-Identifier: GPL-3.0-or-later
"""Computing alone: kernels, inference and sets of key players, beside plain igraph, NetworkX and plain references in the same run."""
import itertools
import time


def kernels(bench):
    """Path measures of 10,000 actors and 100,000 ties, by our kernels and by plain igraph calls."""
    size = ["--nodes", bench.scaled(10_000), "--ties", 10]
    steps = bench.program("bench_kernels", *size, "--steps")
    # a fifth of the sources costs both sides a fifth of the time, so the ratio is that of all of them
    weighted = bench.program("bench_kernels", *size, "--weighted", "--sources", bench.scaled(2000))
    for name, figures, own, others, wanted in (
            ("closeness and harmonic in steps", steps, "own_sweep_s", ("igraph_closeness_s", "igraph_harmonic_s"), 100),
            ("betweenness in steps", steps, "own_betweenness_s", ("igraph_betweenness_s",), 6),
            (f"betweenness, closeness and harmonic by weight, {weighted['sources']:.0f} sources", weighted, "own_weighted_s",
             ("igraph_weighted_betweenness_s", "igraph_weighted_closeness_s", "igraph_weighted_harmonic_s"), 5),
            ("constraint", weighted, "own_constraint_s", ("igraph_constraint_s",), None)):
        theirs = sum(figures[other] for other in others)
        bench.report(f"{name}: igraph", theirs, "s")
        bench.report(f"{name}: ours", figures[own], "s", theirs / figures[own],
                     wanted and (lambda r, wanted=wanted: r >= wanted), note=f"wanted {wanted}x" if wanted else "")
    small = bench.program("bench_kernels", "--nodes", 300, "--ties", 10, "--alone", "--turns", 20)
    for name, key in (("closeness and harmonic in steps", "own_sweep_s"), ("betweenness in steps", "own_betweenness_s"),
                      ("all of them by weight", "own_weighted_s")):
        bench.report(f"300 actors, 3,000 ties: {name}", small[key] * 1000, "ms")
    worst = max(value for figures in (steps, weighted) for key, value in figures.items() if key.endswith("_difference"))
    bench.report("largest relative difference to igraph", worst, "", worst / 1e-9, lambda r: r <= 1, note="ratio to 1e-9")


def inference(bench):
    """Permutations and bootstrap replicates at 200 actors, beside plain references in the same program."""
    permutations, replicates = bench.scaled(10_000), bench.scaled(1000)
    seconds = bench.program("bench_inference", "--permutations", permutations, "--replicates", replicates)
    bench.report(f"{permutations:,} permutations one after another, copied", seconds["plain_qap"], "s")
    bench.report(f"{permutations:,} QAP permutations, 200 actors", seconds["qap"], "s", seconds["qap"] / (5 * permutations / 10_000), lambda r: r <= 1,
                 note=f"ratio to 5 s for 10,000; {seconds['plain_qap'] / seconds['qap']:.1f} times the plain reference")
    bench.report(f"{permutations:,} permutations of a regression", seconds["mrqap_1"], "s")
    bench.report(f"{permutations // 10:,} permutations of a logistic regression", seconds["logistic_tenth"], "s")
    bench.report("igraph's centralities of one such network", seconds["igraph_one"] * 1000, "ms")
    bench.report(f"{replicates:,} bootstrap replicates of all numbers", seconds["bootstrap"], "s", seconds["bootstrap"] / (10 * replicates / 1000),
                 lambda r: r <= 1, note=f"ratio to 10 s for 1,000; {seconds['igraph_one'] * replicates / seconds['bootstrap']:.1f} times igraph")


def structure(bench):
    """Sets of key players and losses of single actors, against plain igraph and NetworkX doing the same set by set."""
    figures = bench.program("structure_bench", *(["--quick"] if bench.quick else []))
    for row in figures["sets"]:
        name = f"sets of {row['size']} of {row['actors']} actors, {row['ties']} ties: {row['sets']:,.0f}"
        first = row is figures["sets"][0]
        bench.report(name, row["seconds"], "s", row["seconds"] / 2 if first else None, lambda r: r <= 1,
                     note="ratio to 2 s" if first else "")
        if "edges" in row:
            bench.report("  plain igraph", row["igraph_seconds"], "s", row["igraph_seconds"] / row["seconds"])
        if first:
            bench.report("  NetworkX", seconds := networkx_sets(row), "s", seconds / row["seconds"])
    for row in figures["losses"]:
        bench.report(f"loss of efficiency, each of {row['actors']} actors, {row['ties']} ties, {'steps' if row['unit'] else 'weights'}",
                     row["seconds"], "s")
        bench.report("  plain igraph", row["igraph_seconds"], "s", row["igraph_seconds"] / row["seconds"])


def networkx_sets(row):
    """Seconds for the same sets; the best value must be the same."""
    import networkx
    graph, best = networkx.Graph(row["edges"]), 0
    graph.add_nodes_from(range(row["actors"]))
    begin = time.monotonic()
    for members in itertools.combinations(range(row["actors"]), row["size"]):
        rest = graph.copy()
        rest.remove_nodes_from(members)
        sum(len(part) * (len(part) - 1) for part in networkx.connected_components(rest))
        best = max(best, 1 - networkx.global_efficiency(rest))
    seconds = time.monotonic() - begin
    if abs(best - row["distance_fragmentation"]) > 1e-9:
        raise RuntimeError(f"NetworkX finds {best}, not {row['distance_fragmentation']}")
    return seconds
