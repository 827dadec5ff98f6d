/* SPDX-License-Identifier: GPL-3.0-or-later
 * An observed share and how sure it is.
 */
#ifndef SAMORDNING_PROPORTION_H
#define SAMORDNING_PROPORTION_H

/* `part` of `whole` with the 95 % score interval of Wilson 1927, which stays within 0..1 and is defined for no and for all.
 * All NaN when there is nothing to divide by. */
struct proportion {
    double share, low, high;
};
struct proportion proportion_wilson(double part, double whole);

#endif
