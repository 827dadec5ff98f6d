/* SPDX-License-Identifier: GPL-3.0-or-later
 * The report: golden files in three languages, well-formedness, the structure that makes it accessible, hostile names, missing
 * tables.
 *
 * SAMORDNING_UPDATE_GOLDEN=1 writes the golden files anew.
 */
#include "report_fixture.h"
#include "sections.h"
#include "style.h"

#include <check.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const languages[] = {"nb", "nn", "en"};

static xmlDoc *parse(const char *html)
{
    xmlDoc *document = xmlReadMemory(html, (int)strlen(html), "report.html", NULL, XML_PARSE_NONET);
    ck_assert_msg(document != NULL, "the report is not well-formed");
    return document;
}

/* Number of nodes an XPath expression finds; h: is XHTML, s: is SVG. */
static int found(xmlDoc *document, const char *expression)
{
    xmlXPathContext *context = xmlXPathNewContext(document);
    xmlXPathRegisterNs(context, BAD_CAST "h", BAD_CAST "http://www.w3.org/1999/xhtml");
    xmlXPathRegisterNs(context, BAD_CAST "s", BAD_CAST "http://www.w3.org/2000/svg");
    xmlXPathObject *object = xmlXPathEvalExpression(BAD_CAST expression, context);
    ck_assert_msg(object != NULL, "XPath: %s", expression);
    int count = object->nodesetval ? object->nodesetval->nodeNr : 0;
    xmlXPathFreeObject(object);
    xmlXPathFreeContext(context);
    return count;
}

static char *file_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *text = calloc(1, 1 << 20);
    size_t size = fread(text, 1, (1 << 20) - 1, file);
    fclose(file);
    text[size] = 0;
    return text;
}

/* The version of the software is the only thing in a report that changes with a release. */
static void version_out(char *text)
{
    static const char software[] = SAMORDNING_SOFTWARE;
    for (char *at = text; (at = strstr(at, software)) != NULL;) {
        memmove(at + 2, at + sizeof software - 1, strlen(at + sizeof software - 1) + 1);
        at[0] = '@';
        at[1] = '@';
    }
}

START_TEST(the_report_is_what_it_was)
{
    struct report_fixture fixture;
    char path[600];
    report_fixture_init(&fixture);
    char *html = report_fixture_render(&fixture.input, languages[_i]);
    version_out(html);
    snprintf(path, sizeof path, "%s/ministries.%s.html", GOLDEN, languages[_i]);
    if (getenv("SAMORDNING_UPDATE_GOLDEN")) {
        FILE *file = fopen(path, "wb");
        ck_assert_ptr_nonnull(file);
        fputs(html, file);
        fclose(file);
    }
    char *golden = file_read(path);
    ck_assert_msg(golden != NULL, "%s is missing", path);
    size_t same = 0;
    while (html[same] && html[same] == golden[same])
        same++;
    ck_assert_msg(html[same] == golden[same], "differs from %s at byte %zu:\nis:  %.120s\nwas: %.120s", path, same, html + same,
                  golden + same);
    free(golden);
    free(html);
    report_fixture_release(&fixture);
}
END_TEST

static int heading_level(const xmlNode *node)
{
    const char *name = (const char *)node->name;
    return node->type == XML_ELEMENT_NODE && name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && !name[2] ? name[1] - '0' : 0;
}

/* Headings in document order; a level may go down by any number but up by one only. */
static int headings_check(const xmlNode *node, int last)
{
    for (; node; node = node->next) {
        int level = heading_level(node);
        if (level) {
            ck_assert_msg(level <= last + 1, "heading level %d after %d", level, last);
            last = level;
        }
        last = headings_check(node->children, last);
    }
    return last;
}

