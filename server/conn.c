/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reads frames off a bufferevent, hands them on and writes answers back.
 */
#include "conn.h"

#include "clock.h"
#include "conn_party.h"
#include "dispatch.h"
#include "frame.h"
#include "tls.h"

#include <assert.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

static void conn_set_state(struct conn *conn, enum conn_state state)
{
    assert(state > conn->state);
    conn->state = state;
}

static bool conn_is_taking(const struct conn *conn)
{
    return conn->state == CONN_GREETING || conn->state == CONN_READY;
}

static size_t conn_output_bytes(const struct conn *conn)
{
    return conn->answers_size + evbuffer_get_length(bufferevent_get_output(conn->bev));
}

/* Switches EV_READ to what the connection's load says, and takes up frames that wait in the buffer. */
static void conn_update_reading(struct conn *conn)
{
    const struct config *config = conn->set->dispatch->config;
    bool should_read;
    if (conn->state == CONN_CLOSED)
        return;
    if (conn_is_taking(conn))
        should_read = conn->in_flight < config->max_in_flight && conn_output_bytes(conn) < config->max_output_bytes &&
                      conn->busy_until_us == 0 && !conn->reading_wait.is_waiting && !conn->working_wait.is_waiting;
    else
        should_read = true; /* thrown away, so that the peer can read our last words */
    if (should_read == conn->is_reading)
        return;
    conn->is_reading = should_read;
    if (should_read) {
        bufferevent_enable(conn->bev, EV_READ);
        event_active(conn->again, 0, 0);
    } else {
        bufferevent_disable(conn->bev, EV_READ);
        metrics_add(conn->set->dispatch->metrics, METRIC_READS_PAUSED, 1);
    }
}

static void conn_return_reading(struct conn *conn)
{
    admission_leave(&conn->set->dispatch->reading, &conn->reading_wait);
    admission_return(&conn->set->dispatch->reading, conn->reading_bytes);
    conn->reading_bytes = 0;
}

static void conn_return_working(struct conn *conn)
{
    admission_leave(&conn->set->dispatch->working, &conn->working_wait);
    admission_return(&conn->set->dispatch->working, conn->working_bytes);
    conn->working_bytes = 0;
}

static void reading_granted(struct admission_wait *wait)
{
    struct conn *conn = (struct conn *)(void *)((char *)wait - offsetof(struct conn, reading_wait));
    conn->reading_bytes = wait->bytes;
    conn->frame_started_us = clock_monotonic_us(); /* it was us who kept it waiting */
    conn_update_reading(conn);
}

static void working_granted(struct admission_wait *wait)
{
    struct conn *conn = (struct conn *)(void *)((char *)wait - offsetof(struct conn, working_wait));
    conn->working_bytes = wait->bytes;
    conn_update_reading(conn);
}

/* A frame that is not whole yet: memory for the rest of it, and a call back when it is there. False: not now. */
static void conn_await_frame(struct conn *conn, struct evbuffer *input, size_t have, size_t need)
{
    if (conn->frame_started_us == 0)
        conn->frame_started_us = clock_monotonic_us();
    if (need > CONN_SMALL_FRAME && conn->reading_bytes == 0) {
        if (!admission_take(&conn->set->dispatch->reading, need, &conn->reading_wait))
            return;
        conn->reading_bytes = need;
    }
    if (need > have) {
        /* One block of the right size: TLS records land in it whole and nothing is moved together later. */
        if (need > CONN_SMALL_FRAME)
            evbuffer_expand(input, need - have);
        bufferevent_setwatermark(conn->bev, EV_READ, need, 0);
    }
}

