/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cookies that only this daemon can make and read, so that nothing of a session is kept here.
 *
 * Sealed with XChaCha20-Poly1305 (libsodium) under a key in state_dir/form.key, made on the first start and shared by daemons
 * on the same database. What was sealed for one use opens for no other. A cookie holds a random id, when it was issued, and
 * some bytes of its use's own.
 */
#ifndef SAMORDNING_WEB_SEAL_H
#define SAMORDNING_WEB_SEAL_H

#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WEB_KEY_SIZE   32
#define WEB_MAC_SIZE   16
#define WEB_SEALED_MAX 512 /* bytes of a use's own */
#define WEB_COOKIE_MAX 800 /* text of so many, with the closing NUL */

struct web_session {
    uint8_t id[16];   /* drawn when it began */
    int64_t issued_s; /* since 1970 */
};

struct web_seal {
    const char *use; /* "samordning form session 2": another text is another use */
    int64_t life_s;  /* how long after its issue a cookie opens */
    int64_t ahead_s; /* how far the clock of the daemon that issued it may be ahead of ours */
};

/* Reads state_dir/form.key, or makes it. errmsg says what is wrong with it. */
MUST_CHECK enum status web_key_load(const char *state_dir, uint8_t ret_key[WEB_KEY_SIZE], struct errmsg *ret_errmsg);

void web_session_begin(struct web_session *session, int64_t now_s);
/* size: at most WEB_SEALED_MAX. */
void web_seal_close(const struct web_seal *seal, const uint8_t key[WEB_KEY_SIZE], const struct web_session *session,
                    const void *bytes, size_t size, char ret_cookie[WEB_COOKIE_MAX]);
/* False: not made with this key for this use, changed, or too old. */
bool web_seal_open(const struct web_seal *seal, const uint8_t key[WEB_KEY_SIZE], const char *cookie, int64_t now_s,
                   struct web_session *ret_session, uint8_t ret_bytes[WEB_SEALED_MAX], size_t *ret_size);

/* What requests of a session that change something must show; another site's page cannot know it. `more`: what besides the
 * session's id it is made of. */
void web_session_mac(const struct web_session *session, const uint8_t key[WEB_KEY_SIZE], const char *use, const void *more,
                     size_t more_size, uint8_t ret_mac[WEB_MAC_SIZE]);

#endif
