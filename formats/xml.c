/* SPDX-License-Identifier: GPL-3.0-or-later
 * libxml2's writer over a stream, with a sticky error. */
#include "xml.h"

#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

static const xmlChar *x(const char *text)
{
    return (const xmlChar *)text;
}

void xml_open(struct xml *xml, FILE *file)
{
    *xml = (struct xml){0};
    xmlOutputBuffer *buffer = xmlOutputBufferCreateFile(file, NULL);
    xml->writer = buffer ? xmlNewTextWriter(buffer) : NULL;
    if (buffer && !xml->writer)
        xmlOutputBufferClose(buffer);
    xml->failed = !xml->writer || xmlTextWriterSetIndent(xml->writer, 1) < 0 ||
                  xmlTextWriterStartDocument(xml->writer, NULL, "UTF-8", NULL) < 0;
}

void xml_begin(struct xml *xml, const char *element)
{
    xml->failed = xml->failed || xmlTextWriterStartElement(xml->writer, x(element)) < 0;
}

void xml_end(struct xml *xml)
{
    xml->failed = xml->failed || xmlTextWriterEndElement(xml->writer) < 0;
}

static bool is_forbidden(char c)
{
    return (unsigned char)c < ' ' && c != '\t' && c != '\n' && c != '\r';
}

/* NULL: nothing is forbidden in it, or out of memory (then failed). */
static char *replace_forbidden(struct xml *xml, const char *text)
{
    size_t count = 0;
    for (const char *at = text; *at; at++)
        count += is_forbidden(*at);
    if (count == 0)
        return NULL;
    char *copy = malloc(strlen(text) + 2 * count + 1), *to = copy;
    xml->failed = xml->failed || !copy;
    for (const char *at = text; copy && *at; at++) {
        if (is_forbidden(*at)) {
            memcpy(to, "\xef\xbf\xbd", 3);
            to += 3;
        } else {
            *to++ = *at;
        }
    }
    if (copy)
        *to = '\0';
    return copy;
}

void xml_attribute(struct xml *xml, const char *name, const char *value)
{
    char *copy = replace_forbidden(xml, value);
    xml->failed = xml->failed || xmlTextWriterWriteAttribute(xml->writer, x(name), x(copy ? copy : value)) < 0;
    free(copy);
}

void xml_text(struct xml *xml, const char *text)
{
    char *copy = replace_forbidden(xml, text);
    xml->failed = xml->failed || xmlTextWriterWriteString(xml->writer, x(copy ? copy : text)) < 0;
    free(copy);
}

void xml_element(struct xml *xml, const char *element, const char *text)
{
    xml_begin(xml, element);
    xml_text(xml, text);
    xml_end(xml);
}

bool xml_close(struct xml *xml)
{
    bool good = !xml->failed && xmlTextWriterEndDocument(xml->writer) >= 0 && xmlTextWriterFlush(xml->writer) >= 0;
    xmlFreeTextWriter(xml->writer);
    xml->writer = NULL;
    return good;
}
