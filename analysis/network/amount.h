/* SPDX-License-Identifier: GPL-3.0-or-later
 * Amounts: exact sums of non-negative numbers in 64.64 fixed point.
 *
 * Adding integers is associative, so a sum is the same bits whatever the order of rows, days and workers. A double of at least
 * 2^-11 is represented exactly; the smallest amount is 2^-64; a sum that would not fit stays at the largest amount.
 */
#ifndef SAMORDNING_AMOUNT_H
#define SAMORDNING_AMOUNT_H

#include <math.h>
#include <stdint.h>

typedef unsigned __int128 amount_t;
#define AMOUNT_MAX (~(amount_t)0)
#define AMOUNT_ONE ((amount_t)1 << 64)

static inline amount_t amount_from_count(uint64_t count)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): clang-tidy 14 takes the 128 bits for 64 */
    return (amount_t)count << 64;
}

/* Rounded to the nearest amount, what is positive never to nothing; zero for what is not a positive number. */
static inline amount_t amount_from(double value)
{
    if (!(value > 0))
        return 0;
    if (value >= 0x1p63)
        return AMOUNT_MAX;
    uint64_t whole = (uint64_t)value;
    double rest = (value - (double)whole) * 0x1p64; /* exact, below 2^64, and a whole number from 2^52 on */
    amount_t amount = ((amount_t)whole << 64) + (uint64_t)(rest < 0x1p52 ? rest + 0.5 : rest);
    return amount ? amount : 1;
}

static inline double amount_to(amount_t amount)
{
    return ldexp((double)amount, -64);
}

static inline amount_t amount_add(amount_t a, amount_t b)
{
    amount_t sum = a + b;
    return sum < a ? AMOUNT_MAX : sum;
}

static inline amount_t amount_times(amount_t amount, uint64_t times)
{
    if (times && amount > AMOUNT_MAX / times)
        return AMOUNT_MAX;
    return amount * times;
}

/* The share of an amount, 0 < share <= 1 in units of 2^-32; never rounds a positive amount to nothing. */
#define AMOUNT_WHOLE (UINT64_C(1) << 32)
static inline amount_t amount_share(amount_t amount, uint64_t share)
{
    if (share >= AMOUNT_WHOLE || !amount)
        return amount;
    amount_t part = (amount >> 32) * share + (((amount & UINT32_MAX) * share) >> 32);
    return part ? part : 1;
}

#endif
