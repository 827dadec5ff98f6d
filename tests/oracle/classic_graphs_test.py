#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every family on every classic graph: it answers, nothing is infinite, and a number is missing only where that is documented."""
import os
import pathlib
import re
import sys

from classic_graphs import NAMES, Graphs
from probe import Probe

SKIPPED = 77
OPTIONS = "permutations=49 replicates=10 runs=5 strata=none"
# Columns that may be missing for somebody, by table, with the reason; `_low`, `_high` and `_se` go with them. What is not here is a
# number (or a text) in every row. docs/method.md says the same of each.
FOR_LACK_OF_ANSWERS = "median_days median_days_case rmst_days rmst_days_case unanswered_within unanswered_at_deadline answered_by_deadline no_remark_share"
PATHS = "closeness closeness_in"                # nobody is reached
NEIGHBOURS = "clustering clustering_w"          # fewer than two neighbours
TIES = "strength_ratio constraint effective_size eigenvector"           # no tie, or outside the largest component
MAY_BE_MISSING = {
    "graph.graph": "reciprocity reciprocity_dyadic centralization_closeness",         # without direction; not connected
    "centrality.centrality": f"{PATHS} {NEIGHBOURS} {TIES}",
    "bottlenecks.bottlenecks": f"{FOR_LACK_OF_ANSWERS} last_share marginal_delay_mean",   # nothing asked; one addressee a request
    "time.time": f"{FOR_LACK_OF_ANSWERS} last_share marginal_delay_mean expected_answered answer_rate_ratio p q method",
    "time.pairs": "method rate_ratio p q",                                              # never at risk together
    "time.little": "mean_stay_days expected_in_progress discrepancy",                   # nothing answered
    "time.curves": "key unanswered",                                                    # the curve of all; before the first answer
    "time.stages": FOR_LACK_OF_ANSWERS, "time.layers": FOR_LACK_OF_ANSWERS, "time.all": FOR_LACK_OF_ANSWERS,
    "objections.objections": "objection_rate objection_rate_all late_share to_conference_share silent_share",       # shares of nothing
    "objections.levels": "days_until_lifted_on",
    "righttime.righttime": "earliness earliness_median late_share", "righttime.owners": "earliness earliness_median late_share",
    "righttime.stages": "earliness earliness_median late_share", "righttime.order": "in_order_share",
    "righttime.deadlines": "actor name compliant_share",                                # the row of all together; no rule in force then
    "gaps.gaps": "observed expected_configuration ratio_configuration z_configuration p_configuration q_configuration expected_permutation "
                 "sd_permutation ratio_permutation z p q",                              # a sector of one has nobody to meet inside
    "brokerage.roles": "z_random_graph z p q",                                          # two sectors have no liaison: no spread
    "brokerage.totals": "expected_random_graph z_random_graph z p q",
    "communities.communities": "within stability",                                      # no tie
    "projections.projections": "newman count duration binary backbone rank_newman rank_count rank_duration rank_binary rank_backbone "
                               "rank_best rank_worst",                                  # at no meeting; no tie in the backbone
    "projections.rank_agreement": "tau", "projections.survival": "tau_least",           # a ranking of equals
    "reach.reach": "arrival_out_days arrival_in_days fastest_out_days fastest_in_days", "reach.pairs": "arrival_days fastest_days",
    "signed.balance": "balanced_share balanced_expected balanced_sd balanced_z balanced_p",      # no triangle; no spread
    "signed.signed": "camp", "keyplayers.keyplayers": "largest_block",                  # no tie
    "whatif.whatif": "before after change", "whatif.actors": "before after change rank_before rank_after rank_change",
    "change.change": "earlier later difference p bootstrap bootstrap_mean",             # as in graph and centrality, here and below
    "change.positions": "before after change rank_before rank_after rank_change",
    "change.turnover_actors": "jaccard", "change.turnover_sectors": "jaccard",
    "relations.relations": "p q", "relations.model": "r2_pseudo deviance",              # of the constant; of the logistic model only
    "agreement.agreement": "agreement_told kappa over_reporting under_reporting",
    "uncertainty.uncertainty": "value as_reported union intersection reconstruction unknown unknown_tied missing rank rank_best rank_worst "
                               "flips flagged bootstrap bootstrap_mean",
    "uncertainty.order": "flips",                                                       # never drawn together
    "uncertainty.uncertainty_network": "value as_reported union intersection reconstruction unknown unknown_tied missing bootstrap "
                                       "bootstrap_mean jackknife",
    "need.need": "goals target_groups instruments rank ratio_configuration", "need.actors": "weighted",
    "duty.summary": "fulfilled", "duty.actors": "fulfilled strength_ratio_mandatory",   # no rule was given
    "case.cases": "title type", "between.cases": "title type", "between.interactions": "title level resolved_level",   # no case is in a register, no level stated
}


def check(probe, where, table, columns):
    allowed = set(MAY_BE_MISSING.get(table, "").split())
    for column, values in columns.items():
        probe.compared += len(values)
        if "infinite" in values:
            probe.wrong.append(f"{where} {table}.{column} is infinite")
        missing = sum(value is None for value in values)
        if missing and not {column, re.sub(r"_(low|high|se)$", "", column)} & allowed:
            probe.wrong.append(f"{where} {table}.{column}: {missing} of {len(values)} missing, and nothing says why")


def main():
    probe = Probe(sys.argv[1])
    graphs = Graphs(pathlib.Path(os.environ.get("SAMORDNING_SHARED_DATA") or sys.argv[2]) / "classic-graphs")
    if not graphs.folder.is_dir():
        print(f"skipped: there is no {graphs.folder}")
        raise SystemExit(SKIPPED)
    given = {name: graphs.whole(name) for name in NAMES}
    for family in probe.families():
        for name in NAMES:
            result = probe.run(family, **given[name], options=OPTIONS)
            if not result["tables"]:
                probe.wrong.append(f"{name} {family}: no table")
            for table, columns in result["tables"].items():
                check(probe, name, f"{family}.{table}", columns)
    probe.finish()


main()
