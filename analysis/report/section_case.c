/* SPDX-License-Identifier: GPL-3.0-or-later
 * How cases went: their stages, deadlines kept and missed, objections, and where they were resolved.
 */
#include "sections.h"

#include <stdio.h>

/* A count, of how many, and the share with its interval, as text. False: they are not there, or may not be shown. */
struct portion {
    const char *part, *whole, *share, *low, *high;
};
static bool portion_of(struct section *section, const char *part, const char *whole, struct portion *ret_portion)
{
    const struct table *all = section_table(section, "summary");
    char share[40], low[40], high[40];
    snprintf(share, sizeof share, "%s_share", part);
    snprintf(low, sizeof low, "%s_share_low", part);
    snprintf(high, sizeof high, "%s_share_high", part);
    *ret_portion = (struct portion){
        section_count(section, table_number(all, part, 0)), section_count(section, table_number(all, whole, 0)),
        section_percent(section, table_number(all, share, 0)), section_percent(section, table_number(all, low, 0)),
        section_percent(section, table_number(all, high, 0))};
    return table_number(all, part, 0) >= 0 && table_number(all, whole, 0) > 0;
}

void section_case(struct section *section)
{
    static const char *const columns[] = {"case",    "owner",      "stages",         "in_time", "late",
                                          "overdue", "objections", "resolved_level", NULL};
    static const struct table_view view = {.id = "case-list",
                                           .table = "cases",
                                           .caption = N_("Cases with most objections: how they went"),
                                           .columns = columns,
                                           .sort = "objections",
                                           .top = SECTION_ROWS_TOP};
    static const char *const public_columns[] = {"case", "owner", "stages", "days", "interactions", "resolved_level", NULL};
    static const struct table_view public_view = {.id = "case-list",
                                                  .table = "cases",
                                                  .caption = N_("Cases that took longest: how they went"),
                                                  .columns = public_columns,
                                                  .sort = "days",
                                                  .top = SECTION_ROWS_TOP};
    const struct language *language = section->language;
    const struct table *all = section_table(section, "summary");
    double cases = table_number(all, "cases", 0);
    struct portion portion;
    if (!(cases > 0)) {
        page_paragraph(section->page, "%s",
                       section_is_hidden(cases)
                           ? section_hidden(section)
                           : tr(language, "No interaction in this period names a case that may be shown."));
        return;
    }
    section_claims(section);
    page_item(section->page, tr(language, "%1$s cases had interactions in the period; %2$s of them are decided."),
              section_count(section, cases), section_count(section, table_number(all, "decided", 0)));
    if (portion_of(section, "kept", "due", &portion))
        page_item(
            section->page,
            tr(language, "%1$s of %2$s answers whose deadline has passed came in time: %3$s (95%% interval %4$s to %5$s)."),
            portion.part, portion.whole, portion.share, portion.low, portion.high);
    if (portion_of(section, "objected", "cases", &portion))
        page_item(section->page,
                  tr(language, "In %1$s of %2$s cases somebody objected or disagreed: %3$s (95%% interval %4$s to %5$s)."),
                  portion.part, portion.whole, portion.share, portion.low, portion.high);
    if (portion_of(section, "lifted", "cases", &portion))
        page_item(section->page,
                  tr(language, "%1$s of %2$s cases were lifted to a higher level: %3$s (95%% interval %4$s to %5$s)."),
                  portion.part, portion.whole, portion.share, portion.low, portion.high);
    section_claims_end(section);
    const struct column *objections = table_column(section_table(section, "cases"), "objections");
    section_show(section, objections && objections->withheld ? &public_view : &view, 1);
    page_paragraph(section->page, "%s",
                   tr(language,
                      "The level is the highest at which something in the case was said to be resolved; a dash means that "
                      "nothing was said of it, not that nothing was resolved."));
}
