/* SPDX-License-Identifier: GPL-3.0-or-later
 * The score interval in closed form.
 */
#include "proportion.h"

#include <math.h>

#define NORMAL_975 1.959963984540054 /* 97.5 % quantile of the normal distribution */

struct proportion proportion_wilson(double part, double whole)
{
    if (!(whole > 0))
        return (struct proportion){NAN, NAN, NAN};
    double share = part / whole, zz = NORMAL_975 * NORMAL_975;
    double middle = (share + zz / (2 * whole)) / (1 + zz / whole);
    double half = NORMAL_975 / (1 + zz / whole) * sqrt(share * (1 - share) / whole + zz / (4 * whole * whole));
    return (struct proportion){share, fmax(0, middle - half), fmin(1, middle + half)};
}
