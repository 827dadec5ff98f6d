/* SPDX-License-Identifier: GPL-3.0-or-later
 * Contact between sectors against what activity suggests.
 */
#include "sections.h"

void section_gaps(struct section *section)
{
    static const char *const pairs[] = {
        "sector_a",        "sector_b",        "ties", "observed", "expected_configuration", "ratio_configuration",
        "p_configuration", "q_configuration", NULL};
    static const char *const members[] = {"sector", "actors", "ties_within", "ties_across", "ei", NULL};
    static const char *const singles[] = {"sector_a", "sector_b", "actor", "ties", "weight", "only_member", NULL};
    static const struct table_view gaps = {
        .id = "gaps-pairs",
        .table = "gaps",
        .caption = N_("Contact between and within sectors, observed against expected, least connected first"),
        .columns = pairs};
    static const struct table_view index = {
        .id = "ei", .table = "ei", .caption = N_("Contact out of the sectors against contact within them (E-I index)")};
    static const struct table_view views[] = {
        {.id = "sector-list", .table = "sectors", .caption = N_("Ties within and out of each sector"), .columns = members},
        {.id = "single-links",
         .table = "single_links",
         .caption = N_("Sectors that meet through one actor only"),
         .columns = singles}};
    section_show(section, &gaps, 1);
    table_show_row(section->page, section->result, &index);
    section_show(section, views, sizeof views / sizeof views[0]);
}
