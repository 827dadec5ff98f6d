/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long answers take, over all, by stage and by actor.
 */
#include "sections.h"

#include <math.h>

unsigned answer_median(struct section *section)
{
    const struct language *language = section->language;
    const struct table *all = section_table(section, "all");
    double median = table_number(all, "median_days", 0), high = table_number(all, "median_days_high", 0);
    const char *requests = section_count(section, table_number(all, "requests", 0));
    if (!(table_number(all, "requests", 0) > 0))
        return 0;
    if (isnan(median))
        page_item(section->page, tr(language, "Of %s requests, fewer than half have an answer so far."), requests);
    else if (isnan(high))
        page_item(
            section->page,
            tr(language, "Half of %1$s requests were answered within %2$s days (95%% interval from %3$s days, no upper bound "
                         "yet)."),
            requests, section_number(section, median, 1), section_number(section, table_number(all, "median_days_low", 0), 1));
    else
        page_item(section->page,
                  tr(language, "Half of %1$s requests were answered within %2$s days (95%% interval %3$s to %4$s)."), requests,
                  section_number(section, median, 1), section_number(section, table_number(all, "median_days_low", 0), 1),
                  section_number(section, high, 1));
    return 1;
}

unsigned answer_deadlines(struct section *section)
{
    const struct table *all = section_table(section, "all");
    if (!(table_number(all, "with_deadline", 0) > 0) || isnan(table_number(all, "unanswered_at_deadline", 0)))
        return 0;
    page_item(section->page,
              tr(section->language, "%1$s of %2$s requests with a deadline were unanswered when it ran out (95%% interval %3$s "
                                    "to %4$s)."),
              section_percent(section, table_number(all, "unanswered_at_deadline", 0)),
              section_count(section, table_number(all, "with_deadline", 0)),
              section_percent(section, table_number(all, "unanswered_at_deadline_low", 0)),
              section_percent(section, table_number(all, "unanswered_at_deadline_high", 0)));
    return 1;
}

/* The log-rank tests: all at once, then those who answer at a lower rate than all others, slowest first. */
static void about_rates(struct section *section)
{
    const struct language *language = section->language;
    const struct table *tests = section_table(section, "logrank"), *actors = section_table(section, "time");
    double p = table_number(tests, "p", 0);
    if (!isnan(p))
        page_item(section->page,
                  p < SECTION_LEVEL
                      ? tr(language, "The actors do not all answer at the same rate (log-rank test of %1$s actors, p %2$s).")
                      : tr(language,
                           "Whether the actors answer at different rates cannot be told from chance (log-rank test of "
                           "%1$s actors, p %2$s)."),
                  section_count(section, table_number(tests, "actors", 0)), section_probability(section, p));
    double last = 0; /* ratio of the one named before */
    for (size_t named = 0; actors && named < SECTION_NAMED_MAX; named++) {
        size_t slowest = SIZE_MAX;
        for (size_t row = 0; row < actors->row_count; row++) {
            double ratio = table_number(actors, "answer_rate_ratio", row);
            if (ratio > last && ratio < 1 && table_number(actors, "q", row) < SECTION_LEVEL &&
                (slowest == SIZE_MAX || ratio < table_number(actors, "answer_rate_ratio", slowest)))
                slowest = row;
        }
        const char *key = slowest == SIZE_MAX ? NULL : table_text(actors, "actor", slowest);
        if (!key)
            break;
        last = table_number(actors, "answer_rate_ratio", slowest);
        page_item(section->page,
                  tr(language, "%1$s gave %2$s of the answers to be expected if all answered at the same rate (q %3$s, %4$s "
                               "requests)."),
                  roster_name(section->roster, key), section_percent(section, last),
                  section_probability(section, table_number(actors, "q", slowest)),
                  section_count(section, table_number(actors, "requests", slowest)));
    }
}

void section_time(struct section *section)
{
    static const char *const stage[] = {"stage",
                                        "requests",
                                        "median_days",
                                        "median_days_low",
                                        "median_days_high",
                                        "with_deadline",
                                        "unanswered_at_deadline",
                                        "unanswered_at_deadline_low",
                                        "unanswered_at_deadline_high",
                                        NULL};
    static const char *const actor[] = {"actor",
                                        "requests",
                                        "unanswered_at_deadline",
                                        "unanswered_at_deadline_low",
                                        "unanswered_at_deadline_high",
                                        "answer_rate_ratio",
                                        "p",
                                        "q",
                                        NULL};
    static const struct table_view views[] = {
        {.id = "time-stages",
         .table = "stages",
         .caption = N_("Days to an answer and deadlines by stage (95% intervals)"),
         .columns = stage},
        {.id = "time-actors",
         .table = "time",
         .caption = N_("Answers by actor, against the deadline and against the others (95% intervals)"),
         .columns = actor,
         .sort = "unanswered_at_deadline",
         .only = "requests",
         .top = SECTION_ROWS_TOP}};
    const struct table *all = section_table(section, "all");
    double requests = table_number(all, "requests", 0);
    if (!(requests > 0)) {
        page_paragraph(section->page, "%s",
                       section_is_hidden(requests) ? section_hidden(section)
                                                   : tr(section->language, "Nobody was asked for an answer in this period."));
        return;
    }
    section_claims(section);
    answer_median(section);
    answer_deadlines(section);
    about_rates(section);
    section_claims_end(section);
    page_paragraph(section->page, "%s",
                   tr(section->language,
                      "The test compares all requests, short and long. With --spec strata=request the command "
                      "line compares only those who were asked the same."));
    section_show(section, views, sizeof views / sizeof views[0]);
}
