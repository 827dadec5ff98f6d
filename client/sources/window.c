/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows that belong together gathered into interactions, within a window of the file. */
#include "window.h"
#include "interaction_id.h"
#include "tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define WINDOW_BYTES_MAX ((size_t)768 << 20)
#define WINDOW_SLOTS_MIN 1024

struct member {
    Samordning__V1__Participant message;
    struct member *next;
    uint64_t line;
    uint32_t hash; /* of the actor, so that comparing all pairs is cheap */
};

struct group {
    Samordning__V1__Interaction head;
    uint8_t id[INTERACTION_ID_SIZE];
    const char *key;
    uint64_t hash, line;
    bool overfull;
    bool headless;          /* no row was good yet, so the head is not known */
    uint64_t rejected_line; /* of its first rejected row; 0 = none */
    char rejected_field[32];
    size_t count;
    struct member *first, *last;
    struct group *next;
};

struct window {
    struct validate_limits limits;
    size_t rows_max, rows;
    struct arena arena;
    struct group **slots; /* open addressing by hash */
    size_t slot_count, group_count;
    struct group *first, *last, *recent;
    struct tally drained;
    /* draining */
    bool draining;
    struct group *at, *ready;
    Samordning__V1__Participant **pointers;
    struct member **members;
    size_t pointer_capacity;
    struct window_rejection *rejections;
    size_t rejection_count, rejection_at, rejection_capacity;
};

enum status window_create(size_t rows_max, const struct validate_limits *limits, struct window **ret_window)
{
    struct window *window = calloc(1, sizeof *window);
    if (!window)
        return STATUS_NO_MEMORY;
    window->limits = *limits;
    window->rows_max = rows_max;
    arena_init(&window->arena, WINDOW_BYTES_MAX);
    window->slot_count = rows_max < WINDOW_SLOTS_MIN ? 8 : WINDOW_SLOTS_MIN; /* cleared at each drain */
    window->slots = calloc(window->slot_count, sizeof(void *));
    if (!window->slots) {
        window_destroy(window);
        return STATUS_NO_MEMORY;
    }
    *ret_window = window;
    return STATUS_OK;
}

void window_destroy(struct window *window)
{
    if (!window)
        return;
    arena_release(&window->arena);
    tally_release(&window->drained);
    free(window->slots);
    free(window->pointers);
    free(window->members);
    free(window->rejections);
    free(window);
}

struct arena *window_arena(struct window *window)
{
    return &window->arena;
}

static struct group **find_slot(struct group **slots, size_t count, uint64_t hash, const char *key)
{
    size_t at = (size_t)hash & (count - 1);
    while (slots[at] && (slots[at]->hash != hash || strcmp(slots[at]->key, key) != 0))
        at = (at + 1) & (count - 1);
    return &slots[at];
}

static bool grow_slots(struct window *window)
{
    size_t count = window->slot_count * 2;
    struct group **slots = calloc(count, sizeof(void *));
    if (!slots)
        return false;
    for (struct group *group = window->first; group; group = group->next)
        *find_slot(slots, count, group->hash, group->key) = group;
    free(window->slots);
    window->slots = slots;
    window->slot_count = count;
    return true;
}

/* Takes over what the first rows left out; names the first field that differs. NULL: they agree. */
static const char *merge_heads(Samordning__V1__Interaction *head, const Samordning__V1__Interaction *row)
{
#define MERGE_NUMBER(field, name)                                                                                              \
    if (row->field != 0) {                                                                                                     \
        if (head->field == 0)                                                                                                  \
            head->field = row->field;                                                                                          \
        else if (head->field != row->field)                                                                                    \
            return name;                                                                                                       \
    }
#define MERGE_TEXT(field, name)                                                                                                \
    if (row->field != head->field && row->field[0]) {                                                                          \
        if (!head->field[0])                                                                                                   \
            head->field = row->field;                                                                                          \
        else if (strcmp(head->field, row->field) != 0)                                                                         \
            return name;                                                                                                       \
    }
    if (head->time != row->time || head->time_precision != row->time_precision)
        return "time";
    MERGE_TEXT(type, "type")
    MERGE_TEXT(case_ref, "case")
    MERGE_TEXT(source, "source")
    MERGE_TEXT(source_id, "source_id")
    MERGE_NUMBER(stage, "stage")
    MERGE_NUMBER(end, "end")
    MERGE_NUMBER(level, "level")
    MERGE_NUMBER(resolved_level, "resolved_level")
    MERGE_NUMBER(weight, "weight")
    MERGE_NUMBER(classification, "classification")
#undef MERGE_NUMBER
#undef MERGE_TEXT
    if (row->id.len > 0 && (head->id.len != row->id.len || memcmp(head->id.data, row->id.data, row->id.len) != 0))
        return "id";
    return NULL;
}

