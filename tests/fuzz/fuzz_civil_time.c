/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any text as a point in time; what is one can be written and read again. */
#include "fuzz_target.h"

#include "civil_time.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int64_t time_us = 0;
    Samordning__V1__TimePrecision precision = SAMORDNING__V1__TIME_PRECISION__PRECISION_INSTANT;
    struct errmsg errmsg = {"", ""};
    enum status status = civil_time_parse((const char *)data, size, &time_us, &precision, &errmsg);
    FUZZ_CHECK(status == STATUS_OK || errmsg.text[0] != '\0');
    if (status == STATUS_OK) {
        char text[CIVIL_TIME_TEXT_SIZE];
        civil_time_format(time_us, precision, text);
        int64_t again = 0;
        Samordning__V1__TimePrecision precision_again;
        /* An offset may carry a time over the ends of the calendar's four digits. */
        if (strlen(text) >= 7 && text[0] != '-' && text[4] == '-' && strncmp(text, "0000", 4) != 0) {
            FUZZ_CHECK(civil_time_parse(text, strlen(text), &again, &precision_again, NULL) == STATUS_OK);
            FUZZ_CHECK(again == time_us && precision_again == precision);
        }
        int32_t day = civil_day_of(time_us);
        FUZZ_CHECK(civil_day_start_us(day) <= time_us && civil_day_start_us(day + 1) > time_us);
    }
    char copy[64];
    size_t length = size < sizeof copy - 1 ? size : sizeof copy - 1;
    memcpy(copy, data, length);
    copy[length] = '\0';
    int32_t day = 0;
    if (civil_day_parse(copy, &day) == STATUS_OK) {
        char text[16];
        civil_day_format(day, text);
        FUZZ_CHECK(strcmp(text, copy) == 0);
    }
    return 0;
}
