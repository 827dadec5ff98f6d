/* SPDX-License-Identifier: GPL-3.0-or-later
 * A network as it would be: a changed copy, under the choices remove, merge, liaison and committee of its specification.
 *
 * Changes apply in that order, whatever the order they were written in. Actors are named by key, abbreviation or name, as they
 * are called in the network before any change; whoever was merged is meant by any of the names of the parts.
 *   remove     the actors and all their ties and objections go
 *   merge      the parts become one actor: ties to the same other add up as the specification combines events (sum, mean by
 *              number of interactions, max), the ties between the parts are dropped and their weight is told
 *   liaison    a new actor, tied to those named with liaison-weight each, in a directed network both ways
 *   committee  those named (the liaison may be one) meet `meetings` times, 0 = once a month of the period; each meeting counts
 *              under the specification's projection, and lasts `minutes` where that matters
 * What cannot be known from ties alone stays as it was: a meeting of both parts of a merger keeps the weight it had when they
 * were two.
 */
#ifndef SAMORDNING_NETWORK_CHANGE_H
#define SAMORDNING_NETWORK_CHANGE_H

#include "network.h"

#define NETWORK_CHANGE_STEPS_MAX 128 /* a specification's texts cannot name more */

enum network_change_kind { CHANGE_REMOVE, CHANGE_MERGE, CHANGE_LIAISON, CHANGE_COMMITTEE };
struct network_change {
    enum network_change_kind kind;
    char *actors;          /* keys with commas: who was removed, the parts, whom the liaison is tied to, who meets */
    char *result;          /* key of the actor that came of it, NULL when there is none */
    double weight_added;   /* to the ties of the network */
    double weight_dropped; /* from them, without self_weight */
    double self_weight;    /* of ties between the parts of a merger */
    double meetings;
};
struct network_changes {
    struct network_change steps[NETWORK_CHANGE_STEPS_MAX];
    size_t count;
};
enum network_change_status { NETWORK_CHANGE_OK, NETWORK_CHANGE_REFUSED, NETWORK_CHANGE_NO_MEMORY };

/* The copy is the caller's. REFUSED: ret_error (400 bytes) names the choice and what is wrong with it, with the nearest names
 * for one that is unknown. Without any of the four choices an equal copy and no steps. */
enum network_change_status network_change(const struct network *network, struct network **ret_network,
                                          struct network_changes *ret_changes, char *ret_error);
void network_changes_release(struct network_changes *changes);

#endif
