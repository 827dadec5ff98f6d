/* SPDX-License-Identifier: GPL-3.0-or-later
 * The report from top to bottom.
 */
#include "report.h"

#include "civil_time.h"
#include "findings.h"
#include "map.h"
#include "method.h"
#include "quality.h"
#include "style.h"
#include "tables.h"

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

static const struct result *first_result(const struct report_input *input)
{
    const struct result *results[] = {input->network, input->graph, input->centrality, input->bottlenecks, input->gaps};
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++)
        if (results[i])
            return results[i];
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
               "default-src 'none'; style-src 'unsafe-inline'", NULL);
    page_newline(page);
    page_empty(page, "meta", "name", "viewport", "content", "width=device-width, initial-scale=1", NULL);
    page_newline(page);
    page_empty(page, "meta", "name", "color-scheme", "content", "light dark", NULL);
    page_newline(page);
    page_empty(page, "meta", "name", "generator", "content", SAMORDNING_SOFTWARE, NULL);
    page_newline(page);
    page_open(page, "title", NULL);
    page_format(page, report->has_spec ? "%s, %s" : "%s", report->title, report->period);
    page_close(page);
    page_newline(page);
    page_style(page, style_css);
    page_close(page);
    page_newline(page);
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
    page_close(page);
    page_newline(page);
}

static void contents(struct report *report)
{
    static const struct {
        const char *id, *title;
    } sections[] = {
        {"first", N_("What to know first")}, {"map", N_("Map of the network")},   {"position", N_("Position of each actor")},
        {"bottlenecks", N_("Bottlenecks")},  {"sectors", N_("Across sectors")},   {"whole", N_("The network as a whole")},
        {"quality", N_("Data quality")},     {"reading", N_("How to read this")}, {"method", N_("Method")}};
    struct page *page = report->page;
    page_open(page, "nav", "aria-label", tr(report->language, "Contents"), NULL);
    page_newline(page);
    page_open(page, "ul", NULL);
    page_newline(page);
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        char link[64];
        snprintf(link, sizeof link, "#%s", sections[i].id);
        page_open(page, "li", NULL);
        page_open(page, "a", "href", link, NULL);
        page_text(page, tr(report->language, sections[i].title));
        page_close(page);
        page_close(page);
        page_newline(page);
    }
    page_close(page);
    page_close(page);
    page_newline(page);
}

static void guard(struct page *page, const char *text)
{
    page_open(page, "div", "class", "guard", "role", "note", NULL);
    page_element(page, "p", NULL, text);
    page_close(page);
    page_newline(page);
}

static void show(struct report *report, const struct result *result, const struct table_view *views, size_t count)
{
    for (size_t i = 0; i < count; i++)
        table_show(report->page, &report->roster, result, &views[i]);
}

static void position(struct report *report)
{
    static const char *const columns[] = {
        "actor",    "sector",   "degree",     "strength", "strength_ratio", "betweenness_norm",
        "harmonic", "pagerank", "constraint", NULL};
    static const struct table_view views[] = {{.id = "centrality",
                                               .table = "centrality",
                                               .caption = N_("Position of each actor, by the sum of its ties"),
                                               .columns = columns,
                                               .sort = "strength"}};
    page_section(report->page, "position", tr(report->language, "Position of each actor"));
    guard(report->page, tr(report->language, "A hub is not a defect. Rules give some ministries more to do with others than "
                                             "the rest: every cabinet memorandum goes to "
                                             "the Ministry of Finance, and drafts go to the Office of the Prime Minister. A "
                                             "place in the middle is a description, "
                                             "not a verdict."));
    show(report, report->input->centrality, views, sizeof views / sizeof views[0]);
    page_section_end(report->page);
}

