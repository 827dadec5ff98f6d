/* SPDX-License-Identifier: GPL-3.0-or-later
 * What every request goes through: who asks, how much, with which parameters; the message through dispatch; the answer.
 */
#include "api/api_internal.h"

#include "api/api_login.h"
#include "clock.h"
#include "json.h"
#include "json_fields.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define JSON_TYPE       "application/json; charset=utf-8"
#define DOCUMENT_POLICY "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
#define PROBLEM_TYPE    "application/problem+json"
#define JSON_FLAGS      (JSON_COMPACT | JSON_ENCODE_ANY)

/* ------------------------------------------------------------------------------------------------ answers */

int api_code_of(enum status status)
{
    switch (status) {
    case STATUS_OK:
        return 200;
    case STATUS_MALFORMED:
    case STATUS_UNSUPPORTED_VERSION:
    case STATUS_INVALID:
        return 400;
    case STATUS_UNAUTHENTICATED:
        return 401;
    case STATUS_FORBIDDEN:
        return 403;
    case STATUS_NOT_FOUND:
        return 404;
    case STATUS_CONFLICT:
    case STATUS_CANCELLED:
        return 409;
    case STATUS_GONE:
        return 410;
    case STATUS_TOO_LARGE:
        return 413;
    case STATUS_CLASSIFIED:
        return 422;
    case STATUS_BUSY:
    case STATUS_UNAVAILABLE:
    case STATUS_NO_MEMORY:
        return 503;
    case STATUS_TIMEOUT:
        return 504;
    case STATUS_INTERNAL:
    case STATUS_COUNT:
        break;
    }
    return 500;
}

static struct api_party *party_of(struct api *api, int32_t token)
{
    struct api_party *unused = NULL;
    for (size_t i = 0; i < API_PARTIES_MAX; i++) {
        if (api->parties[i].in_flight > 0 && api->parties[i].token == token)
            return &api->parties[i];
        if (api->parties[i].in_flight == 0 && unused == NULL)
            unused = &api->parties[i];
    }
    if (unused != NULL)
        unused->token = token;
    return unused;
}

void api_turn_end(struct api_turn *turn)
{
    struct api_party *party = turn->is_counted ? party_of(turn->api, turn->principal.token) : NULL;
    if (party != NULL && party->in_flight > 0)
        party->in_flight--;
    turn->is_counted = false;
    turn->exchange->gone = NULL;
}

char *api_dump(json_t *json, size_t *ret_size)
{
    size_t size = json != NULL ? json_dumpb(json, NULL, 0, JSON_FLAGS) : 0;
    char *text = size > 0 ? malloc(size + 1) : NULL;
    if (text != NULL) {
        json_dumpb(json, text, size, JSON_FLAGS);
        text[size] = '\n';
        *ret_size = size + 1;
    }
    json_decref(json);
    return text;
}

void api_answer_text(struct api_turn *turn, int code, const char *type, char *text, size_t size)
{
    api_turn_end(turn);
    web_answer_memory(turn->exchange, code, type, text, size);
}

static void answer_dumped(struct api_turn *turn, int code, const char *type, json_t *json)
{
    size_t size = 0;
    char *text = api_dump(json, &size);
    if (text == NULL) {
        api_turn_end(turn);
        web_answer_nothing(turn->exchange, 503);
        return;
    }
    api_answer_text(turn, code, type, text, size);
}

void api_answer_json(struct api_turn *turn, int code, json_t *json)
{
    answer_dumped(turn, code, JSON_TYPE, json);
}

json_t *api_problem_json(enum status status, const char *field, const char *text)
{
    char type[64];
    snprintf(type, sizeof type, "urn:samordning:problem:%s", status_name(status));
    json_t *problem = json_pack("{ss ss si}", "type", type, "title", status_text(status), "status", api_code_of(status));
    if (problem != NULL && text != NULL && text[0] != '\0')
        json_object_set_new(problem, "detail", json_string(text));
    if (problem != NULL && field != NULL && field[0] != '\0')
        json_object_set_new(problem, "field", json_string(field));
    return problem;
}

