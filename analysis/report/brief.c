/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reads the document of a report and writes its summary as lines of text.
 */
#include "brief.h"

#include "node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t letters_of(const char *word, size_t length)
{
    size_t letters = 0;
    for (size_t i = 0; i < length; i++)
        letters += ((unsigned char)word[i] & 0xc0) != 0x80;
    return letters;
}

/* The words of a node in lines; the first begins with `first`, the others with `rest`. Blanks that may not break are no end of
 * a word. */
static void lines_write(FILE *file, xmlNode *node, const char *first, const char *rest)
{
    xmlChar *content = xmlNodeGetContent(node);
    size_t column = 0;
    for (const char *at = (const char *)content; at && *(at += strspn(at, " \t\r\n"));) {
        size_t length = strcspn(at, " \t\r\n"), letters = letters_of(at, length);
        if (column == 0) {
            fputs(first, file);
            column = letters_of(first, strlen(first));
        } else if (column + 1 + letters > BRIEF_WIDTH) {
            fprintf(file, "\n%s", rest);
            column = letters_of(rest, strlen(rest));
        } else {
            fputc(' ', file);
            column++;
        }
        fwrite(at, 1, length, file);
        column += letters;
        at += length;
    }
    if (column)
        fputc('\n', file);
    xmlFree(content);
}

static void underline(FILE *file, xmlNode *node, char mark)
{
    xmlChar *content = xmlNodeGetContent(node);
    size_t letters = content ? letters_of((const char *)content, strlen((const char *)content)) : 0;
    for (size_t i = 0; i < letters && i < BRIEF_WIDTH; i++)
        fputc(mark, file);
    fputc('\n', file);
    xmlFree(content);
}

static void terms_write(FILE *file, xmlNode *list)
{
    for (xmlNode *at = list->children; at; at = at->next) {
        xmlChar *term = node_first(at, "dt") ? xmlNodeGetContent(node_first(at, "dt")) : NULL;
        xmlChar *value = node_first(at, "dd") ? xmlNodeGetContent(node_first(at, "dd")) : NULL;
        if (term && value)
            fprintf(file, "%s: %s\n", (const char *)term, (const char *)value);
        xmlFree(term);
        xmlFree(value);
    }
}

static void blocks_write(FILE *file, xmlNode *first)
{
    for (xmlNode *at = first; at; at = at->next) {
        if (node_is(at, "h1") || node_is(at, "h2")) {
            fputc('\n', file);
            lines_write(file, at, "", "");
            underline(file, at, node_is(at, "h1") ? '=' : '-');
        } else if (node_is(at, "h3") || node_is(at, "h4")) {
            fputc('\n', file);
            lines_write(file, at, "", "");
        } else if (node_is(at, "p")) {
            lines_write(file, at, "", "");
        } else if (node_is(at, "li")) {
            lines_write(file, at, "- ", "  ");
        } else if (node_is(at, "dl")) {
            fputc('\n', file);
            terms_write(file, at);
        } else if (node_is(at, "ul") || node_is(at, "div") || (node_is(at, "section") && !node_attribute_is(at, "id", "map")) ||
                   node_is(at, "blockquote")) {
            blocks_write(file, at->children);
        }
    }
}

bool brief_render(const char *html, size_t size, char **ret_text, size_t *ret_size, char ret_error[400])
{
    xmlDoc *document = node_document(html, size);
    xmlNode *root = document ? xmlDocGetRootElement(document) : NULL, *body = node_first(root, "body");
    if (!body) {
        snprintf(ret_error, 400, "brief: the document is not well-formed");
        xmlFreeDoc(document);
        return false;
    }
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    if (file) {
        xmlNode *header = node_first(body, "header"), *main = node_first(body, "main");
        blocks_write(file, header ? header->children : NULL);
        for (xmlNode *at = main ? main->children : NULL; at; at = at->next)
            if (node_is(at, "section") && (node_attribute_is(at, "id", "summary") || node_attribute_is(at, "id", "comments")))
                blocks_write(file, at->children);
        xmlNode *footer = node_first(body, "footer");
        fputs("\n--\n", file);
        blocks_write(file, footer ? footer->children : NULL);
    }
    bool done = file && fclose(file) == 0;
    xmlFreeDoc(document);
    if (!done) {
        free(text);
        snprintf(ret_error, 400, "brief: out of memory");
        return false;
    }
    size_t blank = strspn(text, "\n");
    memmove(text, text + blank, length - blank + 1);
    *ret_text = text;
    *ret_size = length - blank;
    return true;
}
