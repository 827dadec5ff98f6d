/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of sections, and what all of them are written with.
 */
#include "sections.h"

#include <stdio.h>
#include <string.h>

#define MECHANISMS N_("Do the mechanisms work?")
#define RIGHT_TIME N_("Does it happen at the right time?")
#define BOTTLENECK N_("Who is a bottleneck?")
#define GAPS       N_("Where are the gaps across sectors?")
#define VETO       N_("What do objections do?")

static const struct section_kind kinds[] = {
    {MECHANISMS, "duty", N_("The duty to consult"), section_duty},
    {MECHANISMS, "survey", N_("What those who take part say"), section_survey, true},
    {MECHANISMS, "declared", N_("What they say of their contact, against the log"), section_declared, true},
    {RIGHT_TIME, "righttime", N_("How early, and with how long to answer"), section_righttime},
    {RIGHT_TIME, "time", N_("How long answers take"), section_time},
    {BOTTLENECK, "centrality", N_("Position of each actor"), section_centrality},
    {BOTTLENECK, "bottlenecks", N_("Bottlenecks"), section_bottlenecks},
    {BOTTLENECK, "keyplayers", N_("Who holds the network together"), section_keyplayers},
    {BOTTLENECK, "brokerage", N_("Who stands between whom"), section_brokerage},
    {GAPS, "need", N_("Coordination that is needed, and what there is"), section_need},
    {GAPS, "shortfall", N_("Contact that those who take part lack"), section_shortfall, true},
    {GAPS, "gaps", N_("Across sectors"), section_gaps},
    {GAPS, "communities", N_("Groups that hold together"), section_communities},
    {VETO, "objections", N_("Objections"), section_objections},
    {N_("The network as a whole"), "graph", N_("Size and shape"), section_graph},
};
#define KINDS (sizeof kinds / sizeof kinds[0])

const struct section_kind *section_kinds(size_t *ret_count)
{
    *ret_count = KINDS;
    return kinds;
}

/* Whether the row begins a question. */
static bool begins(size_t row)
{
    return row == 0 || strcmp(kinds[row].question, kinds[row - 1].question) != 0;
}

static void question_id(size_t row, char ret_id[64])
{
    snprintf(ret_id, 64, "question-%.40s", kinds[row].family);
}

void sections_contents(struct page *page)
{
    for (size_t i = 0; i < KINDS; i++) {
        char id[64], link[80];
        if (!begins(i))
            continue;
        question_id(i, id);
        snprintf(link, sizeof link, "#%s", id);
        page_link_item(page, link, tr(page->language, kinds[i].question));
    }
}

void sections_render(struct page *page, const struct roster *roster, const struct report_input *input)
{
    for (size_t i = 0; i < KINDS; i++) {
        struct section section = {
            .page = page, .language = page->language, .roster = roster, .result = report_result(input, kinds[i].family)};
        const char *title = tr(page->language, kinds[i].title);
        char id[64];
        question_id(i, id);
        if (begins(i))
            page_section(page, id, tr(page->language, kinds[i].question));
        if (!kinds[i].wave || section.result)
            page_section(page, kinds[i].family, title);
        if (section.result)
            kinds[i].render(&section);
        else if (!kinds[i].wave)
            page_paragraph(page,
                           tr(page->language, "Not in this report: %s. The analysis did not deliver the family "
                                              "\xe2\x80\x9c%s\xe2\x80\x9d."),
                           title, kinds[i].family);
        if (!kinds[i].wave || section.result)
            page_section_end(page);
        if (i + 1 == KINDS || begins(i + 1))
            page_section_end(page);
    }
}

const struct table *section_table(const struct section *section, const char *name)
{
    return result_table(section->result, name);
}

void section_show(struct section *section, const struct table_view *views, size_t count)
{
    for (size_t i = 0; i < count; i++)
        table_show(section->page, section->roster, section->result, &views[i]);
}

void section_guard(struct section *section, const char *text)
{
    page_open(section->page, "div", "class", "guard", "role", "note", NULL);
    page_element(section->page, "p", NULL, text);
    page_close(section->page);
    page_newline(section->page);
}

void section_claims(struct section *section)
{
    page_open(section->page, "ul", "class", "findings", NULL);
    page_newline(section->page);
}

void section_claims_end(struct section *section)
{
    page_close(section->page);
    page_newline(section->page);
}

static char *slot(struct section *section)
{
    return section->numbers[section->next++ % SECTION_NUMBERS_MAX];
}

const char *section_count(struct section *section, double number)
{
    return section_number(section, number, 0);
}

const char *section_number(struct section *section, double number, int decimals)
{
    char *text = slot(section);
    language_number(section->language, number, decimals, text);
    return text;
}

const char *section_percent(struct section *section, double share)
{
    char *text = slot(section);
    language_percent(section->language, share, 0, text);
    return text;
}

const char *section_probability(struct section *section, double p)
{
    char *text = slot(section);
    language_probability_after(section->language, p, text);
    return text;
}

size_t section_largest(const struct table *table, const char *column, size_t max, size_t *ret_rows)
{
    size_t count = 0;
    for (size_t row = 0; table && row < table->row_count; row++) {
        double number = table_number(table, column, row);
        if (!(number > 0))
            continue;
        size_t at = count < max ? count : max;
        while (at > 0 && table_number(table, column, ret_rows[at - 1]) < number)
            at--;
        if (at == max)
            continue;
        size_t last = count < max ? count : max - 1;
        memmove(&ret_rows[at + 1], &ret_rows[at], (last - at) * sizeof *ret_rows);
        ret_rows[at] = row;
        count += count < max;
    }
    return count;
}
