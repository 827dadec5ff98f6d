/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of what may be shown.
 */
#include "guarded.h"

#define ONLY(...)      ((const char *const[]){__VA_ARGS__, NULL})
#define INTERVAL(name) name, name "_low", name "_high"
#define SIZE(array)    (sizeof(array) / sizeof(array)[0])

#define STATES                                                                                                                 \
    {                                                                                                                          \
        "answered", "pending", "ended_otherwise"                                                                               \
    }
#define FULFILMENTS                                                                                                            \
    {                                                                                                                          \
        "in_time", "missing", "late", "short", "undated", "unknown"                                                            \
    }
/* Days, not counts: they are told wherever the number of requests is. */
#define OF_DAYS                                                                                                                \
    ONLY(INTERVAL("median_days"), "median_days_case_low", "median_days_case_high", INTERVAL("rmst_days"), "rmst_days_se",      \
         "rmst_days_case_se", "rmst_days_case_low", "rmst_days_case_high")
#define OF_ANSWERS ONLY("expected_answered", "answer_rate_ratio", "p", "q")
#define OF_LAST                                                                                                                \
    ONLY("last_share", "marginal_delay_days", "marginal_delay_mean", "waiting_share", "waiting_share_only", "in_progress_mean")
#define OF_TIMED ONLY(INTERVAL("earliness"), INTERVAL("earliness_median"))

/* Whoever was answered by a deadline or a day was answered. */
#define RESPONSES(family, table)                                                                                               \
    {family, table, "requests", {NULL}, {NULL}, NULL, OF_DAYS}, {family, table, "requests", {NULL}, STATES, NULL, OF_ANSWERS}, \
        {family,                                                                                                               \
         table,                                                                                                                \
         "requests",                                                                                                           \
         {"answered"},                                                                                                         \
         {NULL},                                                                                                               \
         "unanswered_within",                                                                                                  \
         ONLY("unanswered_within_low", "unanswered_within_high")},                                                             \
    {                                                                                                                          \
        family, table, "answered", {NULL}, {NULL}, "no_remark_share", ONLY("no_remark_share_low", "no_remark_share_high")      \
    }
#define DEADLINES(family, table)                                                                                               \
    {                                                                                                                          \
        family, table, "with_deadline", {"requests", "answered"}, {NULL}, "unanswered_at_deadline",                            \
            ONLY("unanswered_at_deadline_low", "unanswered_at_deadline_high")                                                  \
    }
#define LAST(family, table)                                                                                                    \
    {                                                                                                                          \
        family, table, "complete_requests", {"requests", "answered"}, {"last"}, NULL, OF_LAST                                  \
    }
#define DUTIES(table)                                                                                                          \
    {                                                                                                                          \
        "duty", table, "due", {NULL}, FULFILMENTS, NULL, ONLY(INTERVAL("fulfilled"))                                           \
    }
/* A case's objection may be of several kinds: each divides the objections by itself. */
#define OBJECTIONS(table)                                                                                                      \
    {"objections", table, "objections", {NULL}, {"kind_objection"}, NULL, NULL},                                               \
        {"objections", table, "objections", {NULL}, {"kind_disagreement"}, NULL, NULL},                                        \
        {"objections", table, "objections", {NULL}, {"kind_postponement"}, NULL, NULL},                                        \
        {"objections", table, "objections", {NULL}, {"kind_new_study"}, NULL, NULL},                                           \
        {"objections", table, "objections", {NULL}, {"kind_silence"}, NULL, NULL},                                             \
    {                                                                                                                          \
        "objections", table, "objections", {NULL}, {"kind_withdrawn"}, NULL, NULL                                              \
    }
