#!/usr/bin/Rscript
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes survival_times.csv and survival_curves.csv: response times and what R's survival package (3.5-3, Debian 12) says about them.
#
#   cd tests/oracle && Rscript survival_curves.R
#
# The test that compares (survival_test.py) needs no R. end: answered, pending (censored) or competing. Median and its interval are the
# first times at which the curve and its bands are at most one half (R itself reports a midpoint where the curve is exactly one half).
library(survival)
RNGversion("4.2.0")
set.seed(19)

freireich <- data.frame(
  case = "freireich",
  time = c(6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35),
  end = ifelse(c(1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0) == 1, "answered", "pending"))
drawn <- function(case, n, mean, censored, competing) {
  time <- round(rexp(n, 1 / mean))
  kind <- runif(n)
  data.frame(case = case, time = time,
             end = ifelse(kind < censored, "pending", ifelse(kind < censored + competing, "competing", "answered")))
}
times <- rbind(freireich,
               data.frame(case = "one-answered", time = 5, end = "answered"),
               data.frame(case = "one-pending", time = 5, end = "pending"),
               data.frame(case = "all-answered", time = c(1, 2, 2, 3, 8, 9), end = "answered"),
               drawn("small", 12, 10, 0.3, 0), drawn("ties", 80, 4, 0.2, 0), drawn("large", 300, 40, 0.4, 0),
               drawn("mostly-pending", 40, 30, 0.85, 0), drawn("competing", 60, 15, 0.2, 0.3), drawn("many-competing", 200, 25, 0.1, 0.6))
write.csv(times, "survival_times.csv", row.names = FALSE, quote = FALSE)

first_half <- function(time, value) {
  hit <- which(is.na(value) | value <= 0.5 + 1e-9)
  if (length(hit)) time[hit[1]] else NA
}
tau <- 30
rows <- NULL
for (case in unique(times$case)) {
  data <- times[times$case == case, ]
  if (any(data$end == "competing")) {
    data$state <- factor(data$end, levels = c("pending", "answered", "competing"))
    data$id <- seq_len(nrow(data))
    # Nothing may end at time 0 in a multi-state fit: a shift leaves the order, and with it the curve, as it is.
    fit <- survfit(Surv(time + 1, state) ~ 1, data = data)
    at <- fit$time - 1
    curve <- 1 - fit$pstate[, match("answered", fit$states)]
    moved <- fit$n.event[, match("answered", fit$states)] + fit$n.event[, match("competing", fit$states)] > 0
    low <- high <- rep(NA, length(curve))
    median_low <- median_high <- NA
  } else {
    fit <- survfit(Surv(time, end == "answered") ~ 1, data = data, conf.type = "log-log")
    at <- fit$time
    curve <- fit$surv
    moved <- fit$n.event > 0
    low <- ifelse(curve <= 0, 0, fit$lower)
    high <- ifelse(curve <= 0, 0, fit$upper)
    median_low <- first_half(at[moved], low[moved])
    median_high <- first_half(at[moved], high[moved])
  }
  steps <- c(0, at[at < tau])
  heights <- c(1, curve[at < tau])
  mean <- sum(heights * diff(c(steps, tau)))
  value <- function(days) if (any(at <= days)) curve[max(which(at <= days))] else 1
  bound <- function(band, days) if (any(at <= days & moved)) band[max(which(at <= days & moved))] else NA
  follow <- max(data$time)
  ended <- all(data$end[data$time == follow] != "pending")
  for (deadline in c(6, 20)) {
    known <- follow >= deadline + 1 || ended    # a deadline runs to the end of its day
    share <- if (known) value(deadline) else NA
    inside <- known && !is.na(share) && share > 0 && share < 1
    rows <- rbind(rows, data.frame(case = case, deadline = deadline, median = first_half(at[moved], curve[moved]),
                                   median_low = median_low, median_high = median_high, tau = tau, rmst = mean, unanswered = share,
                                   low = if (inside) bound(low, deadline) else NA, high = if (inside) bound(high, deadline) else NA))
  }
}
options(digits = 15)
write.csv(format(rows, digits = 12, trim = TRUE), "survival_curves.csv", row.names = FALSE, quote = FALSE)
