/* SPDX-License-Identifier: GPL-3.0-or-later
 * A handle's life and its words. */
#include "handle.h"

#include "identity.h"

#include <stdlib.h>

struct samordning *samordning_create(const struct samordning_options *options)
{
    struct samordning *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    if (settings_init(&s->settings, options) != SAMORDNING_OK) {
        free(s);
        return NULL;
    }
    link_init(&s->link, &s->settings);
    return s;
}

void samordning_destroy(struct samordning *s)
{
    if (s == NULL)
        return;
    link_release(&s->link);
    spool_close(s->spool);
    settings_release(&s->settings);
    free(s->call_frame);
    free(s);
}

const char *samordning_last_error(const struct samordning *s)
{
    return s->last_error.text;
}

const char *samordning_error_text(int error)
{
    switch (error) {
    case SAMORDNING_E_CONNECT:
        return "cannot reach the daemon";
    case SAMORDNING_E_TLS:
        return "TLS: a certificate was refused";
    case SAMORDNING_E_PROTOCOL:
        return "the daemon said something that makes no sense";
    case SAMORDNING_E_SPOOL:
        return "the spool directory cannot be used";
    case SAMORDNING_E_ARGUMENT:
        return "invalid argument or configuration";
    case SAMORDNING_E_MEMORY:
        return "out of memory";
    default:
        return error >= 0 ? status_text((enum status)error) : "unknown error";
    }
}

int samordning_connect(struct samordning *s)
{
    errmsg_clear(&s->last_error);
    link_start_over(&s->link);
    return link_connect(&s->link, &s->last_error);
}

const char *samordning_organisation(const struct samordning *s)
{
    return s->link.organisation != NULL ? s->link.organisation : "";
}

const char *samordning_operator(const struct samordning *s)
{
    return s->link.operator_name != NULL ? s->link.operator_name : "";
}

int handle_open_spool(struct samordning *s)
{
    if (s->settings.spool == NULL || s->spool != NULL)
        return SAMORDNING_OK;
    char owner[IDENTITY_SIZE];
    identity_of_certificate(s->settings.certificate, owner);
    return spool_open(s->settings.spool, owner, &s->spool, &s->last_error);
}

int samordning_spool_count(const char *spool, uint64_t *ret_waiting)
{
    if (spool == NULL || ret_waiting == NULL)
        return SAMORDNING_E_ARGUMENT;
    struct errmsg errmsg;
    return spool_count(spool, ret_waiting, &errmsg);
}

int samordning_spool_discard(const char *spool, uint64_t *ret_discarded)
{
    if (spool == NULL || ret_discarded == NULL)
        return SAMORDNING_E_ARGUMENT;
    struct errmsg errmsg;
    return spool_discard(spool, ret_discarded, &errmsg);
}
