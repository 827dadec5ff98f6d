/* SPDX-License-Identifier: GPL-3.0-or-later
 * Taking and settling letters.
 */
#include "store_letter.h"
#include "sql_text.h"
#include "store_internal.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    TAKEN_ID,
    TAKEN_ATTEMPT,
    TAKEN_SEAT,
    TAKEN_LINK_KIND,
    TAKEN_LINK_NUMBER,
    TAKEN_KIND,
    TAKEN_ADDRESS,
    TAKEN_LANGUAGE,
    TAKEN_WAVE,
    TAKEN_TITLE, /* three each */
    TAKEN_TEXT = TAKEN_TITLE + LETTER_LANGUAGES,
    TAKEN_ORGANISATION = TAKEN_TEXT + LETTER_LANGUAGES,
    TAKEN_SENDER = TAKEN_ORGANISATION + LETTER_LANGUAGES,
    TAKEN_RECEIPT,
    TAKEN_CLOSES,
    TAKEN_CREATED
};

static const char *text(struct arena *arena, const PGresult *result, int row, int column, bool *whole)
{
    const char *copy = arena_strdup(arena, PQgetvalue(result, row, column));
    *whole = *whole && copy != NULL;
    return copy;
}

static enum status taken(struct verb *verb, const PGresult *result)
{
    struct store_letters *letters = (struct store_letters *)verb->call;
    struct arena *arena = letters->call.arena;
    size_t count = (size_t)PQntuples(result);
    bool whole = true;
    letters->letters = arena_alloc(arena, count * sizeof *letters->letters + 1);
    if (letters->letters == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < count && whole; i++) {
        struct store_letter *letter = &letters->letters[i];
        int row = (int)i;
        *letter = (struct store_letter){.id = (uint64_t)pg_get_int64(result, row, TAKEN_ID),
                                        .attempt = pg_get_int32(result, row, TAKEN_ATTEMPT),
                                        .seat = (uint64_t)pg_get_int64(result, row, TAKEN_SEAT),
                                        .link_kind = pg_get_int32(result, row, TAKEN_LINK_KIND),
                                        .link_number = (uint32_t)pg_get_int32(result, row, TAKEN_LINK_NUMBER),
                                        .kind = text(arena, result, row, TAKEN_KIND, &whole),
                                        .address = text(arena, result, row, TAKEN_ADDRESS, &whole),
                                        .language = text(arena, result, row, TAKEN_LANGUAGE, &whole),
                                        .wave = text(arena, result, row, TAKEN_WAVE, &whole),
                                        .sender = text(arena, result, row, TAKEN_SENDER, &whole),
                                        .receipt = text(arena, result, row, TAKEN_RECEIPT, &whole),
                                        .closes_us = pg_get_int64(result, row, TAKEN_CLOSES),
                                        .created_us = pg_get_int64(result, row, TAKEN_CREATED)};
        for (int k = 0; k < LETTER_LANGUAGES; k++) {
            letter->title[k] = text(arena, result, row, TAKEN_TITLE + k, &whole);
            letter->text[k] = text(arena, result, row, TAKEN_TEXT + k, &whole);
            letter->organisation[k] = text(arena, result, row, TAKEN_ORGANISATION + k, &whole);
        }
    }
    letters->count = count;
    return whole ? STATUS_OK : STATUS_NO_MEMORY;
}

void store_letters_take(struct store *store, struct store_letters *letters)
{
    struct verb *verb = verb_create(store, &letters->call, sql_server_letters_take);
    if (verb == NULL) {
        store_answer_later(store, &letters->call, STATUS_NO_MEMORY);
        return;
    }
    snprintf(verb->numbers[0], sizeof verb->numbers[0], "%" PRIu32, letters->max);
    snprintf(verb->numbers[1], sizeof verb->numbers[1], "%d", LETTER_LEASE_S);
    snprintf(verb->numbers[2], sizeof verb->numbers[2], "%" PRIu32, letters->attempts_max);
    verb->answer = taken;
    for (size_t i = 0; i < 3; i++)
        db_request_text(&verb->request, verb->numbers[i]);
    verb_send(verb);
}

static enum status settled(struct verb *verb, const PGresult *result)
{
    struct store_letter_settlement *settlement = (struct store_letter_settlement *)verb->call;
    settlement->was_it = PQntuples(result) == 1 && pg_get_bool(result, 0, 0);
    return STATUS_OK;
}

void store_letter_settle(struct store *store, struct store_letter_settlement *settlement)
{
    struct verb *verb = verb_create(store, &settlement->call, sql_server_letter_settle);
    if (verb == NULL) {
        store_answer_later(store, &settlement->call, STATUS_NO_MEMORY);
        return;
    }
    const int64_t numbers[] = {(int64_t)settlement->letter,       settlement->attempt,          settlement->outcome,
                               (int64_t)settlement->attempts_max, (int64_t)settlement->wait_ms, LETTER_WAIT_MAX_S};
    verb->answer = settled;
    if (!verb_numbers(verb, numbers, sizeof numbers / sizeof numbers[0]))
        return;
    db_request_text(&verb->request, settlement->error != NULL ? settlement->error : "");
    verb_send(verb);
}
