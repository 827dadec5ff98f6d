/* SPDX-License-Identifier: GPL-3.0-or-later
 * Coordination that shared goals, target groups and instruments require, against the contact there was.
 */
#include "sections.h"

#include <math.h>

unsigned answer_need(struct section *section)
{
    const struct language *language = section->language;
    const struct table *all = section_table(section, "congruence");
    if (!(table_number(all, "needed", 0) > 0))
        return 0;
    double expected = table_number(all, "congruence_expected", 0), unknown = table_number(all, "needed_unknown", 0);
    double percentile = table_number(all, "congruence_percentile", 0);
    page_item(
        section->page,
        tr(language, "%1$s pairs of actors share goals, target groups or instruments and so need to coordinate; %2$s of them "
                     "have contact, %3$s have none."),
        section_count(section, table_number(all, "needed", 0)), section_count(section, table_number(all, "needed_done", 0)),
        section_count(section, table_number(all, "needed_missing", 0)));
    if (unknown > 0)
        page_item(section->page, tr(language, "Of %s pairs that need it, it is not known whether they had contact."),
                  section_count(section, unknown));
    if (isnan(table_number(all, "congruence", 0)))
        return 1;
    const char *met = section_percent(section, table_number(all, "congruence", 0)),
               *low = section_percent(section, table_number(all, "congruence_low", 0)),
               *high = section_percent(section, table_number(all, "congruence_high", 0)),
               *chance = section_percent(section, expected);
    if (isnan(percentile))
        page_item(section->page,
                  tr(language,
                     "Congruence is %1$s (%2$s to %3$s, whatever the unknown pairs did). Chance would always give the same "
                     "here, so it says nothing about who meets whom."),
                  met, low, high);
    else
        page_item(section->page,
                  tr(language, "Congruence is %1$s (%2$s to %3$s, whatever the unknown pairs did); by chance %4$s. It lies at "
                               "percentile %5$s of the permutations (p %6$s)."),
                  met, low, high, chance, section_number(section, percentile, 0),
                  section_probability(section, table_number(all, "congruence_p", 0)));
    return 2;
}

/* The first rows of the list needed_missing, which come by requirement. */
static void about_pairs(struct section *section, const struct table *pairs)
{
    const struct language *language = section->language;
    size_t named = 0;
    for (size_t row = 0; pairs && row < pairs->row_count && named < SECTION_NAMED_MAX; row++) {
        const char *a = table_text(pairs, "actor_a", row), *b = table_text(pairs, "actor_b", row);
        const char *goals = table_text(pairs, "goals", row);
        if (!a || !b || !(table_number(pairs, "rank", row) > 0))
            continue;
        const char *requirement = section_number(section, table_number(pairs, "requirement", row), 2);
        if (goals)
            page_item(section->page, tr(language, "Needed and missing: %1$s and %2$s (requirement %3$s; shared goals: %4$s)."),
                      roster_name(section->roster, a), roster_name(section->roster, b), requirement, goals);
        else
            page_item(section->page, tr(language, "Needed and missing: %1$s and %2$s (requirement %3$s)."),
                      roster_name(section->roster, a), roster_name(section->roster, b), requirement);
        named++;
    }
}

/* Rows come furthest below chance first. */
static void about_sectors(struct section *section, const struct table *sectors)
{
    const struct language *language = section->language;
    size_t named = 0;
    for (size_t row = 0; sectors && row < sectors->row_count && named < SECTION_NAMED_MAX; row++) {
        const char *a = table_text(sectors, "sector_a", row), *b = table_text(sectors, "sector_b", row);
        double q = table_number(sectors, "q_low", row);
        if (!a || !b || !(q < SECTION_LEVEL))
            continue;
        page_item(section->page,
                  tr(language,
                     "Those who need each other in \xe2\x80\x9c%1$s\xe2\x80\x9d and \xe2\x80\x9c%2$s\xe2\x80\x9d have "
                     "%3$s of the contact their activity suggests; by chance %4$s (q %5$s)."),
                  roster_sector_name(section->roster, a), roster_sector_name(section->roster, b),
                  section_percent(section, table_number(sectors, "contact", row)),
                  section_percent(section, table_number(sectors, "contact_expected", row)), section_probability(section, q));
        named++;
    }
    if (!named && sectors && sectors->row_count > 0)
        page_item(section->page, "%s",
                  tr(language, "In no pair of sectors do those who need each other have clearly less contact than by chance (q "
                               "below 0.05)."));
}

void section_need(struct section *section)
{
    static const char *const pair[] = {"actor_a", "actor_b", "requirement", "weight", "ratio_configuration", "goals", NULL};
    static const char *const sector[] = {"sector_a", "sector_b",         "needed", "needed_done", "needed_missing",
                                         "contact",  "contact_expected", "p_low",  "q_low",       NULL};
    static const struct table_view views[] = {
        {.id = "need-missing",
         .table = "need",
         .caption = N_("Needed and missing: pairs that need to coordinate and have no contact to speak of"),
         .columns = pair,
         .where = "list",
         .is = "needed_missing",
         .top = SECTION_ROWS_TOP},
        {.id = "need-sectors",
         .table = "sectors",
         .caption = N_("Contact between those who need each other, by pair of sectors, furthest below chance first"),
         .columns = sector,
         .top = SECTION_ROWS_TOP}};
    const struct table *all = section_table(section, "congruence");
    if (!(table_number(all, "needed", 0) > 0)) {
        page_paragraph(section->page, "%s",
                       tr(section->language,
                          "The register of needs has nothing that two actors of this network share, so what is "
                          "needed cannot be held against what there is."));
        return;
    }
    section_claims(section);
    answer_need(section);
    about_pairs(section, section_table(section, "need"));
    about_sectors(section, section_table(section, "sectors"));
    section_claims_end(section);
    section_show(section, views, sizeof views / sizeof views[0]);
}