/* Takes one frame. True: look for another. */
static bool conn_take_frame(struct conn *conn, struct evbuffer *input, size_t *ret_size)
{
    struct dispatch *dispatch = conn->set->dispatch;
    uint8_t header[FRAME_HEADER_MAX];
    struct frame_view view = {0};
    size_t have = evbuffer_get_length(input);
    size_t cap = conn->state == CONN_GREETING ? CONN_GREETING_FRAME_MAX : dispatch->config->max_frame_bytes;
    ev_ssize_t peeked = evbuffer_copyout(input, header, sizeof header);
    if (peeked <= 0) {
        bufferevent_setwatermark(conn->bev, EV_READ, 0, 0);
        return false;
    }
    size_t need = 0;
    switch (frame_next(header, (size_t)peeked, cap, &view)) {
    case FRAME_TOO_LARGE:
        metrics_add(dispatch->metrics, METRIC_FRAMES_REFUSED, 1);
        conn_refuse(conn, STATUS_TOO_LARGE, "",
                    conn->state == CONN_GREETING ? "frame larger than 64 KiB before hello"
                                                 : "frame larger than max_frame_bytes");
        return false;
    case FRAME_MALFORMED:
        metrics_add(dispatch->metrics, METRIC_FRAMES_REFUSED, 1);
        conn_refuse(conn, STATUS_MALFORMED, "", "not the length of a frame");
        return false;
    case FRAME_INCOMPLETE:
        need = view.need;
        break;
    case FRAME_COMPLETE:
        need = view.header_size + view.body_size;
        break;
    }
    if (need == 0 || have < need) {
        conn_await_frame(conn, input, have, need != 0 ? need : have + 1);
        return false;
    }
    if (conn->working_bytes == 0) {
        size_t expected = need * CONN_DECODED_FACTOR + 4096;
        if (!admission_take(&dispatch->working, expected, &conn->working_wait))
            return false;
        conn->working_bytes = expected;
    }
    conn->frame_started_us = 0;
    conn->active_us = clock_monotonic_us();
    conn->requests_total++;
    const uint8_t *frame = evbuffer_pullup(input, (ev_ssize_t)need);
    if (frame == NULL || frame_next(frame, need, cap, &view) != FRAME_COMPLETE) {
        conn_close(conn, "out of memory");
        return false;
    }
    metrics_add(dispatch->metrics, METRIC_BYTES_IN, (int64_t)need);
    dispatch_frame(dispatch, conn, frame + view.header_size, view.body_size);
    conn_return_working(conn); /* nothing, when a request took it over */
    *ret_size = need;
    if (conn->state == CONN_CLOSED)
        return false;
    evbuffer_drain(input, need);
    bufferevent_setwatermark(conn->bev, EV_READ, 0, 0);
    conn_return_reading(conn);
    return conn_is_taking(conn);
}

static void conn_take_frames(struct conn *conn)
{
    struct evbuffer *input = bufferevent_get_input(conn->bev);
    size_t taken = 0;
    if (!conn_is_taking(conn)) {
        evbuffer_drain(input, evbuffer_get_length(input));
        bufferevent_setwatermark(conn->bev, EV_READ, 0, 0);
        return;
    }
    conn->is_dispatching = true;
    while (conn->is_reading && taken < CONN_TURN_BYTES) {
        size_t size = 0;
        bool again = conn_take_frame(conn, input, &size);
        taken += size;
        conn_update_reading(conn);
        if (!again)
            break;
    }
    conn->is_dispatching = false;
    if (conn->state == CONN_CLOSED) {
        bufferevent_free(conn->bev);
        conn->bev = NULL;
        return;
    }
    if (conn_is_taking(conn) && conn->is_reading && taken >= CONN_TURN_BYTES && evbuffer_get_length(input) > 0)
        event_active(conn->again, 0, 0);
}

static void conn_read_cb(struct bufferevent *bev, void *arg)
{
    conn_take_frames(arg);
}

static void conn_again_cb(evutil_socket_t fd, short what, void *arg)
{
    struct conn *conn = arg;
    if (conn->state != CONN_CLOSED && conn->is_reading)
        conn_take_frames(conn);
}

/* FINISHING ends when every answer is on its way. */
static void conn_try_linger(struct conn *conn)
{
    if (conn->state != CONN_FINISHING || conn->in_flight != 0 || conn_output_bytes(conn) != 0)
        return;
    conn_set_state(conn, CONN_LINGERING);
    conn->linger_until_us = clock_monotonic_us() + CONN_LINGER_US;
    tls_close_notify(conn->bev);
}

static void conn_write_cb(struct bufferevent *bev, void *arg)
{
    struct conn *conn = arg;
    conn->active_us = clock_monotonic_us();
    conn_update_reading(conn);
    conn_try_linger(conn);
}

static void conn_drop_answers(struct conn *conn)
{
    free(conn->answers);
    conn->answers = NULL;
    conn->answers_size = conn->answers_capacity = 0;
}

