/* SPDX-License-Identifier: GPL-3.0-or-later
 * Registers as files: CSV rows become records of an import request, and pages of a list become a table.
 *
 * The columns of a file are the fields of the record's message, so that a list printed as CSV can be imported as it is.
 */
#ifndef SAMORDNING_CLI_RECORDS_H
#define SAMORDNING_CLI_RECORDS_H

#include "arguments.h"
#include "samordning.pb-c.h"

struct session;

struct record_problem {
    const char *field, *reason;
};
enum record_outcome { RECORD_STORED, RECORD_ALREADY, RECORD_CHANGED, RECORD_REJECTED };
struct record_receipt {
    enum record_outcome outcome;
    struct record_problem problem; /* of a rejected one; valid until the next call of the session */
};
struct record_kind {
    const char *command;    /* actors */
    const char *noun;       /* N_(): of the summary */
    const char *const *any; /* a file needs one of these columns; the first is the one to ask for; NULL ends */
    const ProtobufCMessageDescriptor *record, *import, *list; /* list: NULL without list_body */
    Samordning__V1__Request__BodyCase import_body, list_body; /* the answers' numbers are the same */
    /* Fills in what the row leaves out and says what is wrong with it; false = reject. May be NULL. */
    bool (*complete)(ProtobufCMessage *record, const struct arguments *arguments, const char *file,
                     struct record_problem *ret_problem);
    /* Sends a batch, and says what became of each; returns the exit code, after saying why. NULL: as `import`. */
    int (*send)(const struct record_kind *kind, struct session *session, ProtobufCMessage **records, size_t count,
                struct record_receipt *ret_receipts);
    /* Refers to other records of the file and so has to come after them, however large the file. NULL = none does. */
    bool (*refers)(const ProtobufCMessage *record);
};

/* Reads the operands as CSV and imports them, and sums up. The exit code. */
int records_import(const struct arguments *arguments, const struct record_kind *kind);
/* Prints all pages of a list whose request has search, limit and after, and whose answer has the records and next. */
int records_list(const struct arguments *arguments, const struct record_kind *kind);

extern const struct option_row option_import[]; /* --map, --delimiter, --encoding */

#endif
