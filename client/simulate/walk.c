/* SPDX-License-Identifier: GPL-3.0-or-later
 * The way through the form (see walk.h). Names of fields are those of server/form/form_body.h.
 */
#include "walk.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define WALK_URL_MAX 2048

struct walk {
    struct browser *browser;
    const struct answers_context *context;
    size_t answer_count;
    Samordning__V1__Answer *const *answers;
    struct arena *arena;
    char base[WALK_URL_MAX]; /* .../w/WAVE */
    size_t count, room;
    struct browser_field *fields;
    size_t not_offered; /* answers to questions that this page does not show (yet) */
    char first_not_offered[512];
    bool out_of_memory;
};

/* What the page offers: some questions appear only when what they depend on has been sent. */
static void add_field(struct walk *walk, const char *name, const char *value)
{
    if (!browser_offers(walk->browser, name, value)) {
        if (walk->not_offered++ == 0)
            snprintf(walk->first_not_offered, sizeof walk->first_not_offered, "%s", name);
        return;
    }
    if (walk->count == walk->room) {
        size_t room = walk->room ? 2 * walk->room : 64;
        struct browser_field *larger = arena_alloc(walk->arena, room * sizeof *larger);
        if (!larger) {
            walk->out_of_memory = true;
            return;
        }
        if (walk->count)
            memcpy(larger, walk->fields, walk->count * sizeof *larger);
        walk->fields = larger;
        walk->room = room;
    }
    struct browser_field *field = &walk->fields[walk->count];
    field->name = arena_strdup(walk->arena, name);
    field->value = arena_strdup(walk->arena, value);
    if (field->name && field->value)
        walk->count++;
    else
        walk->out_of_memory = true;
}

static void field_name(char kind, const char *item, const char *target, char ret_name[512])
{
    snprintf(ret_name, 512, target[0] ? "%c.%s.%s" : "%c.%s", kind, item, target);
}

static void add_value(struct walk *walk, const char *name, double value)
{
    char text[64];
    snprintf(text, sizeof text, "%.15g", value);
    add_field(walk, name, text);
}

/* "Not relevant" and "don't know" stand beside a field that is typed into (which takes any text), or among the choices. */
static void add_state(struct walk *walk, const Samordning__V1__Answer *answer, const char *word)
{
    char name[512];
    field_name('s', answer->item, answer->target, name);
    if (!browser_offers(walk->browser, name, word))
        field_name('v', answer->item, answer->target, name);
    add_field(walk, name, word);
}

static void add_answer(struct walk *walk, const Samordning__V1__Item *item, const Samordning__V1__Answer *answer)
{
    char name[512], place[24];
    switch (answer->state) {
    case SAMORDNING__V1__ANSWER_STATE__ANSWER_NOT_RELEVANT:
        add_state(walk, answer, "nr");
        return;
    case SAMORDNING__V1__ANSWER_STATE__ANSWER_DONT_KNOW:
        add_state(walk, answer, "dk");
        return;
    case SAMORDNING__V1__ANSWER_STATE__ANSWER_NO_CONTACT:
        add_state(walk, answer, "nc");
        return;
    default:
        break;
    }
    if (item->kind == SAMORDNING__V1__ITEM_KIND__ITEM_RANKING) {
        for (size_t i = 0; i < answer->n_values; i++) {
            snprintf(name, sizeof name, "r.%s.%.15g", answer->item, answer->values[i]);
            snprintf(place, sizeof place, "%zu", i + 1);
            add_field(walk, name, place);
        }
        return;
    }
    field_name('v', answer->item, answer->target, name);
    for (size_t i = 0; i < answer->n_values; i++)
        add_value(walk, name, answer->values[i]);
    if (answer->n_values == 0 && answer->text[0])
        add_field(walk, name, answer->text);
}

/* Fields of the section's answers. Who was named stands in hidden fields of the page. */
static void fill_section(struct walk *walk, const Samordning__V1__Section *section)
{
    walk->count = walk->not_offered = 0;
    for (size_t i = 0; i < walk->answer_count; i++) {
        const Samordning__V1__Section *home = NULL;
        const Samordning__V1__Answer *answer = walk->answers[i];
        const Samordning__V1__Item *item = instrument_item(walk->context->instrument, answer->item, &home, NULL);
        if (item && section == home)
            add_answer(walk, item, answer);
    }
}

static enum status arrived(const struct walk *walk, struct errmsg *ret_errmsg)
{
    long code = browser_code(walk->browser);
    if (code == 200)
        return STATUS_OK;
    errmsg_set(ret_errmsg, "", "%s answered %ld", browser_url(walk->browser), code);
    return code == 503 || code == 429 ? STATUS_UNAVAILABLE : STATUS_NOT_FOUND;
}

static enum status press(struct walk *walk, const char *path, const char *search_field, const char *search, const char *go,
                         struct errmsg *ret_errmsg)
{
    const struct browser_field fields[] = {{"go", go}, {search_field, search}};
    enum status status = browser_post(walk->browser, path, search_field ? 2 : 1, fields, ret_errmsg);
    return status == STATUS_OK ? arrived(walk, ret_errmsg) : status;
}