START_TEST(the_structure_is_accessible)
{
    struct report_fixture fixture;
    char language[64];
    report_fixture_init(&fixture);
    char *html = report_fixture_render(&fixture.input, languages[_i]);
    xmlDoc *document = parse(html);
    snprintf(language, sizeof language, "/h:html[@lang='%s' and @xml:lang='%s']", languages[_i], languages[_i]);
    ck_assert_int_eq(found(document, language), 1);
    ck_assert_int_eq(found(document, "/h:html/h:head/h:title[string-length(.) > 5]"), 1);
    ck_assert_int_eq(found(document, "//h:h1"), 1);
    ck_assert_int_eq(found(document, "//h:main"), 1);
    headings_check(xmlDocGetRootElement(document), 0);
    /* skip link: the first link of the page, and its target is there */
    ck_assert_int_eq(found(document, "(//h:a)[1][@class='skip' and @href='#main']"), 1);
    ck_assert_int_eq(found(document, "//h:a[starts-with(@href, '#') and not(//@id = substring(@href, 2))]"), 0);
    ck_assert_int_eq(found(document, "//h:a[not(starts-with(@href, '#'))]"), 0);
    /* every id once, every reference resolved */
    ck_assert_int_eq(found(document, "//*[@id = (preceding::*/@id | ancestor::*/@id)]"), 0);
    ck_assert_int_eq(found(document, "//h:*[@aria-labelledby and not(//@id = @aria-labelledby)]"), 0);
    /* every picture has a text: a title and a description, or is hidden because the text stands beside it */
    ck_assert_int_ge(found(document, "//s:svg"), 6);
    ck_assert_int_eq(
        found(document,
              "//s:svg[not(@aria-hidden='true') and not(@role='img' and s:title[@id] and s:desc[string-length(.) > 20])]"),
        0);
    ck_assert_int_eq(found(document, "//h:figure[not(h:figcaption)]"), 0);
    ck_assert_int_eq(found(document, "//h:img | //h:script | //h:link | //h:iframe | //h:object | //@src | //@onclick"), 0);
    /* every table: caption first, header cells with scope, as many cells in every row as in its head */
    ck_assert_int_ge(found(document, "//h:table"), 8);
    ck_assert_int_eq(found(document, "//h:table[not(*[1][self::h:caption][string-length(.) > 5])]"), 0);
    ck_assert_int_eq(found(document, "//h:th[not(@scope)]"), 0);
    ck_assert_int_eq(found(document, "//h:table[h:tbody/h:tr[count(*) != count(ancestor::h:table/h:thead/h:tr/*)]]"), 0);
    ck_assert_int_eq(found(document, "//h:tbody/h:tr[not(h:th[@scope='row'])]"), 0);
    ck_assert_int_eq(found(document, "//h:ul[not(h:li)] | //h:dl[not(*)]"), 0);
    xmlFreeDoc(document);
    ck_assert_ptr_null(strstr(html, "url("));
    ck_assert_ptr_null(strstr(html, "@import"));
    free(html);
    report_fixture_release(&fixture);
}
END_TEST

START_TEST(sections_stand_in_their_order)
{
    static const char *const order[] = {"summary",
                                        "question-duty",
                                        "question-righttime",
                                        "question-centrality",
                                        "question-need",
                                        "question-objections",
                                        "question-case",
                                        "question-survey",
                                        "method",
                                        "quality",
                                        "appendix"};
    static const char *const answered[] = {"mechanisms", "right-time", "factors", "bottleneck", "gaps", "veto"};
    struct report_fixture fixture;
    report_fixture_init(&fixture);
    char *html = report_fixture_render(&fixture.input, "nb");
    xmlDoc *document = parse(html);
    char path[200];
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        snprintf(path, sizeof path, "//h:main/h:section[%zu][@id='%s']", i + 1, order[i]);
        ck_assert_msg(found(document, path) == 1, "%s is not section %zu", order[i], i + 1);
    }
    for (size_t i = 0; i < sizeof answered / sizeof answered[0]; i++) {
        snprintf(path, sizeof path, "//h:section[@id='summary']/h:section[@id='summary-%s']/h:ul/h:li", answered[i]);
        ck_assert_msg(found(document, path) >= 1, "the summary does not answer %s", answered[i]);
    }
    ck_assert_int_ge(found(document, "//h:section[@id='appendix']//h:table"), 10);
    xmlFreeDoc(document);
    free(html);
    report_fixture_release(&fixture);
}
END_TEST

