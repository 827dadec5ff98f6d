/* SPDX-License-Identifier: GPL-3.0-or-later
 * Renders excerpts: a table of one row turned, with what each number means, others as they are.
 */
#include "own.h"

#include "sections.h"

#include <stdio.h>

#define OWN_ROWS_MAX 40

/* The table under its own name: readers find it in the annex and the definitions under the same. */
static void table(struct page *page, const struct roster *roster, const struct result *result, const struct table *own)
{
    char id[128], caption[200];
    snprintf(id, sizeof id, "own-%s-%s", result->card.family, own->name);
    snprintf(caption, sizeof caption, "%s.%s", result->card.family, own->name);
    const struct table_view view = {.id = id, .table = own->name, .caption = caption, .top = OWN_ROWS_MAX};
    if (own->row_count == 1)
        table_show_row(page, result, &view);
    else
        table_show(page, roster, result, &view);
}

void own_render(struct page *page, const struct roster *roster, const struct report_input *input)
{
    size_t count, shown = 0;
    const struct section_kind *kinds = section_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        const struct result *result = report_result(input, kinds[i].family);
        if (!result || result->table_count == 0)
            continue;
        page_section(page, kinds[i].family, tr(page->language, kinds[i].title));
        for (size_t t = 0; t < result->table_count; t++)
            table(page, roster, result, &result->tables[t]);
        page_section_end(page);
        shown++;
    }
    if (!shown)
        page_paragraph(page, "%s", tr(page->language, "The results have no number of this actor in this period."));
}

void own_contents(struct page *page, const struct report_input *input)
{
    size_t count;
    const struct section_kind *kinds = section_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        const struct result *result = report_result(input, kinds[i].family);
        char link[80];
        if (!result || result->table_count == 0)
            continue;
        snprintf(link, sizeof link, "#%s", kinds[i].family);
        page_link_item(page, link, tr(page->language, kinds[i].title));
    }
}
