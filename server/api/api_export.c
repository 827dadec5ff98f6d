/* SPDX-License-Identifier: GPL-3.0-or-later
 * Interactions of a period as CSV, streamed: what the client has not read yet stays in the database.
 */
#include "api/api_internal.h"
#include "civil_time.h"
#include "clock.h"

#include <stdio.h>
#include <string.h>

#define EXPORT_BLOCK ((size_t)64 * 1024) /* the client must take so much within web_stall_ms */
#define EXPORT_ROOM  (EXPORT_BLOCK + 16384)

struct export_state {
    struct store_export export; /* first */
    struct api_turn *turn;
    char from[11], to[11];
    bool is_writing; /* a block is on its way */
    bool is_begun, is_over;
};

static void export_drained(struct web_exchange *exchange);

static void export_head(struct api_turn *turn)
{
    web_header_out(turn->exchange, "Content-Disposition", "attachment; filename=\"interactions.csv\"");
    web_stream_begin(turn->exchange, 200, "text/csv; charset=utf-8");
}

static void export_send(struct api_turn *turn)
{
    struct export_state *state = turn->state;
    if (!state->is_begun) {
        state->is_begun = true;
        export_head(turn);
    }
    state->is_writing = true;
    turn->said_us = clock_monotonic_us();
    turn->exchange->drained = export_drained;
    web_stream_flush(turn->exchange);
}

static void export_taken(struct store_export *export, const char *bytes, size_t size)
{
    struct export_state *state = (struct export_state *)(void *)export;
    if (web_stream_waiting(state->turn->exchange) == 0)
        web_stream_room(state->turn->exchange, EXPORT_ROOM);
    web_stream_add(state->turn->exchange, bytes, size);
    if (web_stream_waiting(state->turn->exchange) < EXPORT_BLOCK)
        return;
    if (state->is_writing)
        export->is_paused = true;
    else
        export_send(state->turn);
}

static void export_drained(struct web_exchange *exchange)
{
    struct api_turn *turn = exchange->owner;
    struct export_state *state = turn->state;
    state->is_writing = false;
    turn->said_us = clock_monotonic_us();
    if (web_stream_waiting(exchange) >= EXPORT_BLOCK)
        export_send(turn);
    if (state->export.is_paused && !state->is_over)
        store_export_resume(turn->api->store, &state->export);
}

static void export_gone(struct web_exchange *exchange)
{
    struct api_turn *turn = exchange->owner;
    struct export_state *state = turn->state;
    store_export_cancel(turn->api->store, &state->export); /* export_done follows */
}

static void export_done(struct store_call *call)
{
    struct export_state *state = call->owner;
    struct api_turn *turn = state->turn;
    state->is_over = true;
    api_unlist(turn);
    if (!state->is_begun && call->status != STATUS_OK) {
        api_problem(turn, call->status, call->errmsg.field, call->errmsg.text);
        return;
    }
    if (!state->is_begun)
        export_send(turn);
    api_turn_end(turn);
    turn->exchange->drained = NULL;
    if (call->status == STATUS_OK)
        web_stream_end(turn->exchange);
    else
        web_stream_break(turn->exchange); /* nobody must take a part for the whole */
}

void api_export_sweep(struct api_turn *turn, int64_t now_us, bool is_over)
{
    struct export_state *state = turn->state;
    bool is_slow = state->is_writing && now_us - turn->said_us > (int64_t)turn->api->config->web_stall_ms * 1000;
    if (is_over || is_slow)
        store_export_cancel(turn->api->store, &state->export);
}

/* A day, in its usual form. */
static bool read_day(struct api_turn *turn, const char *name, char ret_day[11])
{
    const char *text = api_parameter(turn, name);
    int32_t day;
    if (text != NULL && strlen(text) == 10 && civil_day_parse(text, &day) == STATUS_OK) {
        memcpy(ret_day, text, 11);
        return true;
    }
    api_problem(turn, STATUS_INVALID, name, "a day must be given, as YYYY-MM-DD");
    return false;
}

void api_interactions(struct web_exchange *exchange)
{
    static const char *const known[] = {"from", "to", "format", NULL};
    struct api_turn *turn = api_turn_begin(exchange);
    Samordning__V1__StatusRequest nothing = SAMORDNING__V1__STATUS_REQUEST__INIT;
    if (turn == NULL || !api_fill(turn, &nothing.base, known) || !api_permit(turn, SAMORDNING__V1__REQUEST__BODY_RESULT))
        return;
    const char *format = api_parameter(turn, "format");
    struct export_state *state = arena_alloc(&exchange->arena, sizeof *state);
    if (state == NULL || (format != NULL && strcmp(format, "csv") != 0)) {
        api_problem(turn, state == NULL ? STATUS_NO_MEMORY : STATUS_INVALID, "format", "interactions are to be had as csv");
        return;
    }
    *state = (struct export_state){.turn = turn};
    if (!read_day(turn, "from", state->from) || !read_day(turn, "to", state->to))
        return;
    if (strcmp(state->from, state->to) >= 0) {
        api_problem(turn, STATUS_INVALID, "to", "the period ends where it begins, or before (to is not included)");
        return;
    }
    if (exchange->is_head) {
        api_turn_end(turn);
        export_head(turn);
        web_stream_end(exchange);
        return;
    }
    turn->state = state;
    turn->is_export = turn->is_streaming = turn->is_listed = true;
    TAILQ_INSERT_TAIL(&turn->api->streaming, turn, entry);
    state->export = (struct store_export){
        .call = {.arena = &exchange->arena, .principal = turn->principal, .done = export_done, .owner = state},
        .from = state->from,
        .to = state->to,
        .taken = export_taken};
    exchange->gone = export_gone;
    store_export(turn->api->store, &state->export);
}
