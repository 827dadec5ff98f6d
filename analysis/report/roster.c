/* SPDX-License-Identifier: GPL-3.0-or-later
 * Gathers actors, sectors and merged ties from the network result.
 */
#include "roster.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_at(const struct column *column, size_t row)
{
    return column && column->is_text && column->texts[row] && *column->texts[row] ? column->texts[row] : NULL;
}

static double number_at(const struct column *column, size_t row)
{
    return column && !column->is_text ? column->numbers[row] : NAN;
}

/* Names sorted by key; the texts stay the input's. */
struct names {
    struct report_name *rows;
    size_t count;
};

static int name_order(const void *a, const void *b)
{
    return strcmp(((const struct report_name *)a)->key, ((const struct report_name *)b)->key);
}

static bool names_init(struct names *names, const struct report_name *rows, size_t count)
{
    *names = (struct names){.rows = calloc(count + 1, sizeof *names->rows)};
    if (!names->rows)
        return false;
    for (size_t i = 0; i < count; i++)
        if (rows[i].key)
            names->rows[names->count++] = rows[i];
    qsort(names->rows, names->count, sizeof *names->rows, name_order);
    return true;
}

static const struct report_name *names_find(const struct names *names, const char *key)
{
    const struct report_name wanted = {.key = key};
    return bsearch(&wanted, names->rows, names->count, sizeof wanted, name_order);
}

static const char *or_else(const char *text, const char *other)
{
    return text && *text ? text : other;
}

static int sector_order(const void *a, const void *b)
{
    return strcmp(((const struct roster_sector *)a)->code, ((const struct roster_sector *)b)->code);
}

static int sector_by_code(const void *code, const void *sector)
{
    return strcmp(code, ((const struct roster_sector *)sector)->code);
}

