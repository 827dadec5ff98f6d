/* SPDX-License-Identifier: GPL-3.0-or-later
 * The appendix of a report: the tables of everybody behind the sections' tables of those who stand out, and what every column
 * means. Every column of every table is in the annex (analysis/worker/annex.h).
 */
#ifndef SAMORDNING_APPENDIX_H
#define SAMORDNING_APPENDIX_H

#include "page.h"
#include "roster.h"

void appendix_render(struct page *page, const struct roster *roster, const struct report_input *input);

#endif
