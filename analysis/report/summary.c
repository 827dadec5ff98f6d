/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of questions, and what answers each.
 */
#include "summary.h"

#include "findings.h"
#include "sections.h"

#include <stdio.h>

#define PARTS_MAX 2

static const struct question {
    const char *id, *text;
    struct {
        const char *family;
        unsigned (*answer)(struct section *section);
    } parts[PARTS_MAX];
    void (*more)(struct findings *findings);
    const char *unanswered; /* when no part has an answer */
} questions[] = {
    {"mechanisms",
     QUESTION_MECHANISMS,
     {{"duty", answer_duty}, {"time", answer_deadlines}},
     NULL,
     N_("The data cannot say: no duty to consult that can be judged arose in this period, and no request had a deadline, or "
        "too few to be shown.")},
    {"right-time",
     QUESTION_RIGHT_TIME,
     {{"righttime", answer_involvement}, {"time", answer_median}},
     NULL,
     N_("The data cannot say: too few interactions name a case whose course is known, and nobody was asked for an answer, or "
        "too few to be shown.")},
    {"factors",
     QUESTION_FACTORS,
     {{"survey", answer_factors}},
     NULL,
     N_("The data cannot say: those who take part are asked it in a survey, and this report has no answers of one that may be "
        "shown.")},
    {"bottleneck", QUESTION_BOTTLENECK, {{NULL, NULL}}, findings_bottlenecks, NULL},
    {"gaps",
     QUESTION_GAPS,
     {{"need", answer_need}},
     findings_gaps,
     N_("What contact is needed cannot be said: the register of needs has nothing that two actors of this network share.")},
    {"veto",
     QUESTION_VETO,
     {{"objections", answer_objections}},
     NULL,
     N_("The data cannot say: no objections were reported in this period, or too few to be shown.")},
};

static void list_open(struct page *page)
{
    page_open(page, "ul", "class", "findings", NULL);
    page_newline(page);
}

static void list_close(struct page *page)
{
    page_close(page);
    page_newline(page);
}

static void answer(struct page *page, const struct roster *roster, const struct report_input *input,
                   const struct question *question, struct findings *findings)
{
    char id[64];
    unsigned said = 0;
    snprintf(id, sizeof id, "summary-%s", question->id);
    page_section(page, id, tr(page->language, question->text));
    list_open(page);
    for (size_t i = 0; i < PARTS_MAX && question->parts[i].family; i++) {
        struct section section = {.page = page,
                                  .language = page->language,
                                  .roster = roster,
                                  .result = report_result(input, question->parts[i].family)};
        said += section.result ? question->parts[i].answer(&section) : 0;
    }
    if (!said && question->unanswered)
        page_item(page, "%s", tr(page->language, question->unanswered));
    if (question->more)
        question->more(findings);
    list_close(page);
    page_section_end(page);
}

void summary_render(struct page *page, const struct roster *roster, const struct report_input *input)
{
    struct findings findings = findings_of(page, roster, input);
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++)
        answer(page, roster, input, &questions[i], &findings);
    page_section(page, "summary-network", tr(page->language, "The network in numbers"));
    list_open(page);
    findings_network(&findings);
    list_close(page);
    findings_figures(&findings);
    page_section_end(page);
}
