/* SPDX-License-Identifier: GPL-3.0-or-later
 * The handlers, one a message; dispatch_rows.c is their only caller.
 */
#ifndef SAMORDNING_HANDLERS_H
#define SAMORDNING_HANDLERS_H

#include "samordning.pb-c.h"
#include "status.h"

struct request;

/* Whether a report is written in this form; empty = html. */
MUST_CHECK enum status document_format_check(const char *format, struct errmsg *ret_errmsg);
/* Roles that an organisation or a token is given. */
MUST_CHECK enum status roles_check(const Samordning__V1__AccessRole *roles, size_t count, struct errmsg *ret_errmsg);

void hello_handle(struct request *request);
void submit_handle(struct request *request);
void withdraw_handle(struct request *request);
void status_handle(struct request *request);
void actor_import_handle(struct request *request);
void actor_list_handle(struct request *request);
void actor_resolve_handle(struct request *request);
void case_import_handle(struct request *request);
void case_list_handle(struct request *request);
void need_import_handle(struct request *request);
void need_list_handle(struct request *request);
void reorganisation_import_handle(struct request *request);
void reorganisation_list_handle(struct request *request);
void layer_handle(struct request *request);
void analysis_handle(struct request *request);
void result_handle(struct request *request);
void job_handle(struct request *request);
void token_handle(struct request *request);
void comment_handle(struct request *request);
void cancel_handle(struct request *request);
void enrol_handle(struct request *request);
void survey_design_handle(struct request *request);
void survey_list_handle(struct request *request);
void survey_fetch_handle(struct request *request);
void survey_wave_handle(struct request *request);
void survey_invite_handle(struct request *request);
void survey_remind_handle(struct request *request);
void survey_answer_handle(struct request *request);
void survey_export_handle(struct request *request);
void survey_person_handle(struct request *request);
void schedule_handle(struct request *request);
void schedule_history_handle(struct request *request);
void supersede_handle(struct request *request);
void release_handle(struct request *request);

#endif
