/* SPDX-License-Identifier: GPL-3.0-or-later
 * Looks rows up by their text columns.
 */
#include "computed_result.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

struct result *computed(const char *family, const struct network *network, const struct reply_set *replies, const char *options)
{
    const struct metrics_family *found = metrics_family(family);
    ck_assert_msg(found != NULL, "no family %s", family);
    char error[400] = "";
    struct network chosen = *network; /* borrows everything but the choices */
    ck_assert_msg(choices_parse(options, &chosen.spec.choices, error), "%s: %s", options, error);
    struct metrics_input input = {.network = &chosen, .replies = replies};
    struct result *result = result_create(family);
    ck_assert_msg(found->compute(&input, result, error) == METRICS_OK, "%s: %s", family, error);
    return result;
}

double computed_number(const struct result *result, const char *table, const char *column, const char *key_column,
                       const char *key)
{
    const struct table *found = result_table(result, table);
    ck_assert_msg(found != NULL, "no table %s", table);
    const struct column *values = table_column(found, column);
    ck_assert_msg(values != NULL && !values->is_text, "no numbers %s in %s", column, table);
    if (!key) {
        ck_assert_msg(found->row_count > 0, "no row in %s", table);
        return values->numbers[0];
    }
    const struct column *keys = table_column(found, key_column);
    ck_assert_msg(keys != NULL && keys->is_text, "no texts %s in %s", key_column, table);
    for (size_t r = 0; r < found->row_count; r++)
        if (keys->texts[r] && strcmp(keys->texts[r], key) == 0)
            return values->numbers[r];
    ck_abort_msg("no %s %s in %s", key_column, key, table);
    return 0;
}

double computed_actor(const struct result *result, const char *column, const char *actor)
{
    return computed_number(result, result->card.family, column, "actor", actor);
}

bool computed_has_note(const struct result *result, const char *part)
{
    for (size_t n = 0; n < result->card.note_count; n++)
        if (strstr(result->card.notes[n], part))
            return true;
    return false;
}
