/* SPDX-License-Identifier: GPL-3.0-or-later
 * A mail with a report: its summary as the words of the mail, other forms attached.
 */
#ifndef SAMORDNING_PARCEL_H
#define SAMORDNING_PARCEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PARCEL_FILES_MAX 5

struct parcel {
    uint64_t run;   /* makes the Message-ID, the same in every attempt */
    const char *to; /* addresses with commas between */
    const char *from, *sender;
    const char *schedule, *language; /* nb, nn, en */
    const char *result;              /* its id */
    int64_t occurrence_us, now_us;
    bool late;           /* made after its time, because nothing ran then */
    const char *summary; /* the report's form `text` */
    size_t summary_size;
    struct parcel_file {
        const char *name, *media_type;
        const uint8_t *bytes;
        size_t size;
    } files[PARCEL_FILES_MAX];
    size_t file_count;
};
/* Lines end in CRLF. The caller frees it; NULL: out of memory. */
char *parcel_compose(const struct parcel *parcel, size_t *ret_size);

#endif