START_TEST(numbers_are_written_as_the_language_writes_them)
{
    struct report_fixture fixture;
    report_fixture_init(&fixture);
    char *nb = report_fixture_render(&fixture.input, "nb"), *en = report_fixture_render(&fixture.input, "en");
    ck_assert_ptr_nonnull(strstr(nb, ">31,5<"));
    ck_assert_ptr_null(strstr(nb, ">31.5<"));
    ck_assert_ptr_nonnull(strstr(en, ">31.5<"));
    ck_assert_ptr_nonnull(strstr(nb, "26. november 2014"));
    ck_assert_ptr_nonnull(strstr(en, "26 November 2014"));
    free(nb);
    free(en);
    report_fixture_release(&fixture);
}
END_TEST

/* What a reader of bokmål or nynorsk sees has the signs of the language: an unbreakable blank before %, a decimal comma, «»,
 * and a dash, not a hyphen, between numbers. Code, cards, what is marked as English and the name of the software are not of the
 * language. */
START_TEST(the_signs_are_those_of_the_language)
{
    static const struct {
        const char *wrong, *pattern;
    } signs[] = {{"a blank that breaks before %", "[0-9] %"},
                 {"a decimal point", "[0-9]\\.[0-9]"},
                 {"English quotation marks", "\xe2\x80\x9c|\xe2\x80\x9d"},
                 {"a hyphen between numbers", "[0-9]{2}-[0-9]{2}"}};
    struct report_fixture fixture;
    report_fixture_init(&fixture);
    char *html = report_fixture_render(&fixture.input, languages[_i]);
    xmlDoc *document = parse(html);
    xmlXPathContext *context = xmlXPathNewContext(document);
    xmlXPathRegisterNs(context, BAD_CAST "h", BAD_CAST "http://www.w3.org/1999/xhtml");
    xmlXPathObject *texts = xmlXPathEvalExpression(
        BAD_CAST "//text()[not(ancestor::h:code or ancestor::h:pre or ancestor::h:style or ancestor::h:footer or "
                 "ancestor::h:dl[@class='card'] or ancestor::*[@lang][not(self::h:html)])]",
        context);
    ck_assert_int_gt(texts->nodesetval->nodeNr, 500);
    for (size_t s = 0; s < sizeof signs / sizeof signs[0]; s++) {
        regex_t pattern;
        ck_assert_int_eq(regcomp(&pattern, signs[s].pattern, REG_EXTENDED | REG_NOSUB), 0);
        for (int n = 0; n < texts->nodesetval->nodeNr; n++) {
            xmlChar *text = xmlNodeGetContent(texts->nodesetval->nodeTab[n]);
            ck_assert_msg(regexec(&pattern, (const char *)text, 0, NULL, 0) != 0, "%s: %s", signs[s].wrong, (const char *)text);
            xmlFree(text);
        }
        regfree(&pattern);
    }
    xmlXPathFreeObject(texts);
    xmlXPathFreeContext(context);
    xmlFreeDoc(document);
    free(html);
    report_fixture_release(&fixture);
}
END_TEST

START_TEST(families_without_data_are_one_sentence)
{
    static const struct {
        const char *family, *table, *column, *said;
    } empty[] = {{"duty", "summary", "due", "No duty to consult arose"},
                 {"time", "all", "requests", "Nobody was asked for an answer in this period."},
                 {"need", "congruence", "needed", "The register of needs has nothing"},
                 {"objections", "all", "objections", "No objections were reported in this period."}};
    for (size_t e = 0; e < sizeof empty / sizeof empty[0]; e++) {
        struct report_fixture fixture;
        char tables[200];
        report_fixture_init(&fixture);
        report_fixture_numbers(&fixture, empty[e].family, empty[e].table, empty[e].column)[0] = 0;
        char *html = report_fixture_render(&fixture.input, "en");
        xmlDoc *document = parse(html);
        ck_assert_ptr_nonnull(strstr(html, empty[e].said));
        snprintf(tables, sizeof tables, "//h:section[@id='%s']//h:table", empty[e].family);
        ck_assert_int_eq(found(document, tables), 0);
        xmlFreeDoc(document);
        free(html);
        report_fixture_release(&fixture);
    }
}
END_TEST

