/* SPDX-License-Identifier: GPL-3.0-or-later
 * A family's computation on a snapshot: the result object, and for reports the document.
 */
#ifndef SAMORDNING_COMPUTE_H
#define SAMORDNING_COMPUTE_H

#include "progress.h"
#include "result.h"
#include "snapshot.h"

#define COMPUTATION_FORMS_MAX 4

struct computation {
    char family[64];
    char language[4]; /* empty but for reports */
    char spec_hash[33];
    char watermark[WORKER_BUILD_MAX + 80];
    struct result *result;
    char *document; /* reports */
    size_t document_size;
    const char *media_type; /* NULL without a document */
    struct computation_form {
        const char *format, *media_type; /* pdf, text, csv, xlsx */
        char *content;
        size_t size;
    } forms[COMPUTATION_FORMS_MAX]; /* what else the document is written as */
    size_t form_count;
};

/* STATUS_INVALID: there is no such family or language. */
MUST_CHECK enum status computation_init(struct computation *computation, const char *family, const char *language,
                                        struct errmsg *ret_errmsg);
/* STATUS_INVALID: the specification asks for what this family does not tell. */
MUST_CHECK enum status computation_accepts(const struct computation *computation, const struct spec *spec,
                                           struct errmsg *ret_errmsg);
/* Whether it compares with an earlier period, and with which. STATUS_INVALID: it cannot be that one. */
MUST_CHECK enum status computation_earlier(const struct computation *computation, const struct spec *spec, bool *ret_wanted,
                                           struct spec *ret_earlier, struct errmsg *ret_errmsg);
void computation_identify(struct computation *computation, const struct snapshot *snapshot);
/* The network, and whatever else the family needs. The reason of a failure, here and below, is in snapshot->database->error. */
MUST_CHECK enum status computation_read(const struct computation *computation, struct snapshot *snapshot);
struct path_share;
struct parts_memory;
/* After reading. Long path work with other workers (`share`, may be NULL). A report's families are taken from `memory` where it
 * has them, and kept there (may be NULL). */
MUST_CHECK enum status computation_run(struct computation *computation, struct snapshot *snapshot,
                                       const struct path_share *share, const struct progress *progress,
                                       struct parts_memory *memory);
void computation_release(struct computation *computation);

#endif