static const struct member *find_member(const struct group *group, const char *actor, uint32_t hash, Samordning__V1__Role role)
{
    for (const struct member *member = group->first; member; member = member->next)
        if (member->hash == hash && member->message.role == role && strcmp(member->message.actor, actor) == 0)
            return member;
    return NULL;
}

static uint32_t hash_actor(const char *actor)
{
    return (uint32_t)XXH3_64bits(actor, strlen(actor));
}

static bool add_member(struct window *window, struct group *group, const Samordning__V1__Participant *message, uint32_t hash,
                       uint64_t line)
{
    struct member *member = arena_alloc(&window->arena, sizeof *member);
    if (!member)
        return false;
    *member = (struct member){.message = *message, .line = line, .hash = hash};
    if (group->last)
        group->last->next = member;
    else
        group->first = member;
    group->last = member;
    group->count++;
    return true;
}

static struct group *add_group(struct window *window, const struct row *row, uint64_t hash, uint64_t line)
{
    struct group *group = arena_alloc(&window->arena, sizeof *group);
    if (!group)
        return NULL;
    *group = (struct group){.head = row->head, .key = row->key, .hash = hash, .line = line};
    if (window->last)
        window->last->next = group;
    else
        window->first = group;
    window->last = group;
    window->group_count++;
    return group;
}

/* The group of the row, made if it is new. NULL with *ret_outcome when there is none. */
static struct group *open_group(struct window *window, const struct row *row, uint64_t line, enum window_add *ret_outcome,
                                struct errmsg *errmsg)
{
    struct group *group = window->recent;
    if (group && strcmp(group->key, row->key) == 0)
        return group;
    uint64_t hash = XXH3_64bits(row->key, strlen(row->key));
    struct group **slot = find_slot(window->slots, window->slot_count, hash, row->key);
    if (*slot)
        return *slot;
    *ret_outcome = WINDOW_FULL;
    if (window->rows >= window->rows_max)
        return NULL;
    if (tally_count(&window->drained, hash) > 0) {
        errmsg_set(errmsg, "interaction",
                   "the other rows of \"%.60s\" lie more than %zu rows back: sort the file by interaction", row->key,
                   window->rows_max);
        *ret_outcome = WINDOW_REFUSED;
        return NULL;
    }
    if (window->group_count >= window->slot_count / 2) {
        *ret_outcome = WINDOW_NO_MEMORY;
        if (!grow_slots(window))
            return NULL;
        slot = find_slot(window->slots, window->slot_count, hash, row->key);
        *ret_outcome = WINDOW_FULL;
    }
    group = add_group(window, row, hash, line);
    if (group)
        *slot = group;
    return group;
}

static void note_rejected(struct group *group, uint64_t line, const char *field)
{
    if (group->rejected_line > 0)
        return;
    group->rejected_line = line;
    snprintf(group->rejected_field, sizeof group->rejected_field, "%.31s", field);
}

void window_note_rejected(struct window *window, const struct csv_field *key, uint64_t line, const char *field)
{
    char *text = key->size > 0 ? arena_alloc(&window->arena, key->size + 1) : NULL;
    if (!text)
        return;
    memcpy(text, key->text, key->size);
    text[key->size] = '\0';
    struct row row = {.key = text};
    samordning__v1__interaction__init(&row.head);
    enum window_add ignored;
    struct errmsg errmsg;
    struct group *group = open_group(window, &row, line, &ignored, &errmsg);
    if (!group)
        return;
    group->headless |= group->count == 0;
    note_rejected(group, line, field);
    window->rows++;
}

