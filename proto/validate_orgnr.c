/* SPDX-License-Identifier: GPL-3.0-or-later
 * Organisation numbers of Enhetsregisteret. */
#include "validate.h"

bool validate_orgnr(const char *orgnr)
{
    static const int weights[8] = {3, 2, 7, 6, 5, 4, 3, 2};
    int sum = 0;
    for (size_t i = 0; i < 9; i++) {
        if (orgnr[i] < '0' || orgnr[i] > '9')
            return false;
        if (i < 8)
            sum += weights[i] * (orgnr[i] - '0');
    }
    int control = (11 - sum % 11) % 11;
    return control < 10 && orgnr[8] - '0' == control && orgnr[9] == '\0';
}