void api_problem_code(struct api_turn *turn, int code, enum status status, const char *field, const char *text)
{
    json_t *problem = api_problem_json(status, field, text);
    if (problem != NULL)
        json_object_set_new(problem, "status", json_integer(code));
    answer_dumped(turn, code, PROBLEM_TYPE, problem);
}

void api_problem(struct api_turn *turn, enum status status, const char *field, const char *text)
{
    if (status_is_retryable(status))
        web_header_out(turn->exchange, "Retry-After", "2");
    if (status == STATUS_UNAUTHENTICATED)
        web_header_out(turn->exchange, "WWW-Authenticate", "Bearer realm=\"samordning\"");
    api_problem_code(turn, api_code_of(status), status, field, text);
}

void api_problem_of(struct api_turn *turn, const Samordning__V1__Response *response)
{
    api_problem(turn, (enum status)response->status, response->field, response->message);
}

static void body_sent(const void *data, size_t size, void *body)
{
    api_body_drop(body);
}

void api_answer_cached(struct api_turn *turn, struct api_body *body)
{
    struct web_exchange *exchange = turn->exchange;
    char etag[200];
    snprintf(etag, sizeof etag, "W/\"%s.%s\"", body->id, body->format);
    const char *known = web_header_in(exchange, "If-None-Match");
    api_turn_end(turn);
    /* A report is a file of its own, which may draw and style itself but run nothing. */
    if (strncmp(body->format, "document", 8) == 0)
        web_header_out(exchange, "Content-Security-Policy", DOCUMENT_POLICY);
    web_header_out(exchange, "ETag", etag);
    web_header_out(exchange, "Cache-Control", "private, no-cache");
    web_header_out(exchange, "Vary", "Accept, Accept-Encoding, Authorization, Cookie");
    if (known != NULL && (strstr(known, etag + 2) != NULL || strcmp(known, "*") == 0)) {
        api_body_drop(body);
        web_answer_nothing(exchange, 304);
    } else if (body->packed != NULL && web_accepts_gzip(web_header_in(exchange, "Accept-Encoding"))) {
        web_answer_block(exchange, 200, body->type, body->packed, body->packed_size, "gzip", body_sent, body);
    } else {
        web_answer_block(exchange, 200, body->type, body->plain, body->plain_size, NULL, body_sent, body);
    }
}

/* ------------------------------------------------------------------------------------------------ who asks */

bool api_identify(struct api *api, struct web_exchange *exchange, struct api_turn *ret_turn)
{
    const char *authorization = web_header_in(exchange, "Authorization");
    if (api->store == NULL)
        return false;
    if (authorization != NULL) {
        if (strncasecmp(authorization, "Bearer ", 7) != 0)
            return false;
        authorization += 7 + strspn(authorization + 7, " ");
        if (!token_secret_hash(authorization, ret_turn->token_hash))
            return false;
    } else {
        const char *cookie = web_cookie_in(exchange, API_COOKIE);
        if (cookie == NULL || !api_unseal(api->key, cookie, clock_wall_us() / 1000000, &ret_turn->session))
            return false;
        ret_turn->by_cookie = true;
        memcpy(ret_turn->token_hash, ret_turn->session.token_hash, sizeof ret_turn->token_hash);
    }
    return store_token_principal(api->store, ret_turn->token_hash, &ret_turn->principal) == STATUS_OK;
}

/* What changes something must come from our own page when a browser sends it along with a cookie. */
static bool is_forged(const struct api_turn *turn)
{
    const char *csrf = web_header_in(turn->exchange, "X-CSRF-Token");
    return turn->by_cookie && turn->exchange->method != WEB_GET &&
           (csrf == NULL || !api_csrf_fits(turn->api->key, &turn->session, csrf));
}

/* Asks nothing more of dispatch than to come to an end. */
static void turn_gone(struct web_exchange *exchange)
{
    struct api_turn *turn = exchange->owner;
    if (turn->asker.request != NULL) {
        request_leave(turn->asker.request);
        return;
    }
    if (turn->is_listed)
        api_unlist(turn);
    if (turn->rendering != NULL)
        api_format_leave(turn);
    api_turn_end(turn);
    web_answer_nothing(exchange, 503);
}

