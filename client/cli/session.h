/* SPDX-License-Identifier: GPL-3.0-or-later
 * The connection that a command line asks for, and requests over it with failures said in words.
 */
#ifndef SAMORDNING_SESSION_H
#define SAMORDNING_SESSION_H

#include "arguments.h"
#include "samordning.h"
#include "samordning.pb-c.h"

#include <limits.h>

struct session {
    struct samordning *handle;
    char bundle[PATH_MAX];
    char spool[PATH_MAX];
};

enum session_wait { SESSION_SHORT, SESSION_ANALYSIS };

/* NULL keeps the library's default. False: it has been said. */
struct session_choices {
    enum session_wait wait;
    const char *spool;
    unsigned batch, in_flight;
    uint64_t retry_for_s; /* UINT64_MAX = for ever */
};
bool session_open(struct session *session, const struct arguments *arguments, const struct session_choices *choices);
void session_close(struct session *session);

/* The bundle's own folder below $XDG_STATE_HOME/samordning/spool or its default; empty when there is no home. */
void session_default_spool(const struct arguments *arguments, char *ret_path, size_t size);

/* Makes a folder and those above it, for nobody else to read. */
bool session_make_folder(const char *path);

/* Sends one request; on failure says why and returns the exit code, else EXIT_CODE_OK. */
int session_call(struct session *session, Samordning__V1__Request *request, const Samordning__V1__Response **ret_response);
/* Sends one request, with progress on a terminal; the library's error or the response's status, nothing is said. */
int session_ask(struct session *session, Samordning__V1__Request *request, const Samordning__V1__Response **ret_response);
/* The exit code for a status or a local error, after saying what the handle has to say about it. */
int session_explain(struct session *session, int error);
/* After a refusal that holds for all of it: what can be done with what waits in the spool (NULL = none). */
void session_hint_refused(int code, const char *spool);

#endif
