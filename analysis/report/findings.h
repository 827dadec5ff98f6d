/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a reader should know first, as plain sentences made from the numbers, each with its uncertainty; and when the numbers do
 * not carry a claim, a sentence that says so.
 */
#ifndef SAMORDNING_FINDINGS_H
#define SAMORDNING_FINDINGS_H

#include "page.h"
#include "roster.h"

#define FINDINGS_NAMED_MAX    3        /* actors or pairs named in one sentence */
#define FINDINGS_LEVEL        0.05     /* of q and p */
#define FINDINGS_CONFIDENCE   0.95     /* of the intervals in the results */
#define FINDINGS_Z            1.959964 /* and how many standard errors that is */
#define FINDINGS_REQUESTS_MIN 5        /* fewer answers carry no median */

/* What they are made from; tables are NULL where a family was not computed. */
struct findings {
    struct page *page;
    const struct language *language;
    const struct roster *roster;
    const struct table *graph, *centrality, *bottlenecks, *gaps, *ei, *singles;
};
struct findings findings_of(struct page *page, const struct roster *roster, const struct report_input *input);

/* Items of a list; each says at least one. */
void findings_bottlenecks(struct findings *findings);
void findings_gaps(struct findings *findings);
void findings_network(struct findings *findings); /* size and centre; that of the size is missing with the family graph */
/* The key figures; nothing without the family graph. */
void findings_figures(struct findings *findings);

#endif
