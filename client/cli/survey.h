/* SPDX-License-Identifier: GPL-3.0-or-later
 * The actions of samordning survey, and what they share.
 *
 * An action gets the operands behind its name; their number has been checked against the table in survey.c.
 */
#ifndef SAMORDNING_CLI_SURVEY_H
#define SAMORDNING_CLI_SURVEY_H

#include "arena.h"
#include "arguments.h"
#include "grid.h"
#include "instrument.h"
#include "session.h"

#include <stdio.h>

#define SURVEY_MEMORY_MAX ((size_t)256 << 20) /* of one file or one wave */

/* ---- actions: survey_NAME.c each */
int survey_check(const struct arguments *arguments);
int survey_design(const struct arguments *arguments);
int survey_wave(const struct arguments *arguments);
int survey_move(const struct arguments *arguments); /* open, pause, resume, extend, close: survey_wave.c */
int survey_invite(const struct arguments *arguments);
int survey_remind(const struct arguments *arguments);
int survey_status(const struct arguments *arguments);
int survey_answer(const struct arguments *arguments);
int survey_withdraw(const struct arguments *arguments); /* survey_answer.c */
int survey_export(const struct arguments *arguments);
int survey_person(const struct arguments *arguments);

/* ---- shared */
/* Sends one request whose answer must have that body; on failure says why and returns the exit code. */
int survey_call(struct session *session, Samordning__V1__Request *request, Samordning__V1__Response__BodyCase body,
                const Samordning__V1__Response **ret_response);
/* A wave with its questionnaire and rosters, in the arena. The exit code; what is wrong has been said. */
int survey_fetch(struct session *session, char *wave, struct arena *arena,
                 const Samordning__V1__SurveyFetchResponse **ret_wave);
/* One row of named cells, shown as the options say; the exit code. */
struct survey_cell {
    const char *name, *text; /* text NULL: the number */
    double number;
};
int survey_show_row(const struct arguments *arguments, const char *table, size_t count, const struct survey_cell *cells);
const char *survey_state_name(Samordning__V1__WaveState state); /* planned, open, paused, closed */
/* The text in the language of messages, else nb, nn, en; "" when there is none. */
const char *survey_own_text(const Samordning__V1__LocalText *text);
/* The whole of a text file ("-" = standard input), closed by NUL, in the arena. False: it has been said. */
bool survey_read_text(const char *path, struct arena *arena, char **ret_text, size_t *ret_size);
/* A questionnaire as its file has it, and what is wrong with it: survey_check.c. */
struct survey_finding {
    struct instrument_problem problem;
    unsigned line, column;
};
struct survey_reading {
    const char *name;                             /* of the file */
    const Samordning__V1__Instrument *instrument; /* NULL: it could not even be read */
    size_t count;
    struct survey_finding *findings;
};
/* path NULL: the built-in one. EXIT_CODE_OK: it can be stored (findings then only keep waves from opening);
 * EXIT_CODE_REJECTED: it cannot; anything else has been said. */
int survey_read(const char *path, struct arena *arena, struct survey_reading *ret_reading);
/* A line each: FILE:LINE:COLUMN: FIELD: REASON. */
void survey_write_findings(const struct survey_reading *reading, FILE *file);
/* A copy of a message in the arena; NULL: out of memory. */
ProtobufCMessage *survey_copy(const ProtobufCMessage *message, struct arena *arena);

#endif
