/* SPDX-License-Identifier: GPL-3.0-or-later
 * A browser without scripts, of libcurl and libxml2 (see browser.h).
 */
#include "browser.h"

#include <curl/curl.h>
#include <libxml/HTMLparser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define REDIRECTS_MAX 5
#define URL_MAX       2048

struct text {
    char *data;
    size_t size, room;
    bool failed; /* sticky */
};

struct browser {
    CURL *curl;
    struct text page, body;
    htmlDocPtr document;
    char url[URL_MAX];
    long code;
};

static void text_add(struct text *text, const char *data, size_t size, size_t limit)
{
    if (text->failed || size > limit - text->size) {
        text->failed = true;
        return;
    }
    if (text->size + size + 1 > text->room) {
        size_t room = 2 * (text->size + size + 1);
        char *larger = realloc(text->data, room);
        if (!larger) {
            text->failed = true;
            return;
        }
        text->data = larger;
        text->room = room;
    }
    if (size > 0)
        memcpy(text->data + text->size, data, size);
    text->size += size;
    text->data[text->size] = '\0';
}

static void text_clear(struct text *text)
{
    text->size = 0;
    text->failed = false;
    if (text->data)
        text->data[0] = '\0';
}

static size_t page_came(char *data, size_t one, size_t count, void *arg)
{
    struct browser *browser = arg;
    text_add(&browser->page, data, one * count, BROWSER_PAGE_MAX);
    return browser->page.failed ? 0 : one * count;
}

struct browser *browser_create(const char *authority)
{
    struct browser *browser = calloc(1, sizeof *browser);
    if (!browser || !(browser->curl = curl_easy_init())) {
        free(browser);
        return NULL;
    }
    CURL *curl = browser->curl;
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_COOKIEFILE, "");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)REDIRECTS_MAX);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)BROWSER_TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_USERAGENT, SAMORDNING_SOFTWARE " simulate");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, page_came);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, browser);
    if (authority)
        curl_easy_setopt(curl, CURLOPT_CAINFO, authority);
    return browser;
}

void browser_destroy(struct browser *browser)
{
    if (!browser)
        return;
    xmlFreeDoc(browser->document);
    curl_easy_cleanup(browser->curl);
    free(browser->page.data);
    free(browser->body.data);
    free(browser);
}

void browser_forget(struct browser *browser)
{
    curl_easy_setopt(browser->curl, CURLOPT_COOKIELIST, "ALL");
    xmlFreeDoc(browser->document);
    browser->document = NULL;
    browser->code = 0;
    browser->url[0] = '\0';
}