/* Searches for an actor and adds it, as a person would. */
static enum status name_actor(struct walk *walk, const char *path, const char *item, const char *key, struct errmsg *ret_errmsg)
{
    char search[512], go[512];
    snprintf(search, sizeof search, "q:%s", item);
    snprintf(go, sizeof go, "search:%s", item);
    enum status status = press(walk, path, search, key, go, ret_errmsg);
    snprintf(go, sizeof go, "add:%s:%s", item, key);
    return status == STATUS_OK ? press(walk, path, NULL, NULL, go, ret_errmsg) : status;
}

/* Names everybody the section's name generators have answers about. */
static enum status name_actors(struct walk *walk, const Samordning__V1__Section *section, const char *path,
                               struct errmsg *ret_errmsg)
{
    enum status status = STATUS_OK;
    const char *last = "";
    for (size_t i = 0; i < walk->answer_count && status == STATUS_OK; i++) {
        const Samordning__V1__Section *home = NULL;
        const Samordning__V1__Item *whole = NULL;
        const Samordning__V1__Answer *answer = walk->answers[i];
        if (!instrument_item(walk->context->instrument, answer->item, &home, &whole) || home != section || !whole ||
            whole->kind != SAMORDNING__V1__ITEM_KIND__ITEM_NAMES || strcmp(answer->target, last) == 0)
            continue;
        last = answer->target; /* answers about one actor stand together */
        status = name_actor(walk, path, whole->id, answer->target, ret_errmsg);
    }
    return status;
}

static enum status post_section(struct walk *walk, const char *path, const char *go, struct errmsg *ret_errmsg)
{
    add_field(walk, "go", go);
    if (walk->out_of_memory)
        return STATUS_NO_MEMORY;
    enum status status = browser_post(walk->browser, path, walk->count, walk->fields, ret_errmsg);
    return status == STATUS_OK ? arrived(walk, ret_errmsg) : status;
}

static enum status walk_section(struct walk *walk, const Samordning__V1__Section *section, struct errmsg *ret_errmsg)
{
    char url[WALK_URL_MAX + 64];
    snprintf(url, sizeof url, "%s/%s", walk->base, section->id);
    enum status status = browser_open(walk->browser, url, ret_errmsg);
    if (status == STATUS_OK)
        status = arrived(walk, ret_errmsg);
    const char *path = strstr(url, "/w/");
    if (status == STATUS_OK)
        status = name_actors(walk, section, path, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    bool is_there = true;
    size_t left = SIZE_MAX;
    while (status == STATUS_OK && is_there) {
        fill_section(walk, section);
        if (walk->not_offered >= left)
            break;
        left = walk->not_offered;
        status = post_section(walk, path, "next", ret_errmsg);
        is_there = browser_is_at(walk->browser, path);
    }
    if (status == STATUS_OK && left > 0) {
        errmsg_set(ret_errmsg, section->id, "%s does not offer %s", browser_url(walk->browser), walk->first_not_offered);
        status = STATUS_NOT_FOUND;
    } else if (status == STATUS_OK && is_there) {
        errmsg_set(ret_errmsg, section->id, "%s does not lead on", browser_url(walk->browser));
        status = STATUS_NOT_FOUND;
    }
    return status;
}

enum status walk_form(struct browser *browser, const char *link, const struct answers_context *context, size_t count,
                      Samordning__V1__Answer *const *answers, struct arena *arena, enum walk_end *ret_end,
                      struct errmsg *ret_errmsg)
{
    struct walk walk = {.browser = browser, .context = context, .answer_count = count, .answers = answers, .arena = arena};
    browser_forget(browser);
    enum status status = browser_open(browser, link, ret_errmsg);
    if (status != STATUS_OK)
        return status;
    if (browser_is_at(browser, "/-/receipt")) {
        *ret_end = WALK_WAS_SUBMITTED;
        return STATUS_OK;
    }
    if (browser_code(browser) == 410 || browser_code(browser) == 403) {
        *ret_end = WALK_CLOSED;
        return STATUS_OK;
    }
    if ((status = arrived(&walk, ret_errmsg)) != STATUS_OK)
        return status;
    snprintf(walk.base, sizeof walk.base, "%s", browser_url(browser));
    walk.base[strcspn(walk.base, "?#")] = '\0';
    for (size_t i = 0; i < context->instrument->n_sections && status == STATUS_OK; i++)
        if (answers_shows_section(context, count, answers, context->instrument->sections[i]))
            status = walk_section(&walk, context->instrument->sections[i], ret_errmsg);
    if (status == STATUS_OK) {
        char url[WALK_URL_MAX + 64];
        snprintf(url, sizeof url, "%s/-/review", walk.base);
        status = browser_open(browser, url, ret_errmsg);
    }
    if (status == STATUS_OK)
        status = browser_post(browser, "/-/submit", 0, NULL, ret_errmsg);
    if (status == STATUS_OK)
        status = arrived(&walk, ret_errmsg);
    if (status == STATUS_OK && !browser_is_at(browser, "/-/receipt")) {
        errmsg_set(ret_errmsg, "", "submitting led to %s", browser_url(browser));
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK)
        *ret_end = WALK_SUBMITTED;
    return status;
}
