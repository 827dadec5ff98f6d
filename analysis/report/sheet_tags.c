/* SPDX-License-Identifier: GPL-3.0-or-later
 * Completes the tags of a PDF through qpdf. cairo 1.16 writes the tree of structure elements, but neither their attributes nor
 * the document's language, and leaves what is no content unmarked.
 */
#include "sheet.h"

#include <pthread.h>
#include <qpdf/qpdf-c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define DEPTH_MAX   64
#define COMPRESSION 4 /* of zlib: three hundredths more bytes than 6, in half of the time */

struct tagging {
    qpdf_data pdf;
    const GArray *elements;
    guint next;   /* element the tree's next one must be */
    bool differs; /* from what was begun */
};

static void put_text(qpdf_data pdf, qpdf_oh dictionary, const char *key, const char *text)
{
    qpdf_oh_replace_key(pdf, dictionary, key, qpdf_oh_new_unicode_string(pdf, text));
}

static void element_complete(struct tagging *tagging, qpdf_oh element, const char *tag)
{
    qpdf_data pdf = tagging->pdf;
    if (tagging->next >= tagging->elements->len) {
        tagging->differs = true;
        return;
    }
    const struct sheet_element *begun = &g_array_index(tagging->elements, struct sheet_element, tagging->next++);
    if (tag[0] != '/' || strcmp(tag + 1, begun->tag) != 0)
        tagging->differs = true;
    if (begun->alternative)
        put_text(pdf, element, "/Alt", begun->alternative);
    if (begun->language)
        put_text(pdf, element, "/Lang", begun->language);
    if (begun->scope)
        qpdf_oh_replace_key(
            pdf, element, "/A",
            qpdf_oh_parse(pdf, begun->scope == 'c' ? "<< /O /Table /Scope /Column >>" : "<< /O /Table /Scope /Row >>"));
}

/* Elements in the order of the tree, which is that of their beginnings. */
static void walk(struct tagging *tagging, qpdf_oh kids, int depth)
{
    qpdf_data pdf = tagging->pdf;
    bool many = qpdf_oh_is_array(pdf, kids);
    int count = many ? qpdf_oh_get_array_n_items(pdf, kids) : 1;
    for (int i = 0; i < count && depth < DEPTH_MAX; i++) {
        qpdf_oh kid = many ? qpdf_oh_get_array_item(pdf, kids, i) : kids;
        if (qpdf_oh_is_dictionary(pdf, kid) && qpdf_oh_has_key(pdf, kid, "/S")) {
            qpdf_oh name = qpdf_oh_get_key(pdf, kid, "/S"), below = qpdf_oh_get_key(pdf, kid, "/K");
            element_complete(tagging, kid, qpdf_oh_get_name(pdf, name));
            walk(tagging, below, depth + 1);
            qpdf_oh_release(pdf, name);
            qpdf_oh_release(pdf, below);
        }
        if (many)
            qpdf_oh_release(pdf, kid);
    }
}

/* --------------------------------------------------------------------------------------------------------- artifacts */
/* What cairo writes outside of tags, such as rules and page numbers, is marked as no content. cairo's operators of marked
 * content stand on lines of their own. */
static GByteArray *artifacts_mark(const char *content, size_t size)
{
    static const char begin[] = "/Artifact BMC\n", end[] = "EMC\n";
    GByteArray *marked = g_byte_array_sized_new((guint)size + 4096);
    bool within = false, continued = false;
    int depth = 0;
    for (const char *at = content, *past = content + size; at < past;) {
        const char *newline = memchr(at, '\n', (size_t)(past - at));
        size_t length = newline ? (size_t)(newline - at) + 1 : (size_t)(past - at), bare = length - (newline != NULL);
        bool opens = !continued && bare > 4 && at[0] == '/' && memcmp(at + bare - 4, " BDC", 4) == 0;
        bool closes = !continued && bare == 3 && memcmp(at, "EMC", 3) == 0, blank = bare == 0;
        if (opens && depth++ == 0 && within) {
            g_byte_array_append(marked, (const guint8 *)end, sizeof end - 1);
            within = false;
        }
        if (depth == 0 && !within && !blank) {
            g_byte_array_append(marked, (const guint8 *)begin, sizeof begin - 1);
            within = true;
        }
        g_byte_array_append(marked, (const guint8 *)at, (guint)length);
        depth -= closes && depth > 0;
        continued = bare > 0 && at[bare - 1] == '\\';
        at += length;
    }
    if (within)
        g_byte_array_append(marked, (const guint8 *)end, sizeof end - 1);
    return marked;
}

