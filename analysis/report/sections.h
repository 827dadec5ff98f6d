/* SPDX-License-Identifier: GPL-3.0-or-later
 * The sections of a report in the order of the questions they answer: one row and one file section_FAMILY.c for each.
 */
#ifndef SAMORDNING_SECTIONS_H
#define SAMORDNING_SECTIONS_H

#include "tables.h"

#define SECTION_NUMBERS_MAX 16   /* numbers in one sentence */
#define SECTION_NAMED_MAX   3    /* actors, pairs or rules named in sentences; the table has more */
#define SECTION_ROWS_TOP    10   /* rows of a table that only shows who stands out */
#define SECTION_LEVEL       0.05 /* q and p below this are called clear */

/* Difi's questions, which the summary answers and most sections stand under. */
#define QUESTION_MECHANISMS N_("Do the mechanisms work?")
#define QUESTION_RIGHT_TIME N_("Does it happen at the right time?")
#define QUESTION_FACTORS    N_("What hinders, and what promotes?")
#define QUESTION_BOTTLENECK N_("Who is a bottleneck?")
#define QUESTION_GAPS       N_("Where are the gaps across sectors?")
#define QUESTION_VETO       N_("What do objections do?")

/* What a section is written with. Numbers for a sentence live here until SECTION_NUMBERS_MAX more have been written. */
struct section {
    struct page *page;
    const struct language *language;
    const struct roster *roster;
    const struct result *result; /* of the section's family; never NULL */
    char numbers[SECTION_NUMBERS_MAX][LANGUAGE_NUMBER_SIZE];
    unsigned next;
};

struct section_kind {
    const char *question; /* the heading it stands under, English; the same as the row before = no new heading; NULL = it
                             stands among the tables of the appendix */
    const char *family;   /* whose result it shows; also the id of the section */
    const char *title;    /* English */
    void (*render)(struct section *section);
    bool wave; /* of a wave of a survey: not there when the report names none */
};
const struct section_kind *section_kinds(size_t *ret_count);
/* What the numbers of a family are headed by: an English message. */
const char *section_title(const char *family);

/* All that stand under a question, with their headings. A family without a result is said to be missing. */
void sections_render(struct page *page, const struct roster *roster, const struct report_input *input);
void section_render(struct page *page, const struct roster *roster, const struct report_input *input,
                    const struct section_kind *kind);
/* Links to the questions, as items of a list. */
void sections_contents(struct page *page);

void section_bottlenecks(struct section *section);
void section_case(struct section *section);
void section_brokerage(struct section *section);
void section_centrality(struct section *section);
void section_communities(struct section *section);
void section_declared(struct section *section);
void section_duty(struct section *section);
void section_gaps(struct section *section);
void section_graph(struct section *section);
void section_keyplayers(struct section *section);
void section_need(struct section *section);
void section_objections(struct section *section);
void section_righttime(struct section *section);
void section_shortfall(struct section *section);
void section_survey(struct section *section);
void section_time(struct section *section);

/* What a section begins with and the summary repeats: items of a list, and how many there are. None: the numbers are not there,
 * or are of nothing. */
unsigned answer_duty(struct section *section);
unsigned answer_deadlines(struct section *section); /* of family time */
unsigned answer_involvement(struct section *section);
unsigned answer_median(struct section *section); /* of family time */
unsigned answer_factors(struct section *section);
unsigned answer_need(struct section *section);
unsigned answer_objections(struct section *section);

/* A number that is there but may not be shown: what an edition for everybody hides. */
bool section_is_hidden(double number);
const char *section_hidden(const struct section *section); /* the sentence that says so */

/* A table of the section's result; NULL = none. */
const struct table *section_table(const struct section *section, const char *name);
void section_show(struct section *section, const struct table_view *views, size_t count);
void section_guard(struct section *section, const char *text);
/* The list of sentences; at least one page_item() stands between the two. */
void section_claims(struct section *section);
void section_claims_end(struct section *section);

/* Numbers for sentences: "1 234", "12%", "= 0.012". */
const char *section_count(struct section *section, double number);
const char *section_number(struct section *section, double number, int decimals);
const char *section_percent(struct section *section, double share);
const char *section_probability(struct section *section, double p);

/* The rows whose number in `column` is above 0, by it, largest first; NaN is left out. At most `max`; how many. */
size_t section_largest(const struct table *table, const char *column, size_t max, size_t *ret_rows);

#endif
