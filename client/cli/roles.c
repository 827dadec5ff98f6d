/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reads the option --role. */
#include "roles.h"

#include "command.h"
#include "say.h"
#include "vocabulary.h"

#include <string.h>

bool roles_read(const struct arguments *arguments, Samordning__V1__AccessRole fallback,
                Samordning__V1__AccessRole roles[ROLES_MAX], size_t *ret_count)
{
    *ret_count = 0;
    const char *text;
    for (size_t i = 0; (text = arguments_nth(arguments, "role", i)); i++) {
        for (const char *word = text; *word;) {
            size_t size = strcspn(word, ",");
            const struct vocabulary_term *term = vocabulary_by_name(VOCABULARY_ACCESS_ROLE, word, size);
            if (!term || term->code == 0 || *ret_count == ROLES_MAX) {
                say_error(_("--role: \"%.*s\" is none of: submitter, researcher, operator"), (int)size, word);
                return false;
            }
            roles[(*ret_count)++] = (Samordning__V1__AccessRole)term->code;
            word += size + (word[size] == ',');
        }
    }
    if (*ret_count == 0)
        roles[(*ret_count)++] = fallback;
    return true;
}
