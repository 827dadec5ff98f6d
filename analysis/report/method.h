/* SPDX-License-Identifier: GPL-3.0-or-later
 * How the numbers of a report were made, from the metric cards, and how to make them again.
 */
#ifndef SAMORDNING_METHOD_H
#define SAMORDNING_METHOD_H

#include "page.h"
#include "report.h"
#include "spec.h"

/* `spec` is NULL when no card carries a readable one. */
void method_render(struct page *page, const struct report_input *input, const struct spec *spec);
/* The period as a reader says it: "2014", or "1 March 2014 to 31 May 2014". */
void method_period(const struct language *language, const struct spec *spec, char ret_text[200]);

/* What every column of every result means: the last part of the appendix. */
void method_definitions(struct page *page, const struct report_input *input);

#endif
