/* SPDX-License-Identifier: GPL-3.0-or-later
 * Computing a kept result again, and whether its inputs are the same.
 */
#ifndef SAMORDNING_CLI_VERIFY_H
#define SAMORDNING_CLI_VERIFY_H

#include "session.h"

/* What came out, although it may not be what is stored; the answer is valid until the next request, the result until it is
 * freed. The exit code; what is wrong has been said. */
int verify_again(struct session *session, const char *family, const char *spec, const char *language,
                 const Samordning__V1__AnalysisResponse **ret_answer, Samordning__V1__Result **ret_result);
/* Whether a watermark and input hash tell of the same inputs; programs may differ. */
bool verify_same_inputs(const char *watermark, const char *input_hash, const Samordning__V1__Card *again);

#endif
