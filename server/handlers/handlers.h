/* SPDX-License-Identifier: GPL-3.0-or-later
 * The handlers, one a message; dispatch_rows.c is their only caller.
 */
#ifndef SAMORDNING_HANDLERS_H
#define SAMORDNING_HANDLERS_H

struct request;

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
void layer_handle(struct request *request);
void analysis_handle(struct request *request);
void result_handle(struct request *request);
void job_handle(struct request *request);
void token_handle(struct request *request);
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

#endif
