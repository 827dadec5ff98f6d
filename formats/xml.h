/* SPDX-License-Identifier: GPL-3.0-or-later
 * An XML document, written as it goes.
 */
#ifndef SAMORDNING_XML_H
#define SAMORDNING_XML_H

#include <stdbool.h>
#include <stdio.h>

struct _xmlTextWriter;
struct xml {
    struct _xmlTextWriter *writer;
    bool failed; /* sticky: everything after it is a no-op */
};

void xml_open(struct xml *xml, FILE *file);
void xml_begin(struct xml *xml, const char *element);
void xml_end(struct xml *xml);
/* Characters that XML cannot hold (control characters) become U+FFFD. */
void xml_attribute(struct xml *xml, const char *name, const char *value);
void xml_text(struct xml *xml, const char *text);
void xml_element(struct xml *xml, const char *element, const char *text);
/* Ends what is open. False: something was lost. The file stays open. */
bool xml_close(struct xml *xml);

#endif
