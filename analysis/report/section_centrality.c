/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who is central, beside what rules explain.
 */
#include "sections.h"

void section_centrality(struct section *section)
{
    static const char *const columns[] = {
        "actor",    "sector",   "degree",     "strength", "strength_ratio", "betweenness_norm",
        "harmonic", "pagerank", "constraint", NULL};
    static const struct table_view views[] = {{.id = "centrality-actors",
                                               .table = "centrality",
                                               .caption = N_("Position of each actor, by the sum of its ties"),
                                               .columns = columns,
                                               .sort = "strength",
                                               .top = SECTION_ROWS_TOP}};
    section_guard(section,
                  tr(section->language, "A hub is not a defect. Rules give some ministries more to do with others than "
                                        "the rest: every cabinet memorandum goes to "
                                        "the Ministry of Finance, and drafts go to the Office of the Prime Minister. A "
                                        "place in the middle is a description, "
                                        "not a verdict."));
    section_show(section, views, sizeof views / sizeof views[0]);
    page_paragraph(section->page, "%s",
                   tr(section->language, "How far these numbers could be off is not part of this report, since it takes longer "
                                         "to compute: samordning metrics uncertainty tells it."));
}
