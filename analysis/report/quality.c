/* SPDX-License-Identifier: GPL-3.0-or-later
 * Data quality and the rules of reading.
 */
#include "quality.h"

#include "tables.h"

#include <math.h>
#include <stdio.h>

static void coverage(struct page *page, const struct report_input *input)
{
    const struct language *language = page->language;
    const struct result *whole = report_result(input, "graph");
    const struct table *graph = whole ? result_table(whole, "graph") : NULL;
    double interactions = table_number(graph, "interactions", 0),
           unresolved = table_number(graph, "interactions_unresolved", 0);
    double dyads = table_number(graph, "dyads", 0), unknown = table_number(graph, "dyads_unknown", 0),
           dropped = table_number(graph, "self_ties", 0);
    char a[LANGUAGE_NUMBER_SIZE], b[LANGUAGE_NUMBER_SIZE], c[LANGUAGE_NUMBER_SIZE];
    if (isnan(interactions)) {
        page_paragraph(page, "%s", tr(language, "How many interactions lie behind the numbers was not delivered with them."));
        return;
    }
    page_open(page, "ul", NULL);
    page_newline(page);
    language_number(language, interactions, 0, a);
    page_item(
        page,
        tr_plural(language, "%s interaction lies behind the numbers.", "%s interactions lie behind the numbers.", interactions),
        a);
    if (unresolved > 0) {
        language_number(language, unresolved, 0, a);
        language_percent(language, unresolved / interactions, 1, b);
        page_item(
            page,
            tr_plural(
                language,
                "%s of them (%s) has a participant whose name is not yet linked to an actor; that participant is not counted.",
                "%s of them (%s) have a participant whose name is not yet linked to an actor; those participants are not "
                "counted.",
                unresolved),
            a, b);
    } else if (unresolved == 0) {
        page_item(page, "%s", tr(language, "Every participant's name is linked to an actor."));
    }
    if (isfinite(input->labels_waiting) && input->labels_waiting > 0) {
        language_number(language, input->labels_waiting, 0, a);
        page_item(page,
                  tr_plural(language, "%s name waits for an operator to say which actor it means.",
                            "%s names wait for an operator to say which actors they mean.", input->labels_waiting),
                  a);
    }
    if (unknown > 0) {
        language_number(language, unknown, 0, a);
        language_number(language, dyads, 0, b);
        language_percent(language, unknown / dyads, 1, c);
        page_item(page,
                  tr(language, "%s of %s pairs (%s) are unknown: nobody who would have told has delivered. No tie there does "
                               "not mean that there was no contact."),
                  a, b, c);
    } else if (unknown == 0) {
        page_item(page, "%s", tr(language, "No pair is unknown: where there is no tie, no contact was reported."));
    }
    if (dropped > 0) {
        language_number(language, dropped, 0, a);
        page_item(page,
                  tr_plural(language, "%s tie of an actor to itself was left out.",
                            "%s ties of actors to themselves were left out.", dropped),
                  a);
    }
    page_close(page);
    page_newline(page);
}

static void deliveries(struct page *page, const struct roster *roster)
{
    const struct language *language = page->language;
    size_t missing = 0, stated = 0;
    for (size_t i = 0; i < roster->actor_count; i++) {
        missing += roster->actors[i].reported == 0;
        stated += !isnan(roster->actors[i].reported);
    }
    page_section(page, "deliveries", tr(language, "Who has delivered"));
    if (stated == 0) {
        page_paragraph(page, "%s", tr(language, "Who has delivered for this period is not stated."));
    } else if (missing == 0) {
        page_paragraph(page, "%s", tr(language, "Every actor in the network has delivered for this period."));
    } else {
        char a[LANGUAGE_NUMBER_SIZE], b[LANGUAGE_NUMBER_SIZE];
        language_number(language, (double)missing, 0, a);
        language_number(language, (double)roster->actor_count, 0, b);
        page_paragraph(
            page,
            tr(language,
               "%s of %s actors have not delivered for this period; they are in the network because others named them:"),
            a, b);
        page_open(page, "ul", NULL);
        page_newline(page);
        size_t listed = 0;
        for (size_t i = 0; i < roster->actor_count && listed < TABLES_ROWS_MAX; i++) {
            if (roster->actors[i].reported == 0) {
                page_item(page, "%s", roster->actors[i].name);
                listed++;
            }
        }
        page_close(page);
        page_newline(page);
        if (listed < missing)
            page_paragraph(page, "%s", tr(language, "The list is cut; the command line gives all of them."));
    }
    page_section_end(page);
}

void quality_render(struct page *page, const struct roster *roster, const struct report_input *input)
{
    coverage(page, input);
    deliveries(page, roster);
}

void quality_guards(struct page *page)
{
    const struct language *language = page->language;
    static const char *const guards[] = {
        N_("Those who complain of poor coordination have often just lost a fair trade-off, and excellent coordination can end "
           "in a no. The numbers "
           "tell how the process went, not whether the outcome was right."),
        N_("A hub is not a defect: rules decide who must be asked, and a lead ministry is meant to stand in the middle."),
        N_("Objections are not failure. They are part of how interests are weighed; this report counts them only with their "
           "stage and how they were solved."),
        N_("A missing tie may mean that there was no need for one, or that nobody reported it. It is a question to ask, not an "
           "answer."),
        N_("Small differences between actors are mostly chance. Look at the intervals and at q before "
           "ranking anybody."),
        N_("q is the probability of so large a difference where there is none, corrected for how many pairs were looked at; "
           "below 0.05 is called clear here."),
        N_("An actor is an organisation. Nothing here is about persons, and nothing should be read as if it were."),
    };
    page_open(page, "ul", NULL);
    page_newline(page);
    for (size_t i = 0; i < sizeof guards / sizeof guards[0]; i++)
        page_item(page, "%s", tr(language, guards[i]));
    page_close(page);
    page_newline(page);
    page_paragraph(
        page, "%s",
        tr(language, "The first rule of reading follows a secretary general's remark in the journal Stat & Styring in 2016."));
}
