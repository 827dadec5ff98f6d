/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which vector instructions an inner loop is compiled for, chosen when the program runs.
 *
 * A loop is written once, as an always-inline function over 64-byte vectors of the compiler; VECTORS_VERSIONS compiles it for
 * each instruction set and makes a table of the versions. Every version gives the same bits: nothing is reassociated and the
 * build forbids fusing a product with a sum (-ffp-contract=off for the files that use this).
 */
#ifndef SAMORDNING_VECTORS_H
#define SAMORDNING_VECTORS_H

#include <stdint.h>

#define VECTORS_BYTES 64 /* a cache line, and the widest register there is */
#define VECTORS_LANES 8

typedef double vectors_doubles __attribute__((vector_size(VECTORS_BYTES)));
typedef int64_t vectors_masks __attribute__((vector_size(VECTORS_BYTES)));
typedef uint64_t vectors_bits __attribute__((vector_size(VECTORS_BYTES)));

enum vectors { VECTORS_BEST, VECTORS_PLAIN, VECTORS_AVX2, VECTORS_AVX512, VECTORS_COUNT };

/* What this processor and this build have of what is wanted: never VECTORS_BEST, never more than is there. */
static inline enum vectors vectors_resolve(enum vectors wanted)
{
    enum vectors found = VECTORS_PLAIN;
#ifdef SAMORDNING_X86_VECTORS
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi") &&
        __builtin_cpu_supports("bmi2"))
        found = VECTORS_AVX2;
    if (found == VECTORS_AVX2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        found = VECTORS_AVX512;
#endif
    return wanted == VECTORS_BEST || wanted > found ? found : wanted;
}

/* How many versions of the loop `name` there are in this build, one after VECTORS_VERSIONS. */
#define VECTORS_COUNTED(name)                                                                                                  \
    (1u + ((name)[VECTORS_AVX2] != (name)[VECTORS_PLAIN]) + ((name)[VECTORS_AVX512] != (name)[VECTORS_AVX2]))

#define VECTORS_BODY static inline __attribute__((always_inline))

/* `name`_body must be defined before; afterwards `name`[vectors_resolve(...)]`arguments` calls a version. */
#ifdef SAMORDNING_X86_VECTORS
#define VECTORS_VERSIONS(result, name, parameters, arguments)                                                                  \
    static result name##_plain parameters                                                                                      \
    {                                                                                                                          \
        return name##_body arguments;                                                                                          \
    }                                                                                                                          \
    __attribute__((target("avx2,popcnt,bmi,bmi2"))) static result name##_avx2 parameters                                       \
    {                                                                                                                          \
        return name##_body arguments;                                                                                          \
    }                                                                                                                          \
    __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,popcnt,bmi,bmi2"))) static result name##_avx512 parameters  \
    {                                                                                                                          \
        return name##_body arguments;                                                                                          \
    }                                                                                                                          \
    static result(*const name[VECTORS_COUNT]) parameters = {name##_plain, name##_plain, name##_avx2, name##_avx512}
#else
#define VECTORS_VERSIONS(result, name, parameters, arguments)                                                                  \
    static result name##_plain parameters                                                                                      \
    {                                                                                                                          \
        return name##_body arguments;                                                                                          \
    }                                                                                                                          \
    static result(*const name[VECTORS_COUNT]) parameters = {name##_plain, name##_plain, name##_plain, name##_plain}
#endif

#endif