/* The pages' contents, and a thread that compresses them while the tags are completed: qpdf would do it one after the other
 * when it writes. */
struct contents {
    GByteArray **pages; /* marked, then compressed */
    int count;
    bool failed;
    pthread_t thread;
    bool beside;
};

static bool content_compress(GByteArray **page)
{
    uLongf size = compressBound((*page)->len);
    GByteArray *compressed = g_byte_array_sized_new((guint)size);
    g_byte_array_set_size(compressed, (guint)size);
    bool done = compress2(compressed->data, &size, (*page)->data, (*page)->len, COMPRESSION) == Z_OK;
    g_byte_array_set_size(compressed, (guint)size);
    g_byte_array_free(*page, TRUE);
    *page = compressed;
    return done;
}

static void *contents_compress(void *arg)
{
    struct contents *contents = arg;
    for (int i = 0; i < contents->count && !contents->failed; i++)
        contents->failed = !content_compress(&contents->pages[i]);
    return NULL;
}

static bool contents_begin(qpdf_data pdf, struct contents *contents)
{
    int count = qpdf_get_num_pages(pdf);
    *contents = (struct contents){.pages = g_new0(GByteArray *, (gsize)count)};
    for (; contents->count < count; contents->count++) {
        unsigned char *content = NULL;
        size_t size = 0;
        qpdf_oh page = qpdf_get_page_n(pdf, (size_t)contents->count), stream = qpdf_oh_get_key(pdf, page, "/Contents");
        if (!qpdf_oh_is_stream(pdf, stream) || (qpdf_oh_get_page_content_data(pdf, page, &content, &size) & QPDF_ERRORS) ||
            !content)
            return false;
        contents->pages[contents->count] = artifacts_mark((const char *)content, size);
        free(content);
        qpdf_oh_release(pdf, stream);
        qpdf_oh_release(pdf, page);
    }
    contents->beside = pthread_create(&contents->thread, NULL, contents_compress, contents) == 0;
    if (!contents->beside)
        contents_compress(contents);
    return true;
}

static void contents_join(struct contents *contents)
{
    if (contents->beside)
        pthread_join(contents->thread, NULL);
    contents->beside = false;
}

static bool contents_put(qpdf_data pdf, struct contents *contents)
{
    contents_join(contents);
    for (int i = 0; i < contents->count && !contents->failed; i++) {
        qpdf_oh page = qpdf_get_page_n(pdf, (size_t)i), stream = qpdf_oh_get_key(pdf, page, "/Contents");
        qpdf_oh_replace_stream_data(pdf, stream, contents->pages[i]->data, contents->pages[i]->len,
                                    qpdf_oh_new_name(pdf, "/FlateDecode"), qpdf_oh_new_null(pdf));
        qpdf_oh_replace_key(pdf, page, "/Tabs", qpdf_oh_new_name(pdf, "/S")); /* links in the order of the tags */
        qpdf_oh_release(pdf, stream);
        qpdf_oh_release(pdf, page);
    }
    return !contents->failed;
}

static void contents_release(struct contents *contents)
{
    contents_join(contents);
    for (int i = 0; i < contents->count; i++)
        g_byte_array_free(contents->pages[i], TRUE);
    g_free(contents->pages);
}