static enum window_add add_row(struct window *window, struct group *group, const struct row *row, uint64_t line,
                               struct errmsg *errmsg)
{
    if (group->count + 2 > window->limits.participants_max + 1) {
        group->overfull = true;
        errmsg_set(errmsg, "interaction", "\"%.60s\" has more than %zu participants", row->key,
                   window->limits.participants_max);
        return WINDOW_REFUSED;
    }
    const char *differs = merge_heads(&group->head, &row->head);
    if (differs) {
        errmsg_set(errmsg, differs, "differs from line %llu, which has the same interaction", (unsigned long long)group->line);
        return WINDOW_REFUSED;
    }
    uint32_t hash = hash_actor(row->about.actor);
    const struct member *twin = find_member(group, row->about.actor, hash, row->about.role);
    if (twin) {
        errmsg_set(errmsg, row->from ? "target" : "actor", "is already on line %llu with the same role",
                   (unsigned long long)twin->line);
        return WINDOW_REFUSED;
    }
    if (row->from) {
        Samordning__V1__Participant from;
        samordning__v1__participant__init(&from);
        from.actor = row->from;
        from.role = row->undirected ? SAMORDNING__V1__ROLE__ROLE_PARTICIPANT : SAMORDNING__V1__ROLE__ROLE_SENDER;
        uint32_t from_hash = hash_actor(from.actor);
        if (row->undirected && strcmp(row->from, row->about.actor) == 0) {
            errmsg_set(errmsg, "target", "is the same actor as the source, in a meeting");
            return WINDOW_REFUSED;
        }
        if (!find_member(group, from.actor, from_hash, from.role) && !add_member(window, group, &from, from_hash, line))
            return WINDOW_NO_MEMORY;
    }
    if (!add_member(window, group, &row->about, hash, line))
        return WINDOW_NO_MEMORY;
    window->rows++;
    return WINDOW_ADDED;
}

enum window_add window_add(struct window *window, const struct row *row, uint64_t line, struct errmsg *ret_errmsg)
{
    enum window_add outcome = WINDOW_FULL;
    struct group *group = open_group(window, row, line, &outcome, ret_errmsg);
    if (!group)
        return outcome;
    window->recent = group;
    if (group->headless) {
        group->headless = false;
        group->head = row->head;
        group->line = line;
    }
    outcome = add_row(window, group, row, line, ret_errmsg);
    if (outcome == WINDOW_REFUSED && ret_errmsg)
        note_rejected(group, line, ret_errmsg->field);
    return outcome;
}

static bool reject(struct window *window, uint64_t line, const struct errmsg *errmsg, bool withheld)
{
    if (window->rejection_count > 0 && window->rejections[window->rejection_count - 1].line == line)
        return true; /* both ends of an edge */
    if (window->rejection_count == window->rejection_capacity) {
        size_t capacity = window->rejection_capacity ? window->rejection_capacity * 2 : 64;
        struct window_rejection *larger = realloc(window->rejections, capacity * sizeof *larger);
        if (!larger)
            return false;
        window->rejections = larger;
        window->rejection_capacity = capacity;
    }
    struct window_rejection *rejection = &window->rejections[window->rejection_count++];
    *rejection = (struct window_rejection){.line = line, .errmsg = *errmsg, .withheld = withheld};
    return true;
}

static bool reserve_pointers(struct window *window, size_t count)
{
    if (count <= window->pointer_capacity)
        return true;
    size_t capacity = count * 2;
    Samordning__V1__Participant **pointers = realloc(window->pointers, capacity * sizeof(void *));
    if (pointers)
        window->pointers = pointers;
    struct member **members = realloc(window->members, capacity * sizeof(void *));
    if (members)
        window->members = members;
    if (!pointers || !members)
        return false;
    window->pointer_capacity = capacity;
    return true;
}

/* The number in participants[N] and what stands behind it; NULL = the field is another one. */
static const char *read_place(const char *field, size_t *ret_place)
{
    static const char prefix[] = "participants[";
    if (strncmp(field, prefix, strlen(prefix)) != 0)
        return NULL;
    char *end;
    *ret_place = strtoul(field + strlen(prefix), &end, 10);
    return *end == ']' ? end + 1 : NULL;
}

