/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parses the options; an unknown key is an error, because a misspelt choice silently ignored is a wrong result.
 */
#include "metric_options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ERROR_SIZE 400
#define TAU_MAX    36525 /* a hundred years */

static bool parse_choice(const char *value, enum metric_choice *ret_choice)
{
    if (strcmp(value, "exact") == 0)
        *ret_choice = METRIC_EXACT;
    else if (strcmp(value, "none") == 0)
        *ret_choice = METRIC_NONE;
    else
        return false;
    return true;
}

static bool parse_number(const char *value, double low, double high, double *ret_number)
{
    char *end;
    double number = strtod(value, &end);
    if (end == value || *end || !(number >= low && number <= high))
        return false;
    *ret_number = number;
    return true;
}

static bool parse_pair(const char *key, const char *value, struct metric_options *options, char *ret_error)
{
    double number;
    const char *wanted;
    if (strcmp(key, "betweenness") == 0 || strcmp(key, "paths") == 0) {
        wanted = "exact or none";
        if (parse_choice(value, *key == 'b' ? &options->betweenness : &options->paths))
            return true;
    } else if (strcmp(key, "permutations") == 0) {
        wanted = "a whole number from 1 to 1000000";
        if (parse_number(value, 1, METRIC_PERMUTATIONS_MAX, &number) && number <= floor(number)) {
            options->permutations = (unsigned)number;
            return true;
        }
    } else if (strcmp(key, "tau") == 0) {
        wanted = "a number of days over 0, at most 36525";
        if (parse_number(value, 1e-6, TAU_MAX, &number)) {
            options->tau_days = number;
            return true;
        }
    } else {
        snprintf(ret_error, ERROR_SIZE, "unknown option %.40s: known are betweenness, paths, permutations and tau", key);
        return false;
    }
    snprintf(ret_error, ERROR_SIZE, "option %s=%.40s: must be %s", key, value, wanted);
    return false;
}

bool metric_options_parse(const char *text, struct metric_options *ret_options, char *ret_error)
{
    *ret_options = (struct metric_options){.permutations = METRIC_PERMUTATIONS, .tau_days = METRIC_TAU_DAYS};
    while (text && *(text += strspn(text, " \t\n"))) {
        size_t length = strcspn(text, " \t\n");
        char pair[128];
        if (length >= sizeof pair) {
            snprintf(ret_error, ERROR_SIZE, "option %.40s... is too long", text);
            return false;
        }
        memcpy(pair, text, length);
        pair[length] = 0;
        text += length;
        char *value = strchr(pair, '=');
        if (!value) {
            snprintf(ret_error, ERROR_SIZE, "option %.40s: written as key=value", pair);
            return false;
        }
        *value++ = 0;
        if (!parse_pair(pair, value, ret_options, ret_error))
            return false;
    }
    return true;
}
