/* SPDX-License-Identifier: GPL-3.0-or-later
 * The daemon: owns every part, starts them in order, and takes them down in the opposite one.
 *
 * SIGHUP reads the configuration again; SIGTERM and SIGINT stop: no more connections, what was taken is finished (at most
 * stop_timeout_ms), then everything closes; a second one ends at once.
 */
#ifndef SAMORDNING_SERVER_H
#define SAMORDNING_SERVER_H

#include "config.h"
#include "status.h"

/* Exit codes, after sysexits.h. */
#define EXIT_OK          0
#define EXIT_USAGE       64
#define EXIT_UNAVAILABLE 69 /* port in use, database refuses */
#define EXIT_INTERNAL    70
#define EXIT_CONFIG      78 /* configuration, keys and certificates */

/* What --check-config looks at beside the file itself: certificates, keys, authorities. Prints; returns an exit code. */
int server_check(const struct config *config);

/* Runs until stopped. config_file may be NULL: then SIGHUP only reads the certificates again. Returns an exit code. */
int server_run(struct config *config, const char *config_file);

#endif