/* Makes the group's interaction and the rejections of rows that cannot be part of one. *ret_whole: there is one. */
static bool finish_group(struct window *window, struct group *group, bool *ret_whole)
{
    *ret_whole = false;
    if (!reserve_pointers(window, group->count))
        return false;
    size_t count = 0;
    for (struct member *member = group->first; member; member = member->next, count++) {
        window->members[count] = member;
        window->pointers[count] = &member->message;
    }
    group->head.participants = window->pointers;
    while (count > 0) {
        struct errmsg errmsg = {0};
        group->head.n_participants = count;
        enum status status = STATUS_INVALID;
        if (group->overfull) {
            errmsg_set(&errmsg, "interaction", "\"%.60s\" has more than %zu participants", group->key,
                       window->limits.participants_max);
        } else {
            if (group->head.id.len == 0 || group->head.id.data == group->id) {
                interaction_id_derive(&group->head, group->id);
                group->head.id = (ProtobufCBinaryData){INTERACTION_ID_SIZE, group->id};
            }
            status = validate_interaction(&group->head, &window->limits, &errmsg);
        }
        if (status == STATUS_OK) {
            *ret_whole = true;
            return true;
        }
        size_t wrong;
        const char *rest = read_place(errmsg.field, &wrong);
        if (rest && wrong < count) {
            rest = *rest == '.' ? rest + 1 : "actor";
            memmove(errmsg.field, rest, strlen(rest) + 1);
            if (!reject(window, window->members[wrong]->line, &errmsg, false))
                return false;
            count--;
            memmove(window->members + wrong, window->members + wrong + 1, (count - wrong) * sizeof(void *));
            memmove(window->pointers + wrong, window->pointers + wrong + 1, (count - wrong) * sizeof(void *));
            continue;
        }
        if (group->rejected_line > 0 && status != STATUS_CLASSIFIED) {
            char why[sizeof errmsg.text], field[sizeof errmsg.field];
            memcpy(why, errmsg.text, sizeof why);
            memcpy(field, errmsg.field, sizeof field);
            errmsg_set(&errmsg, field, "%s (line %llu of it was rejected: %s)", why, (unsigned long long)group->rejected_line,
                       group->rejected_field);
        }
        for (size_t i = 0; i < count; i++)
            if (!reject(window, window->members[i]->line, &errmsg, status == STATUS_CLASSIFIED))
                return false;
        return true;
    }
    return true;
}

static void reset(struct window *window)
{
    memset(window->slots, 0, window->slot_count * sizeof(void *));
    arena_reset(&window->arena);
    window->first = window->last = window->recent = window->at = NULL;
    window->rows = window->group_count = 0;
    window->draining = false;
}

enum window_drain window_drain(struct window *window, Samordning__V1__Interaction **ret_interaction, uint64_t *ret_line,
                               const struct window_rejection **ret_rejection)
{
    if (!window->draining) {
        window->draining = true;
        window->at = window->first;
        window->ready = NULL;
        window->rejection_count = window->rejection_at = 0;
    }
    for (;;) {
        if (window->rejection_at < window->rejection_count) {
            *ret_rejection = &window->rejections[window->rejection_at++];
            return WINDOW_REJECTION;
        }
        if (window->ready) {
            *ret_interaction = &window->ready->head;
            *ret_line = window->ready->line;
            window->ready = NULL;
            return WINDOW_INTERACTION;
        }
        window->rejection_at = window->rejection_count = 0;
        struct group *group = window->at;
        if (!group) {
            reset(window);
            return WINDOW_EMPTY;
        }
        window->at = group->next;
        bool whole;
        uint32_t before;
        if (group->count > 0 && tally_add(&window->drained, group->hash, &before) != STATUS_OK)
            return WINDOW_DRAIN_NO_MEMORY;
        if (!finish_group(window, group, &whole))
            return WINDOW_DRAIN_NO_MEMORY;
        window->ready = whole ? group : NULL;
    }
}
