/* SPDX-License-Identifier: GPL-3.0-or-later
 * The files of an export: answers and respondents as CSV, the codebook as CSV and JSON.
 *
 * Answers come one by one, all of a respondent together; a respondent is written when the next one begins. What was not
 * answered is written as well, so that "unanswered" and "not asked" are told apart in the file.
 */
#ifndef SAMORDNING_CLI_SURVEY_DATA_H
#define SAMORDNING_CLI_SURVEY_DATA_H

#include "answers.h"
#include "survey_sheet.h"

#include <stdint.h>
#include <stdio.h>

struct survey_data {
    /* set by the caller */
    const Samordning__V1__SurveyFetchResponse *wave;
    enum instrument_language language; /* of the labels in the answers */
    FILE *answers, *respondents;

    uint64_t respondent_count, row_count;
    uint64_t states[SHEET_STATES];

    /* the respondent under way */
    struct arena arena;
    char *respondent, *actor, *level;
    Samordning__V1__Answer **given;
    bool *used;
    size_t given_count, given_room;
    uint64_t own_states[SHEET_STATES];
};

void survey_data_begin(struct survey_data *data); /* writes the headers */
/* False: out of memory. */
bool survey_data_add(struct survey_data *data, const Samordning__V1__ExportRow *row);
void survey_data_end(struct survey_data *data); /* the last respondent */
void survey_data_release(struct survey_data *data);

void survey_codebook_csv(FILE *file, const Samordning__V1__SurveyFetchResponse *wave);
/* False: out of memory, or it could not be written. */
bool survey_codebook_json(FILE *file, const struct survey_data *data);

#endif
