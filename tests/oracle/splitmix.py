# SPDX-License-Identifier: GPL-3.0-or-later
"""The random numbers that analysis/inference/random_stream.h describes, so that an oracle can draw the same replicates.

SplitMix64 (Steele, Lea & Flood 2014): a counter that steps by the golden gamma and is scrambled. One stream per replicate.
"""
MASK, GAMMA = 2 ** 64 - 1, 0x9E3779B97F4A7C15


def mix(z):
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


class Stream:
    def __init__(self, seed, number):
        self.state = mix(mix((seed + GAMMA) & MASK) ^ ((number * GAMMA + 1) & MASK))

    def word(self):
        self.state = (self.state + GAMMA) & MASK
        return mix(self.state)

    def below(self, bound):
        while True:
            word = self.word()
            if word >= 2 ** 64 % bound:          # the first words would make small results more likely
                return word % bound


def bootstrap(stream, n, fill):
    """Which actor stands at each position, and {(i, j): (a, b)}: the pair that stands between two copies i < j, None = no tie."""
    actors = [stream.below(n) for _ in range(n)]
    between = {}
    for i in range(n):
        for j in range(i + 1, n):
            if actors[i] != actors[j]:
                continue
            between[i, j] = None
            if fill == "random":
                a, b = stream.below(n), stream.below(n - 1)
                between[i, j] = (a, b + (b >= a))
    return actors, between
