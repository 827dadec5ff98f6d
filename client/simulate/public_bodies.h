/* SPDX-License-Identifier: GPL-3.0-or-later
 * The ministries and some of their agencies, with real names and organisation numbers: the register of the sample year.
 */
#ifndef SAMORDNING_PUBLIC_BODIES_H
#define SAMORDNING_PUBLIC_BODIES_H

#include <stdbool.h>
#include <stdint.h>

#define PUBLIC_BODIES_MAX 64 /* sets of bodies are bits of one word */
#define PUBLIC_BODY_NONE  UINT8_MAX

struct public_body {
    const char *orgnr;
    const char *abbreviation; /* empty = none in use */
    const char *name_nb;
    const char *name_nn;
    const char *name_en;
    const char *parent;        /* abbreviation of the ministry; empty for ministries */
    const char *parent_before; /* the ministry before the parent was founded; empty = the same */
    const char *sector;        /* ministries only: an agency belongs to its ministry's sector */
    const char *mail_domain;
    const char *loose_spelling; /* how people write it that no register knows; empty = none */
    int founded;                /* year; 0 = before any year simulated */
    double activity;            /* how often it takes part, compared with others */
};

/* Changes that made bodies above of others, before the years in which these take part. */
struct public_reorganisation {
    const char *date;           /* the first day after it */
    const char *change;         /* as in the register's records */
    const char *before, *after; /* lists of organisation numbers, after with shares */
    struct public_body former;  /* ended with it and is in no interaction; orgnr NULL = nobody ended */
    const char *former_from;    /* its first day; empty = before any year simulated */
    const char *source;
};

extern const struct public_body public_bodies[];
extern const struct public_reorganisation public_reorganisations[];
extern const unsigned public_reorganisation_count;
extern const unsigned public_body_count;

bool public_body_is_ministry(unsigned index);
bool public_body_exists(unsigned index, int year);
unsigned public_body_ministry(unsigned index, int year); /* itself, or the ministry above it in that year */
const char *public_body_sector(unsigned index, int year);
unsigned public_body_find(const char *text); /* abbreviation or organisation number; PUBLIC_BODY_NONE = unknown */

#endif