static enum status load(struct browser *browser, const char *url, struct errmsg *ret_errmsg)
{
    const char *effective = NULL;
    text_clear(&browser->page);
    xmlFreeDoc(browser->document);
    browser->document = NULL;
    curl_easy_setopt(browser->curl, CURLOPT_URL, url);
    CURLcode code = curl_easy_perform(browser->curl);
    if (code != CURLE_OK) {
        errmsg_set(ret_errmsg, "", "%s: %s", url, curl_easy_strerror(code));
        return STATUS_UNAVAILABLE;
    }
    curl_easy_getinfo(browser->curl, CURLINFO_RESPONSE_CODE, &browser->code);
    curl_easy_getinfo(browser->curl, CURLINFO_EFFECTIVE_URL, &effective);
    if (!effective || (size_t)snprintf(browser->url, sizeof browser->url, "%s", effective) >= sizeof browser->url) {
        errmsg_set(ret_errmsg, "", "%s leads to an address longer than %d bytes", url, URL_MAX);
        return STATUS_TOO_LARGE;
    }
    browser->document =
        htmlReadMemory(browser->page.data ? browser->page.data : "", (int)browser->page.size, browser->url, "UTF-8",
                       HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    return STATUS_OK;
}

enum status browser_open(struct browser *browser, const char *url, struct errmsg *ret_errmsg)
{
    curl_easy_setopt(browser->curl, CURLOPT_HTTPGET, 1L);
    return load(browser, url, ret_errmsg);
}

/* ------------------------------------------------------------------------------------------------ the page */

/* Copies an attribute; false: it has none, or one that does not fit. */
static bool attribute(const xmlNode *node, const char *name, char *ret_value, size_t size)
{
    xmlChar *value = xmlGetProp(node, (const xmlChar *)name);
    bool fits = value && (size_t)snprintf(ret_value, size, "%s", (const char *)value) < size;
    xmlFree(value);
    return fits;
}

static bool is_element(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcasecmp((const char *)node->name, name) == 0;
}

/* The node behind this one in the order of the document, below `top`. */
static const xmlNode *next_node(const xmlNode *node, const xmlNode *top)
{
    if (node->children && node->type == XML_ELEMENT_NODE)
        return node->children;
    while (node && node != top && !node->next)
        node = node->parent;
    return node && node != top ? node->next : NULL;
}

/* An option without a value has its text for one. */
static bool option_offered(const xmlNode *select, const char *value)
{
    bool offered = false;
    for (const xmlNode *node = select->children; node && !offered; node = next_node(node, select)) {
        if (!is_element(node, "option"))
            continue;
        xmlChar *own = xmlGetProp(node, (const xmlChar *)"value");
        if (!own)
            own = xmlNodeGetContent(node);
        offered = own && strcmp((const char *)own, value) == 0;
        xmlFree(own);
    }
    return offered;
}

/* Could a person give this control this value (NULL: any)? */
static bool control_takes(const xmlNode *node, const char *name, const char *value)
{
    char own[512], type[32] = "text";
    bool is_input = is_element(node, "input"), is_select = is_element(node, "select");
    if ((!is_input && !is_select && !is_element(node, "textarea") && !is_element(node, "button")) ||
        !attribute(node, "name", own, sizeof own) || strcmp(own, name) != 0)
        return false;
    if (!value)
        return true;
    if (is_select)
        return option_offered(node, value);
    if (is_element(node, "textarea"))
        return true;
    (void)attribute(node, "type", type, sizeof type);
    if (is_input && strcmp(type, "radio") != 0 && strcmp(type, "checkbox") != 0 && strcmp(type, "submit") != 0)
        return strcmp(type, "hidden") != 0;
    return attribute(node, "value", own, sizeof own) && strcmp(own, value) == 0;
}

static const xmlNode *find_control(const xmlNode *top, const char *name, const char *value)
{
    for (const xmlNode *node = top->children; node; node = next_node(node, top))
        if (control_takes(node, name, value))
            return node;
    return NULL;
}

bool browser_offers(const struct browser *browser, const char *name, const char *value)
{
    const xmlNode *root = browser->document ? xmlDocGetRootElement(browser->document) : NULL;
    return root && find_control(root, name, value);
}

static bool ends_with(const char *text, size_t size, const char *end)
{
    size_t wanted = strlen(end);
    return size >= wanted && memcmp(text + size - wanted, end, wanted) == 0;
}

bool browser_is_at(const struct browser *browser, const char *path)
{
    return ends_with(browser->url, strcspn(browser->url, "?#"), path);
}

static const xmlNode *find_form(const xmlNode *root, const char *action, char ret_action[URL_MAX])
{
    char method[16];
    for (const xmlNode *node = root; node; node = next_node(node, root))
        if (is_element(node, "form") && attribute(node, "method", method, sizeof method) && strcasecmp(method, "post") == 0 &&
            attribute(node, "action", ret_action, URL_MAX) && ends_with(ret_action, strlen(ret_action), action))
            return node;
    return NULL;
}

/* ------------------------------------------------------------------------------------------------- posting */

static void body_field(struct browser *browser, const char *name, const char *value)
{
    char *pair[2] = {curl_easy_escape(browser->curl, name, 0), curl_easy_escape(browser->curl, value, 0)};
    if (!pair[0] || !pair[1]) {
        browser->body.failed = true;
    } else {
        if (browser->body.size > 0)
            text_add(&browser->body, "&", 1, BROWSER_PAGE_MAX);
        text_add(&browser->body, pair[0], strlen(pair[0]), BROWSER_PAGE_MAX);
        text_add(&browser->body, "=", 1, BROWSER_PAGE_MAX);
        text_add(&browser->body, pair[1], strlen(pair[1]), BROWSER_PAGE_MAX);
    }
    curl_free(pair[0]);
    curl_free(pair[1]);
}

static void body_hidden(struct browser *browser, const xmlNode *form)
{
    char name[512], value[4096], type[32];
    for (const xmlNode *node = form->children; node; node = next_node(node, form))
        if (is_element(node, "input") && attribute(node, "type", type, sizeof type) && strcmp(type, "hidden") == 0 &&
            attribute(node, "name", name, sizeof name) && attribute(node, "value", value, sizeof value))
            body_field(browser, name, value);
}

/* The form's action as an address: it is a path, or an address of its own. */
static bool resolve(const struct browser *browser, const char *action, char ret_url[URL_MAX])
{
    CURLU *url = curl_url();
    char *whole = NULL;
    bool good = url && curl_url_set(url, CURLUPART_URL, browser->url, 0) == CURLUE_OK &&
                curl_url_set(url, CURLUPART_URL, action, 0) == CURLUE_OK &&
                curl_url_get(url, CURLUPART_URL, &whole, 0) == CURLUE_OK &&
                (size_t)snprintf(ret_url, URL_MAX, "%s", whole) < URL_MAX;
    curl_free(whole);
    curl_url_cleanup(url);
    return good;
}

enum status browser_post(struct browser *browser, const char *action, size_t count, const struct browser_field *fields,
                         struct errmsg *ret_errmsg)
{
    char own_action[URL_MAX], url[URL_MAX];
    const xmlNode *root = browser->document ? xmlDocGetRootElement(browser->document) : NULL;
    const xmlNode *form = root ? find_form(root, action, own_action) : NULL;
    if (!form || !resolve(browser, own_action, url)) {
        errmsg_set(ret_errmsg, "", "%s (%ld) has no form for %s", browser->url, browser->code, action);
        return STATUS_NOT_FOUND;
    }
    text_clear(&browser->body);
    body_hidden(browser, form);
    for (size_t i = 0; i < count; i++) {
        if (!find_control(form, fields[i].name, fields[i].value)) {
            errmsg_set(ret_errmsg, fields[i].name, "%s does not offer the value \"%s\"", browser->url, fields[i].value);
            return STATUS_NOT_FOUND;
        }
        body_field(browser, fields[i].name, fields[i].value);
    }
    if (browser->body.failed)
        return STATUS_NO_MEMORY;
    curl_easy_setopt(browser->curl, CURLOPT_POST, 1L);
    curl_easy_setopt(browser->curl, CURLOPT_POSTFIELDSIZE, (long)browser->body.size);
    curl_easy_setopt(browser->curl, CURLOPT_POSTFIELDS, browser->body.data);
    return load(browser, url, ret_errmsg);
}

long browser_code(const struct browser *browser)
{
    return browser->code;
}

const char *browser_url(const struct browser *browser)
{
    return browser->url;
}
