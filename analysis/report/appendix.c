/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of the appendix's tables.
 */
#include "appendix.h"

#include "map.h"
#include "method.h"
#include "sections.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS(...) ((const char *const[]){__VA_ARGS__, NULL})

static const struct {
    const char *family;
    struct table_view view;
} tables[] = {
    {"network",
     {.id = "appendix-actors",
      .table = "nodes",
      .caption = N_("The actors of the network"),
      .columns = COLUMNS("actor", "abbreviation", "kind", "sector", "reported")}},
    {"duty",
     {.id = "appendix-duty",
      .table = "duty",
      .caption = N_("The duty to consult, by who is in charge and who must be asked"),
      .columns = COLUMNS("owner", "addressee", "due", "in_time", "missing", "late", "short", "unknown"),
      .sort = "due"}},
    {"righttime",
     {.id = "appendix-righttime",
      .table = "righttime",
      .caption = N_("How early each actor was involved (95% intervals)"),
      .columns = COLUMNS("actor", "placed", "late", "late_share", "late_share_low", "late_share_high", "earliness",
                         "earliness_low", "earliness_high")}},
    {"time",
     {.id = "appendix-time",
      .table = "time",
      .caption = N_("Requests and answers, by actor (95% intervals)"),
      .columns = COLUMNS("actor", "requests", "answered", "pending", "ended_otherwise", "overdue", "median_days",
                         "median_days_low", "median_days_high"),
      .only = "requests"}},
    {"centrality",
     {.id = "appendix-centrality",
      .table = "centrality",
      .caption = N_("Position of each actor"),
      .columns = COLUMNS("actor", "degree", "strength", "strength_ratio", "betweenness_norm", "closeness", "harmonic",
                         "pagerank", "constraint")}},
    {"bottlenecks",
     {.id = "appendix-deadlines",
      .table = "bottlenecks",
      .caption = N_("Answers and deadlines of each actor (95% intervals)"),
      .columns = COLUMNS("actor", "with_deadline", "answered_by_deadline", "unanswered_at_deadline",
                         "unanswered_at_deadline_low", "unanswered_at_deadline_high", "overdue"),
      .only = "with_deadline"}},
    {"bottlenecks",
     {.id = "appendix-last",
      .table = "bottlenecks",
      .caption = N_("Who answered last, and what it cost the others: each actor"),
      .columns = COLUMNS("actor", "complete_requests", "last", "last_share", "marginal_delay_days", "waiting_share_only",
                         "waiting_share"),
      .only = "complete_requests"}},
    {"brokerage",
     {.id = "appendix-brokerage",
      .table = "brokerage",
      .caption = N_("Who stands between whom: each actor, by role"),
      .columns =
          COLUMNS("actor", "sector", "coordinator", "itinerant", "representative", "gatekeeper", "liaison", "brokerage")}},
    {"need",
     {.id = "appendix-need",
      .table = "need",
      .caption = N_("Pairs that need to coordinate"),
      .columns = COLUMNS("actor_a", "actor_b", "list", "requirement", "weight", "ratio_configuration"),
      .sort = "requirement",
      .only = "requirement"}},
    {"objections",
     {.id = "appendix-objections",
      .table = "objections",
      .caption = N_("Objections of each actor (95% intervals)"),
      .columns = COLUMNS("actor", "requests", "answered", "objecting_answers", "objection_rate", "objection_rate_low",
                         "objection_rate_high", "objections", "received")}},
    {"case",
     {.id = "appendix-cases",
      .table = "cases",
      .caption = N_("All cases"),
      .columns = COLUMNS("case", "type", "owner", "started", "decided", "interactions", "actors", "requests", "objections")}},
};
#define TABLES (sizeof tables / sizeof tables[0])

static bool same_family(size_t row, size_t other)
{
    return other < TABLES && strcmp(tables[row].family, tables[other].family) == 0;
}

/* The tables of a family under its title; nothing where it has no rows, which its section has said. */
static void family_tables(struct page *page, const struct roster *roster, const struct report_input *input, size_t first)
{
    const struct result *result = report_result(input, tables[first].family);
    char id[64];
    size_t rows = 0;
    for (size_t i = first; result && (i == first || same_family(first, i)); i++) {
        const struct table *table = result_table(result, tables[i].view.table);
        rows += table ? table->row_count : 0;
    }
    if (rows == 0)
        return;
    snprintf(id, sizeof id, "appendix-of-%s", tables[first].family);
    page_section(page, id, tr(page->language, section_title(tables[first].family)));
    for (size_t i = first; i == first || same_family(first, i); i++)
        table_show(page, roster, result, &tables[i].view);
    page_section_end(page);
}

void appendix_render(struct page *page, const struct roster *roster, const struct report_input *input)
{
    size_t count;
    const struct section_kind *kinds = section_kinds(&count);
    page_section(page, "appendix", tr(page->language, "Appendix: tables"));
    page_paragraph(page, "%s",
                   tr(page->language,
                      "The sections show who stands out; here is everybody. The annex (CSV or a workbook) has every "
                      "row and every column."));
    for (size_t i = 0; i < count; i++)
        if (!kinds[i].question)
            section_render(page, roster, input, &kinds[i]);
    map_ties_render(page, roster);
    for (size_t i = 0; i < TABLES; i++)
        if (i == 0 || !same_family(i, i - 1))
            family_tables(page, roster, input, i);
    method_definitions(page, input);
    page_section_end(page);
}
