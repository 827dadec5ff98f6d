/* SPDX-License-Identifier: GPL-3.0-or-later
 * A client's bundle: a directory with client.key, client.crt, ca.crt and client.conf, all a client needs to connect.
 */
#ifndef SAMORDNING_BUNDLE_H
#define SAMORDNING_BUNDLE_H

#include "authority.h"
#include "config.h"

struct bundle {
    char fingerprint[CERTIFICATE_FINGERPRINT_SIZE];
    int64_t expires_us;
    bool was_there; /* made by an earlier run, and read */
};

/* Makes the bundle of orgnr in `directory`, or reads the one that is there when it is whole and of the same organisation
 * (STATUS_CONFLICT when it is another's). */
MUST_CHECK enum status bundle_make(const char *directory, const struct config *config, const struct authority *authority,
                                   const char *orgnr, const char *name, struct bundle *ret_bundle, struct errmsg *ret_errmsg);

/* Where clients reach this daemon, from its first address to listen on: a wildcard becomes the host's name. */
void bundle_host_port(const struct config *config, char *ret_host, size_t host_size, char *ret_port, size_t port_size);

#endif
