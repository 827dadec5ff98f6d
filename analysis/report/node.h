/* SPDX-License-Identifier: GPL-3.0-or-later
 * The document of a report as a tree, for those who write it in another form: as pages, as lines.
 */
#ifndef SAMORDNING_NODE_H
#define SAMORDNING_NODE_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

/* `html` as report_render() made it; nothing is loaded from elsewhere. To be freed with xmlFreeDoc. NULL: it is not
 * well-formed.
 */
xmlDoc *node_document(const char *html, size_t size);

bool node_is(const xmlNode *node, const char *tag);
bool node_has_class(const xmlNode *node, const char *name);
bool node_attribute_is(const xmlNode *node, const char *name, const char *value);
char *node_attribute(const xmlNode *node, const char *name); /* g_free; NULL = none */
xmlNode *node_first(xmlNode *node, const char *tag);         /* among its children */

#endif
