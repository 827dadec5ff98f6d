#!/usr/bin/Rscript
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes sna_random.json: random networks and what R's sna package (2.7.1, Debian 12) says of brokerage in them (Gould & Fernandez
# 1989: counts, expectations and z of each role) and of their cutpoints; and key players by trying every set, distances by sna.
#
#   cd tests/oracle && Rscript sna_random.R > sna_random.json
#
# The test that compares (sna_test.py) needs no R.
suppressPackageStartupMessages(library(sna))
RNGversion("4.2.0")
set.seed(1989)
number <- function(x) ifelse(is.na(x) | is.infinite(x), "null", formatC(x, digits = 15, format = "g"))
list_of <- function(x) paste0("[", paste(x, collapse = ","), "]")
names_of <- function(n) sprintf("a%02d", seq_len(n))
edges_of <- function(g, directed) {
    at <- which(if (directed) g > 0 else g > 0 & upper.tri(g), arr.ind = TRUE)
    at <- at[order(at[, 1], at[, 2]), , drop = FALSE]
    list_of(sprintf('["a%02d","a%02d"]', at[, 1], at[, 2]))
}

broker_case <- function(n, density, groups) {
    g <- rgraph(n, tprob = density)
    sector <- c(seq_len(groups), sample(groups, n - groups, replace = TRUE))
    b <- brokerage(g, sector)
    rows <- sapply(seq_len(n), function(i) sprintf('"a%02d":[%s,%s,%s]', i, list_of(number(b$raw.nli[i, ])), list_of(number(b$exp.nli[i, ])),
                                                   list_of(number(b$z.nli[i, ]))))
    sprintf('{"kind":"brokerage","sectors":%s,"edges":%s,"roles":{%s}}', list_of(sprintf('"s%d"', sector)), edges_of(g, TRUE),
            paste(rows, collapse = ","))
}

cut_case <- function(n, density) {
    g <- rgraph(n, tprob = density, mode = "graph")
    cut <- cutpoints(g, mode = "graph", return.indicator = TRUE)
    sprintf('{"kind":"cutpoints","actors":%d,"edges":%s,"cutpoints":%s}', n, edges_of(g, FALSE), list_of(sprintf('"a%02d"', which(cut))))
}

# F and D_F of what is left (Borgatti 2006), n counted anew.
fragments <- function(g, gone) {
    left <- g[-gone, -gone, drop = FALSE]
    n <- nrow(left)
    d <- geodist(left)$gdist
    diag(d) <- NA
    pairs <- n * (n - 1)
    c(1 - sum(is.finite(d), na.rm = TRUE) / pairs, 1 - sum(ifelse(is.finite(d), 1 / d, 0), na.rm = TRUE) / pairs)
}

players_case <- function(n, density) {
    g <- rgraph(n, tprob = density, mode = "graph")
    best <- sapply(1:3, function(k) {
        values <- combn(n, k, function(gone) fragments(g, gone))
        paste0('"', k, '":', list_of(number(c(max(values[1, ]), max(values[2, ])))))
    })
    sprintf('{"kind":"keyplayers","actors":%d,"edges":%s,"best":{%s}}', n, edges_of(g, FALSE), paste(best, collapse = ","))
}

cases <- c(mapply(broker_case, c(6, 9, 15, 24, 40), c(0.4, 0.3, 0.2, 0.15, 0.06), c(2, 3, 3, 4, 5)),
           mapply(cut_case, c(4, 8, 12, 20, 30, 45, 60), c(0.5, 0.3, 0.2, 0.12, 0.07, 0.05, 0.035)),
           mapply(players_case, c(7, 9, 11, 13), c(0.35, 0.3, 0.22, 0.2)))
cat("[", paste(cases, collapse = ",\n"), "]\n", sep = "")