static void bottlenecks(struct report *report)
{
    static const char *const side[] = {"actor",
                                       "strength",
                                       "betweenness",
                                       "cut_off",
                                       "unanswered_at_deadline",
                                       "median_days",
                                       "marginal_delay_days",
                                       "waiting_share_only",
                                       NULL};
    static const char *const cut[] = {"actor", "pieces", "cut_off", "bridges", "degree", "strength", NULL};
    static const char *const bridge[] = {"from", "to", "from_side", "to_side", "weight", NULL};
    static const char *const response[] = {"actor",           "requests",         "answered",  "pending", "median_days",
                                           "median_days_low", "median_days_high", "rmst_days", NULL};
    static const char *const last[] = {
        "actor", "complete_requests", "last", "last_share", "marginal_delay_days", "waiting_share_only", "waiting_share", NULL};
    static const char *const deadline[] = {"actor",
                                           "with_deadline",
                                           "answered_by_deadline",
                                           "unanswered_at_deadline",
                                           "unanswered_at_deadline_low",
                                           "unanswered_at_deadline_high",
                                           "overdue",
                                           NULL};
    static const struct table_view views[] = {
        {.id = "side-by-side",
         .table = "bottlenecks",
         .caption = N_("Position and time side by side"),
         .intro = N_("Central and fast is not the same as central and slow: only an actor that stands high in both halves of "
                     "this table holds others up."),
         .columns = side,
         .sort = "strength"}};
    static const struct table_view structure[] = {{.id = "articulation",
                                                   .table = "bottlenecks",
                                                   .caption = N_("Actors whose absence would split the network"),
                                                   .columns = cut,
                                                   .sort = "cut_off",
                                                   .only = "articulation"},
                                                  {.id = "bridges",
                                                   .table = "bridges",
                                                   .caption = N_("Ties whose absence would split the network"),
                                                   .columns = bridge,
                                                   .sort = "to_side"}};
    static const struct table_view time[] = {{.id = "responses",
                                              .table = "bottlenecks",
                                              .caption = N_("Days from a request to the answer, with intervals (95%)"),
                                              .columns = response,
                                              .sort = "median_days",
                                              .only = "requests"},
                                             {.id = "deadlines",
                                              .table = "bottlenecks",
                                              .caption = N_("Answers and deadlines, with intervals (95%)"),
                                              .columns = deadline,
                                              .sort = "unanswered_at_deadline",
                                              .only = "with_deadline"},
                                             {.id = "last",
                                              .table = "bottlenecks",
                                              .caption = N_("Who answered last, and what it cost the others"),
                                              .columns = last,
                                              .sort = "marginal_delay_days",
                                              .only = "complete_requests"}};
    page_section(report->page, "bottlenecks", tr(report->language, "Bottlenecks"));
    show(report, report->input->bottlenecks, views, sizeof views / sizeof views[0]);
    page_section(report->page, "structure", tr(report->language, "In the structure"));
    show(report, report->input->bottlenecks, structure, sizeof structure / sizeof structure[0]);
    page_section_end(report->page);
    page_section(report->page, "time", tr(report->language, "In time"));
    page_paragraph(report->page, "%s",
                   tr(report->language,
                      "Days depend on what was asked: a public hearing has weeks or months, a consultation of ministries three "
                      "weeks. To compare actors, "
                      "use the table of answers and deadlines, where each request is measured by its own deadline."));
    page_paragraph(report->page, "%s",
                   tr(report->language, "Requests still waiting for an answer are counted with the time they have waited so "
                                        "far, not left out: leaving them out "
                                        "would make slow actors look fast."));
    show(report, report->input->bottlenecks, time, sizeof time / sizeof time[0]);
    guard(report->page,
          tr(report->language,
             "An objection is not a failure of coordination. To object, and to take time to find out whether to object, may be "
             "just what an affected ministry is there for."));
    page_section_end(report->page);
    page_section_end(report->page);
}

static void sectors(struct report *report)
{
    static const char *const pairs[] = {
        "sector_a",        "sector_b",        "ties", "observed", "expected_configuration", "ratio_configuration",
        "p_configuration", "q_configuration", NULL};
    static const char *const members[] = {"sector", "actors", "ties_within", "ties_across", "ei", NULL};
    static const char *const singles[] = {"sector_a", "sector_b", "actor", "ties", "weight", "only_member", NULL};
    static const struct table_view gaps = {
        .id = "gaps",
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
    struct page *page = report->page;
    const struct result *result = report->input->gaps;
    page_section(page, "sectors", tr(report->language, "Across sectors"));
    show(report, result, &gaps, 1);
    table_show_row(page, result, &index);
    show(report, result, views, sizeof views / sizeof views[0]);
    page_section_end(page);
}

static void whole(struct report *report)
{
    static const struct table_view views[] = {
        {.id = "graph", .table = "graph", .caption = N_("Numbers for the network as a whole")}};
    page_section(report->page, "whole", tr(report->language, "The network as a whole"));
    show(report, report->input->graph, views, sizeof views / sizeof views[0]);
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
    page_section(page, "first", tr(language, "What to know first"));
    findings_render(page, &report->roster, report->input);
    page_section_end(page);
    page_section(page, "map", tr(language, "Map of the network"));
    map_render(page, &report->roster, report->has_spec ? report->spec.seed : 1);
    page_section_end(page);
    position(report);
    bottlenecks(report);
    sectors(report);
    whole(report);
    page_section(page, "quality", tr(language, "Data quality"));
    quality_render(page, &report->roster, report->input);
    page_section_end(page);
    page_section(page, "reading", tr(language, "How to read this"));
    quality_guards(page);
    page_section_end(page);
    method_render(page, report->input, report->has_spec ? &report->spec : NULL);
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
