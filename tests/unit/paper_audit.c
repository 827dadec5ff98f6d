/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reads the objects of a PDF file through qpdf.
 */
#include "paper_audit.h"

#include <check.h>
#include <qpdf/qpdf-c.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool name_is(qpdf_data pdf, qpdf_oh dictionary, const char *key, const char *name)
{
    qpdf_oh value = qpdf_oh_get_key(pdf, dictionary, key);
    return qpdf_oh_is_name(pdf, value) && strcmp(qpdf_oh_get_name(pdf, value), name) == 0;
}

static void element_count(qpdf_data pdf, qpdf_oh object, struct paper_audit *audit)
{
    if (name_is(pdf, object, "/S", "/Figure")) {
        audit->figures++;
        audit->figures_told += qpdf_oh_has_key(pdf, object, "/Alt") &&
                               strchr(qpdf_oh_get_utf8_value(pdf, qpdf_oh_get_key(pdf, object, "/Alt")), ' ') != NULL;
    }
    if (name_is(pdf, object, "/S", "/TH")) {
        audit->header_cells++;
        audit->header_cells_scoped +=
            qpdf_oh_has_key(pdf, object, "/A") && qpdf_oh_has_key(pdf, qpdf_oh_get_key(pdf, object, "/A"), "/Scope");
    }
}

/* Lines outside of marked content hold nothing that paints. */
static bool is_marked(char *content)
{
    static const char *const painting[] = {"f", "f*", "S", "B", "Do", "TJ", "Tj", "BT"};
    int depth = 0;
    for (char *line = content, *end; *line && (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = 0;
        size_t length = (size_t)(end - line);
        if (line[0] == '/' && length > 4 && (strcmp(end - 4, " BDC") == 0 || strcmp(end - 4, " BMC") == 0))
            depth++;
        else if (strcmp(line, "EMC") == 0)
            depth--;
        const char *operator= strrchr(line, ' ') ? strrchr(line, ' ') + 1 : line;
        for (size_t i = 0; depth == 0 && i < sizeof painting / sizeof painting[0]; i++)
            if (strcmp(operator, painting[i]) == 0)
                return false;
    }
    return depth == 0;
}

struct paper_audit paper_audit(const char *bytes, size_t size)
{
    struct paper_audit audit = {.figures = 0};
    qpdf_data pdf = qpdf_init();
    ck_assert_int_eq(qpdf_read_memory(pdf, "report.pdf", bytes, size, NULL), QPDF_SUCCESS);
    qpdf_oh root = qpdf_get_root(pdf), language = qpdf_oh_get_key(pdf, root, "/Lang");
    ck_assert(qpdf_oh_is_string(pdf, language));
    snprintf(audit.language, sizeof audit.language, "%s", qpdf_oh_get_string_value(pdf, language));
    int count = qpdf_oh_get_int_value_as_int(pdf, qpdf_oh_get_key(pdf, qpdf_get_trailer(pdf), "/Size"));
    for (int id = 1; id < count; id++) {
        qpdf_oh object = qpdf_get_object_by_id(pdf, id, 0);
        if (qpdf_oh_is_dictionary(pdf, object))
            element_count(pdf, object, &audit);
    }
    audit.pages = (size_t)qpdf_get_num_pages(pdf);
    for (size_t i = 0; i < audit.pages; i++) {
        unsigned char *content;
        size_t length;
        ck_assert_int_eq(qpdf_oh_get_page_content_data(pdf, qpdf_get_page_n(pdf, i), &content, &length), QPDF_SUCCESS);
        char *text = calloc(1, length + 2);
        memcpy(text, content, length);
        text[length] = '\n';
        audit.pages_marked += is_marked(text);
        free(text);
        free(content);
    }
    qpdf_cleanup(&pdf);
    return audit;
}
