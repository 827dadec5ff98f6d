/* SPDX-License-Identifier: GPL-3.0-or-later
 * Renders excerpts: of each family the tables below, those with one row for the actor turned, with what each number means.
 */
#include "own.h"

#include "sections.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define OWN_ROWS_MAX 40 /* own_render says so in words */
#define COLUMNS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Without columns: the actor's one row, turned. What is in none of them (a pair's two names, sums of the same rows), the annex
 * has. */
static const struct own_part {
    const char *family;
    struct table_view view;
} parts[] = {
    {"network",
     {.table = "edges",
      .caption = N_("Those the actor has contact with, the most first"),
      .columns = COLUMNS("from", "to", "weight", "count"),
      .sort = "weight"}},
    {"duty", {.table = "actors", .caption = N_("Duties in the actor’s own cases, and how often it was asked itself")}},
    {"duty",
     {.table = "duty",
      .caption = N_("The duty to consult, by who is in charge and who must be asked"),
      .columns = COLUMNS("owner", "addressee", "due", "in_time", "missing", "late", "short", "unknown"),
      .sort = "due"}},
    {"duty",
     {.table = "cases",
      .caption = N_("Who was never asked although a rule demands it, case by case"),
      .columns = COLUMNS("case", "rule", "owner", "addressee"),
      .where = "state",
      .is = "missing"}},
    {"duty",
     {.table = "cases",
      .caption = N_("Who was asked too late, case by case"),
      .columns = COLUMNS("case", "rule", "owner", "addressee", "asked_on"),
      .where = "state",
      .is = "late"}},
    {"duty",
     {.table = "cases",
      .caption = N_("Who got too short a deadline, case by case"),
      .columns = COLUMNS("case", "rule", "owner", "addressee", "asked_on"),
      .where = "state",
      .is = "short"}},
    {"righttime", {.table = "righttime", .caption = N_("When the actor was involved in the cases of others")}},
    {"righttime", {.table = "owners", .caption = N_("When others were involved in the actor’s cases")}},
    {"righttime",
     {.table = "first",
      .caption = N_("The stage at which the actor was first involved (95% intervals)"),
      .columns = COLUMNS("stage", "involvements", "first_share", "first_share_low", "first_share_high")}},
    {"righttime",
     {.table = "deadlines",
      .caption = N_("Deadlines against the rules (95% intervals)"),
      .columns = COLUMNS("rule", "with_deadline", "long_enough", "agreed", "too_short", "compliant_share",
                         "compliant_share_low", "compliant_share_high")}},
    {"time", {.table = "time", .caption = N_("Requests to the actor, and its answers")}},
    {"time",
     {.table = "pairs",
      .caption = N_("How fast two actors answer, compared"),
      .columns = COLUMNS("actor_a", "actor_b", "requests_a", "requests_b", "rate_ratio", "p", "q")}},
    {"time", {.table = "little", .caption = N_("What lies with the actor, from what comes in and how long it stays")}},
    {"centrality", {.table = "centrality", .caption = N_("Position of the actor")}},
    {"bottlenecks", {.table = "bottlenecks", .caption = N_("Position and time side by side")}},
    {"bottlenecks",
     {.table = "bridges",
      .caption = N_("Ties whose absence would split the network"),
      .columns = COLUMNS("from", "to", "from_side", "to_side", "weight")}},
    {"keyplayers", {.table = "keyplayers", .caption = N_("What the network would be without the actor")}},
    {"brokerage", {.table = "brokerage", .caption = N_("Pairs without contact that the actor stands between, by role")}},
    {"need", {.table = "actors", .caption = N_("What the actor needs, and what there is")}},
    {"need",
     {.table = "need",
      .caption = N_("Pairs that need to coordinate"),
      .columns = COLUMNS("actor_a", "actor_b", "list", "requirement", "weight", "ratio_configuration"),
      .sort = "requirement"}},
    {"gaps",
     {.table = "single_links",
      .caption = N_("Sectors that meet through one actor only"),
      .columns = COLUMNS("sector_a", "sector_b", "actor")}},
    {"communities", {.table = "communities", .caption = N_("The group the actor is in")}},
    {"objections", {.table = "objections", .caption = N_("Objections of the actor, and those it met with")}},
    {"case",
     {.table = "cases",
      .caption = N_("The actor’s cases, those with most objections first"),
      .columns = COLUMNS("case", "type", "started", "decided", "interactions", "actors", "requests", "late", "objections"),
      .sort = "objections"}},
    {"survey", {.table = "survey", .caption = N_("Who has answered")}},
    {"survey",
     {.table = "scale_actors",
      .caption = N_("What those at the actor answered, by scale"),
      .columns = COLUMNS("scale", "respondents", "mean")}},
    {"declared", {.table = "declared", .caption = N_("Statement and log")}},
    {"declared",
     {.table = "declared_pairs",
      .caption = N_("Statement and log, pair by pair"),
      .columns =
          COLUMNS("actor_a", "actor_b", "respondents", "declared", "logged", "declared_place", "logged_place", "difference")}},
    {"shortfall", {.table = "shortfall", .caption = N_("Contact that those at the actor lack")}},
    {"shortfall",
     {.table = "shortfall_pairs",
      .caption = N_("Who says that contact with whom is lacking, the largest lack first"),
      .columns = COLUMNS("actor_a", "actor_b", "respondents", "needed", "actual", "shortfall", "shortfall_back"),
      .sort = "shortfall"}},
};
#define PARTS (sizeof parts / sizeof parts[0])

