/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whom the rules say must be asked, and who was.
 */
#include "sections.h"

/* The pairs that most often were not asked at all, each with what the rules got in all. */
static void about_missing(struct section *section)
{
    const struct table *pairs = section_table(section, "duty");
    size_t rows[SECTION_NAMED_MAX], count = section_largest(pairs, "missing", SECTION_NAMED_MAX, rows);
    for (size_t i = 0; i < count; i++) {
        const char *owner = table_text(pairs, "owner", rows[i]), *addressee = table_text(pairs, "addressee", rows[i]);
        if (!owner || !addressee)
            continue;
        page_item(section->page,
                  tr(section->language,
                     "%1$s was not asked by %2$s in %3$s of %4$s cases in which a rule demands it; fulfilled: "
                     "%5$s (95%% interval %6$s to %7$s)."),
                  roster_name(section->roster, addressee), roster_name(section->roster, owner),
                  section_count(section, table_number(pairs, "missing", rows[i])),
                  section_count(section, table_number(pairs, "due", rows[i])),
                  section_percent(section, table_number(pairs, "fulfilled", rows[i])),
                  section_percent(section, table_number(pairs, "fulfilled_low", rows[i])),
                  section_percent(section, table_number(pairs, "fulfilled_high", rows[i])));
    }
}

static double judged_of(const struct table *all)
{
    return table_number(all, "missing", 0) + table_number(all, "late", 0) + table_number(all, "short", 0) +
           table_number(all, "in_time", 0);
}

unsigned answer_duty(struct section *section)
{
    const struct table *all = section_table(section, "summary");
    double judged = judged_of(all);
    if (!(judged > 0))
        return 0;
    page_item(section->page,
              tr(section->language, "%1$s of the %2$s duties to consult that can be judged were fulfilled: asked in time, and "
                                    "with long enough to answer (95%% interval %3$s to %4$s)."),
              section_percent(section, table_number(all, "fulfilled", 0)), section_count(section, judged),
              section_percent(section, table_number(all, "fulfilled_low", 0)),
              section_percent(section, table_number(all, "fulfilled_high", 0)));
    return 1;
}

void section_duty(struct section *section)
{
    static const char *const rule[] = {"rule",  "due",       "in_time",       "missing",        "late",
                                       "short", "fulfilled", "fulfilled_low", "fulfilled_high", NULL};
    static const char *const pair[] = {"owner", "addressee", "due", "missing", "late", "short", "in_time", NULL};
    static const struct table_view views[] = {{.id = "duty-rules",
                                               .table = "rules",
                                               .caption = N_("What became of the duties to consult, by rule (95% intervals)"),
                                               .columns = rule,
                                               .only = "due"},
                                              {.id = "duty-missing",
                                               .table = "duty",
                                               .caption = N_("Who was not asked although a rule demands it"),
                                               .columns = pair,
                                               .sort = "missing",
                                               .only = "missing",
                                               .top = SECTION_ROWS_TOP}};
    const struct language *language = section->language;
    const struct table *all = section_table(section, "summary");
    double due = table_number(all, "due", 0), judged = judged_of(all);
    if (!(due > 0)) {
        page_paragraph(section->page, "%s",
                       section_is_hidden(due)
                           ? section_hidden(section)
                           : tr(language,
                                "No duty to consult arose: no case with a known owner and known effects came so far in this "
                                "period, or no rule was in force."));
        return;
    }
    section_claims(section);
    if (answer_duty(section))
        page_item(section->page, tr(language, "The others: never asked %1$s, asked too late %2$s, too short a deadline %3$s."),
                  section_count(section, table_number(all, "missing", 0)), section_count(section, table_number(all, "late", 0)),
                  section_count(section, table_number(all, "short", 0)));
    else if (section_is_hidden(judged))
        page_item(section->page, "%s", section_hidden(section));
    if (due > judged)
        page_item(section->page, tr(language, "Of %1$s duties, %2$s cannot be judged from what was reported."),
                  section_count(section, due), section_count(section, due - judged));
    about_missing(section);
    section_claims_end(section);
    section_show(section, views, sizeof views / sizeof views[0]);
}