/* Sends the answers gathered so far, behind those that wait for a slow reader. False: the connection is closed. */
static bool conn_flush(struct conn *conn)
{
    struct evbuffer *output = bufferevent_get_output(conn->bev);
    bool sent = conn->answers_size == 0 ||
                (evbuffer_get_length(output) == 0 && tls_write_now(conn->bev, conn->answers, conn->answers_size)) ||
                evbuffer_add(output, conn->answers, conn->answers_size) == 0;
    conn_drop_answers(conn);
    if (!sent)
        conn_close(conn, "out of memory");
    return sent;
}

static void conn_flush_cb(evutil_socket_t fd, short what, void *arg)
{
    struct conn *conn = arg;
    if (conn->state == CONN_CLOSED || !conn_flush(conn))
        return;
    conn->active_us = clock_monotonic_us();
    conn_update_reading(conn);
    conn_try_linger(conn);
}

static void conn_event_cb(struct bufferevent *bev, short what, void *arg)
{
    struct conn *conn = arg;
    if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT)) {
        char reason[200];
        tls_describe_error(bev, what, reason, sizeof reason);
        conn_close(conn, conn->state == CONN_LINGERING ? NULL : reason);
    }
}

static void conn_bury(struct reaper_entry *entry)
{
    struct conn *conn = (struct conn *)(void *)((char *)entry - offsetof(struct conn, reaper_entry));
    event_free(conn->again);
    event_free(conn->flush);
    free(conn->identity);
    free(conn);
}

enum status conn_create(struct conn_set *set, struct bufferevent *bev, const struct conn_identity *identity,
                        struct conn **ret_conn)
{
    struct conn *conn = calloc(1, sizeof *conn);
    if (conn != NULL) {
        conn->identity = malloc(sizeof *identity);
        conn->again = event_new(set->base, -1, 0, conn_again_cb, conn);
        conn->flush = event_new(set->base, -1, 0, conn_flush_cb, conn);
    }
    if (conn == NULL || conn->identity == NULL || conn->again == NULL || conn->flush == NULL) {
        bufferevent_free(bev);
        if (conn != NULL && conn->again != NULL)
            event_free(conn->again);
        if (conn != NULL && conn->flush != NULL)
            event_free(conn->flush);
        if (conn != NULL)
            free(conn->identity);
        free(conn);
        return STATUS_NO_MEMORY;
    }
    *conn->identity = *identity;
    conn->set = set;
    conn->bev = bev;
    conn->reading_wait.granted = reading_granted;
    conn->working_wait.granted = working_granted;
    conn->opened_us = conn->active_us = clock_monotonic_us();
    conn->is_reading = true;
    TAILQ_INIT(&conn->requests);
    log_context_add(&conn->log, LOG_UINT("conn", ++set->next_number));
    log_context_add(&conn->log, LOG_TEXT("peer", identity->address));
    log_context_add(&conn->log, LOG_TEXT("org", identity->orgnr[0] != '\0' ? identity->orgnr : NULL));
    TAILQ_INSERT_TAIL(&set->conns, conn, entry);
    set->count++;
    bufferevent_setcb(bev, conn_read_cb, conn_write_cb, conn_event_cb, conn);
    bufferevent_setwatermark(bev, EV_READ, 0, 0);
    bufferevent_setwatermark(bev, EV_WRITE, set->dispatch->config->max_output_bytes / 2, 0);
    bufferevent_enable(bev, EV_READ | EV_WRITE);
    if (!conn_party_join(set, identity)) {
        metrics_add(set->dispatch->metrics, METRIC_CONNECTIONS_REFUSED, 1);
        conn_refuse(conn, STATUS_BUSY, "", "too many connections of this organisation");
    } else if (set->is_stopping) {
        conn_refuse(conn, STATUS_UNAVAILABLE, "", "the daemon is stopping");
    } else {
        event_active(conn->again, 0, 0); /* what came with the handshake */
    }
    *ret_conn = conn;
    return STATUS_OK;
}