static bool has(const struct report_input *input, const struct own_part *part)
{
    const struct result *result = report_result(input, part->family);
    const struct table *table = result ? result_table(result, part->view.table) : NULL;
    return table && table->row_count > 0;
}

/* NULL: of whatever family. */
static bool has_any(const struct report_input *input, const char *family)
{
    for (size_t i = 0; i < PARTS; i++)
        if ((!family || strcmp(parts[i].family, family) == 0) && has(input, &parts[i]))
            return true;
    return false;
}

static void family_render(struct page *page, const struct roster *roster, const struct report_input *input, const char *family)
{
    for (size_t i = 0; i < PARTS; i++) {
        char id[80];
        if (strcmp(parts[i].family, family) != 0 || !has(input, &parts[i]))
            continue;
        struct table_view view = parts[i].view;
        snprintf(id, sizeof id, "own-%s-%s-%zu", family, view.table, i);
        view.id = id;
        view.top = OWN_ROWS_MAX;
        if (view.columns)
            table_show(page, roster, report_result(input, family), &view);
        else
            table_show_row(page, report_result(input, family), &view);
    }
}

/* The first numbers anybody asks for, in every form of the report. */
static void figures_render(struct page *page, const struct report_input *input)
{
    static const struct {
        const char *family, *table, *column, *label;
    } figures[] = {{"bottlenecks", "bottlenecks", "degree", N_("Neighbours")},
                   {"bottlenecks", "bottlenecks", "requests", N_("Requests")},
                   {"bottlenecks", "bottlenecks", "median_days", N_("Median days to the answer")},
                   {"bottlenecks", "bottlenecks", "answered_by_deadline", N_("Answered by the deadline")},
                   {"bottlenecks", "bottlenecks", "overdue", N_("Overdue")},
                   {"duty", "actors", "fulfilled", N_("Duties kept in its own cases")},
                   {"objections", "objections", "objections", N_("Objections")},
                   {"objections", "objections", "received", N_("Objections met with")}};
    page_open(page, "dl", "class", "figures", NULL);
    page_newline(page);
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        char text[LANGUAGE_NUMBER_SIZE];
        const struct result *result = report_result(input, figures[i].family);
        const struct table *table = result ? result_table(result, figures[i].table) : NULL;
        const struct column *column = table ? table_column(table, figures[i].column) : NULL;
        double number = table_number(table, figures[i].column, 0);
        if (!column || isnan(number))
            continue;
        if (column->unit && strcmp(column->unit, "share") == 0)
            language_percent(page->language, number, 1, text);
        else
            language_number(page->language, number, column_is_count(column, table->row_count) ? 0 : 1, text);
        page_figure(page, tr(page->language, figures[i].label), text);
    }
    page_close(page);
    page_newline(page);
}

void own_render(struct page *page, const struct roster *roster, const struct report_input *input)
{
    const struct language *language = page->language;
    page_section(page, "summary", tr(language, "Summary"));
    if (has_any(input, NULL)) {
        page_paragraph(page, "%s",
                       tr(language, "What the results have of this actor. Tables stop at forty rows; the annex (CSV or a "
                                    "workbook) has every row and every column."));
        figures_render(page, input);
    } else {
        page_paragraph(page, "%s", tr(language, "The results have no number of this actor in this period."));
    }
    page_section_end(page);
    for (size_t i = 0; report_family(i); i++) {
        const char *family = report_family(i);
        if (!has_any(input, family))
            continue;
        page_section(page, family, tr(language, section_title(family)));
        family_render(page, roster, input, family);
        page_section_end(page);
    }
}

void own_contents(struct page *page, const struct report_input *input)
{
    page_link_item(page, "#summary", tr(page->language, "Summary"));
    for (size_t i = 0; report_family(i); i++) {
        char link[80];
        if (!has_any(input, report_family(i)))
            continue;
        snprintf(link, sizeof link, "#%s", report_family(i));
        page_link_item(page, link, tr(page->language, section_title(report_family(i))));
    }
}
