/* SPDX-License-Identifier: GPL-3.0-or-later
 * The daemon's configuration: plain fields, all described by one table (config_keys) from which parser, --help, sample file,
 * reload and manual page come.
 *
 * There is one struct config in a running daemon and its address never changes; a reload swaps the values of reloadable keys in
 * place. So keep the pointer, read fields when needed, and do not keep its strings across turns of the loop. Texts are never
 * NULL; empty means "not set". Numbers are uint64_t whatever they count.
 */
#ifndef SAMORDNING_CONFIG_H
#define SAMORDNING_CONFIG_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define CONFIG_KEYS_MAX 128

/* What config_read has read. */
struct config_source {
    char *path;                      /* NULL = nothing */
    unsigned lines[CONFIG_KEYS_MAX]; /* by number of the key; 0 = not there */
};

struct config {
    /* where things are */
    char *state_dir;                 /* absolute */
    char *database;                  /* libpq connection string; empty = private cluster under state_dir */
    char *cluster_user;              /* account the private cluster runs as when the daemon is root */
    char *postgres_bin_dir;          /* where initdb and postgres are; empty = found */
    uint64_t cluster_shared_buffers; /* bytes */

    /* network */
    char *listen;      /* host:port, comma separated */
    char *http_listen; /* host:port; empty = no HTTP */
    bool http_allow_remote;
    char *certificate, *key;         /* empty = state_dir/server.crt, .key */
    char *authority, *authority_key; /* the private CA; empty = state_dir/authority/ca.crt, ca.key */
    char *client_authority;          /* PEM with further CAs whose client certificates are taken */
    bool tls_1_2;

    /* limits of one connection and of all */
    uint64_t max_frame_bytes, max_batch;
    uint64_t max_connections, max_connections_per_organisation;
    uint64_t max_in_flight;     /* requests of one connection */
    uint64_t max_output_bytes;  /* answers waiting for a slow reader, one connection */
    uint64_t max_request_bytes; /* requests being read, decoded or answered, all connections */
    uint64_t handshake_timeout_ms, frame_timeout_ms, idle_timeout_ms;
    uint64_t request_timeout_ms, analysis_timeout_ms, stop_timeout_ms;
    uint64_t future_days; /* how far ahead of now an interaction may lie */

    /* store */
    uint64_t store_connections, researcher_connections;
    uint64_t max_queue_bytes; /* submissions waiting for the database */
    uint64_t gather_count, gather_ms;
    uint64_t database_retry_max_ms;
    uint64_t condense_quiet_ms, condense_max_wait_ms;

    /* workers */
    uint64_t workers;
    char *worker_program;      /* empty = samordning-analyse beside the daemon, else on PATH */
    uint64_t job_memory_bytes; /* of one job; 0 = no limit */
    uint64_t job_time_ms;

    /* who runs it */
    char *operator_name, *operator_url, *operator_logo;
    uint64_t client_certificate_days;

    /* the public port */
    char *web_listen; /* host:port; empty = none */
    char *web_url;    /* public address, for links; empty = made of web_listen */
    bool web_tls;
    char *web_certificate, *web_key; /* empty = certificate and key */
    uint64_t web_max_connections, web_max_connections_per_address;
    uint64_t web_stall_ms;
    uint64_t web_rate; /* requests a second of one address */
    uint64_t api_rate; /* of one token */

    /* letters of surveys */
    char *smtp_url; /* smtp://host:port, smtps://host:port; empty = letters are written into mail_directory */
    char *smtp_user, *smtp_password;
    bool smtp_require_tls;
    char *smtp_authority; /* PEM; empty = the system's */
    char *mail_from;      /* address */
    char *mail_directory; /* empty = state_dir/mail */
    uint64_t mail_attempts, mail_retry_ms;

    /* reports by schedule */
    char *delivery_directory; /* empty = state_dir/delivered */
    char *delivery_url;       /* HTTP PUT goes below it; empty = there is none */
    char *delivery_token;     /* bearer token for it */
    char *delivery_authority; /* PEM; empty = the system's */
    uint64_t delivery_attempts, delivery_retry_ms;

    uint64_t log_level; /* enum log_level */

    struct config_source source;
};

enum config_type { CONFIG_TEXT, CONFIG_PATH, CONFIG_NUMBER, CONFIG_BYTES, CONFIG_SWITCH, CONFIG_CHOICE };

struct config_key {
    const char *name;
    const char *section; /* heading in the sample and the manual */
    enum config_type type;
    size_t offset;
    const char *fallback; /* default, as it would be written in the file */
    uint64_t min, max;    /* numbers and bytes; for texts max = bytes */
    const char *unit;     /* "ms", "bytes", or NULL */
    const char *choices;  /* "error warning info debug": index = value */
    bool reloadable;
    bool secret;
    const char *help; /* one or two sentences */
};
extern const struct config_key config_keys[];
extern const size_t config_key_count;
const struct config_key *config_key_find(const char *name);

/* What a bad line was: rendered "file:line: key: reason", or "file: reason". */
struct config_error {
    char text[1000];
};
/* Renders what is wrong with a key (NULL or "" = with none in particular), found after reading. */
void config_fault(const struct config *config, const char *key, const char *reason, struct config_error *ret_error);

MUST_CHECK enum status config_init(struct config *ret_config); /* every default; STATUS_NO_MEMORY */
void config_release(struct config *config);

/* Sets one key from text. line 0 = not from a file (command line). */
MUST_CHECK enum status config_set(struct config *config, const char *name, const char *value, const char *file, unsigned line,
                                  struct config_error *ret_error);
/* Reads `key = value` lines over what config holds. STATUS_NOT_FOUND when the file cannot be read, STATUS_INVALID for a line.
 */
MUST_CHECK enum status config_read(struct config *config, const char *file, struct config_error *ret_error);
/* What no single key can say: combinations. Makes state_dir absolute. */
MUST_CHECK enum status config_check(struct config *config, struct config_error *ret_error);

/* Takes the reloadable values of `fresh` (leaving the others there); ret_kept names up to `kept_max` keys that differ but need
 * a restart. Returns their number. */
size_t config_take(struct config *config, struct config *fresh, const char **ret_kept, size_t kept_max);

/* A path key's value: as it is when absolute, else below state_dir; `fallback` when empty. */
MUST_CHECK enum status config_path(const struct config *config, const char *value, const char *fallback, char *ret_path,
                                   size_t path_size);

void config_print_sample(FILE *out, const struct config *values); /* every key with its help; values NULL = all commented */
void config_print_help(FILE *out);
void config_print_man(FILE *out); /* mdoc list of every key */

#endif
