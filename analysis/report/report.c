/* SPDX-License-Identifier: GPL-3.0-or-later
 * The report from top to bottom.
 */
#include "report.h"

#include "appendix.h"
#include "civil_time.h"
#include "map.h"
#include "method.h"
#include "own.h"
#include "quality.h"
#include "sections.h"
#include "style.h"
#include "summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct report {
    const struct report_input *input;
    const struct language *language;
    struct page *page;
    struct roster roster;
    struct spec spec;
    bool has_spec;
    char title[300];
    char period[200];
};

const char *report_family(size_t index)
{
    size_t count;
    const struct section_kind *kinds = section_kinds(&count);
    return index == 0 ? "network" : index <= count ? kinds[index - 1].family : NULL;
}

const struct result *report_result(const struct report_input *input, const char *family)
{
    for (size_t i = 0; i < input->result_count; i++)
        if (input->results[i] && strcmp(input->results[i]->card.family, family) == 0)
            return input->results[i];
    return NULL;
}

/* Every result has the same specification and time; the network's is asked first. */
static const struct result *first_result(const struct report_input *input)
{
    for (size_t i = 0; report_family(i); i++) {
        const struct result *result = report_result(input, report_family(i));
        if (result)
            return result;
    }
    return NULL;
}

/* Day of an ISO 8601 time such as 2026-11-23T21:10:00Z, as written. */
static bool day_of(const char *computed_at, int32_t *ret_day)
{
    char day[11];
    if (!computed_at || strlen(computed_at) < 10)
        return false;
    snprintf(day, sizeof day, "%.10s", computed_at);
    return civil_day_parse(day, ret_day) == STATUS_OK;
}