START_TEST(hostile_names_stay_text)
{
    static const char *const hostile[] = {"<script>alert(1)</script>",
                                          "\"><img src=x onerror=alert(1)>",
                                          "a & b < c > d 'e'",
                                          "]]></style><b>",
                                          "\xe2\x80\xae"
                                          "snart",
                                          "\xd7\x90\xd7\x91\xd7\x92",
                                          "control \x01\x1b[31m",
                                          "broken \xc3( utf-8 \xff",
                                          "%s%n%1$s",
                                          "a name that is longer than any label on a map has room for, and goes on"};
    for (size_t h = 0; h < sizeof hostile / sizeof hostile[0]; h++) {
        struct report_fixture fixture;
        report_fixture_init(&fixture);
        fixture.input.operator_name = hostile[h];
        fixture.input.title = hostile[h];
        struct report_name names[] = {{"972417807", hostile[h], hostile[h]}};
        struct report_name sectors[] = {{"economy", hostile[h], NULL}};
        fixture.input.actor_names = names;
        fixture.input.actor_name_count = 1;
        fixture.input.sector_names = sectors;
        fixture.input.sector_name_count = 1;
        result_note(report_fixture_result(&fixture, "graph"), "%s", hostile[h]);
        result_set_text(report_fixture_result(&fixture, "graph"), &report_fixture_result(&fixture, "graph")->card.engine,
                        hostile[h]);
        for (size_t l = 0; l < 3; l++) {
            char *html = report_fixture_render(&fixture.input, languages[l]);
            xmlDoc *document = parse(html);
            ck_assert_int_eq(found(document, "//h:script | //h:img | //h:b | //@onerror | //@src"), 0);
            ck_assert_ptr_null(strstr(html, "\xe2\x80\xae"));
            ck_assert_ptr_null(strchr(html, '\x01'));
            ck_assert_ptr_null(strchr(html, '\x1b'));
            if (h == 0)
                ck_assert_ptr_nonnull(strstr(html, "&lt;script&gt;alert(1)&lt;/script&gt;"));
            if (h == 5)
                ck_assert_ptr_nonnull(strstr(html, "\xe2\x81\xa8\xd7\x90\xd7\x91\xd7\x92\xe2\x81\xa9"));
            if (h == 8)
                ck_assert_ptr_nonnull(strstr(html, "%s%n%1$s"));
            xmlFreeDoc(document);
            free(html);
        }
        report_fixture_release(&fixture);
    }
}
END_TEST

START_TEST(the_command_is_safe_to_paste)
{
    struct report_fixture fixture;
    report_fixture_init(&fixture);
    result_set_text(report_fixture_result(&fixture, "network"), &report_fixture_result(&fixture, "network")->card.spec,
                    "from=2014-01-01 to=2014-03-01 layer=all case=2014/17';$(id)`id` case-type=lov tie=reporter:972417807");
    char *html = report_fixture_render(&fixture.input, "en");
    ck_assert_ptr_nonnull(strstr(html, "samordning metrics gaps --from 2014-01-01 --to 2014-03-01 --case "
                                       "2014/17%27%3B%24%28id%29%60id%60 --case-type lov"));
    ck_assert_ptr_nonnull(strstr(html, "--tie-rule reporter:972417807"));
    ck_assert_ptr_nonnull(strstr(html, "1 January 2014 to 28 February 2014"));
    free(html);
    report_fixture_release(&fixture);
}
END_TEST

static bool tells_of_wave(const char *family)
{
    size_t count;
    const struct section_kind *kinds = section_kinds(&count);
    for (size_t k = 0; k < count; k++)
        if (strcmp(kinds[k].family, family) == 0)
            return kinds[k].wave;
    return false;
}

