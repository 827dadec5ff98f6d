/* SPDX-License-Identifier: GPL-3.0-or-later
 * The first exchange on every connection: who we are, who the daemon is, and its limits.
 */
#ifndef SAMORDNING_LINK_HELLO_H
#define SAMORDNING_LINK_HELLO_H

#include "link.h"

/* Blocks for at most the request timeout. A status when the daemon declined, with its wish to wait in ret_at_least_ms. */
MUST_CHECK int link_hello(struct link *link, int64_t *ret_at_least_ms, struct errmsg *ret_errmsg);

/* Into the link's arena; the response lives until the next one. */
MUST_CHECK int link_unpack(struct link *link, const uint8_t *body, size_t size, const Samordning__V1__Response **ret_response,
                           struct errmsg *ret_errmsg);

#endif
