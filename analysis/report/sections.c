/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of sections, and what all of them are written with.
 */
#include "sections.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SURVEY N_("What do those who take part say?")

static const struct section_kind kinds[] = {
    {QUESTION_MECHANISMS, "duty", N_("The duty to consult"), section_duty},
    {QUESTION_RIGHT_TIME, "righttime", N_("How early, and with how long to answer"), section_righttime},
    {QUESTION_RIGHT_TIME, "time", N_("How long answers take"), section_time},
    {QUESTION_BOTTLENECK, "centrality", N_("Position of each actor"), section_centrality},
    {QUESTION_BOTTLENECK, "bottlenecks", N_("Bottlenecks"), section_bottlenecks},
    {QUESTION_BOTTLENECK, "keyplayers", N_("Who holds the network together"), section_keyplayers},
    {QUESTION_BOTTLENECK, "brokerage", N_("Who stands between whom"), section_brokerage},
    {QUESTION_GAPS, "need", N_("Coordination that is needed, and what there is"), section_need},
    {QUESTION_GAPS, "gaps", N_("Across sectors"), section_gaps},
    {QUESTION_GAPS, "communities", N_("Groups that hold together"), section_communities},
    {QUESTION_VETO, "objections", N_("Objections"), section_objections},
    {N_("How did the cases go?"), "case", N_("Cases"), section_case},
    {SURVEY, "survey", N_("What hinders and promotes"), section_survey, true},
    {SURVEY, "declared", N_("What they say of their contact, against the log"), section_declared, true},
    {SURVEY, "shortfall", N_("Contact that those who take part lack"), section_shortfall, true},
    {NULL, "graph", N_("Size and shape of the network"), section_graph},
};
#define KINDS (sizeof kinds / sizeof kinds[0])

const struct section_kind *section_kinds(size_t *ret_count)
{
    *ret_count = KINDS;
    return kinds;
}

const char *section_title(const char *family)
{
    for (size_t i = 0; i < KINDS; i++)
        if (strcmp(kinds[i].family, family) == 0)
            return kinds[i].title;
    return N_("The network");
}

static bool same_question(size_t row, size_t other)
{
    return other < KINDS && kinds[row].question && kinds[other].question &&
           strcmp(kinds[row].question, kinds[other].question) == 0;
}

/* Whether the row begins a question. */
static bool begins(size_t row)
{
    return kinds[row].question && (row == 0 || !same_question(row, row - 1));
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

void section_render(struct page *page, const struct roster *roster, const struct report_input *input,
                    const struct section_kind *kind)
{
    struct section section = {
        .page = page, .language = page->language, .roster = roster, .result = report_result(input, kind->family)};
    const char *title = tr(page->language, kind->title);
    if (kind->wave && !section.result)
        return;
    page_section(page, kind->family, title);
    if (section.result)
        kind->render(&section);
    else
        page_paragraph(page,
                       tr(page->language, "Not in this report: %s. The analysis did not deliver the family "
                                          "\xe2\x80\x9c%s\xe2\x80\x9d."),
                       title, kind->family);
    page_section_end(page);
}

/* A question whose rows all are of a wave stands there without one, and says so. */
static bool is_unanswered(const struct report_input *input, size_t row)
{
    for (size_t i = row; i == row || same_question(row, i); i++)
        if (!kinds[i].wave || report_result(input, kinds[i].family))
            return false;
    return true;
}

void sections_render(struct page *page, const struct roster *roster, const struct report_input *input)
{
    for (size_t i = 0; i < KINDS; i++) {
        char id[64];
        question_id(i, id);
        if (begins(i)) {
            page_section(page, id, tr(page->language, kinds[i].question));
            if (is_unanswered(input, i))
                page_paragraph(page, "%s",
                               tr(page->language, "This report has no wave of a survey: --wave says which one belongs to it."));
        }
        if (kinds[i].question)
            section_render(page, roster, input, &kinds[i]);
        if (kinds[i].question && !same_question(i, i + 1))
            page_section_end(page);
    }
}

bool section_is_hidden(double number)
{
    return isnan(number);
}

const char *section_hidden(const struct section *section)
{
    return tr(section->language, "The numbers are too small to be shown in this edition.");
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
    int decimals = 0;
    double step = 0.005;
    /* what is not all and not nothing does not look so, */
    for (; decimals < 2 && share > 0 && share < 1 && (share < step || 1 - share <= step); step /= 10)
        decimals++;
    /* but what two decimals cannot tell from all is written as all: 100 %, not 100,00 % */
    if (share < 1 && 1 - share <= step)
        decimals = 0;
    language_percent(section->language, share, decimals, text);
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
