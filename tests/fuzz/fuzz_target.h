/* SPDX-License-Identifier: GPL-3.0-or-later
 * What every fuzz target is: one function that takes any bytes.
 */
#ifndef SAMORDNING_FUZZ_TARGET_H
#define SAMORDNING_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that was broken, as a crash the fuzzer keeps the input of. */
#define FUZZ_CHECK(condition)                                                                                                  \
    do {                                                                                                                       \
        if (!(condition)) {                                                                                                    \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                                    \
            abort();                                                                                                           \
        }                                                                                                                      \
    } while (0)

#endif