static void turn_answered(struct request_asker *asker, const Samordning__V1__Response *response)
{
    struct api_turn *turn = (struct api_turn *)(void *)asker;
    if (response->more) {
        if (turn->progressed != NULL)
            turn->progressed(turn, response);
        return;
    }
    turn->answered(turn, response);
}

/* Within what this token may ask? False: answered. */
static bool turn_admit(struct api_turn *turn)
{
    struct api *api = turn->api;
    uint64_t key = (uint64_t)(uint32_t)turn->principal.token * UINT64_C(0x9e3779b97f4a7c15) | 1;
    struct api_party *party = party_of(api, turn->principal.token);
    bool is_slow_enough = web_rate_take(&api->rate, key, 1, (double)api->config->api_rate, clock_monotonic_us());
    if (is_slow_enough && party != NULL && party->in_flight < API_IN_FLIGHT_MAX) {
        party->in_flight++;
        turn->is_counted = true;
        return true;
    }
    web_header_out(turn->exchange, "Retry-After", "2");
    api_problem_code(turn, 429, STATUS_BUSY, NULL,
                     is_slow_enough ? "too many requests of this token at once" : "too many requests a second of this token");
    return false;
}

struct api_turn *api_turn_begin(struct web_exchange *exchange)
{
    struct api *api = exchange->api;
    struct api_turn *turn = arena_alloc(&exchange->arena, sizeof *turn);
    if (turn == NULL) {
        web_answer_nothing(exchange, 503);
        return NULL;
    }
    *turn = (struct api_turn){.asker.answered = turn_answered, .api = api, .exchange = exchange};
    samordning__v1__request__init(&turn->message);
    exchange->owner = turn;
    if (api->store == NULL || api->is_stopping) {
        api_problem(turn, STATUS_UNAVAILABLE, NULL, "the daemon is starting or stopping");
        return NULL;
    }
    if (!api_identify(api, exchange, turn)) {
        if (web_header_in(exchange, "Authorization") != NULL && !web_charge(exchange, API_LOGIN_COST))
            web_header_out(exchange, "Retry-After", "5");
        api_problem(turn, STATUS_UNAUTHENTICATED, NULL,
                    "show a token that is valid: Authorization: Bearer TOKEN, or log in at /explore/login");
        return NULL;
    }
    if (is_forged(turn)) {
        api_problem(turn, STATUS_FORBIDDEN, NULL, "with a session's cookie, X-CSRF-Token must be what /v1/session says");
        return NULL;
    }
    if (!turn_admit(turn))
        return NULL;
    exchange->gone = turn_gone;
    return turn;
}

bool api_permit(struct api_turn *turn, Samordning__V1__Request__BodyCase body_case)
{
    const struct dispatch_row *row = dispatch_find(body_case);
    char text[120];
    if (dispatch_permit(row, &turn->principal) == STATUS_OK)
        return true;
    snprintf(text, sizeof text, "the role of this token does not allow %s", row->name);
    api_problem(turn, STATUS_FORBIDDEN, NULL, text);
    return false;
}

void api_ask(struct api_turn *turn, Samordning__V1__Request__BodyCase body_case, ProtobufCMessage *body,
             void (*answered)(struct api_turn *turn, const Samordning__V1__Response *response))
{
    turn->message.body_case = body_case;
    turn->message.hello = (Samordning__V1__HelloRequest *)(void *)body; /* every body is the same union of pointers */
    turn->answered = answered;
    dispatch_ask(turn->api->dispatch, &turn->principal, &turn->message, &turn->asker);
}

const ProtobufCMessage *api_body_of(const Samordning__V1__Response *response)
{
    return response->body_case != SAMORDNING__V1__RESPONSE__BODY__NOT_SET
               ? (const ProtobufCMessage *)(const void *)response->hello
               : NULL;
}

/* ---------------------------------------------------------------------------------------------- parameters */

/* The next "name=value" of a query; false: no more. */
static bool next_parameter(const char **at, const char **ret_name, size_t *ret_name_size, const char **ret_value,
                           size_t *ret_value_size)
{
    *at += strspn(*at, "&");
    if (**at == '\0')
        return false;
    size_t size = strcspn(*at, "&"), name_size = strcspn(*at, "=&");
    *ret_name = *at;
    *ret_name_size = name_size;
    *ret_value = *at + name_size + (name_size < size);
    *ret_value_size = size - name_size - (name_size < size);
    *at += size;
    return true;
}

