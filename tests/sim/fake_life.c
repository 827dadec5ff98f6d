/* SPDX-License-Identifier: GPL-3.0-or-later
 * The store in memory behind server/store_life.h and server/store_admin.h: a daemon without database, so that tests of the
 * network side start in milliseconds. SAMORDNING_FAKE_STORE=refuse|silent|down makes it refuse everybody, never answer, or
 * not be ready.
 */
#include "fake_store.h"
#include "store_admin.h"
#include "store_life.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

struct fake_life {
    struct store *store;
    struct event *turn;
    struct event *drained;
    void (*drained_cb)(void *arg);
    void *drained_arg;
    bool is_down;
};
static struct fake_life life;

static void life_turn_cb(evutil_socket_t fd, short what, void *arg)
{
    fake_store_turn(life.store);
}

static void life_wake(void *arg)
{
    event_active(life.turn, 0, 0);
}

static void life_drained_cb(evutil_socket_t fd, short what, void *arg)
{
    life.drained_cb(life.drained_arg);
}

enum status store_create(struct event_base *base, const struct config *config, struct metrics *metrics,
                         struct store **ret_store, struct errmsg *ret_errmsg)
{
    const char *mode = getenv("SAMORDNING_FAKE_STORE");
    struct fake_store_options options = {.wake = life_wake};
    if (mode != NULL) {
        options.refuses_everybody = strcmp(mode, "refuse") == 0;
        options.never_answers = strcmp(mode, "silent") == 0;
        life.is_down = strcmp(mode, "down") == 0;
    }
    life.turn = event_new(base, -1, 0, life_turn_cb, NULL);
    life.drained = event_new(base, -1, 0, life_drained_cb, NULL);
    *ret_store = life.store = fake_store_create(1, &options);
    return STATUS_OK;
}

void store_configured(struct store *store)
{
}

bool store_is_ready(const struct store *store)
{
    return !life.is_down;
}

void store_drain(struct store *store, void (*drained)(void *arg), void *arg)
{
    life.drained_cb = drained;
    life.drained_arg = arg;
    event_active(life.drained, 0, 0);
}

void store_destroy(struct store *store)
{
    if (store == NULL)
        return;
    fake_store_destroy(store);
    event_free(life.turn);
    event_free(life.drained);
}

enum status store_admin_open(const struct config *config, struct store_admin **ret_admin, struct errmsg *ret_errmsg)
{
    *ret_admin = NULL;
    return STATUS_OK;
}

enum status store_admin_enrol(struct store_admin *admin, const char *orgnr, const char *name, uint32_t roles,
                              const char *fingerprint, int64_t expires_us, struct errmsg *ret_errmsg)
{
    return STATUS_OK;
}

enum status store_admin_revoke(struct store_admin *admin, const char *orgnr, const char *fingerprint,
                               struct store_admin_revoked *ret_revoked, struct errmsg *ret_errmsg)
{
    return STATUS_NOT_FOUND;
}

void store_admin_close(struct store_admin *admin)
{
}
