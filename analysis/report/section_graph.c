/* SPDX-License-Identifier: GPL-3.0-or-later
 * The numbers of the network as a whole.
 */
#include "sections.h"

void section_graph(struct section *section)
{
    static const struct table_view views[] = {
        {.id = "graph-numbers", .table = "graph", .caption = N_("Numbers for the network as a whole")}};
    section_show(section, views, sizeof views / sizeof views[0]);
}
