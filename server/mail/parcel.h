/* SPDX-License-Identifier: GPL-3.0-or-later
 * A mail with a report attached, in the report's language.
 */
#ifndef SAMORDNING_PARCEL_H
#define SAMORDNING_PARCEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct parcel {
    uint64_t run;   /* makes the Message-ID, the same in every attempt */
    const char *to; /* addresses with commas between */
    const char *from, *sender;
    const char *schedule, *language; /* nb, nn, en */
    const char *spec;                /* what the report is about */
    const char *result;              /* its id */
    int64_t occurrence_us, now_us;
    bool late; /* made after its time, because nothing ran then */
    const char *file_name, *media_type;
    const uint8_t *bytes;
    size_t size;
};
/* Lines end in CRLF. The caller frees it; NULL: out of memory. */
char *parcel_compose(const struct parcel *parcel, size_t *ret_size);

#endif
