/* SPDX-License-Identifier: GPL-3.0-or-later
 * libsamordning: talk to a samordning daemon from C.
 *
 * Blocking, one connection per handle, not thread-safe per handle (use one handle per thread). The library never prints, never
 * exits, installs no signal handler (SIGPIPE is avoided with MSG_NOSIGNAL) and reconnects by itself. Submission is pipelined:
 * records are gathered into batches, several are in flight, and each record's receipt comes through a callback. What was not
 * acknowledged survives in the spool, if one is configured: each batch is on disk before it is sent, and while the daemon
 * cannot be reached add() goes on taking interactions into the spool; flush and finish then say what waits there. Callbacks
 * must not use the handle they were called for.
 */
#ifndef SAMORDNING_H
#define SAMORDNING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SAMORDNING_VERSION "0.1.0"

/* Messages are those of samordning.proto and survey.proto, as protobuf-c structs: include "samordning.pb-c.h" (installed beside
 * this header, with the "survey.pb-c.h" and "vocabulary.pb-c.h" it includes). */
struct Samordning__V1__ExportRow;
struct Samordning__V1__Interaction;
struct Samordning__V1__Receipt;
struct Samordning__V1__Request;
struct Samordning__V1__Response;

struct samordning;

struct samordning_options {
    const char *host;   /* default "127.0.0.1" */
    const char *port;   /* default "7117" */
    const char *bundle; /* directory with client.crt, client.key, ca.crt and client.conf (host, port); or the three below */
    const char *certificate, *key, *authority;
    const char *server_name; /* name expected in the daemon's certificate; default: host */
    unsigned batch;          /* interactions per request, default 1000 */
    unsigned in_flight;      /* requests awaiting a receipt, default 4 */
    unsigned timeout_ms;     /* per request but analyses, default 60000 */
    unsigned retry_for_ms;   /* keep retrying a lost daemon for so long; 0 = try once; UINT32_MAX = for ever */
    const char *spool;       /* directory for what is not acknowledged yet, of one organisation at a time; NULL = none */
    const char *software;    /* name and version of the calling program */
};

/* Numbers are those of StatusCode in vocabulary.proto; negative ones are local. */
enum samordning_error {
    SAMORDNING_OK = 0,
    SAMORDNING_E_CONNECT = -1,  /* cannot reach the daemon (retryable) */
    SAMORDNING_E_TLS = -2,      /* certificate refused by either side */
    SAMORDNING_E_PROTOCOL = -3, /* the daemon said something that makes no sense */
    SAMORDNING_E_SPOOL = -4,    /* spool directory: full, read-only, locked by another process */
    SAMORDNING_E_ARGUMENT = -5,
    SAMORDNING_E_MEMORY = -6
};

/* Connects lazily: the first verb does it. Returns NULL only when out of memory; a bad bundle is reported by the first verb. */
struct samordning *samordning_create(const struct samordning_options *options);
void samordning_destroy(struct samordning *s);
/* One line for people about the last failure of this handle, in English. */
const char *samordning_last_error(const struct samordning *s);
const char *samordning_error_text(int error);

int samordning_connect(struct samordning *s); /* optional: connect now, say hello */
const char *samordning_organisation(const struct samordning *s);
const char *samordning_operator(const struct samordning *s);

/* One request, one response. `response` stays valid until the next call on this handle. `progress` may be NULL. A response
 * whose status is not OK gives that status; its words are in samordning_last_error(). */
typedef void (*samordning_progress_cb)(void *arg, const char *phase, unsigned permille);
int samordning_call(struct samordning *s, struct Samordning__V1__Request *request, samordning_progress_cb progress, void *arg,
                    const struct Samordning__V1__Response **ret_response);

/* Submission. `tag` is handed back with the receipt (a line number, say). The receipt callback runs inside add, flush and
 * finish. The interaction is copied. */
struct samordning_submission;
typedef void (*samordning_receipt_cb)(void *arg, uint64_t tag, const struct Samordning__V1__Receipt *receipt);

struct samordning_submission_options {
    const char *file; /* label for the operator's log */
    bool correction;
    const char *delivery_from, *delivery_to; /* YYYY-MM-DD; NULL = no claim of completeness */
    bool delivery_all_actors;
    samordning_receipt_cb receipt;
    void *arg;
};
int samordning_submission_begin(struct samordning *s, const struct samordning_submission_options *options,
                                struct samordning_submission **ret_submission);
/* Sends a batch when it is full. Small ones (less than 16 KiB) may wait for the next add or the flush while others are on their
 * way. */
int samordning_submission_add(struct samordning_submission *sub, const struct Samordning__V1__Interaction *interaction,
                              uint64_t tag);
int samordning_submission_flush(struct samordning_submission *sub); /* wait until all in flight are answered */
/* Flushes and ends. On failure what is not acknowledged stays in the spool (if any). Frees sub in any case. */
int samordning_submission_finish(struct samordning_submission *sub);

/* Sends what an earlier process, or a submission that failed, left in the spool. Tags count the interactions from 0; ret_sent
 * counts those with a receipt. */
int samordning_spool_resume(struct samordning *s, samordning_receipt_cb receipt, void *arg, uint64_t *ret_sent);
/* Interactions waiting in the spool, without connecting. */
int samordning_spool_count(const char *spool, uint64_t *ret_waiting);
/* Puts them aside, without connecting: into the folder `discarded` of the spool, where nobody sends them. */
int samordning_spool_discard(const char *spool, uint64_t *ret_discarded);

/* Surveys. Questionnaires, waves, invitations and one's own answers are single requests: samordning_call with the survey_*
 * bodies of survey.proto. The stored answers of a wave come in pages, which this asks for one after the other: `row` is called
 * for each answer, all of one respondent together, and must not use the handle; it gives SAMORDNING_OK to go on, or what the
 * export is to end with. */
typedef int (*samordning_survey_row_cb)(void *arg, const struct Samordning__V1__ExportRow *row);
int samordning_survey_export(struct samordning *s, const char *wave, samordning_survey_row_cb row, void *arg);

/* Makes an EC P-256 key and a certificate signing request for it, both PEM, whose subject names the organisation as Norwegian
 * enterprise certificates do (organizationIdentifier NTRNO-<nine digits>). The caller frees both and keeps the key to itself.
 */
int samordning_enrol_key(const char *orgnr, const char *name, char **ret_key, char **ret_csr);

#ifdef __cplusplus
}
#endif
#endif
