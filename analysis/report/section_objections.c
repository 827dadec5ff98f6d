/* SPDX-License-Identifier: GPL-3.0-or-later
 * Objections by kind and stage, how late, and at which level they end.
 */
#include "sections.h"

unsigned answer_objections(struct section *section)
{
    const struct language *language = section->language;
    const struct table *all = section_table(section, "all");
    double count = table_number(all, "objections", 0), escalated = table_number(all, "escalated", 0);
    if (!(count > 0))
        return 0;
    page_item(section->page, tr_plural(language, "%s objection was raised.", "%s objections were raised.", count),
              section_count(section, count));
    double renewed = table_number(all, "late_renewed", 0);
    if (table_number(all, "placed", 0) > 0 && !section_is_hidden(table_number(all, "late_share", 0)))
        page_item(section->page,
                  section_is_hidden(renewed)
                      ? tr(language,
                           "%1$s of %2$s that can be placed came at a later stage than the one at which the objector was first "
                           "consulted (95%% interval %3$s to %4$s).")
                      : tr(language,
                           "%1$s of %2$s that can be placed came at a later stage than the one at which the objector was first "
                           "consulted (95%% interval %3$s to %4$s); %5$s of these after it had been consulted anew."),
                  section_percent(section, table_number(all, "late_share", 0)),
                  section_count(section, table_number(all, "placed", 0)),
                  section_percent(section, table_number(all, "late_share_low", 0)),
                  section_percent(section, table_number(all, "late_share_high", 0)), section_count(section, renewed));
    if (escalated > 0 && !section_is_hidden(table_number(all, "to_conference_share", 0)))
        page_item(section->page,
                  tr(language,
                     "Of %1$s objections lifted to a higher level, %2$s went as far as the government conference (95%% "
                     "interval %3$s to %4$s)."),
                  section_count(section, escalated), section_percent(section, table_number(all, "to_conference_share", 0)),
                  section_percent(section, table_number(all, "to_conference_share_low", 0)),
                  section_percent(section, table_number(all, "to_conference_share_high", 0)));
    return 1;
}

void section_objections(struct section *section)
{
    static const char *const stage[] = {"stage",
                                        "objections",
                                        "kind_objection",
                                        "kind_disagreement",
                                        "kind_postponement",
                                        "kind_new_study",
                                        "kind_silence",
                                        "kind_withdrawn",
                                        NULL};
    static const char *const level[] = {"level",
                                        "lifted_to",
                                        "resolved_at",
                                        "resolved_share",
                                        "resolved_share_low",
                                        "resolved_share_high",
                                        "days_until_lifted_on",
                                        NULL};
    static const struct table_view views[] = {
        {.id = "objections-stages", .table = "stages", .caption = N_("Objections by stage and kind"), .columns = stage},
        {.id = "objections-levels",
         .table = "levels",
         .caption = N_("The level at which objections end (95% intervals)"),
         .columns = level}};
    const struct language *language = section->language;
    const struct table *all = section_table(section, "all");
    double count = table_number(all, "objections", 0), escalated = table_number(all, "escalated", 0);
    if (!(count > 0)) {
        page_paragraph(section->page, "%s",
                       section_is_hidden(count) ? section_hidden(section)
                                                : tr(language, "No objections were reported in this period."));
        return;
    }
    section_guard(section, tr(language, "Those who complain of poor coordination have often just lost a fair trade-off, and "
                                        "excellent coordination can end in a no. The numbers tell how the process went, not "
                                        "whether the outcome was right."));
    section_claims(section);
    answer_objections(section);
    section_claims_end(section);
    section_show(section, views, escalated > 0 ? 2 : 1);
}
