# SPDX-License-Identifier: GPL-3.0-or-later
# Correlation and regression of matrices by R's sna package, for qap_test.py: Rscript qap_models.R > qap_models.json
# The p values are of 2,000 permutations of R's own, so they agree within Monte Carlo error; everything else agrees to rounding.
suppressPackageStartupMessages(library(sna))
REPS <- 2000
numbers <- function(x) paste0("[", paste(ifelse(is.na(x), "null", formatC(x, digits = 15, format = "g")), collapse = ","), "]")
flat <- function(m) numbers(as.vector(t(m)))
case <- function(model, directed, y, xs) {
    mode <- if (directed) "digraph" else "graph"
    n <- nrow(y)
    x <- array(0, c(length(xs), n, n))
    for (k in seq_along(xs)) x[k, , ] <- xs[[k]]
    out <- list()
    if (model == "correlation") {
        test <- qaptest(list(xs[[1]], y), gcor, g1 = 1, g2 = 2, reps = REPS, mode = mode)
        out <- list(estimate = test$testval, statistic = test$testval, p = mean(abs(test$dist) >= abs(test$testval)), whole = NA)
    } else if (model == "linear") {
        fit <- netlm(y, x, mode = mode, nullhyp = "qapspp", reps = REPS)
        s <- !is.na(fit$residuals)
        out <- list(estimate = fit$coefficients, statistic = fit$tstat, p = fit$pgreqabs,
                    whole = 1 - sum(fit$residuals^2) / sum((fit$residuals + fit$fitted.values - mean(fit$residuals + fit$fitted.values))^2))
    } else {
        fit <- netlogit(y, x, mode = mode, nullhyp = "qapspp", reps = REPS / 4)
        out <- list(estimate = fit$coefficients, statistic = fit$tstat, p = fit$pgreqabs, whole = fit$deviance)
    }
    cat(sprintf('{"model": "%s", "directed": %s, "actors": %d, "response": %s, "predictors": [%s], "estimate": %s, "statistic": %s, "p": %s, "whole": %s}',
                model, if (directed) "true" else "false", n, flat(y), paste(sapply(xs, flat), collapse = ", "),
                numbers(out$estimate), numbers(out$statistic), numbers(out$p), if (is.na(out$whole)) "null" else formatC(out$whole, digits = 15, format = "g")))
}
set.seed(2007)
cat("[\n")
first <- TRUE
for (directed in c(TRUE, FALSE)) for (model in c("correlation", "linear", "logistic")) for (gaps in c(FALSE, TRUE)) {
    if (gaps && model == "correlation") next
    n <- if (model == "logistic") 14 else 16
    square <- function(values) {
        m <- matrix(signif(values, 6), n, n)
        if (!directed) m[upper.tri(m)] <- t(m)[upper.tri(m)]
        diag(m) <- 0
        m
    }
    activity <- rnorm(n)
    a <- square(outer(1:n, 1:n, function(i, j) as.numeric(i %% 3 == j %% 3)))
    b <- square(rnorm(n * n) + 0.6 * a + rep(activity, n))
    raw <- 0.4 * a + 0.2 * b + rnorm(n * n) + rep(activity, n) + rep(activity, each = n)
    y <- square(if (model == "logistic") as.numeric(raw > 0.3) else raw)
    if (gaps) {
        for (pair in list(c(2, 5), c(7, 3), c(9, 10))) { y[pair[1], pair[2]] <- NA; if (!directed) y[pair[2], pair[1]] <- NA }
    }
    if (!first) cat(",\n")
    first <- FALSE
    case(model, directed, y, if (model == "correlation") list(b) else list(a, b))
}
cat("\n]\n")
