/* SPDX-License-Identifier: GPL-3.0-or-later
 * The built-in texts of letters and of mails with reports, in bokmål, nynorsk and English.
 */
#ifndef SAMORDNING_LETTER_TEXT_H
#define SAMORDNING_LETTER_TEXT_H

#include "store_letter.h"

enum letter_kind {
    LETTER_INVITATION,
    LETTER_REMINDER,
    LETTER_DELEGATION, /* to who fills in a part */
    LETTER_APPROVER,   /* to who is to agree, when they are named */
    LETTER_SIGNING,    /* to them, when the answer waits for them */
    LETTER_RETURNED,   /* to who handed it in, when they have sent it back */
    LETTER_RECEIPT,
    LETTER_KINDS
};
struct letter_text {
    const char *subject, *body;
};
extern const struct letter_text letter_texts[LETTER_KINDS][LETTER_LANGUAGES];
struct parcel_text {
    const char *subject, *foot, *late; /* what the report's summary, which comes before the foot, cannot know */
};
extern const struct parcel_text parcel_texts[LETTER_LANGUAGES];
extern const char *const letter_codes[LETTER_LANGUAGES];
/* nb for a language there is none of. */
enum letter_language letter_language_of(const char *code);
extern const char *const letter_months[LETTER_LANGUAGES][12];

#endif
