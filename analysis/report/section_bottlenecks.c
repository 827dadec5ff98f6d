/* SPDX-License-Identifier: GPL-3.0-or-later
 * Position and time side by side, then each by itself.
 */
#include "sections.h"

void section_bottlenecks(struct section *section)
{
    static const char *const side[] = {"actor",
                                       "strength",
                                       "betweenness",
                                       "cut_off",
                                       "unanswered_at_deadline",
                                       "median_days",
                                       "marginal_delay_days",
                                       "waiting_share_only",
                                       NULL};
    static const char *const cut[] = {"actor", "pieces", "cut_off", "bridges", "degree", "strength", NULL};
    static const char *const bridge[] = {"from", "to", "from_side", "to_side", "weight", NULL};
    static const char *const response[] = {"actor",           "requests",         "answered",  "pending", "median_days",
                                           "median_days_low", "median_days_high", "rmst_days", NULL};
    static const char *const last[] = {
        "actor", "complete_requests", "last", "last_share", "marginal_delay_days", "waiting_share_only", "waiting_share", NULL};
    static const char *const deadline[] = {"actor",
                                           "with_deadline",
                                           "answered_by_deadline",
                                           "unanswered_at_deadline",
                                           "unanswered_at_deadline_low",
                                           "unanswered_at_deadline_high",
                                           "overdue",
                                           NULL};
    static const struct table_view views[] = {
        {.id = "side-by-side",
         .table = "bottlenecks",
         .caption = N_("Position and time side by side"),
         .intro = N_("Central and fast is not the same as central and slow: only an actor that stands high in both halves of "
                     "this table holds others up."),
         .columns = side,
         .sort = "strength",
         .top = SECTION_ROWS_TOP}};
    static const struct table_view structure[] = {{.id = "articulation",
                                                   .table = "bottlenecks",
                                                   .caption = N_("Actors whose absence would split the network"),
                                                   .columns = cut,
                                                   .sort = "cut_off",
                                                   .only = "articulation"},
                                                  {.id = "bridges",
                                                   .table = "bridges",
                                                   .caption = N_("Ties whose absence would split the network"),
                                                   .columns = bridge,
                                                   .sort = "to_side"}};
    static const struct table_view time[] = {{.id = "responses",
                                              .table = "bottlenecks",
                                              .caption = N_("Days from a request to the answer, with intervals (95%)"),
                                              .columns = response,
                                              .sort = "median_days",
                                              .only = "requests",
                                              .top = SECTION_ROWS_TOP},
                                             {.id = "deadlines",
                                              .table = "bottlenecks",
                                              .caption = N_("Answers and deadlines, with intervals (95%)"),
                                              .columns = deadline,
                                              .sort = "unanswered_at_deadline",
                                              .only = "with_deadline",
                                              .top = SECTION_ROWS_TOP},
                                             {.id = "last",
                                              .table = "bottlenecks",
                                              .caption = N_("Who answered last, and what it cost the others"),
                                              .columns = last,
                                              .sort = "marginal_delay_days",
                                              .only = "complete_requests",
                                              .top = SECTION_ROWS_TOP}};
    section_show(section, views, sizeof views / sizeof views[0]);
    page_section(section->page, "bottlenecks-structure", tr(section->language, "In the structure"));
    section_show(section, structure, sizeof structure / sizeof structure[0]);
    page_section_end(section->page);
    page_section(section->page, "bottlenecks-time", tr(section->language, "In time"));
    page_paragraph(section->page, "%s",
                   tr(section->language,
                      "Days depend on what was asked: a public hearing has weeks or months, a consultation of ministries three "
                      "weeks. To compare actors, "
                      "use the table of answers and deadlines, where each request is measured by its own deadline."));
    page_paragraph(section->page, "%s",
                   tr(section->language, "Requests still waiting for an answer are counted with the time they have waited so "
                                         "far, not left out: leaving them out "
                                         "would make slow actors look fast."));
    section_show(section, time, sizeof time / sizeof time[0]);
    section_guard(
        section,
        tr(section->language,
           "An objection is not a failure of coordination. To object, and to take time to find out whether to object, may be "
           "just what an affected ministry is there for."));
    page_section_end(section->page);
}