START_TEST(missing_results_are_said)
{
    for (size_t missing = 0; report_family(missing); missing++) {
        struct report_fixture fixture;
        char said[200];
        report_fixture_init(&fixture);
        report_fixture_leave_out(&fixture, report_family(missing));
        char *html = report_fixture_render(&fixture.input, "en");
        xmlDoc *document = parse(html);
        headings_check(xmlDocGetRootElement(document), 0);
        ck_assert_int_eq(found(document, "//h:ul[not(h:li)] | //h:dl[not(*)]"), 0);
        snprintf(said, sizeof said, "The analysis did not deliver the family “%s”.", report_family(missing));
        if (tells_of_wave(report_family(missing))) { /* a report without a wave says nothing of one */
            snprintf(said, sizeof said, "id=\"%s\"", report_family(missing));
            ck_assert_ptr_null(strstr(html, said));
        } else {
            ck_assert_ptr_nonnull(strstr(html, missing == 0 ? "There is no map" : said));
        }
        xmlFreeDoc(document);
        free(html);
        report_fixture_release(&fixture);
    }
    struct report_input nothing = {.labels_waiting = NAN};
    char *html = report_fixture_render(&nothing, "nb");
    xmlDoc *document = parse(html);
    headings_check(xmlDocGetRootElement(document), 0);
    ck_assert_int_eq(found(document, "//h:table"), 0);
    xmlFreeDoc(document);
    free(html);
}
END_TEST

START_TEST(odd_networks_are_drawn)
{
    static const size_t sizes[] = {0, 1, 2, 5, 301, 700};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        size_t n = sizes[s];
        struct result *network = result_create("network");
        size_t actors = result_add_table(network, "nodes", n);
        char **keys = result_add_texts(network, actors, &(struct column_definition){"actor", "", "key", ""}), key[32];
        for (size_t i = 0; i < n; i++) {
            snprintf(key, sizeof key, "actor %03zu", i);
            result_set_text(network, &keys[i], key);
        }
        size_t pairs = n > 2 ? n - 2 : 0,
               ties = result_add_table(network, "edges", pairs); /* a chain that leaves one actor alone */
        for (int end = 0; end < 2; end++) {
            char **texts = result_add_texts(network, ties, &(struct column_definition){end ? "to" : "from", "", "end", ""});
            for (size_t i = 0; i < pairs; i++) {
                snprintf(key, sizeof key, "actor %03zu", i + (size_t)end);
                result_set_text(network, &texts[i], key);
            }
        }
        double *weight = result_add_numbers(network, ties, &(struct column_definition){"weight", "", "weight", ""});
        for (size_t i = 0; i < pairs; i++)
            weight[i] = 1 + (double)(i % 7);
        ck_assert(!result_failed(network));
        const struct result *results[] = {network};
        struct report_input input = {.results = results, .result_count = 1, .labels_waiting = NAN};
        char *html = report_fixture_render(&input, "nn");
        xmlDoc *document = parse(html);
        ck_assert_int_eq(found(document, "//s:svg[@role='img']"), n > 0);
        size_t shown = n < 600 ? n : 600;
        int labels = found(document, "//s:g[@class='labels']/s:text");
        ck_assert_int_eq(found(document, "//s:svg[@role='img']//s:circle"), (int)shown);
        if (n <= 60) {
            ck_assert_int_eq(labels, (int)n);
        } else { /* those with room, and the caption counts them */
            char said[60];
            snprintf(said, sizeof said, "%d av %zu akt\xc3\xb8rar har namn", labels, shown);
            ck_assert_int_gt(labels, 30);
            ck_assert_int_lt(labels, (int)shown);
            ck_assert_ptr_nonnull(strstr(html, said));
        }
        ck_assert_ptr_null(strstr(html, "nan\""));
        ck_assert_ptr_null(strstr(html, "inf\""));
        xmlFreeDoc(document);
        free(html);
        result_destroy(network);
    }
}
END_TEST

