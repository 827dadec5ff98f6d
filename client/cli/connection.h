/* SPDX-License-Identifier: GPL-3.0-or-later
 * The connection that a command line asks for, and requests over it with failures said in words.
 */
#ifndef SAMORDNING_CONNECTION_H
#define SAMORDNING_CONNECTION_H

#include "arguments.h"
#include "samordning.h"
#include "samordning.pb-c.h"

#include <limits.h>

struct connection {
    struct samordning *handle;
    char bundle[PATH_MAX];
    char spool[PATH_MAX];
};

enum connection_wait { CONNECTION_SHORT, CONNECTION_ANALYSIS };

/* NULL keeps the library's default. False: it has been said. */
struct connection_choices {
    enum connection_wait wait;
    const char *spool;
    unsigned batch, in_flight;
    uint64_t retry_for_s; /* UINT64_MAX = for ever */
};
bool connection_open(struct connection *connection, const struct arguments *arguments,
                     const struct connection_choices *choices);
void connection_close(struct connection *connection);

/* $XDG_STATE_HOME/samordning/spool or its default; empty when there is no home. */
void connection_default_spool(char *ret_path, size_t size);

/* Sends one request; on failure says why and returns the exit code, else EXIT_CODE_OK. */
int connection_call(struct connection *connection, Samordning__V1__Request *request,
                    const Samordning__V1__Response **ret_response);
/* The exit code for a status or a local error, after saying what the handle has to say about it. */
int connection_explain(struct connection *connection, int error);

#endif