void conn_close(struct conn *conn, const char *reason)
{
    struct conn_set *set = conn->set;
    struct request *request;
    if (conn->state == CONN_CLOSED)
        return;
    if (reason != NULL)
        log_info(&conn->log, "connection closed", LOG_TEXT("reason", reason), LOG_UINT("requests", conn->requests_total),
                 LOG_UINT("in_flight", conn->in_flight));
    conn_set_state(conn, CONN_CLOSED);
    conn_return_reading(conn);
    conn_return_working(conn);
    while ((request = TAILQ_FIRST(&conn->requests)) != NULL) {
        TAILQ_REMOVE(&conn->requests, request, in_conn);
        conn->in_flight--;
        request_orphan(request);
    }
    TAILQ_REMOVE(&set->conns, conn, entry);
    set->count--;
    conn_party_leave(set, conn->identity);
    event_del(conn->again);
    event_del(conn->flush);
    conn_drop_answers(conn);
    bufferevent_setcb(conn->bev, NULL, NULL, NULL, NULL);
    if (!conn->is_dispatching) { /* else the frame being looked at is still in its buffer */
        bufferevent_free(conn->bev);
        conn->bev = NULL;
    }
    reaper_add(set->reaper, &conn->reaper_entry, conn_bury);
    if (set->changed != NULL)
        set->changed(set->changed_arg);
}

void conn_finish(struct conn *conn)
{
    if (!conn_is_taking(conn))
        return;
    conn_set_state(conn, CONN_FINISHING);
    conn->linger_until_us = clock_monotonic_us() + (int64_t)conn->set->dispatch->config->frame_timeout_ms * 1000;
    conn_return_reading(conn);
    admission_leave(&conn->set->dispatch->working, &conn->working_wait);
    bufferevent_setwatermark(conn->bev, EV_READ, 0, 0);
    bufferevent_setwatermark(conn->bev, EV_WRITE, 0, 0);
    conn_update_reading(conn);
    conn_try_linger(conn);
}

/* Puts a small answer behind the others of this turn. False: out of memory. */
static bool conn_gather_answer(struct conn *conn, const uint8_t *header, size_t header_size, const ProtobufCMessage *response,
                               size_t size)
{
    size_t capacity = conn->answers_capacity != 0 ? conn->answers_capacity : CONN_ANSWERS_FIRST;
    while (capacity < conn->answers_size + size)
        capacity *= 2;
    if (capacity > conn->answers_capacity) {
        uint8_t *answers = realloc(conn->answers, capacity);
        if (answers == NULL)
            return false;
        conn->answers = answers;
        conn->answers_capacity = capacity;
    }
    if (conn->answers_size == 0)
        event_active(conn->flush, 0, 0);
    memcpy(conn->answers + conn->answers_size, header, header_size);
    protobuf_c_message_pack(response, conn->answers + conn->answers_size + header_size);
    conn->answers_size += size;
    return true;
}

/* An answer of more than a record goes straight to the bufferevent, behind those before it. False: out of memory. */
static bool conn_send_large(struct conn *conn, const uint8_t *header, size_t header_size, const ProtobufCMessage *response,
                            size_t size)
{
    struct evbuffer *output = bufferevent_get_output(conn->bev);
    struct evbuffer_iovec space;
    if (evbuffer_reserve_space(output, (ev_ssize_t)size, &space, 1) != 1)
        return false;
    memcpy(space.iov_base, header, header_size);
    protobuf_c_message_pack(response, (uint8_t *)space.iov_base + header_size);
    space.iov_len = size;
    return evbuffer_commit_space(output, &space, 1) == 0;
}

void conn_send(struct conn *conn, const ProtobufCMessage *response)
{
    if (conn->state == CONN_CLOSED)
        return;
    uint8_t header[FRAME_HEADER_MAX];
    size_t body = protobuf_c_message_get_packed_size(response);
    size_t header_size = frame_write_header(header, (uint32_t)body), size = header_size + body;
    if (size > TLS_RECORD_MAX - conn->answers_size && !conn_flush(conn))
        return;
    bool taken = size <= TLS_RECORD_MAX ? conn_gather_answer(conn, header, header_size, response, size)
                                        : body <= UINT32_MAX && conn_send_large(conn, header, header_size, response, size);
    if (!taken) {
        /* An answer that cannot be sent must not look like silence. */
        conn_close(conn, "out of memory");
        return;
    }
    metrics_add(conn->set->dispatch->metrics, METRIC_BYTES_OUT, (int64_t)size);
    conn_update_reading(conn);
}