/* NULL: too long, or with a NUL. */
static const char *decoded(struct api_turn *turn, const char *value, size_t size)
{
    char *text = size <= 3 * API_QUERY_VALUE_MAX ? arena_alloc(&turn->exchange->arena, size + 1) : NULL;
    if (text == NULL)
        return NULL;
    size_t used = web_decode(value, size, 1, text);
    text[used] = '\0';
    return used <= API_QUERY_VALUE_MAX && strlen(text) == used ? text : NULL;
}

const char *api_parameter(struct api_turn *turn, const char *name)
{
    const char *at = turn->exchange->query, *found, *value;
    size_t found_size, value_size;
    while (next_parameter(&at, &found, &found_size, &value, &value_size))
        if (strlen(name) == found_size && memcmp(found, name, found_size) == 0)
            return decoded(turn, value, value_size);
    return NULL;
}

static bool is_among(const char *name, size_t size, const char *const *names)
{
    for (; names != NULL && *names != NULL; names++)
        if (strlen(*names) == size && memcmp(*names, name, size) == 0)
            return true;
    return false;
}

static const char *const in_paths_only[] = {"id", "cancel", "brief", NULL};

bool api_is_in_paths_only(const char *name)
{
    return is_among(name, strlen(name), in_paths_only);
}

static const ProtobufCFieldDescriptor *field_of(const ProtobufCMessage *message, const char *name, size_t size)
{
    if (size == 6 && memcmp(name, "cursor", 6) == 0) {
        name = "after";
        size = 5;
    }
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        if (field->label != PROTOBUF_C_LABEL_REPEATED && strlen(field->name) == size && memcmp(field->name, name, size) == 0)
            return field;
    }
    return NULL;
}

static bool fill_number(const char *text, uint64_t most, uint64_t *ret_number)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    *ret_number = number;
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && number <= most;
}

bool api_can_fill(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_BOOL ||
           field->type == PROTOBUF_C_TYPE_UINT32 || field->type == PROTOBUF_C_TYPE_UINT64;
}

static bool fill_field(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, const char *text)
{
    void *at = (char *)message + field->offset;
    uint64_t number;
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        *(char **)at = (char *)(uintptr_t)text;
        return true;
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)at = strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
        return *(protobuf_c_boolean *)at || strcmp(text, "false") == 0 || strcmp(text, "0") == 0;
    case PROTOBUF_C_TYPE_UINT32:
        if (!fill_number(text, UINT32_MAX, &number))
            return false;
        *(uint32_t *)at = (uint32_t)number;
        return true;
    case PROTOBUF_C_TYPE_UINT64:
        if (!fill_number(text, UINT64_MAX, &number))
            return false;
        *(uint64_t *)at = number;
        return true;
    default:
        return false;
    }
}

/* `name` is what the client calls it. */
static bool fill(struct api_turn *turn, ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, const char *name,
                 const char *text)
{
    if (field != NULL && text != NULL && fill_field(message, field, text))
        return true;
    api_problem(turn, STATUS_INVALID, name,
                field != NULL ? "the parameter's value is none it can have" : "this address has no such parameter");
    return false;
}

bool api_fill(struct api_turn *turn, ProtobufCMessage *message, const char *const *others)
{
    const char *at = turn->exchange->query, *name, *value;
    size_t name_size, value_size;
    while (next_parameter(&at, &name, &name_size, &value, &value_size)) {
        if (is_among(name, name_size, others))
            continue;
        const ProtobufCFieldDescriptor *field =
            is_among(name, name_size, in_paths_only) ? NULL : field_of(message, name, name_size);
        if (!fill(turn, message, field, decoded(turn, name, name_size), decoded(turn, value, value_size)))
            return false;
    }
    return true;
}

bool api_fill_one(struct api_turn *turn, ProtobufCMessage *message, const char *name, const char *text)
{
    return fill(turn, message, field_of(message, name, strlen(name)), name, text);
}
