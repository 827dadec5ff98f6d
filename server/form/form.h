/* SPDX-License-Identifier: GPL-3.0-or-later
 * The form of surveys in the browser: from a personal link to a receipt.
 *
 * A link (/s/SECRET) becomes a sealed cookie of its wave; every page below /w/WAVE/ reads who it is from the cookie, the
 * person's state and drafts from the store, and the questionnaire from the store's waves
 * (store_survey_hold). A page posts to itself, is saved, and sends the browser on; nothing needs scripts.
 */
#ifndef SAMORDNING_FORM_H
#define SAMORDNING_FORM_H

#include "config.h"
#include "status.h"

#include <stddef.h>

struct form;
struct store;
struct web_exchange;

/* Reads or makes the keys in state_dir. errmsg says which file is wrong. */
MUST_CHECK enum status form_create(const struct config *config, struct form **ret_form, struct errmsg *ret_errmsg);
/* Before the first request; the store outlives the form's last one. */
void form_set_store(struct form *form, struct store *store);
void form_destroy(struct form *form); /* NULL is fine */

/* What server/routes.c gives paths to. */
void form_root(struct web_exchange *exchange);    /* / */
void form_link(struct web_exchange *exchange);    /* /s/{secret} */
void form_welcome(struct web_exchange *exchange); /* /w/{wave} */
void form_section(struct web_exchange *exchange); /* /w/{wave}/{section}, GET and POST */
void form_review(struct web_exchange *exchange);  /* /w/{wave}/-/review */
void form_submit(struct web_exchange *exchange);  /* POST */
void form_receipt(struct web_exchange *exchange);
void form_reopen(struct web_exchange *exchange);   /* POST */
void form_withdraw(struct web_exchange *exchange); /* GET asks, POST does */
void form_left(struct web_exchange *exchange);     /* after "save and leave" */
void form_delegate(struct web_exchange *exchange); /* GET and POST */
void form_sign(struct web_exchange *exchange);     /* GET and POST */
void form_names(struct web_exchange *exchange);    /* names for the live search of name generators, as HTML of its list */

#endif