#define OBJECTORS(table)                                                                                                       \
    OBJECTIONS(table), {"objections", table, "received", {NULL}, {NULL}, NULL, NULL},                                          \
        {"objections", table, "placed", {NULL}, {"late"}, NULL, ONLY(INTERVAL("late_share"))},                                 \
        {"objections", table, "late", {NULL}, {"late_renewed"}, NULL, NULL},                                                   \
        {"objections", table, "escalated", {NULL}, {"resolved"}, NULL, NULL},                                                  \
    {                                                                                                                          \
        "objections", table, "escalated", {NULL}, {"to_conference"}, NULL, ONLY(INTERVAL("to_conference_share"))               \
    }
#define INVOLVEMENTS(table, derived)                                                                                           \
    {"righttime", table, "involvements", {NULL}, {NULL}, NULL, derived},                                                       \
        {"righttime", table, "placed", {"involvements"}, {"late"}, NULL, ONLY(INTERVAL("late_share"))},                        \
    {                                                                                                                          \
        "righttime", table, "timed", {"involvements"}, {NULL}, NULL, OF_TIMED                                                  \
    }

static const struct guarded_group groups[] = {
    RESPONSES("time", "time"),
    DEADLINES("time", "time"),
    LAST("time", "time"),
    /* the deadlines of a stage are counted in righttime.deadlines */
    RESPONSES("time", "stages"),
    RESPONSES("time", "all"),
    DEADLINES("time", "all"),
    RESPONSES("bottlenecks", "bottlenecks"),
    DEADLINES("bottlenecks", "bottlenecks"),
    LAST("bottlenecks", "bottlenecks"),
    DUTIES("actors"),
    DUTIES("rules"),
    DUTIES("summary"),
    OBJECTORS("objections"),
    OBJECTIONS("stages"),
    {"objections", "levels", "lifted_to", {NULL}, {NULL}, NULL, NULL},
    {"objections", "levels", "resolved_at", {NULL}, {NULL}, NULL, ONLY(INTERVAL("resolved_share"))},
    {"objections", "levels", "lifted_on", {NULL}, {NULL}, NULL, ONLY("days_until_lifted_on")},
    OBJECTORS("all"),
    INVOLVEMENTS("righttime", NULL),
    INVOLVEMENTS("owners", NULL),
    INVOLVEMENTS("stages", ONLY(INTERVAL("first_share"))),
    INVOLVEMENTS("all", NULL),
    {"righttime",
     "deadlines",
     "with_deadline",
     {NULL},
     {"long_enough", "agreed", "too_short"},
     NULL,
     ONLY(INTERVAL("compliant_share"))},
    {"righttime", "order", "cases", {NULL}, {"in_order", "out_of_order"}, NULL, ONLY(INTERVAL("in_order_share"))},
    {"case", "summary", "cases", {NULL}, {"decided"}, NULL, NULL},
    {"case", "summary", "due", {NULL}, {"kept"}, NULL, ONLY(INTERVAL("kept_share"))},
    {"case", "summary", "cases", {NULL}, {"objected"}, NULL, ONLY(INTERVAL("objected_share"))},
    {"case", "summary", "cases", {NULL}, {"lifted"}, NULL, ONLY(INTERVAL("lifted_share"))},
};

static const struct guarded_free unguarded[] = {
    {"bottlenecks", "bottlenecks", ONLY("degree", "strength", "betweenness", "articulation", "pieces", "cut_off", "bridges")},
    {"bottlenecks", "bridges", ONLY("from_side", "to_side", "weight")},
    {"time", "logrank", ONLY("actors", "chi_squared", "degrees", "p_asymptotic", "p")},
    {"duty", "rules", ONLY("minimum_days")},
    {"case", "cases", ONLY("days", "interactions", "actors")}, /* contact, and when a case began and was decided */
};

const struct guarded_group *guarded_groups(size_t *ret_count)
{
    *ret_count = SIZE(groups);
    return groups;
}

static const struct guarded_rows rows[] = {{"righttime", "deadlines", "actor"}};

const struct guarded_rows *guarded_rows(size_t *ret_count)
{
    *ret_count = SIZE(rows);
    return rows;
}

const struct guarded_free *guarded_free(size_t *ret_count)
{
    *ret_count = SIZE(unguarded);
    return unguarded;
}
