/* SPDX-License-Identifier: GPL-3.0-or-later
 * One client's connection: bytes to frames, answers to bytes, and when not to read. Takes any bufferevent.
 *
 *                 hello            protocol error, stop              output sent          peer closed, 2 s
 *     GREETING ----------> READY ---------------------> FINISHING ----------------> LINGERING ---------> CLOSED
 *        \___________________\___________________________\_____ peer gone, time-out _____\______________/
 *
 * Reading stops (EV_READ off) while too many requests are in flight, too many bytes wait for a slow reader, the store has said
 * busy, or the frame at hand waits for its share of memory. A connection owns its bufferevent; requests it started are orphaned
 * when it closes. Closed connections are freed by the reaper.
 */
#ifndef SAMORDNING_CONN_H
#define SAMORDNING_CONN_H

#include "admission.h"
#include "log.h"
#include "reaper.h"
#include "request.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#define CONN_GREETING_FRAME_MAX ((size_t)64 * 1024)  /* a request's cap before hello */
#define CONN_SMALL_FRAME        ((size_t)16 * 1024)  /* read without asking for memory */
#define CONN_TURN_BYTES         ((size_t)256 * 1024) /* decoded in one turn before others get theirs */
#define CONN_ANSWERS_FIRST      ((size_t)1024)       /* room for the answers of one turn, doubled up to one TLS record */
#define CONN_LINGER_US          INT64_C(2000000)     /* so that a refused client can read why */
#define CONN_BUSY_MAX_MS        1000                 /* longest pause after the store said busy */
#define CONN_DECODED_FACTOR     6                    /* expected decoded bytes per byte on the wire, for admission */

struct bufferevent;
struct dispatch;
struct event;
struct event_base;

/* Whom the certificate speaks for. */
struct conn_identity {
    char orgnr[10]; /* empty: only the subject is known */
    char fingerprint[65];
    char address[64];  /* host:port */
    char subject[512]; /* RFC 2253 */
};

enum conn_state { CONN_GREETING, CONN_READY, CONN_FINISHING, CONN_LINGERING, CONN_CLOSED };

struct conn_set;
struct conn {
    struct conn_set *set;
    struct bufferevent *bev;
    struct event *again; /* frames are left over from an earlier turn */
    struct event *flush; /* the answers of this turn are complete */
    uint8_t *answers;    /* malloc'ed, NULL = none; they go out together */
    size_t answers_size, answers_capacity;
    struct conn_identity *identity;
    struct log_context log;
    enum conn_state state;
    struct principal principal;
    int64_t principal_at_us; /* when it was looked up; 0 = never */
    struct request_list requests;
    size_t in_flight;
    uint64_t highest_id;  /* of all its requests so far: a higher one cannot be in flight */
    size_t reading_bytes; /* taken from dispatch->reading */
    size_t working_bytes; /* taken from dispatch->working for the frame at hand */
    struct admission_wait reading_wait, working_wait;
    bool is_reading;
    bool is_dispatching; /* on the stack; closing waits */
    int64_t opened_us, active_us;
    int64_t frame_started_us; /* 0 = no partial frame */
    int64_t busy_until_us;
    int64_t linger_until_us;
    uint64_t requests_total;
    struct reaper_entry reaper_entry;
    TAILQ_ENTRY(conn) entry;
};
TAILQ_HEAD(conn_list, conn);

/* Connections of one organisation, for the limit. */
struct conn_party {
    char name[64];
    size_t count;
};

struct conn_set {
    struct event_base *base;
    struct dispatch *dispatch;
    struct reaper *reaper;
    struct conn_list conns;
    size_t count;
    uint64_t next_number;
    struct conn_party *parties;
    size_t party_count, party_capacity;
    bool is_stopping;
    void (*changed)(void *arg); /* a connection closed; may be NULL */
    void *changed_arg;
};

void conn_set_init(struct conn_set *set, struct event_base *base, struct dispatch *dispatch, struct reaper *reaper);
void conn_set_release(struct conn_set *set);               /* closes all at once */
void conn_set_stop(struct conn_set *set);                  /* each finishes what it was sent whole, then closes */
void conn_set_sweep(struct conn_set *set, int64_t now_us); /* time-outs and ends of pauses; call a few times a second */

/* Takes over bev (also on failure, when it frees it) and a copy of identity. May answer BUSY and finish at once when the
 * organisation has too many connections. */
MUST_CHECK enum status conn_create(struct conn_set *set, struct bufferevent *bev, const struct conn_identity *identity,
                                   struct conn **ret_conn);
void conn_close(struct conn *conn, const char *reason); /* at once; NULL reason: not worth a line */
void conn_finish(struct conn *conn);                    /* sends what it has, answers what is in flight, then closes */

/* For dispatch.c and request.c. */
void conn_send(struct conn *conn, const ProtobufCMessage *response);
void conn_refuse(struct conn *conn, enum status status, const char *field,
                 const char *text); /* answers to id 0, then finishes */
void conn_greeted(struct conn *conn, const char *software);
void conn_request_done(struct conn *conn, struct request *request);
void conn_store_busy(struct conn *conn, uint32_t retry_after_ms);

#endif