void conn_refuse(struct conn *conn, enum status status, const char *field, const char *text)
{
    Samordning__V1__Response response = SAMORDNING__V1__RESPONSE__INIT;
    char field_copy[96], text_copy[200];
    snprintf(field_copy, sizeof field_copy, "%s", field);
    snprintf(text_copy, sizeof text_copy, "%s", text);
    response.status = (Samordning__V1__StatusCode)status;
    response.field = field_copy;
    response.message = text_copy;
    if (status_is_retryable(status))
        response.retry_after_ms = CONN_BUSY_MAX_MS;
    log_warning(&conn->log, "refused", LOG_STATUS(status), LOG_TEXT("reason", text));
    conn_send(conn, &response.base);
    conn_finish(conn);
}

void conn_greeted(struct conn *conn, const char *software)
{
    if (conn->state != CONN_GREETING)
        return;
    conn_set_state(conn, CONN_READY);
    log_info(&conn->log, "client connected", LOG_TEXT("software", software), LOG_TEXT("tls", tls_version(conn->bev)));
}

void conn_request_done(struct conn *conn, struct request *request)
{
    TAILQ_REMOVE(&conn->requests, request, in_conn);
    conn->in_flight--;
    conn_update_reading(conn);
    conn_try_linger(conn);
}

void conn_store_busy(struct conn *conn, uint32_t retry_after_ms)
{
    uint32_t pause_ms = retry_after_ms < CONN_BUSY_MAX_MS ? retry_after_ms : CONN_BUSY_MAX_MS;
    conn->busy_until_us = clock_monotonic_us() + (int64_t)pause_ms * 1000;
    conn_update_reading(conn);
}

void conn_set_init(struct conn_set *set, struct event_base *base, struct dispatch *dispatch, struct reaper *reaper)
{
    *set = (struct conn_set){.base = base, .dispatch = dispatch, .reaper = reaper};
    TAILQ_INIT(&set->conns);
}

void conn_set_release(struct conn_set *set)
{
    struct conn *conn;
    while ((conn = TAILQ_FIRST(&set->conns)) != NULL)
        conn_close(conn, NULL);
    free(set->parties);
    set->parties = NULL;
    set->party_count = set->party_capacity = 0;
}

void conn_set_stop(struct conn_set *set)
{
    struct conn *conn, *next;
    set->is_stopping = true;
    for (conn = TAILQ_FIRST(&set->conns); conn != NULL; conn = next) {
        next = TAILQ_NEXT(conn, entry);
        conn_finish(conn);
    }
}

static const char *conn_overdue(const struct conn *conn, const struct config *config, int64_t now_us)
{
    if (conn->state == CONN_LINGERING || (conn->state == CONN_FINISHING && conn->in_flight == 0))
        return now_us > conn->linger_until_us ? "" : NULL;
    if (conn->state == CONN_GREETING && conn->in_flight == 0 &&
        now_us - conn->opened_us > (int64_t)config->handshake_timeout_ms * 1000)
        return "no hello in time";
    if (conn->frame_started_us != 0 && conn->is_reading &&
        now_us - conn->frame_started_us > (int64_t)config->frame_timeout_ms * 1000)
        return "frame not whole in time";
    if (now_us - conn->active_us > (int64_t)config->idle_timeout_ms * 1000 &&
        (conn->in_flight == 0 || conn_output_bytes(conn) != 0))
        return "idle";
    return NULL;
}

void conn_set_sweep(struct conn_set *set, int64_t now_us)
{
    const struct config *config = set->dispatch->config;
    struct conn *conn, *next;
    for (conn = TAILQ_FIRST(&set->conns); conn != NULL; conn = next) {
        next = TAILQ_NEXT(conn, entry);
        if (conn->busy_until_us != 0 && now_us >= conn->busy_until_us) {
            conn->busy_until_us = 0;
            conn_update_reading(conn);
        }
        const char *reason = conn_overdue(conn, config, now_us);
        if (reason == NULL)
            continue;
        if (conn->frame_started_us != 0)
            metrics_add(set->dispatch->metrics, METRIC_FRAMES_REFUSED, 1);
        conn_close(conn, reason[0] != '\0' ? reason : NULL);
    }
}
