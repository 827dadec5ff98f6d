/* SPDX-License-Identifier: GPL-3.0-or-later
 * The summary of a report: each of Difi's questions answered in sentences with numbers and their uncertainty, or with what is
 * missing for an answer; then the network in numbers.
 */
#ifndef SAMORDNING_SUMMARY_H
#define SAMORDNING_SUMMARY_H

#include "page.h"
#include "roster.h"

void summary_render(struct page *page, const struct roster *roster, const struct report_input *input);

#endif
