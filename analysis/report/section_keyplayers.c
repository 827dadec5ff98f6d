/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which sets of actors hold the network together.
 */
#include "sections.h"

#include <string.h>

/* The largest best set, and what is lost without it. */
static void about_set(struct section *section, const struct table *sets, const struct table *whole)
{
    size_t best = SIZE_MAX;
    for (size_t row = 0; sets && row < sets->row_count; row++) {
        const char *measure = table_text(sets, "measure", row);
        if (measure && strcmp(measure, "distance_fragmentation") == 0 && table_number(sets, "place", row) == 1 &&
            (best == SIZE_MAX || table_number(sets, "size", row) > table_number(sets, "size", best)))
            best = row;
    }
    const char *keys = best == SIZE_MAX ? NULL : table_text(sets, "actors", best);
    if (!keys)
        return;
    char names[400];
    table_actors(section->roster, keys, names);
    page_item(section->page,
              tr(section->language, "Of all sets of %1$s, contact would be hit hardest without %2$s: fragmentation by distance "
                                    "would be %3$s; it is %4$s now. Sets with this value: %5$s."),
              section_count(section, table_number(sets, "size", best)), names,
              section_number(section, table_number(sets, "value", best), 3),
              section_number(section, table_number(whole, "distance_fragmentation", 0), 3),
              section_count(section, table_number(sets, "equal_sets", best)));
}

static void about_cut(struct section *section, const struct table *whole)
{
    const struct language *language = section->language;
    double ties = table_number(whole, "tie_connectivity", 0), actors = table_number(whole, "actor_connectivity", 0);
    if (ties == 0)
        page_item(section->page, "%s", tr(language, "The network is in several parts already."));
    else if (ties > 0 && actors > 0)
        page_item(
            section->page,
            tr(language, "The smallest cut: %1$s by actors, %2$s by ties. With these gone, the rest no longer holds together."),
            section_count(section, actors), section_count(section, ties));
}

void section_keyplayers(struct section *section)
{
    static const char *const set[] = {"size", "actors", "value", "equal_sets", NULL};
    static const struct table_view views[] = {{.id = "keyplayers-sets",
                                               .table = "sets",
                                               .caption = N_("The sets without which contact would be hit hardest, by size"),
                                               .columns = set,
                                               .where = "measure",
                                               .is = "distance_fragmentation",
                                               .top = SECTION_ROWS_TOP}};
    const struct table *sets = section_table(section, "sets"), *whole = section_table(section, "whole");
    if (!(table_number(whole, "tie_connectivity", 0) >= 0) && (!sets || sets->row_count == 0)) {
        page_paragraph(section->page, "%s",
                       tr(section->language, "Sets and cuts were not computed: the network has too few actors, or too many."));
        return;
    }
    if (sets && sets->row_count > 0) {
        section_claims(section);
        about_set(section, sets, whole);
        about_cut(section, whole);
        section_claims_end(section);
        section_show(section, views, sizeof views / sizeof views[0]);
        page_paragraph(section->page, "%s",
                       tr(section->language,
                          "The best set is not made of those who are best alone, and to be in it is no fault: "
                          "it tells whose absence the others would notice most."));
    } else {
        section_claims(section);
        about_cut(section, whole);
        page_item(section->page, "%s",
                  tr(section->language,
                     "The sets were not computed; --spec sets=exact asks for them where the network is not too "
                     "large."));
        section_claims_end(section);
    }
}