static void head(struct report *report)
{
    struct page *page = report->page;
    page_open(page, "head", NULL);
    page_newline(page);
    page_empty(page, "meta", "charset", "utf-8", NULL);
    page_newline(page);
    page_empty(page, "meta", "http-equiv", "Content-Security-Policy", "content",
               report->input->logo ? "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
                                   : "default-src 'none'; style-src 'unsafe-inline'",
               NULL);
    page_newline(page);
    page_empty(page, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1", NULL);
    page_newline(page);
    page_empty(page, "meta", "name", "color-scheme", "content", "light dark", NULL);
    page_newline(page);
    page_empty(page, "meta", "name", "generator", "content", SAMORDNING_SOFTWARE, NULL);
    page_newline(page);
    if (report->input->operator_name && *report->input->operator_name) {
        page_empty(page, "meta", "name", "author", "content", report->input->operator_name, NULL);
        page_newline(page);
    }
    page_open(page, "title", NULL);
    page_format(page, report->has_spec ? "%s, %s" : "%s", report->title, report->period);
    page_close(page);
    page_newline(page);
    page_style(page, style_css);
    page_close(page);
    page_newline(page);
}

/* For whom this is, and what is left out for them. */
static void edition(struct report *report)
{
    const struct language *language = report->language;
    const struct report_input *input = report->input;
    char number[LANGUAGE_NUMBER_SIZE], date[LANGUAGE_DATE_SIZE];
    if (input->only_actor) {
        page_paragraph(report->page, tr(language, "Only for %s: its own numbers, before the report is finished."),
                       roster_name(&report->roster, input->only_actor));
        if (input->comments_until) {
            language_date(language, input->comments_until, date);
            page_paragraph(report->page, tr(language, "Comments are taken until %s and printed in the report."), date);
        }
    } else if (input->is_public) {
        language_number(language, input->minimum_cell, 0, number);
        page_paragraph(report->page,
                       tr(language,
                          "Public edition: contact in cases that are not decided yet is left out, and numbers behind which "
                          "stand fewer than %s requests, duties or objections are not shown."),
                       number);
    } else {
        page_paragraph(report->page, "%s", tr(language, "Internal edition: not to be published."));
    }
}

static void banner(struct report *report)
{
    struct page *page = report->page;
    const struct language *language = report->language;
    const struct result *any = first_result(report->input);
    char date[LANGUAGE_DATE_SIZE];
    int32_t day;
    page_open(page, "header", NULL);
    page_newline(page);
    if (report->input->logo) {
        page_empty(page, "img", "class", "logo", "src", report->input->logo, "alt",
                   report->input->operator_name ? report->input->operator_name : "", NULL);
        page_newline(page);
    }
    page_element(page, "h1", NULL, report->title);
    page_newline(page);
    if (report->has_spec)
        page_paragraph(page, tr(language, "Period: %s"), report->period);
    if (report->input->operator_name && *report->input->operator_name)
        page_paragraph(page, tr(language, "Responsible: %s"), report->input->operator_name);
    if (any && day_of(any->card.computed_at, &day)) {
        language_date(language, day, date);
        page_paragraph(page, tr(language, "Computed %s"), date);
    }
    edition(report);
    page_close(page);
    page_newline(page);
}

static void contents(struct report *report)
{
    const struct language *language = report->language;
    struct page *page = report->page;
    page_open(page, "nav", "aria-label", tr(language, "Contents"), NULL);
    page_newline(page);
    page_open(page, "ul", NULL);
    page_newline(page);
    if (report->input->only_actor) {
        own_contents(page, report->input);
    } else {
        page_link_item(page, "#summary", tr(language, "Summary"));
        sections_contents(page);
    }
    if (report->input->comment_count)
        page_link_item(page, "#comments", tr(language, "Comments"));
    page_link_item(page, "#method", tr(language, "Method"));
    if (!report->input->only_actor) {
        page_link_item(page, "#quality", tr(language, "Data quality"));
        page_link_item(page, "#appendix", tr(language, "Appendix: tables"));
    }
    page_close(page);
    page_close(page);
    page_newline(page);
}

/* All there is to say of all. */
static void parts(struct report *report)
{
    struct page *page = report->page;
    const struct language *language = report->language;
    page_section(page, "summary", tr(language, "Summary"));
    summary_render(page, &report->roster, report->input);
    page_section(page, "map", tr(language, "Map of the network"));
    map_render(page, &report->roster, report->has_spec ? report->spec.seed : 1);
    page_section_end(page);
    page_section_end(page);
    sections_render(page, &report->roster, report->input);
}

/* One paragraph a line, as it was sent. */
static void comment(struct report *report, const struct report_comment *said, size_t index)
{
    struct page *page = report->page;
    char id[40], date[LANGUAGE_DATE_SIZE];
    snprintf(id, sizeof id, "comment-%zu", index + 1);
    language_date(report->language, said->day, date);
    page_section(page, id, said->who);
    page_open(page, "blockquote", NULL);
    page_newline(page);
    for (const char *line = said->text; *line;) {
        size_t length = strcspn(line, "\n");
        if (length)
            page_paragraph(page, "%.*s", (int)length, line);
        line += length + (line[length] == '\n');
    }
    page_close(page);
    page_newline(page);
    page_paragraph(page, tr(report->language, "Comment received %s."), date);
    page_section_end(page);
}

static void comments(struct report *report)
{
    const struct report_input *input = report->input;
    if (input->comment_count == 0)
        return;
    page_section(report->page, "comments", tr(report->language, "Comments"));
    page_paragraph(report->page, "%s",
                   tr(report->language, "Those whom the report tells of saw their own numbers first and could comment on them. "
                                        "What they wrote is theirs and stands here unchanged."));
    for (size_t i = 0; i < input->comment_count; i++)
        comment(report, &input->comments[i], i);
    page_section_end(report->page);
}

static void body(struct report *report)
{
    struct page *page = report->page;
    const struct language *language = report->language;
    page_open(page, "body", NULL);
    page_newline(page);
    page_open(page, "a", "class", "skip", "href", "#main", NULL);
    page_text(page, tr(language, "Skip to the contents"));
    page_close(page);
    page_newline(page);
    banner(report);
    page_open(page, "main", "id", "main", NULL);
    page_newline(page);
    contents(report);
    if (report->input->only_actor)
        own_render(page, &report->roster, report->input);
    else
        parts(report);
    comments(report);
    method_render(page, report->input, report->has_spec ? &report->spec : NULL);
    if (!report->input->only_actor) {
        page_section(page, "quality", tr(language, "Data quality"));
        quality_render(page, &report->roster, report->input);
        page_section_end(page);
        appendix_render(page, &report->roster, report->input);
    } else {
        method_definitions(page, report->input);
    }
    page_close(page);
    page_newline(page);
    page_open(page, "footer", NULL);
    page_paragraph(page,
                   tr(language, "Made by %s, free software under the GNU General Public License, version 3 or later. A dash "
                                "(\xe2\x80\x93) in a table means that "
                                "the number is not defined or not known."),
                   SAMORDNING_SOFTWARE);
    page_close(page);
    page_newline(page);
    page_close(page);
}

static bool report_write(struct report *report, char **ret_html, size_t *ret_size)
{
    struct page *page = report->page;
    page_open(page, "html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", report->language->tag, "xml:lang",
              report->language->tag, NULL);
    page_newline(page);
    head(report);
    body(report);
    page_newline(page);
    page_close(page);
    return page_finish(page, ret_html, ret_size);
}

bool report_render(const struct report_input *input, const char *language, char **ret_html, size_t *ret_size,
                   char ret_error[400])
{
    struct language spoken;
    struct page page;
    char spec_error[400];
    if (!language_init(&spoken, language, ret_error))
        return false;
    struct report report = {.input = input, .language = &spoken, .page = &page};
    const struct result *any = first_result(input);
    report.has_spec = any && any->card.spec && spec_parse(any->card.spec, &report.spec, spec_error);
    if (report.has_spec)
        method_period(&spoken, &report.spec, report.period);
    snprintf(report.title, sizeof report.title, "%s",
             input->title && *input->title ? input->title : tr(&spoken, "How the ministries coordinate"));
    if (!roster_init(&report.roster, input) || !page_init(&page, &spoken)) {
        roster_release(&report.roster);
        snprintf(ret_error, 400, "report: out of memory");
        return false;
    }
    bool done = report_write(&report, ret_html, ret_size);
    if (!done)
        snprintf(ret_error, 400, "report: out of memory while writing the page");
    page_release(&page);
    roster_release(&report.roster);
    return done;
}