/* ------------------------------------------------------------------------------------------------- the document itself */
static void metadata_put(qpdf_data pdf, qpdf_oh root, const char *title, const char *language, const char *author)
{
    char *safe_title = g_markup_escape_text(title, -1), *safe_author = g_markup_escape_text(author ? author : "", -1);
    char *creator =
        author ? g_strdup_printf("<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>", safe_author) : g_strdup("");
    char *xmp = g_strdup_printf(
        "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
        "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
        "xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\"><pdfuaid:part>1</pdfuaid:part>"
        "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">%s</rdf:li></rdf:Alt></dc:title>%s"
        "<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>",
        safe_title, creator, language);
    qpdf_oh stream = qpdf_oh_new_stream(pdf), dictionary = qpdf_oh_get_dict(pdf, stream);
    qpdf_oh_replace_key(pdf, dictionary, "/Type", qpdf_oh_new_name(pdf, "/Metadata"));
    qpdf_oh_replace_key(pdf, dictionary, "/Subtype", qpdf_oh_new_name(pdf, "/XML"));
    qpdf_oh_replace_stream_data(pdf, stream, (const unsigned char *)xmp, strlen(xmp), qpdf_oh_new_null(pdf),
                                qpdf_oh_new_null(pdf));
    qpdf_oh_replace_key(pdf, root, "/Metadata", stream);
    g_free(safe_title);
    g_free(safe_author);
    g_free(creator);
    g_free(xmp);
}

static void document_complete(qpdf_data pdf, qpdf_oh root, const char *title, const char *language, const char *author)
{
    qpdf_oh trailer = qpdf_get_trailer(pdf), information = qpdf_oh_new_dictionary(pdf);
    put_text(pdf, information, "/Title", title);
    if (author)
        put_text(pdf, information, "/Author", author);
    put_text(pdf, information, "/Creator", SAMORDNING_SOFTWARE);
    qpdf_oh_replace_key(pdf, trailer, "/Info",
                        qpdf_make_indirect_object(pdf, information)); /* without a time: same input, same bytes */
    qpdf_oh_replace_key(pdf, root, "/Lang", qpdf_oh_new_string(pdf, language));
    qpdf_oh_replace_key(pdf, root, "/MarkInfo", qpdf_oh_parse(pdf, "<< /Marked true >>"));
    qpdf_oh_replace_key(pdf, root, "/ViewerPreferences", qpdf_oh_parse(pdf, "<< /DisplayDocTitle true >>"));
    metadata_put(pdf, root, title, language, author);
}

static bool file_write(qpdf_data pdf, char **ret_pdf, size_t *ret_size)
{
    if (qpdf_init_write_memory(pdf) & QPDF_ERRORS)
        return false;
    qpdf_set_deterministic_ID(pdf, QPDF_TRUE);
    qpdf_set_object_stream_mode(pdf, qpdf_o_generate);
    qpdf_set_minimum_pdf_version(pdf, "1.7");
    if (qpdf_write(pdf) & QPDF_ERRORS)
        return false;
    size_t size = qpdf_get_buffer_length(pdf);
    char *copy = size ? malloc(size) : NULL;
    if (!copy)
        return false;
    memcpy(copy, qpdf_get_buffer(pdf), size);
    *ret_pdf = copy;
    *ret_size = size;
    return true;
}

bool sheet_tags(const struct sheet *sheet, const char *title, const char *language, const char *author, char **ret_pdf,
                size_t *ret_size, char ret_error[400])
{
    qpdf_data pdf = qpdf_init();
    qpdf_silence_errors(pdf);
    qpdf_set_suppress_warnings(pdf, QPDF_TRUE);
    struct tagging tagging = {.pdf = pdf, .elements = sheet->elements};
    struct contents contents = {0};
    bool done = !(qpdf_read_memory(pdf, "report", (const char *)sheet->bytes->data, sheet->bytes->len, NULL) & QPDF_ERRORS);
    done = done && contents_begin(pdf, &contents);
    if (done) {
        qpdf_oh root = qpdf_get_root(pdf), tree = qpdf_oh_get_key(pdf, root, "/StructTreeRoot");
        walk(&tagging, qpdf_oh_get_key(pdf, tree, "/K"), 0);
        done = !tagging.differs && tagging.next == sheet->elements->len;
        if (!done)
            snprintf(ret_error, 400, "the tags of the file are not those that were begun, from the %uth on", tagging.next);
        if (done)
            document_complete(pdf, root, title, language, author);
        done = done && contents_put(pdf, &contents) && file_write(pdf, ret_pdf, ret_size);
    }
    if (!done && !ret_error[0])
        snprintf(ret_error, 400, "%s",
                 qpdf_has_error(pdf) ? qpdf_get_error_full_text(pdf, qpdf_get_error(pdf)) : "the tags cannot be written");
    contents_release(&contents);
    qpdf_cleanup(&pdf);
    return done;
}
