/* SPDX-License-Identifier: GPL-3.0-or-later
 * The first exchange on every connection. */
#include "link_hello.h"

#include "frame.h"

#include <stdlib.h>
#include <string.h>

#define HELLO_MAX 4096

static int send_hello(struct link *link, int64_t until_ms, struct errmsg *errmsg)
{
    Samordning__V1__HelloRequest hello = SAMORDNING__V1__HELLO_REQUEST__INIT;
    hello.protocol = LINK_PROTOCOL;
    hello.software = link->settings->software;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    request.id = link_next_id(link);
    request.body_case = SAMORDNING__V1__REQUEST__BODY_HELLO;
    request.hello = &hello;
    uint8_t *data = NULL;
    size_t size = 0;
    if (frame_pack(&request.base, &data, &size) != STATUS_OK) {
        errmsg_set(errmsg, "", "out of memory");
        return SAMORDNING_E_MEMORY;
    }
    int error = SAMORDNING_OK;
    for (size_t sent = 0; sent < size && error == SAMORDNING_OK;) {
        ssize_t count = connection_write(&link->connection, data + sent, size - sent, &error, errmsg);
        if (count > 0) {
            sent += (size_t)count;
        } else if (count == 0 && connection_clock_ms() >= until_ms) {
            errmsg_set(errmsg, "", "the daemon did not take our hello in time");
            error = SAMORDNING_E_CONNECT;
        } else if (count == 0) {
            (void)connection_wait(&link->connection, true, until_ms);
        }
    }
    free(data);
    return error;
}

/* The daemon says nothing more before it is asked, so that the input holds one frame and nothing behind it. */
static int receive_hello(struct link *link, int64_t until_ms, const Samordning__V1__Response **ret_response,
                         struct errmsg *errmsg)
{
    uint8_t input[HELLO_MAX];
    size_t used = 0;
    for (;;) {
        struct frame_view view;
        enum frame_state state = frame_next(input, used, HELLO_MAX - FRAME_HEADER_MAX, &view);
        if (state == FRAME_COMPLETE)
            return link_unpack(link, input + view.header_size, view.body_size, ret_response, errmsg);
        if (state != FRAME_INCOMPLETE || used == sizeof input) {
            errmsg_set(errmsg, "", "%s port %s does not speak the protocol of samordning", link->settings->host,
                       link->settings->port);
            return SAMORDNING_E_PROTOCOL;
        }
        int error = SAMORDNING_OK;
        ssize_t count = connection_read(&link->connection, input + used, sizeof input - used, &error, errmsg);
        if (count < 0)
            return error != SAMORDNING_OK ? error : SAMORDNING_E_CONNECT;
        used += (size_t)count;
        if (count == 0 && connection_clock_ms() >= until_ms) {
            errmsg_set(errmsg, "", "the daemon did not answer our hello in time");
            return SAMORDNING_E_CONNECT;
        }
        if (count == 0)
            (void)connection_wait(&link->connection, false, until_ms);
    }
}

static int keep_text(char **kept, const char *text)
{
    char *copy = strdup(text);
    if (copy == NULL)
        return SAMORDNING_E_MEMORY;
    free(*kept);
    *kept = copy;
    return SAMORDNING_OK;
}

int link_hello(struct link *link, int64_t *ret_at_least_ms, struct errmsg *ret_errmsg)
{
    int64_t until_ms = connection_clock_ms() + link->settings->timeout_ms;
    const Samordning__V1__Response *response = NULL;
    int result = send_hello(link, until_ms, ret_errmsg);
    if (result == SAMORDNING_OK)
        result = receive_hello(link, until_ms, &response, ret_errmsg);
    if (result == SAMORDNING_E_CONNECT) {
        /* A daemon that refuses a certificate may be gone before its reason arrives. */
        struct errmsg told = *ret_errmsg;
        errmsg_set(ret_errmsg, "", "%.300s (before it said hello; it may refuse this client's certificate)", told.text);
    }
    if (result != SAMORDNING_OK)
        return result;
    if (response->status != SAMORDNING__V1__STATUS_CODE__STATUS_OK) {
        *ret_at_least_ms = response->retry_after_ms;
        errmsg_set(ret_errmsg, response->field, "%s",
                   response->message[0] != '\0' ? response->message : status_text((enum status)response->status));
        return (int)response->status;
    }
    const Samordning__V1__HelloResponse *hello =
        response->body_case == SAMORDNING__V1__RESPONSE__BODY_HELLO ? response->hello : NULL;
    if (hello == NULL || hello->protocol != LINK_PROTOCOL) {
        errmsg_set(ret_errmsg, "", "the daemon speaks protocol %u, this client %d", hello != NULL ? hello->protocol : 0,
                   LINK_PROTOCOL);
        return SAMORDNING_E_PROTOCOL;
    }
    link->frame_max = hello->max_frame_bytes != 0 ? hello->max_frame_bytes : LINK_FRAME_DEFAULT;
    link->batch_max = hello->max_batch != 0 ? hello->max_batch : UINT32_MAX;
    link->in_flight_max = hello->max_in_flight != 0 ? hello->max_in_flight : UINT32_MAX;
    if (keep_text(&link->organisation, hello->organisation) || keep_text(&link->operator_name, hello->operator_name)) {
        errmsg_set(ret_errmsg, "", "out of memory");
        return SAMORDNING_E_MEMORY;
    }
    return SAMORDNING_OK;
}
