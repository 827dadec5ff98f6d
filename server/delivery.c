/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reads where a report is to go.
 */
#include "delivery.h"
#include "mail/letter.h"

#include <string.h>

#define FIELD      "schedule.deliver"
#define CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."

/* NAME/NAME/...: no way up, no way out, nothing hidden. Empty: the place itself. */
static bool is_below(const char *place)
{
    while (*place != '\0') {
        size_t size = strspn(place, CHARACTERS);
        if (size == 0 || place[0] == '.' || (place[size] != '\0' && place[size] != '/'))
            return false;
        place += size;
        place += *place == '/';
    }
    return true;
}

static enum status read_addresses(const char *place, struct errmsg *ret_errmsg)
{
    size_t count = 0;
    do {
        char address[LETTER_ADDRESS_MAX + 1];
        size_t size = strcspn(place, ",");
        if (size > LETTER_ADDRESS_MAX || ++count > DELIVERY_ADDRESSES_MAX) {
            errmsg_set(ret_errmsg, FIELD, "up to %d addresses of %d characters", DELIVERY_ADDRESSES_MAX, LETTER_ADDRESS_MAX);
            return STATUS_INVALID;
        }
        memcpy(address, place, size);
        address[size] = '\0';
        if (!letter_address_is_good(address)) {
            errmsg_set(ret_errmsg, FIELD, "\"%s\" is not an address of e-mail", address);
            return STATUS_INVALID;
        }
        place += size;
    } while (*place++ == ',');
    return STATUS_OK;
}

enum status delivery_read(const char *text, const struct config *config, enum delivery_kind *ret_kind, const char **ret_place,
                          struct errmsg *ret_errmsg)
{
    static const char *const kinds[] = {"folder:", "put:", "mail:"};
    size_t kind = 0;
    while (kind < sizeof kinds / sizeof kinds[0] && strncmp(text, kinds[kind], strlen(kinds[kind])) != 0)
        kind++;
    if (kind == sizeof kinds / sizeof kinds[0] || strlen(text) > DELIVERY_MAX) {
        errmsg_set(ret_errmsg, FIELD, "\"%.100s\" is not folder:NAME, put:PATH or mail:ADDRESS[,ADDRESS...]", text);
        return STATUS_INVALID;
    }
    const char *place = text + strlen(kinds[kind]);
    enum status status = STATUS_OK;
    if (kind == DELIVERY_MAIL) {
        status = read_addresses(place, ret_errmsg);
    } else if (!is_below(place)) {
        errmsg_set(ret_errmsg, FIELD, "\"%.100s\" is not a path of letters, digits, \"-\", \"_\" and \".\" that stays below",
                   place);
        status = STATUS_INVALID;
    } else if (kind == DELIVERY_PUT && config->delivery_url[0] == '\0') {
        errmsg_set(ret_errmsg, FIELD, "the daemon's configuration has no delivery_url to put reports to");
        status = STATUS_INVALID;
    }
    if (status != STATUS_OK)
        return status;
    *ret_kind = (enum delivery_kind)kind;
    *ret_place = place;
    return STATUS_OK;
}
