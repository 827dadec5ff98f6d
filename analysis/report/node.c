/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading a report's document, and finding things in it.
 */
#include "node.h"

#include <glib.h>
#include <libxml/parser.h>
#include <limits.h>
#include <string.h>

xmlDoc *node_document(const char *html, size_t size)
{
    return size < INT_MAX ? xmlReadMemory(html, (int)size, "report.html", NULL,
                                          XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NOERROR | XML_PARSE_NOWARNING)
                          : NULL;
}

bool node_is(const xmlNode *node, const char *tag)
{
    return node && node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, tag) == 0;
}

char *node_attribute(const xmlNode *node, const char *name)
{
    xmlChar *value = xmlGetProp(node, BAD_CAST name);
    char *copy = value ? g_strdup((const char *)value) : NULL;
    xmlFree(value);
    return copy;
}

bool node_attribute_is(const xmlNode *node, const char *name, const char *value)
{
    xmlChar *own = xmlGetProp(node, BAD_CAST name);
    bool same = own && strcmp((const char *)own, value) == 0;
    xmlFree(own);
    return same;
}

bool node_has_class(const xmlNode *node, const char *name)
{
    char *classes = node_attribute(node, "class");
    size_t length = strlen(name);
    bool found = false;
    for (const char *at = classes; at && (at = strstr(at, name)) && !found; at += length)
        found = (at == classes || at[-1] == ' ') && (at[length] == ' ' || !at[length]);
    g_free(classes);
    return found;
}

xmlNode *node_first(xmlNode *node, const char *tag)
{
    for (xmlNode *at = node ? node->children : NULL; at; at = at->next)
        if (node_is(at, tag))
            return at;
    return NULL;
}
