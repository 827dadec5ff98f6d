/* SPDX-License-Identifier: GPL-3.0-or-later
 * Groups found from contact alone, and how they fit the formal sectors.
 */
#include "sections.h"

#include <math.h>

void section_communities(struct section *section)
{
    static const char *const columns[] = {"community", "sector", "actors", NULL};
    static const struct table_view view = {.id = "communities-matching",
                                           .table = "matching",
                                           .caption = N_("Groups that hold together, and the sectors of their members"),
                                           .columns = columns};
    const struct language *language = section->language;
    const struct table *table = section_table(section, "partition");
    double modularity = table_number(table, "modularity", 0), ari = table_number(table, "ari", 0),
           p = table_number(table, "ari_p", 0);
    if (isnan(modularity)) {
        page_paragraph(section->page, "%s", tr(language, "There are no groups to find: nobody has a tie."));
        return;
    }
    section_claims(section);
    page_item(
        section->page,
        tr(language, "By contact alone there are %1$s groups (modularity %2$s); %3$s of %4$s runs found a division as good."),
        section_count(section, table_number(table, "communities", 0)), section_number(section, modularity, 3),
        section_percent(section, table_number(table, "runs_best", 0)), section_count(section, table_number(table, "runs", 0)));
    if (!isnan(ari) && !isnan(p))
        page_item(section->page,
                  p < SECTION_LEVEL && ari > 0
                      ? tr(language, "The groups follow the sectors more than by chance (adjusted Rand index %1$s, p %2$s).")
                      : tr(language,
                           "That the groups follow the sectors cannot be told from chance (adjusted Rand index %1$s, p "
                           "%2$s)."),
                  section_number(section, ari, 2), section_probability(section, p));
    section_claims_end(section);
    section_show(section, &view, 1);
}
