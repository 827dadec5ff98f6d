/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a PDF file says to those who do not see it, counted object by object.
 */
#ifndef SAMORDNING_PAPER_AUDIT_H
#define SAMORDNING_PAPER_AUDIT_H

#include <stddef.h>

struct paper_audit {
    char language[16];
    size_t figures, figures_told;             /* with a text alternative of more than a word */
    size_t header_cells, header_cells_scoped; /* TH elements, and those with a scope */
    size_t pages, pages_marked;               /* whose content is nowhere outside of a tag or an artifact */
};

struct paper_audit paper_audit(const char *bytes, size_t size); /* of a PDF */

#endif
