/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of the API share: the turn (one request of one client) and what is kept of answers.
 */
#ifndef SAMORDNING_API_INTERNAL_H
#define SAMORDNING_API_INTERNAL_H

#include "api/api.h"
#include "api/api_cache.h"
#include "api/api_seal.h"
#include "aside.h"
#include "dispatch.h"
#include "request.h"
#include "web/web_exchange.h"
#include "web/web_rate.h"

#include <jansson.h>
#include <stdbool.h>
#include <sys/queue.h>

#define API_PARTIES_MAX     1024              /* tokens with requests in flight */
#define API_IN_FLIGHT_MAX   64                /* requests of one token at once; more are answered 429 */
#define API_LOOK_US         INT64_C(1000000)  /* so old may "nothing has changed" be */
#define API_HEARTBEAT_US    INT64_C(10000000) /* streams without news say that they live */
#define API_LOGIN_COST      10                /* requests that a wrong token counts for */
#define API_WAIT_DEFAULT_S  10
#define API_WAIT_MAX_S      30
#define API_QUERY_VALUE_MAX 8192 /* bytes of one parameter, decoded */

struct api_turn;
struct rendering;
TAILQ_HEAD(api_turns, api_turn);

/* A token with requests in flight. */
struct api_party {
    int32_t token;
    unsigned in_flight;
};

struct api {
    const struct config *config;
    struct dispatch *dispatch;
    struct store *store;
    struct aside *aside;
    uint8_t key[WEB_KEY_SIZE];
    struct web_rate rate; /* of tokens */
    struct api_party parties[API_PARTIES_MAX];
    struct api_cache cache;
    uint64_t generation; /* grows when something has changed that results rest on */
    int64_t looked_us;   /* when that was last known; 0 = never */
    bool is_looking;
    struct store_change change;
    struct arena change_arena;
    struct api_turns looking;   /* wait for the look */
    struct api_turns streaming; /* server-sent events */
    bool is_stopping;
};

struct api_turn {
    struct request_asker asker; /* first: what dispatch calls back with */
    struct api *api;
    struct web_exchange *exchange;
    struct principal principal;
    char token_hash[TOKEN_HASH_SIZE];
    bool by_cookie;
    struct api_sealed session; /* by_cookie */
    bool is_counted;
    Samordning__V1__Request message;
    void (*answered)(struct api_turn *turn, const Samordning__V1__Response *response);   /* the last answer */
    void (*progressed)(struct api_turn *turn, const Samordning__V1__Response *response); /* NULL: not told */
    void *state;                                                                         /* of the operation, in the arena */
    void (*next)(struct api_turn *turn); /* when it is known whether something changed */
    TAILQ_ENTRY(api_turn) entry;
    bool is_listed; /* in api->looking, or when it streams in api->streaming */
    bool is_streaming;
    bool is_export;              /* of api_export.c; else of a job's events */
    struct rendering *rendering; /* NULL: none under way */
    int64_t said_us;             /* streams: the last news */
};

/* ------------------------------------------------------------------------------------------------------ api_ask.c */

/* The turn of a request that has shown who it is and is within its limits; NULL: answered. */
struct api_turn *api_turn_begin(struct web_exchange *exchange);
/* Who a request is from; false: nobody known. Answers nothing. */
bool api_identify(struct api *api, struct web_exchange *exchange, struct api_turn *ret_turn);
/* Asks dispatch; `body` lives in the exchange's arena. */
void api_ask(struct api_turn *turn, Samordning__V1__Request__BodyCase body_case, ProtobufCMessage *body,
             void (*answered)(struct api_turn *turn, const Samordning__V1__Response *response));
/* Is this message allowed to who asks? False: answered. */
bool api_permit(struct api_turn *turn, Samordning__V1__Request__BodyCase body_case);
/* The body of a response, whichever it is; NULL: none. */
const ProtobufCMessage *api_body_of(const Samordning__V1__Response *response);

/* One parameter of the query, decoded into the arena; NULL: not there. */
const char *api_parameter(struct api_turn *turn, const char *name);
/* Fills fields of `message` from the query by their names ("cursor" is "after"), but for names in `others` (NULL-ended; may be
 * NULL), which are somebody else's. False: a parameter is unknown or no such value, and it was answered. */
bool api_fill(struct api_turn *turn, ProtobufCMessage *message, const char *const *others);
/* Fields that only an address's path gives. */
bool api_is_in_paths_only(const char *name);
/* Is it of a type that a parameter can be? */
bool api_can_fill(const ProtobufCFieldDescriptor *field);
/* The same for one field, by its name. */
bool api_fill_one(struct api_turn *turn, ProtobufCMessage *message, const char *name, const char *text);

/* The end of a turn, each of these. `json` is taken over. */
void api_answer_json(struct api_turn *turn, int code, json_t *json);
void api_answer_text(struct api_turn *turn, int code, const char *type, char *text, size_t size); /* malloc'ed, taken over */
void api_answer_cached(struct api_turn *turn, struct api_body *body); /* or 304; the body's reference is taken over */
void api_problem(struct api_turn *turn, enum status status, const char *field, const char *text);
/* With another code than the status has. */
void api_problem_code(struct api_turn *turn, int code, enum status status, const char *field, const char *text);
void api_problem_of(struct api_turn *turn, const Samordning__V1__Response *response);
/* Before web_answer_* by whoever answers otherwise. */
void api_turn_end(struct api_turn *turn);

int api_code_of(enum status status);
/* NULL: out of memory. */
json_t *api_problem_json(enum status status, const char *field, const char *text);
char *api_dump(json_t *json, size_t *ret_size); /* takes json over; NULL: out of memory */

/* --------------------------------------------------------------------------------------------------- api_export.c */

/* Ends an export that nobody may have any longer, or whose client is too slow. */
void api_export_sweep(struct api_turn *turn, int64_t now_us, bool is_over);

/* --------------------------------------------------------------------------------------------------- api_format.c */

void api_format_leave(struct api_turn *turn); /* its client is gone; turn->rendering comes to its end alone */

/* -------------------------------------------------------------------------------------------------- api_results.c */

/* Calls `next` when it is known whether something has changed (api->generation). */
void api_look(struct api_turn *turn, void (*next)(struct api_turn *turn));
/* Off the list it is in. */
void api_unlist(struct api_turn *turn);

#endif
