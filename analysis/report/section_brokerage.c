/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who stands between actors that have no contact themselves, by sector.
 */
#include "sections.h"

void section_brokerage(struct section *section)
{
    static const char *const columns[] = {"actor",      "sector",  "coordinator", "itinerant", "representative",
                                          "gatekeeper", "liaison", "brokerage",   NULL};
    static const struct table_view view = {.id = "brokerage-actors",
                                           .table = "brokerage",
                                           .caption = N_("Pairs without contact that an actor stands between, by role"),
                                           .columns = columns,
                                           .sort = "brokerage",
                                           .only = "brokerage",
                                           .top = SECTION_ROWS_TOP};
    const struct language *language = section->language;
    const struct table *roles = section_table(section, "roles"), *actors = section_table(section, "brokerage");
    size_t rows[1], named = 0;
    if (section_largest(actors, "brokerage", 1, rows) == 0) {
        page_paragraph(section->page, "%s",
                       tr(language, "Nobody stands between two others: all who could be joined have contact themselves, or "
                                    "sectors are not known."));
        return;
    }
    section_claims(section);
    for (size_t row = 0; roles && row < roles->row_count && named < SECTION_NAMED_MAX; row++) {
        const char *key = table_text(roles, "actor", row), *role = table_text(roles, "role", row);
        double count = table_number(roles, "count", row), expected = table_number(roles, "expected_permutation", row);
        if (!key || !role || !(count > expected) || !(table_number(roles, "q", row) < SECTION_LEVEL))
            continue;
        page_item(section->page,
                  tr(language, "%1$s stands between others more than by chance, as %2$s: %3$s pairs, %4$s expected (q %5$s)."),
                  roster_name(section->roster, key), code_label(language, role), section_count(section, count),
                  section_number(section, expected, 1), section_probability(section, table_number(roles, "q", row)));
        named++;
    }
    if (!named)
        page_item(section->page, "%s",
                  tr(language, "Nobody stands between sectors clearly more than when the sectors are dealt out at random."));
    section_claims_end(section);
    section_show(section, &view, 1);
}
