/* SPDX-License-Identifier: GPL-3.0-or-later
 * The files of metrics_probe: what stands beside the network, read from CSV. Whatever is wrong with a file ends the program.
 */
#ifndef SAMORDNING_PROBE_FILES_H
#define SAMORDNING_PROBE_FILES_H

#include "chronicle.h"
#include "duty_rule.h"
#include "need.h"
#include "network.h"
#include "reply.h"

_Noreturn void probe_die(const char *what, const char *name);

/* nodes and negative may be NULL. */
struct network *probe_network(const char *nodes, const char *edges, const char *negative, bool directed, bool unweighted);
void probe_replies(const struct network *network, const char *name, struct reply_set *set);
void probe_need(const struct network *network, const char *name, struct need *need);
void probe_meetings(const struct network *network, const char *name, struct chronicle *chronicle);
void probe_chronicle(const struct network *network, const char *name, struct chronicle *chronicle, struct duty_rules *rules);

#endif
