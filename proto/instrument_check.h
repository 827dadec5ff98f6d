/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of instrument_check share: where problems are gathered, and the conditions.
 */
#ifndef SAMORDNING_INSTRUMENT_CHECK_H
#define SAMORDNING_INSTRUMENT_CHECK_H

#include "instrument_index.h"

#define INSTRUMENT_PATH_SIZE 128 /* of the longest path, without the language */

struct checker {
    const Samordning__V1__Instrument *instrument;
    struct instrument_index index;
    struct instrument_problem *problems;
    size_t count, room;
    size_t missing[INSTRUMENT_LANGUAGES]; /* texts that are shown and lack it */
    bool is_broken;                       /* there is a problem that is not only_opening, recorded or not */
};

/* At path.field; either may be empty. */
void checker_complain(struct checker *checker, const char *path, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* False: it is missing or no id, which has been told. */
bool checker_id(struct checker *checker, const char *path, const char *field, const char *id);

/* Those of an item, or (without item) of a section, whose order is then that of its first item. */
void checker_conditions(struct checker *checker, const char *path, const struct instrument_place *place, size_t count,
                        Samordning__V1__Condition *const *conditions);

#endif
