/* SPDX-License-Identifier: GPL-3.0-or-later
 * Comparing what somebody wrote with keys, abbreviations and names.
 */
#include "actor_name.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NEAREST_MAX  5  /* names proposed for an unknown one */
#define COMPARED_MAX 64 /* bytes of a name that are compared with an unknown one */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to change, add or leave out (Levenshtein 1966), A-Z like a-z. */
static size_t letters_apart(const char *one, const char *two)
{
    size_t length = smaller(strlen(one), COMPARED_MAX), width = smaller(strlen(two), COMPARED_MAX);
    size_t row[COMPARED_MAX + 1];
    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 1; i <= length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            size_t changed = diagonal + (strncasecmp(&one[i - 1], &two[j - 1], 1) != 0);
            diagonal = row[j];
            row[j] = smaller(smaller(row[j], row[j - 1]) + 1, changed);
        }
    }
    return row[width];
}

static size_t actor_apart(const struct network_actor *actor, const char *name)
{
    const char *own[] = {actor->key, actor->abbreviation, actor->label};
    size_t nearest = SIZE_MAX;
    for (size_t i = 0; i < 3; i++)
        if (own[i])
            nearest = smaller(nearest, strcasestr(own[i], name) ? 1 : letters_apart(own[i], name));
    return nearest;
}

static bool unknown(const struct network *network, const char *choice, const char *name, char *ret_error)
{
    size_t apart[NEAREST_MAX], count = 0, most = strlen(name) / 3 > 2 ? strlen(name) / 3 : 2;
    const struct network_actor *nearest[NEAREST_MAX];
    for (size_t i = 0; i < network->actor_count; i++) {
        const struct network_actor *actor = &network->actors[i];
        size_t own = actor_apart(actor, name), at = count < NEAREST_MAX ? count : NEAREST_MAX - 1;
        if (own > most || (count == NEAREST_MAX && own >= apart[at]))
            continue;
        for (; at > 0 && own < apart[at - 1]; at--) {
            apart[at] = apart[at - 1];
            nearest[at] = nearest[at - 1];
        }
        apart[at] = own;
        nearest[at] = actor;
        count += count < NEAREST_MAX;
    }
    char text[SPEC_ERROR_SIZE] = "";
    struct spec_line near = {text, 0, sizeof text};
    for (size_t i = 0; i < count; i++) {
        spec_line_put(&near, "%s%s", i > 0 ? ", " : "", nearest[i]->key);
        if (nearest[i]->label && strcmp(nearest[i]->label, nearest[i]->key) != 0)
            spec_line_put(&near, " (%s)", nearest[i]->label);
    }
    if (count == 0)
        return spec_fail(ret_error, "%s: no actor of this network has the key, abbreviation or name \"%.80s\"", choice, name);
    return spec_fail(ret_error, "%s: no actor of this network is called \"%.80s\"; near it are %s", choice, name, text);
}

static bool called(const struct network_actor *actor, const char *name, int how)
{
    const char *own = how % 3 == 0 ? actor->key : how % 3 == 1 ? actor->abbreviation : actor->label;
    return own && (how < 3 ? strcmp(own, name) : strcasecmp(own, name)) == 0;
}

bool actor_name_find(const struct network *network, const char *choice, const char *name, int32_t *ret_actor, char *ret_error)
{
    if (!*name)
        return spec_fail(ret_error, "%s: an empty name", choice);
    for (int how = 0; how < 6; how++) {
        const struct network_actor *found = NULL;
        for (size_t i = 0; i < network->actor_count; i++) {
            if (!called(&network->actors[i], name, how))
                continue;
            if (found)
                return spec_fail(ret_error, "%s: \"%.80s\" is the name of several actors, %s and %s: use a key", choice, name,
                                 found->key, network->actors[i].key);
            found = &network->actors[i];
        }
        if (found) {
            *ret_actor = (int32_t)(found - network->actors);
            return true;
        }
    }
    return unknown(network, choice, name, ret_error);
}
