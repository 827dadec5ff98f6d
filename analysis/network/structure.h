/* SPDX-License-Identifier: GPL-3.0-or-later
 * The register as the merge needs it: who is who, from when to when, and what became of them. Plain arrays with valid time.
 *
 * Whoever reads the register appends rows in any order and calls structure_prepare once; texts are copied into the structure.
 * Days are [from, to); DAY_ALWAYS and DAY_NEVER stand for open ends.
 */
#ifndef SAMORDNING_STRUCTURE_H
#define SAMORDNING_STRUCTURE_H

#include "spec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DAY_ALWAYS INT32_MIN
#define DAY_NEVER  INT32_MAX

struct structure_actor {
    int32_t id;
    const char *key, *kind;
};
struct structure_name {
    int32_t actor, from, to;
    const char *name, *abbreviation, *orgnr;
}; /* the last two may be NULL */
struct structure_sector {
    int32_t actor, from, to;
    const char *sector;
};
struct structure_link {
    int32_t subject, object, from, to;
}; /* actor, parent; group, member; label, actor */
struct structure_relation {
    int32_t event, day, from_actor, to_actor;
    double share;
}; /* of a reorganisation */
struct structure_reporter {
    int32_t organisation;
    const char *orgnr;
};
struct structure_delivery {
    int32_t organisation, from, to;
    bool all_actors;
};

struct structure_text;
struct structure {
    struct structure_actor *actors;
    size_t actor_count, actor_capacity; /* by id */
    struct structure_name *names;
    size_t name_count, name_capacity; /* by actor, from */
    struct structure_sector *sectors;
    size_t sector_count, sector_capacity; /* by actor, from */
    struct structure_link *parents;
    size_t parent_count, parent_capacity; /* by subject, from */
    struct structure_link *members;
    size_t member_count, member_capacity; /* by subject, from, object */
    struct structure_link *labels;
    size_t label_count, label_capacity; /* by subject, from */
    struct structure_relation *relations;
    size_t relation_count, relation_capacity; /* by day, event, from_actor, to_actor */
    struct structure_reporter *reporters;
    size_t reporter_count, reporter_capacity; /* by organisation */
    struct structure_delivery *deliveries;
    size_t delivery_count, delivery_capacity;
    struct structure_text *texts;
    int32_t last_event_day; /* of relations; DAY_ALWAYS without any */
    bool failed;            /* out of memory: further calls do nothing */
    unsigned sharers;       /* besides the first owner */
};

struct structure *structure_create(void);
/* Once prepared: one more owner of the same. Each destroys it, and with the last one it goes. */
struct structure *structure_share(struct structure *structure);
void structure_destroy(struct structure *structure);
void structure_add_actor(struct structure *structure, int32_t id, const char *key, const char *kind);
void structure_add_name(struct structure *structure, int32_t actor, int32_t from, int32_t to, const char *name,
                        const char *abbreviation, const char *orgnr);
void structure_add_sector(struct structure *structure, int32_t actor, int32_t from, int32_t to, const char *sector);
void structure_add_parent(struct structure *structure, int32_t actor, int32_t parent, int32_t from, int32_t to);
void structure_add_member(struct structure *structure, int32_t group, int32_t member, int32_t from, int32_t to);
void structure_add_label(struct structure *structure, int32_t label, int32_t actor, int32_t from, int32_t to);
void structure_add_relation(struct structure *structure, int32_t event, int32_t day, int32_t from_actor, int32_t to_actor,
                            double share);
void structure_add_reporter(struct structure *structure, int32_t organisation, const char *orgnr);
void structure_add_delivery(struct structure *structure, int32_t organisation, int32_t from, int32_t to, bool all_actors);
/* Sorts. False: out of memory at some point. */
bool structure_prepare(struct structure *structure);

/* All of the following need a prepared structure; NULL or -1 = none. */
const struct structure_actor *structure_actor(const struct structure *structure, int32_t id);
const struct structure_name *structure_name(const struct structure *structure, int32_t actor, int32_t from,
                                            int32_t to); /* the latest valid within */
int32_t structure_parent(const struct structure *structure, int32_t actor, int32_t day);
int32_t structure_label_actor(const struct structure *structure, int32_t label, int32_t day);
/* The sector of the actor, else of the nearest ancestor that has one. */
const char *structure_sector_on(const struct structure *structure, int32_t actor, int32_t day);
const char *structure_sector_within(const struct structure *structure, int32_t actor, int32_t from,
                                    int32_t to); /* the latest */
/* First member of a group valid on `day` at or after *at (begin with 0); advances *at. */
int32_t structure_next_member(const struct structure *structure, int32_t group, int32_t day, size_t *at);
/* The actor it counts as at a level other than sector; -1 = nobody. */
int32_t structure_at_level(const struct structure *structure, int32_t actor, enum spec_level level, int32_t day);
bool structure_is_ministry(const struct structure *structure, int32_t actor);
/* A reorganisation touched it after `from` and before `to`. */
bool structure_reorganised(const struct structure *structure, int32_t actor, int32_t from, int32_t to);

#endif
