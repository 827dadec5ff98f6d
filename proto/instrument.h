/* SPDX-License-Identifier: GPL-3.0-or-later
 * Questionnaires: what a well-formed instrument is, and finding one's way in it.
 *
 * An instrument is a message (survey.proto) whose JSON form is the file people write. Everything here reads; nothing changes
 * it. Shared by the command line (check), the daemon (before it is stored) and the form.
 */
#ifndef SAMORDNING_INSTRUMENT_H
#define SAMORDNING_INSTRUMENT_H

#include "arena.h"
#include "status.h"
#include "survey.pb-c.h"

#include <stdbool.h>
#include <stddef.h>

#define INSTRUMENT_SECTIONS_MAX   50
#define INSTRUMENT_ITEMS_MAX      500 /* parts included */
#define INSTRUMENT_CHOICES_MAX    200
#define INSTRUMENT_CONDITIONS_MAX 20 /* of one item or section */
#define INSTRUMENT_MAPPINGS_MAX   1000
#define INSTRUMENT_ROSTER_MAX     1000 /* actors named in an ActorSet */
#define INSTRUMENT_NAMES_MAX      100  /* of a name generator */
#define INSTRUMENT_NAME_BYTES_MAX 300  /* of an actor, a key or a name as typed */
#define INSTRUMENT_TEXT_BYTES_MAX 20000
#define INSTRUMENT_PROBLEMS_MAX   200

#define INSTRUMENT_ANSWER_CHARACTERS_MAX     10000 /* of a free text, whatever the item says */
#define INSTRUMENT_ANSWER_CHARACTERS_DEFAULT 2000
#define INSTRUMENT_NAMES_DEFAULT             10

enum instrument_language { INSTRUMENT_NB, INSTRUMENT_NN, INSTRUMENT_EN, INSTRUMENT_SE, INSTRUMENT_LANGUAGES };

/* One thing that is wrong, with the path of the field: sections[1].items[3].choices[0].label.nn */
struct instrument_problem {
    struct errmsg errmsg;
    bool only_opening; /* may be stored, but no wave can open with it: a text lacks nb or nn (språklova § 14) */
};

/* Finds everything that is wrong, up to INSTRUMENT_PROBLEMS_MAX, in the order of the instrument: keys and ids of the wrong form
 * or twice, kinds without what they need (choices, rows, parts) or with what they cannot have, values twice, bounds the wrong
 * way round, conditions on items that do not exist, come later or are themselves (cycles), piping of items that are not above,
 * mappings from or to nothing, texts missing in a language. STATUS_OK: none but such as only_opening; STATUS_INVALID otherwise.
 */
MUST_CHECK enum status instrument_check(const Samordning__V1__Instrument *instrument, struct instrument_problem *ret_problems,
                                        size_t *ret_count);

/* Reads the file format. STATUS_INVALID or STATUS_TOO_LARGE: ret_errmsg says what is wrong, line and column where; the text may
 * be anything. What is read lives in the arena; instrument_check has not looked at it yet. */
MUST_CHECK enum status instrument_read(const char *json, size_t size, struct arena *arena,
                                       const Samordning__V1__Instrument **ret_instrument, struct errmsg *ret_errmsg,
                                       unsigned *ret_line, unsigned *ret_column);

/* How many texts that are shown lack that language. */
size_t instrument_missing(const Samordning__V1__Instrument *instrument, enum instrument_language language);

/* Line and column (in characters), both from 1, of the value at a path in the JSON text it came from. Where the text has no
 * such place (a field that is missing): of the nearest one above it. */
void instrument_locate(const char *json, size_t size, const char *path, unsigned *ret_line, unsigned *ret_column);

/* The item of an id, parts included; NULL = none. `ret_section`, `ret_whole` (the roster a part belongs to, NULL for others)
 * may be NULL. */
const Samordning__V1__Item *instrument_item(const Samordning__V1__Instrument *instrument, const char *id,
                                            const Samordning__V1__Section **ret_section,
                                            const Samordning__V1__Item **ret_whole);
const Samordning__V1__Section *instrument_section(const Samordning__V1__Instrument *instrument, const char *id);
const Samordning__V1__Choice *instrument_choice(const Samordning__V1__Item *item, double value);

/* The text in that language; "" when there is none. text may be NULL. */
const char *instrument_text_in(const Samordning__V1__LocalText *text, enum instrument_language language);
/* The text in that language, else nb, nn, en, se, in this order; "" when there is none. */
const char *instrument_text(const Samordning__V1__LocalText *text, enum instrument_language language);
/* "nb"; NULL or unknown = INSTRUMENT_NB. */
enum instrument_language instrument_language_of(const char *code);
const char *instrument_language_code(enum instrument_language language);

/* The instrument the project ships: Difi's questions (domain.md 2), as the JSON text `samordning survey design --builtin`
 * stores. */
extern const char instrument_builtin_json[];
extern const size_t instrument_builtin_json_size;

#endif