static int tie_pair_order(const void *a, const void *b)
{
    const struct roster_tie *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

static int tie_weight_order(const void *a, const void *b)
{
    const struct roster_tie *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return tie_pair_order(a, b);
}

static int key_order(const void *a, const void *b, void *actors)
{
    const struct roster_actor *all = actors;
    return strcmp(all[*(const size_t *)a].key, all[*(const size_t *)b].key);
}

static bool sectors_gather(struct roster *roster, const struct names *names, const struct column *sector)
{
    size_t n = roster->actor_count;
    roster->sectors = calloc(n + 1, sizeof *roster->sectors);
    if (!roster->sectors)
        return false;
    size_t used = 0;
    for (size_t i = 0; i < n; i++)
        if (text_at(sector, i))
            roster->sectors[used++].code = text_at(sector, i);
    qsort(roster->sectors, used, sizeof *roster->sectors, sector_order);
    for (size_t i = 0; i < used; i++) {
        struct roster_sector *last = roster->sector_count ? &roster->sectors[roster->sector_count - 1] : NULL;
        if (!last || strcmp(last->code, roster->sectors[i].code) != 0)
            roster->sectors[roster->sector_count++] = (struct roster_sector){.code = roster->sectors[i].code};
        roster->sectors[roster->sector_count - 1].actor_count++;
    }
    for (size_t s = 0; s < roster->sector_count; s++) {
        struct roster_sector *row = &roster->sectors[s];
        const struct report_name *name = names_find(names, row->code);
        row->name = or_else(name ? name->name : NULL, row->code);
        if (s < 26)
            snprintf(row->letter, sizeof row->letter, "%c", (char)('A' + s));
        else
            snprintf(row->letter, sizeof row->letter, "%c%c", (char)('A' + (s / 26 - 1) % 26), (char)('A' + s % 26));
    }
    for (size_t i = 0; i < n; i++) {
        const char *code = text_at(sector, i);
        const struct roster_sector *row =
            code ? bsearch(code, roster->sectors, roster->sector_count, sizeof *roster->sectors, sector_by_code) : NULL;
        roster->actors[i].sector = row ? (size_t)(row - roster->sectors) : ROSTER_NO_SECTOR;
    }
    return true;
}

static bool ties_gather(struct roster *roster, const struct table *ties)
{
    const struct column *from = table_column(ties, "from"), *to = table_column(ties, "to");
    const struct column *weight = table_column(ties, "weight"), *count = table_column(ties, "count");
    if (!from || !to || !weight || weight->is_text)
        return true;
    roster->ties = calloc(ties->row_count + 1, sizeof *roster->ties);
    if (!roster->ties)
        return false;
    size_t used = 0;
    for (size_t i = 0; i < ties->row_count; i++) {
        const struct roster_actor *a = text_at(from, i) ? roster_actor(roster, text_at(from, i)) : NULL;
        const struct roster_actor *b = text_at(to, i) ? roster_actor(roster, text_at(to, i)) : NULL;
        if (!a || !b || a == b || !isfinite(weight->numbers[i]) || weight->numbers[i] <= 0)
            continue;
        size_t first = (size_t)(a - roster->actors), second = (size_t)(b - roster->actors);
        roster->ties[used++] = (struct roster_tie){.a = first < second ? first : second,
                                                   .b = first < second ? second : first,
                                                   .weight = weight->numbers[i],
                                                   .count = number_at(count, i)};
    }
    qsort(roster->ties, used, sizeof *roster->ties, tie_pair_order);
    for (size_t i = 0; i < used; i++) {
        struct roster_tie *last = roster->tie_count ? &roster->ties[roster->tie_count - 1] : NULL;
        if (last && tie_pair_order(last, &roster->ties[i]) == 0) {
            last->weight += roster->ties[i].weight;
            last->count += roster->ties[i].count;
        } else {
            roster->ties[roster->tie_count++] = roster->ties[i];
        }
    }
    for (size_t i = 0; i < roster->tie_count; i++) {
        const struct roster_tie *tie = &roster->ties[i];
        roster->actors[tie->a].strength += tie->weight;
        roster->actors[tie->b].strength += tie->weight;
        roster->actors[tie->a].degree++;
        roster->actors[tie->b].degree++;
    }
    qsort(roster->ties, roster->tie_count, sizeof *roster->ties, tie_weight_order);
    return true;
}

static void actors_gather(struct roster *roster, const struct names *names, const struct table *actors,
                          const struct column *key)
{
    const struct column *label = table_column(actors, "name"), *abbreviation = table_column(actors, "abbreviation");
    const struct column *kind = table_column(actors, "kind"), *reported = table_column(actors, "reported");
    roster->actor_count = actors->row_count;
    for (size_t i = 0; i < roster->actor_count; i++) {
        struct roster_actor *actor = &roster->actors[i];
        const char *actor_key = or_else(text_at(key, i), "?");
        const struct report_name *name = names_find(names, actor_key);
        actor->key = actor_key;
        actor->name = or_else(name ? name->name : NULL, or_else(text_at(label, i), actor_key));
        actor->abbreviation = or_else(name ? name->abbreviation : NULL, or_else(text_at(abbreviation, i), actor->name));
        actor->kind = text_at(kind, i);
        actor->reported = number_at(reported, i);
        roster->by_key[i] = i;
    }
    qsort_r(roster->by_key, roster->actor_count, sizeof *roster->by_key, key_order, roster->actors);
}

bool roster_init(struct roster *roster, const struct report_input *input)
{
    memset(roster, 0, sizeof *roster);
    const struct result *network = report_result(input, "network");
    const struct table *actors = network ? result_table(network, "nodes") : NULL;
    const struct table *ties = network ? result_table(network, "edges") : NULL;
    const struct column *key = actors ? table_column(actors, "actor") : NULL;
    if (!key || !key->is_text)
        return true;
    struct names actor_names = {0}, sector_names = {0};
    roster->actors = calloc(actors->row_count + 1, sizeof *roster->actors);
    roster->by_key = calloc(actors->row_count + 1, sizeof *roster->by_key);
    bool done = roster->actors && roster->by_key && names_init(&actor_names, input->actor_names, input->actor_name_count) &&
                names_init(&sector_names, input->sector_names, input->sector_name_count);
    if (done)
        actors_gather(roster, &actor_names, actors, key);
    done =
        done && sectors_gather(roster, &sector_names, table_column(actors, "sector")) && (!ties || ties_gather(roster, ties));
    free(actor_names.rows);
    free(sector_names.rows);
    if (!done)
        roster_release(roster);
    return done;
}

void roster_release(struct roster *roster)
{
    free(roster->actors);
    free(roster->sectors);
    free(roster->ties);
    free(roster->by_key);
    memset(roster, 0, sizeof *roster);
}

const struct roster_actor *roster_actor(const struct roster *roster, const char *key)
{
    size_t low = 0, high = roster->actor_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct roster_actor *actor = &roster->actors[roster->by_key[middle]];
        int order = strcmp(actor->key, key);
        if (order == 0)
            return actor;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const char *roster_name(const struct roster *roster, const char *key)
{
    const struct roster_actor *actor = roster_actor(roster, key);
    return actor ? actor->name : roster_sector_name(roster, key);
}

const char *roster_short(const struct roster *roster, const char *key)
{
    const struct roster_actor *actor = roster_actor(roster, key);
    return actor ? actor->abbreviation : key;
}

const char *roster_sector_name(const struct roster *roster, const char *code)
{
    const struct roster_sector *sector = roster->sector_count == 0 ? NULL
                                                                   : bsearch(code, roster->sectors, roster->sector_count,
                                                                             sizeof *roster->sectors, sector_by_code);
    return sector ? sector->name : code;
}
