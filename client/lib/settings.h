/* SPDX-License-Identifier: GPL-3.0-or-later
 * Options with every default filled in and the bundle's files found.
 */
#ifndef SAMORDNING_SETTINGS_H
#define SAMORDNING_SETTINGS_H

#include "samordning.h"
#include "status.h"

#define SETTINGS_HOST_DEFAULT      "127.0.0.1"
#define SETTINGS_PORT_DEFAULT      "7117"
#define SETTINGS_BATCH_DEFAULT     1000
#define SETTINGS_IN_FLIGHT_DEFAULT 4
#define SETTINGS_TIMEOUT_MS        60000
#define SETTINGS_LINE_MAX          1024

struct settings {
    char *host, *port, *server_name;
    char *certificate, *key, *authority;
    char *spool, *software;
    unsigned batch, in_flight, timeout_ms, retry_for_ms;
    struct errmsg bundle_error; /* text empty: the bundle, if any, is fine */
};

/* SAMORDNING_OK or SAMORDNING_E_MEMORY; a bad bundle is noted in bundle_error for the first verb to report. */
MUST_CHECK int settings_init(struct settings *settings, const struct samordning_options *options);
void settings_release(struct settings *settings);

#endif
