#!/usr/bin/Rscript
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes time_replies.csv and time_tests.csv: replies of several actors, and what R's survival package (3.5-3, Debian 12) says about
# them: restricted means with their standard errors, with and without cases as clusters, and log-rank tests.
#
#   cd tests/oracle && Rscript time_tests.R
#
# The test that compares (time_test.py) needs no R. end: answered, pending (censored) or competing. The robust standard errors have the
# factor cases / (cases - 1) of the jackknife.
library(survival)
RNGversion("4.2.0")
set.seed(41)

tau <- 30
within <- 21
urgency <- rexp(40)
draw <- function(actor, n, mean, competing) {
  which <- sample(1:40, n, replace = TRUE)
  stage <- ifelse(runif(n) < 0.6, 4, 5)
  time <- round(rexp(n) * urgency[which] * mean * ifelse(stage == 5, 2, 1))
  kind <- runif(n)
  data.frame(actor = actor, case = which, stage = stage, time = pmin(time, 60),
             end = ifelse(time > 60 | kind < 0.15, "pending", ifelse(kind < 0.15 + competing, "competing", "answered")))
}
replies <- rbind(draw("quick", 60, 6, 0), draw("slow", 80, 14, 0), draw("withdrawn", 70, 9, 0.3), draw("small", 7, 9, 0),
                 draw("usual", 90, 9, 0.05))
replies$request <- seq_len(nrow(replies))
write.csv(replies[, c("request", "actor", "case", "stage", "time", "end")], "time_replies.csv", row.names = FALSE, quote = FALSE)

rows <- NULL
put <- function(what, a, b, value) rows <<- rbind(rows, data.frame(what = what, a = a, b = b, value = value))
for (actor in unique(replies$actor)) {
  data <- replies[replies$actor == actor, ]
  data$state <- factor(data$end, levels = c("pending", "answered", "competing"))
  data$id <- seq_len(nrow(data))
  groups <- length(unique(data$case))
  # Nothing may end at time 0 in a multi-state fit: a shift leaves the order as it is and adds a day before the first.
  many <- survfit(Surv(time + 1, state) ~ 1, data = data, id = id, influence = TRUE)
  answered <- match("answered", many$states)
  moved <- residuals(many, times = tau + 1, type = "sojourn")[, answered]
  area <- function() {
    steps <- c(1, many$time[many$time < tau + 1], tau + 1)
    heights <- c(0, many$pstate[many$time < tau + 1, answered])
    sum(heights * diff(steps))
  }
  put("rmst_days", actor, "", tau - area())
  by_case <- tapply(moved, data$case, sum)
  put("rmst_days_case_se", actor, "", sqrt(sum(by_case^2) * groups / (groups - 1)))
  if (!any(data$end == "competing")) {
    fit <- survfit(Surv(time, end == "answered") ~ 1, data = data, conf.type = "log-log")
    table <- summary(fit, rmean = tau)$table
    put("rmst_days_se", actor, "", table[["se(rmean)"]])
    at <- summary(fit, times = within)
    put("unanswered_within", actor, "", at$surv)
    put("unanswered_within_low", actor, "", at$lower)
    put("unanswered_within_high", actor, "", at$upper)
  }
}
test <- function(what, data, formula, a = "", b = "") {
  result <- survdiff(formula, data = data)
  put(paste0(what, "_chi"), a, b, result$chisq)
  result
}
for (strata in c("none", "stage")) {
  by <- if (strata == "none") Surv(time, end == "answered") ~ actor else Surv(time, end == "answered") ~ actor + strata(stage)
  all <- test(strata, replies, by)
  names <- sub("actor=", "", sub(",.*", "", names(all$n)))
  total <- function(table) if (is.matrix(table)) rowSums(table) else table
  observed <- total(all$obs)
  expected <- total(all$exp)
  for (i in seq_along(names)) put(paste0(strata, "_expected"), names[i], "", expected[i])
  for (i in seq_along(names)) put(paste0(strata, "_z2"), names[i], "", (observed[i] - expected[i])^2 / all$var[i, i])
  for (a in names) for (b in names) if (a < b) test(paste0(strata, "_pair"), replies[replies$actor %in% c(a, b), ], by, a, b)
}
options(digits = 15)
write.csv(format(rows, digits = 12, trim = TRUE), "time_tests.csv", row.names = FALSE, quote = FALSE)
