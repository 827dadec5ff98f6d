/* SPDX-License-Identifier: GPL-3.0-or-later
 * The items of an instrument in the order they are asked, and by id. What instrument.c and answers.c find their way with.
 *
 * Parts of a roster or name generator follow it. Of an id that stands twice, the first counts. Points into the instrument;
 * holds no memory of its own. Items beyond INSTRUMENT_ITEMS_MAX are left out (instrument_check refuses such an instrument).
 */
#ifndef SAMORDNING_INSTRUMENT_INDEX_H
#define SAMORDNING_INSTRUMENT_INDEX_H

#include "instrument.h"

#include <stdbool.h>
#include <stddef.h>

#define INSTRUMENT_KIND(name) SAMORDNING__V1__ITEM_KIND__ITEM_##name

struct instrument_place {
    const Samordning__V1__Item *item;
    const Samordning__V1__Item *whole; /* the roster or name generator of a part; NULL for others */
    const Samordning__V1__Section *section;
    size_t section_index;
    size_t order; /* from 0 */
};

struct instrument_index {
    size_t count;
    bool too_many; /* there are more items than fit */
    struct instrument_place places[INSTRUMENT_ITEMS_MAX];
    const struct instrument_place *by_id[INSTRUMENT_ITEMS_MAX];
};

void instrument_index_build(struct instrument_index *index, const Samordning__V1__Instrument *instrument);
const struct instrument_place *instrument_index_find(const struct instrument_index *index, const char *id); /* NULL = none */

/* Which kinds are answered for actors, and which with values of `choices`. */
bool instrument_kind_has_parts(Samordning__V1__ItemKind kind);
bool instrument_kind_has_choices(Samordning__V1__ItemKind kind);

/* One after the other, the placeholders {...} of a text that is piped. */
enum instrument_piece { INSTRUMENT_LITERAL, INSTRUMENT_ACTOR, INSTRUMENT_ORGANISATION, INSTRUMENT_ANSWER, INSTRUMENT_UNKNOWN };
struct instrument_pipe {
    const char *at; /* set to the text before the first call */

    /* of the piece just found */
    const char *begin;
    size_t size;
    char answer[49]; /* INSTRUMENT_ANSWER: the id */
};
/* False: the text is at its end. */
bool instrument_pipe_next(struct instrument_pipe *pipe, enum instrument_piece *ret_piece);

#endif
