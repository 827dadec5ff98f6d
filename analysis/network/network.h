/* SPDX-License-Identifier: GPL-3.0-or-later
 * A network ready for metrics: actors and merged ties, built by us, so that igraph only ever sees simple, loop-free graphs with
 * finite weights > 0 (scale.md 3).
 *
 * Ties are sorted by (from, to), no duplicates, no self-ties. Undirected: from < to. The objections (negative arcs) of the same
 * period stand apart. All arrays are owned by the network.
 */
#ifndef SAMORDNING_NETWORK_H
#define SAMORDNING_NETWORK_H

#include "spec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct network_actor {
    int32_t id;         /* register.actor.id; or a number of its own at level sector */
    char *key;          /* stable key: what rows are sorted by and results are named by */
    char *label;        /* name in the language of the reader is chosen later; this is name_nb or the key */
    char *abbreviation; /* may be NULL */
    char *kind;
    char *sector;   /* NULL = none stated */
    int32_t parent; /* id of the body above it at the end of the period; 0 = none */
    int32_t voice;  /* id of the body that reports for it: a department's ministry; 0 = itself */
    bool reported;  /* delivered something for this period: an absent tie at it is "no", else "unknown" unless the other end
                       delivered */
};
struct network_tie {
    int32_t from, to; /* indices into actors */
    double weight;    /* under the specification's projection and weight transform, > 0 */
    double count;     /* interactions behind it; 0 = nobody told of it, it was put in (treatments.h) */
};
/* Whose report makes the absence of a tie a "no": without it the pair is unknown. */
enum network_told {
    TOLD_BY_EITHER, /* one of the ends */
    TOLD_BY_BOTH,
    TOLD_BY_FROM /* of a directed network: the end the arc begins at */
};
struct network_pair {
    int32_t from, to; /* indices into actors; undirected: from < to */
};
struct network_relation {
    int32_t layer; /* index into layers */
    struct network_tie tie;
};
struct network_spell {
    int32_t from_day, to_day; /* [from, to) */
    struct network_tie tie;   /* of the interactions in it */
};
struct network {
    struct spec spec;
    struct network_actor *actors;
    size_t actor_count; /* sorted by key (strcmp) */
    struct network_tie *ties;
    size_t tie_count;
    struct network_tie *negative;
    size_t negative_count; /* objection arcs, always directed */
    char **layers;         /* with relations=layers: names of the layers asked for, sorted */
    size_t layer_count;
    struct network_relation *relations; /* with relations=layers: the ties of each layer, sorted by (layer, from, to) */
    size_t relation_count;
    struct network_spell
        *spells; /* with spells=day|month: runs of days or months with contact, sorted by (from, to, from_day) */
    size_t spell_count;
    double interactions;            /* in the period and layers, resolved or not */
    double interactions_unresolved; /* at least one participant waits for an actor */
    double self_weight;             /* dropped self-ties after aggregation */
    double self_count;
    double outside_weight; /* dropped: an end has no actor at this level, or is not in this view */
    double outside_count;
    double untimed;       /* meetings without an end: they have no duration */
    double united;        /* further reports of interactions that another report told of already */
    bool complete;        /* one delivery says it covers the whole period for all actors: no tie is unknown */
    unsigned char *known; /* of a wave: actors x actors, row-major, from -> to: 1 = somebody answered whether they are tied;
                             NULL = told by who reported */
    enum network_told told_by;
    struct network_pair *doubted; /* without a tie, and unknown although told_by says no; sorted by (from, to) */
    size_t doubted_count;
    bool treated;             /* spec.missing has been applied (treatments.h) */
    double unknown_untreated; /* pairs unknown before that */
    uint64_t input_digest;    /* order-independent over what went in */
};

struct network *network_create(void);
void network_destroy(struct network *network);

/* A copy with texts of its own. False: out of memory; what there is of it belongs to the caller all the same. */
bool network_actor_copy(const struct network_actor *actor, struct network_actor *ret_actor);
/* The same actors, objections and counts with other ties, which it takes over (sorted, as above). No layers, relations and
 * spells. NULL: out of memory; the ties are freed all the same. */
struct network *network_retied(const struct network *network, struct network_tie *ties, size_t count);
/* These pairs are unknown, but for those with a tie or unknown by told_by anyhow. Takes the pairs over, in any order. */
void network_doubt(struct network *network, struct network_pair *pairs, size_t count);
/* Undirected view of a directed network: weights of both directions summed. A copy of an undirected one. Without relations and
 * spells, which no metric asks for. NULL: out of memory. */
struct network *network_undirected(const struct network *network);
/* Distance of a tie under spec.distance; max_weight is the largest weight of the network. */
double network_distance(enum spec_distance distance, double weight, double max_weight);
/* Pairs (directed: ordered pairs) without a tie that nobody would have told of, or answered about: not "no" but "unknown". */
double network_unknown_dyads(const struct network *network);

#endif
