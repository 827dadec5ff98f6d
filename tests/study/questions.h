/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the study asks of each simulated year: was the planted truth called, was anything called that is not there.
 *
 * One answer a year, so that the years are independent trials and the interval of their share is Wilson's. Where a family makes
 * many tests, either one test named beforehand is asked for, or whether any of them is called by its false discovery rate:
 * with nothing to find that, too, happens in 5 % of the years.
 */
#ifndef SAMORDNING_STUDY_QUESTIONS_H
#define SAMORDNING_STUDY_QUESTIONS_H

#include "planted_year.h"

#define QUESTION_LEVEL 0.05

enum question_kind { ASKED_OF_TRUTH, ASKED_OF_CHANCE };
/* What the short form holds the program to. */
enum question_promise {
    PROMISE_NOTHING, /* told in the table only */
    PROMISE_FOUND,   /* of a truth at full strength: in nearly all years */
    PROMISE_NOMINAL, /* of chance, nothing planted: in no more than 5 % of the years */
};
enum question_answer { ANSWER_NONE, ANSWER_NO, ANSWER_YES }; /* ANSWER_NONE: the family made no such test */

struct question {
    const char *name;
    enum question_kind kind;
    enum question_promise promise[2]; /* with sectors of the register, and with sectors dealt out */
    bool of_sectors;                  /* sectors decide the answer: also asked where they are dealt out */
    /* Questions with the same three stand together and share the result. */
    const char *family, *choices;
    enum planted_period period;
    enum question_answer (*ask)(const struct result *result);
};
const struct question *questions(size_t *ret_count);

#endif
