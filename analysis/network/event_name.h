/* SPDX-License-Identifier: GPL-3.0-or-later
 * The wire's words for what an interaction says, as results write them.
 */
#ifndef SAMORDNING_EVENT_NAME_H
#define SAMORDNING_EVENT_NAME_H

#define EVENT_LEVELS 7 /* of the wire's Level, 0 = not stated */

/* "case_officer", "addressee", "answered", "objection"; "unspecified" for 0, NULL for a number the wire does not have. */
const char *event_level_name(int level);
const char *event_role_name(int role);
const char *event_reply_name(int reply_status);
const char *event_outcome_name(int outcome);
const char *event_kind_name(int kind); /* of enum event_kind */

#endif
