/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files of interactions: any bytes at all, read as the first byte says.
 *
 * Whatever comes out must hold what source.h promises: interactions pass validate_interaction() and have the id of their time;
 * rejections name a line and a reason; a second reading gives the same. */
#include "fuzz_target.h"
#include "interaction_id.h"
#include "source.h"
#include "validate.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NOW_US INT64_C(1800000000000000)

struct tally {
    uint64_t interactions, rejections, hash;
    bool failed;
};

static void mix(struct tally *tally, const void *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        tally->hash = (tally->hash ^ ((const unsigned char *)data)[i]) * UINT64_C(1099511628211);
}

static struct tally read_all(const char *path, const struct source_options *options)
{
    struct tally tally = {0};
    struct errmsg errmsg = {0};
    struct source *source;
    struct validate_limits limits;
    validate_limits_default(&limits, NOW_US);
    if (source_open(path, options, &source, &errmsg) != STATUS_OK) {
        FUZZ_CHECK(errmsg.text[0] != '\0');
        tally.failed = true;
        return tally;
    }
    struct source_item item;
    for (;;) {
        enum source_state state = source_next(source, &item, &errmsg);
        if (state == SOURCE_END)
            break;
        if (state == SOURCE_FAILED) {
            FUZZ_CHECK(errmsg.text[0] != '\0');
            tally.failed = true;
            break;
        }
        if (state == SOURCE_INTERACTION) {
            FUZZ_CHECK(validate_interaction(item.interaction, &limits, &errmsg) == STATUS_OK);
            FUZZ_CHECK(item.interaction->id.len == INTERACTION_ID_SIZE);
            FUZZ_CHECK(interaction_id_matches_time(item.interaction->id.data, item.interaction->time));
            mix(&tally, item.interaction->id.data, INTERACTION_ID_SIZE);
            tally.interactions++;
        } else {
            FUZZ_CHECK(item.rejection.line > 0 && item.rejection.reason[0] != '\0');
            FUZZ_CHECK(!item.rejection.withheld || item.rejection.text == NULL);
            mix(&tally, item.rejection.reason, strlen(item.rejection.reason));
            tally.rejections++;
        }
    }
    source_close(source);
    return tally;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct source_options options = {.now_us = NOW_US};
    options.format = data[0] & 1 ? SOURCE_FORMAT_DETECT : (enum source_format)((data[0] >> 1) & 3);
    options.latin1 = data[0] & 8;
    options.undirected = data[0] & 16;
    options.window_rows = data[0] & 32 ? 2 : 0;
    if (data[0] & 64)
        options.constants[options.constant_count++] = "type=meeting";
    if (data[0] & 128)
        options.epoch = "2015-06-22";
    int fd = memfd_create("source", MFD_CLOEXEC);
    FUZZ_CHECK(fd >= 0 && write(fd, data + 1, size - 1) == (ssize_t)(size - 1));
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct tally first = read_all(path, &options), second = read_all(path, &options);
    FUZZ_CHECK(first.interactions == second.interactions && first.rejections == second.rejections &&
               first.hash == second.hash && first.failed == second.failed);
    close(fd);
    return 0;
}
