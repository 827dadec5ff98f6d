/* SPDX-License-Identifier: GPL-3.0-or-later
 * Answers as files hold them: a sheet for each seat, read from CSV (a row for each value) or JSON.
 */
#ifndef SAMORDNING_CLI_SURVEY_SHEET_H
#define SAMORDNING_CLI_SURVEY_SHEET_H

#include "arena.h"
#include "arguments.h"
#include "survey.pb-c.h"

#include <stdint.h>

#define SHEETS_MAX 10000

struct sheet {
    Samordning__V1__SurveyAnswerRequest request; /* of its seat; wave and version are left to the sender */
    size_t room;
};
struct sheets {
    struct arena arena;
    struct sheet *sheet;
    size_t count, room;
};

/* Words for states in CSV files, by AnswerState; the two behind them are written by export and skipped when read. */
#define SHEET_STATE_UNANSWERED 4
#define SHEET_STATE_NOT_ASKED  5
#define SHEET_STATES           6
extern const char *const sheet_states[SHEET_STATES];

/* Reads a file; JSON when its name ends so, else CSV. In CSV "no_contact" may stand at a part: it counts for its roster. The
 * exit code; what is wrong has been said, with the line. Release it in any case. */
int sheets_read(struct sheets *sheets, const struct arguments *arguments, const char *path,
                const Samordning__V1__Instrument *instrument);
void sheets_release(struct sheets *sheets);
uint64_t sheet_line(const Samordning__V1__Answer *answer); /* where the file has this answer of a sheet; 0: not known (JSON) */

#endif