/* Relative luminance of #rrggbb (WCAG 2.1). */
static double luminance(const char *colour)
{
    static const double share[] = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    unsigned value = (unsigned)strtoul(colour + 1, NULL, 16);
    for (int i = 0; i < 3; i++) {
        double part = (value >> (16 - 8 * i) & 255) / 255.0;
        sum += share[i] * (part <= 0.03928 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static double contrast(const char *one, const char *other)
{
    double a = luminance(one), b = luminance(other);
    return (fmax(a, b) + 0.05) / (fmin(a, b) + 0.05);
}

static const char *value_after(const char *from, const char *what)
{
    const char *found = strstr(from, what);
    ck_assert_msg(found != NULL, "the style sheet has no %s", what);
    return found + strlen(what);
}

START_TEST(colours_have_contrast)
{
    static const char *const texts[] = {"--ink:", "--quiet:", "--accent:"}, *const grounds[] = {
                                                                                "--paper:", "--wash:", "--guard:"};
    static const char *const blocks[] = {":root{", "prefers-color-scheme:dark", "@media print"};
    for (size_t b = 0; b < 3; b++)
        for (size_t t = 0; t < 3; t++)
            for (size_t g = 0; g < 3; g++) {
                const char *block = value_after(style_css, blocks[b]);
                double ratio = contrast(value_after(block, texts[t]), value_after(block, grounds[g]));
                ck_assert_msg(ratio >= 4.5, "%s on %s after %s: %.2f to 1", texts[t], grounds[g], blocks[b], ratio);
            }
    for (int sector = 0; sector < 8; sector++) { /* the letters on the nodes, and the nodes' outline */
        char fill[16];
        snprintf(fill, sizeof fill, ".s%d{fill:", sector);
        double ratio = contrast(value_after(style_css, fill), sector == 4 ? "#ffffff" : "#111111");
        ck_assert_msg(ratio >= 4.5, "letter on sector %d: %.2f to 1", sector, ratio);
    }
}
END_TEST

START_TEST(the_same_input_gives_the_same_bytes)
{
    struct report_fixture fixture;
    report_fixture_init(&fixture);
    char *first = report_fixture_render(&fixture.input, "nb"), *between = report_fixture_render(&fixture.input, "nn"),
         *second = report_fixture_render(&fixture.input, "nb");
    ck_assert_str_eq(first, second);
    ck_assert_str_ne(first, between);
    free(first);
    free(between);
    free(second);
    report_fixture_release(&fixture);
}
END_TEST

START_TEST(another_language_is_refused)
{
    struct report_fixture fixture;
    char *html = NULL, error[400] = "";
    size_t size;
    report_fixture_init(&fixture);
    ck_assert(!report_render(&fixture.input, "se", &html, &size, error));
    ck_assert_ptr_nonnull(strstr(error, "se is not one of nb, nn, en"));
    ck_assert(!report_render(&fixture.input, NULL, &html, &size, error));
    ck_assert_ptr_null(html);
    report_fixture_release(&fixture);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report");
    TCase *tests = tcase_create("report");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, the_report_is_what_it_was, 0, 3);
    tcase_add_loop_test(tests, the_structure_is_accessible, 0, 3);
    tcase_add_test(tests, sections_stand_in_their_order);
    tcase_add_test(tests, numbers_are_written_as_the_language_writes_them);
    tcase_add_loop_test(tests, the_signs_are_those_of_the_language, 0, 2);
    tcase_add_test(tests, families_without_data_are_one_sentence);
    tcase_add_test(tests, hostile_names_stay_text);
    tcase_add_test(tests, the_command_is_safe_to_paste);
    tcase_add_test(tests, missing_results_are_said);
    tcase_add_test(tests, odd_networks_are_drawn);
    tcase_add_test(tests, colours_have_contrast);
    tcase_add_test(tests, the_same_input_gives_the_same_bytes);
    tcase_add_test(tests, another_language_is_refused);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
