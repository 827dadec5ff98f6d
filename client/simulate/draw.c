/* SPDX-License-Identifier: GPL-3.0-or-later
 * Seeded random draws (see draw.h): splitmix64 as a counter-based generator. */
#include "draw.h"

#include <math.h>

#define GOLDEN_STEP UINT64_C(0x9e3779b97f4a7c15)

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

void draw_init(struct draw *draw, uint64_t seed, uint64_t stream)
{
    draw->key = mix(mix(seed + GOLDEN_STEP) ^ mix(stream * GOLDEN_STEP + 1));
    draw->count = 0;
}

uint64_t draw_bits(struct draw *draw)
{
    draw->count++;
    return mix(draw->key + draw->count * GOLDEN_STEP);
}

double draw_unit(struct draw *draw)
{
    return (double)(draw_bits(draw) >> 11) * 0x1p-53;
}

bool draw_chance(struct draw *draw, double probability)
{
    return draw_unit(draw) < probability;
}

unsigned draw_below(struct draw *draw, unsigned limit)
{
    /* The bias of the multiplication is below 2^-32, far under what any test here can see. */
    return (unsigned)(((draw_bits(draw) >> 32) * limit) >> 32);
}

int draw_between(struct draw *draw, int low, int high)
{
    return low + (int)draw_below(draw, (unsigned)(high - low + 1));
}

double draw_normal(struct draw *draw)
{
    double u = 1.0 - draw_unit(draw);
    double v = draw_unit(draw);
    return sqrt(-2.0 * log(u)) * cos(2.0 * M_PI * v);
}

double draw_log_normal(struct draw *draw, double median, double sigma)
{
    return median * exp(sigma * draw_normal(draw));
}

int draw_geometric(struct draw *draw, double mean)
{
    double u = 1.0 - draw_unit(draw);
    return (int)(log(u) / log(mean / (1.0 + mean)));
}

unsigned draw_member(struct draw *draw, uint64_t set, const double *weights)
{
    double total = 0.0;
    unsigned last = 0;
    for (uint64_t rest = set; rest; rest &= rest - 1)
        total += weights[__builtin_ctzll(rest)];
    double point = draw_unit(draw) * total;
    for (uint64_t rest = set; rest; rest &= rest - 1) {
        last = (unsigned)__builtin_ctzll(rest);
        point -= weights[last];
        if (point < 0.0)
            return last;
    }
    return last;
}
