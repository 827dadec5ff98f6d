/* SPDX-License-Identifier: GPL-3.0-or-later
 * How early each was involved, and whether deadlines were as long as the rules demand.
 */
#include "sections.h"

unsigned answer_involvement(struct section *section)
{
    const struct language *language = section->language;
    const struct table *all = section_table(section, "all");
    double placed = table_number(all, "placed", 0), timed = table_number(all, "timed", 0);
    bool late = placed > 0 && !section_is_hidden(table_number(all, "late_share", 0));
    if (late)
        page_item(section->page,
                  tr(language, "%1$s of %2$s involvements came only after the consultation had begun (95%% interval %3$s to "
                               "%4$s): somebody affected had been missed."),
                  section_percent(section, table_number(all, "late_share", 0)), section_count(section, placed),
                  section_percent(section, table_number(all, "late_share_low", 0)),
                  section_percent(section, table_number(all, "late_share_high", 0)));
    if (timed > 0)
        page_item(section->page,
                  tr(language,
                     "On average, involvement began %1$s of the way from the beginning of a case to its decision (95%% "
                     "interval %2$s to %3$s, %4$s involvements)."),
                  section_percent(section, table_number(all, "earliness", 0)),
                  section_percent(section, table_number(all, "earliness_low", 0)),
                  section_percent(section, table_number(all, "earliness_high", 0)), section_count(section, timed));
    return late + (timed > 0);
}

/* The rows of all together, which name no actor. */
static size_t about_deadlines(struct section *section, bool *ret_hidden)
{
    const struct table *table = section_table(section, "deadlines");
    size_t said = 0;
    *ret_hidden = false;
    for (size_t row = 0; table && row < table->row_count; row++) {
        const char *rule = table_text(table, "rule", row);
        double due = table_number(table, "with_deadline", row);
        bool hidden = section_is_hidden(due) || (due > 0 && section_is_hidden(table_number(table, "compliant_share", row)));
        *ret_hidden = *ret_hidden || (rule && hidden);
        if (!rule || table_text(table, "actor", row) || hidden || !(due > 0))
            continue;
        page_item(section->page,
                  tr(section->language, "%1$s: %2$s of %3$s deadlines keep the rule (95%% interval %4$s to %5$s)."),
                  code_label(section->language, rule), section_percent(section, table_number(table, "compliant_share", row)),
                  section_count(section, table_number(table, "with_deadline", row)),
                  section_percent(section, table_number(table, "compliant_share_low", row)),
                  section_percent(section, table_number(table, "compliant_share_high", row)));
        said++;
    }
    return said;
}

void section_righttime(struct section *section)
{
    static const char *const rule[] = {"rule",      "with_deadline",   "long_enough",         "agreed",
                                       "too_short", "compliant_share", "compliant_share_low", "compliant_share_high",
                                       NULL};
    static const char *const order[] = {
        "rule", "cases", "in_order_share", "in_order_share_low", "in_order_share_high", "without_the_first", NULL};
    static const char *const actor[] = {"actor", "placed", "late", "late_share", "late_share_low", "late_share_high", NULL};
    static const struct table_view deadlines = {.id = "righttime-deadlines",
                                                .table = "deadlines",
                                                .caption = N_("Deadlines against the rules (95% intervals)"),
                                                .columns = rule,
                                                .only = "with_deadline",
                                                .where = "actor"};
    static const struct table_view cases[] = {
        {.id = "righttime-order",
         .table = "order",
         .caption = N_("Whether the stages of cases came in order (95% intervals)"),
         .columns = order,
         .only = "cases"},
        {.id = "righttime-late",
         .table = "righttime",
         .caption = N_("Who was first involved after the consultation had begun (95% intervals)"),
         .columns = actor,
         .sort = "late_share",
         .only = "late",
         .top = SECTION_ROWS_TOP}};
    section_claims(section);
    double placed = table_number(section_table(section, "all"), "placed", 0);
    if (!answer_involvement(section))
        page_item(section->page, "%s",
                  section_is_hidden(placed) || placed > 0
                      ? section_hidden(section)
                      : tr(section->language,
                           "How early each was involved cannot be told: too few interactions name a case whose "
                           "course is known."));
    bool hidden;
    size_t rules = about_deadlines(section, &hidden);
    if (!rules)
        page_item(section->page, "%s",
                  hidden ? section_hidden(section)
                         : tr(section->language, "No request with a deadline falls under a rule about deadlines."));
    section_claims_end(section);
    if (rules)
        section_show(section, &deadlines, 1);
    if (table_number(section_table(section, "all"), "involvements", 0) > 0)
        section_show(section, cases, sizeof cases / sizeof cases[0]);
}
