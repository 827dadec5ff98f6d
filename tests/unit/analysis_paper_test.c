/* SPDX-License-Identifier: GPL-3.0-or-later
 * A report's other forms: pages as a tagged PDF, which poppler reads, the summary as plain text, the tables in a ZIP file.
 */
#include "annex.h"
#include "brief.h"
#include "paper.h"
#include "paper_audit.h"
#include "report_fixture.h"

#include <archive.h>
#include <archive_entry.h>
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define OUTPUT_MAX (1 << 20)

static char *pdf_of(const char *html, size_t *ret_size)
{
    char *pdf = NULL, error[400] = "";
    ck_assert_msg(paper_render(html, strlen(html), &pdf, ret_size, error), "%s", error);
    return pdf;
}

/* What a program of poppler's says of the file. */
static char *poppler(const char *program, const char *pdf, size_t size)
{
    char path[] = "/tmp/samordning-paper-XXXXXX", command[200], *said = calloc(1, OUTPUT_MAX);
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, pdf, size), (ssize_t)size);
    close(file);
    snprintf(command, sizeof command, "%s %s%s 2>&1", program, path, strcmp(program, "pdftotext -layout") == 0 ? " -" : "");
    FILE *pipe = popen(command, "r");
    ck_assert_ptr_nonnull(pipe);
    size_t got = fread(said, 1, OUTPUT_MAX - 1, pipe);
    said[got] = 0;
    ck_assert_msg(pclose(pipe) == 0, "%s: %s", program, said);
    unlink(path);
    return said;
}

static void says(const char *said, const char *wanted)
{
    ck_assert_msg(strstr(said, wanted) != NULL, "\"%s\" is not in:\n%.2000s", wanted, said);
}

static size_t count_of(const char *text, const char *wanted)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, wanted)) != NULL; at++)
        count++;
    return count;
}

START_TEST(pages_are_tagged)
{
    struct report_fixture fixture;
    size_t size, again_size;
    report_fixture_init(&fixture);
    char *html = report_fixture_render(&fixture.input, "nn"), *pdf = pdf_of(html, &size);
    char *again = pdf_of(html, &again_size);
    ck_assert_uint_eq(size, again_size);
    ck_assert_mem_eq(pdf, again, size);
    free(again);
    char *said = poppler("pdfinfo", pdf, size);
    says(said, "Tagged:          yes");
    says(said, "Slik samordnar departementa");
    free(said);
    said = poppler("pdfinfo -struct", pdf, size);
    ck_assert_uint_eq(count_of(said, " H1 "), 1);
    ck_assert_uint_eq(count_of(said, " H2 "), count_of(html, "<h2 "));
    ck_assert_uint_eq(count_of(said, " H3 "), count_of(html, "<h3 "));
    ck_assert_uint_eq(count_of(said, " Table "), count_of(html, "<table "));
    ck_assert_uint_eq(count_of(said, " TR\n"), count_of(html, "<tr>"));
    ck_assert_uint_eq(count_of(said, " Caption"), count_of(html, "<caption "));
    ck_assert_uint_eq(count_of(said, " Figure"), count_of(html, "<figure "));
    free(said);
    said = poppler("pdfinfo -meta", pdf, size);
    says(said, "<pdfuaid:part>1</pdfuaid:part>");
    free(said);
    said = poppler("pdftotext -layout", pdf, size);
    says(said, "Finansdepartementet");
    free(said);
    struct paper_audit audit = paper_audit(pdf, size);
    ck_assert_str_eq(audit.language, "nn");
    ck_assert_uint_eq(audit.figures, count_of(html, "<figure "));
    ck_assert_uint_eq(audit.figures_told, audit.figures);
    ck_assert_uint_eq(audit.header_cells, count_of(html, "<th "));
    ck_assert_uint_eq(audit.header_cells_scoped, audit.header_cells);
    ck_assert_uint_gt(audit.pages, 5);
    ck_assert_uint_eq(audit.pages_marked, audit.pages);
    free(pdf);
    free(html);
    report_fixture_release(&fixture);
}
END_TEST

/* A logo is a picture with its alternative; one that cannot be read is left out. */
START_TEST(a_logo_is_drawn)
{
    static const struct {
        const char *logo;
        size_t figures; /* beside those of the document */
    } logos[] = {{"data:image/png;base64,"
                  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGPg9u8CAAFNAOUqq0k3AAAAAElFTkSuQmCC",
                  1},
                 {"data:image/svg+xml;base64,"
                  "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI5IiBoZWlnaHQ9IjkiPjxyZWN0IHdpZHRoPSI5IiBoZWln"
                  "aHQ9IjkiLz48L3N2"
                  "Zz4=",
                  1},
                 {"data:image/png;base64,iVBORw0KGgo=", 0},
                 {"data:image/svg+xml;base64,PHN2Zw==", 0}};
    struct report_fixture fixture;
    report_fixture_init(&fixture);
    fixture.input.operator_name = "The directorate";
    fixture.input.logo = logos[_i].logo;
    size_t size;
    char *html = report_fixture_render(&fixture.input, "en"), *pdf = pdf_of(html, &size);
    says(html, "alt=\"The directorate\"");
    struct paper_audit audit = paper_audit(pdf, size);
    ck_assert_uint_eq(audit.figures, count_of(html, "<figure ") + logos[_i].figures);
    ck_assert_uint_eq(audit.figures_told, audit.figures);
    ck_assert_uint_eq(audit.pages_marked, audit.pages);
    free(pdf);
    free(html);
    report_fixture_release(&fixture);
}
END_TEST

START_TEST(what_is_no_document_is_refused)
{
    char *pdf = NULL, error[400] = "";
    size_t size;
    ck_assert(!paper_render("<html><body>", 12, &pdf, &size, error));
    ck_assert_msg(strstr(error, "not well-formed") != NULL, "%s", error);
    ck_assert_ptr_null(pdf);
    ck_assert(!brief_render("", 0, &pdf, &size, error));
    ck_assert_msg(strstr(error, "not well-formed") != NULL, "%s", error);
}
END_TEST

START_TEST(the_summary_is_lines)
{
    struct report_fixture fixture;
    size_t size;
    char *text = NULL, error[400] = "";
    report_fixture_init(&fixture);
    char *html = report_fixture_render(&fixture.input, "nb");
    ck_assert_msg(brief_render(html, strlen(html), &text, &size, error), "%s", error);
    ck_assert_uint_eq(strlen(text), size);
    ck_assert(strncmp(text, "Slik samordner departementene\n=====", 34) == 0);
    says(text, "\nSammendrag\n----------\n\nFungerer mekanismene?\n- ");
    says(text, "Hvem er flaskehals?");
    ck_assert_ptr_null(strstr(text, "<p"));
    for (const char *line = text, *end; *line; line = end + 1) {
        size_t letters = 0;
        end = strchr(line, '\n');
        ck_assert_ptr_nonnull(end);
        for (const char *at = line; at < end; at++)
            letters += ((unsigned char)*at & 0xc0) != 0x80;
        ck_assert_msg(letters <= BRIEF_WIDTH, "%zu letters: %.*s", letters, (int)(end - line), line);
    }
    free(text);
    free(html);
    report_fixture_release(&fixture);
}
END_TEST

START_TEST(the_annex_has_every_table)
{
    struct report_fixture fixture;
    size_t size, again_size, tables = 0, files = 0, columns = 0;
    char *zip = NULL, *again = NULL, error[400] = "", content[4096];
    report_fixture_init(&fixture);
    struct annex *annex;
    ck_assert_msg(annex_open(&fixture.input, &annex, error) && annex_csv(annex, &zip, &size, error), "%s", error);
    annex_close(annex);
    ck_assert_msg(annex_open(&fixture.input, &annex, error) && annex_csv(annex, &again, &again_size, error), "%s", error);
    annex_close(annex);
    ck_assert_mem_eq(zip + size - 22, "PK\5\6", 4); /* a reader finds its end at the end */
    ck_assert_uint_eq(size, again_size);
    ck_assert_mem_eq(zip, again, size);
    for (size_t i = 0; i < fixture.input.result_count; i++)
        tables += fixture.input.results[i] ? fixture.input.results[i]->table_count : 0;
    struct archive *archive = archive_read_new();
    struct archive_entry *entry;
    archive_read_support_format_zip(archive);
    ck_assert_int_eq(archive_read_open_memory(archive, zip, size), ARCHIVE_OK);
    while (archive_read_next_header(archive, &entry) == ARCHIVE_OK) {
        const char *name = archive_entry_pathname(entry);
        la_ssize_t got = archive_read_data(archive, content, sizeof content - 1);
        ck_assert_int_gt(got, 0);
        content[got] = 0;
        files++;
        columns += strcmp(name, "columns.csv") == 0 && strncmp(content, "file,column,unit,definition,source\n", 35) == 0;
        if (strcmp(name, "network-nodes.csv") == 0)
            says(content, "actor,");
    }
    ck_assert_uint_eq(files, tables + 2);
    ck_assert_uint_eq(columns, 1);
    archive_read_free(archive);
    free(zip);
    free(again);
    report_fixture_release(&fixture);
}
END_TEST

START_TEST(the_workbook_has_every_table)
{
    struct report_fixture fixture;
    size_t size, again_size, tables = 0, sheets = 0;
    char *book = NULL, *again = NULL, error[400] = "";
    const char *media_type = NULL;
    report_fixture_init(&fixture);
    struct annex *annex;
    ck_assert_msg(annex_open(&fixture.input, &annex, error) && annex_book(annex, &book, &size, &media_type, error), "%s",
                  error);
    annex_close(annex);
    ck_assert_msg(annex_open(&fixture.input, &annex, error) && annex_book(annex, &again, &again_size, &media_type, error), "%s",
                  error);
    annex_close(annex);
    ck_assert_uint_eq(size, again_size);
    ck_assert_mem_eq(book, again, size);
    says(media_type, "spreadsheetml");
    for (size_t i = 0; i < fixture.input.result_count; i++)
        tables += fixture.input.results[i] ? fixture.input.results[i]->table_count : 0;
    struct archive *archive = archive_read_new();
    struct archive_entry *entry;
    archive_read_support_format_zip(archive);
    ck_assert_int_eq(archive_read_open_memory(archive, book, size), ARCHIVE_OK);
    while (archive_read_next_header(archive, &entry) == ARCHIVE_OK) {
        const char *name = archive_entry_pathname(entry);
        sheets += strncmp(name, "xl/worksheets/sheet", 19) == 0;
        if (strcmp(name, "xl/workbook.xml") == 0) {
            char content[16384];
            la_ssize_t got = archive_read_data(archive, content, sizeof content - 1);
            ck_assert_int_gt(got, 0);
            content[got] = 0;
            says(content, "name=\"centrality.centrality\"");
            says(content, "name=\"columns\"");
            says(content, "name=\"cards\"");
        }
    }
    ck_assert_uint_eq(sheets, tables + 2);
    archive_read_free(archive);
    free(book);
    free(again);
    report_fixture_release(&fixture);
}
END_TEST

/* Temporary files that end where the disk does: the workbook is the whole one or there is none. */
START_TEST(a_full_disk_leaves_no_half_workbook)
{
    static const rlim_t sizes[] = {100, 3000, 9000, 20000, 60000, 200000};
    struct report_fixture fixture;
    struct rlimit before, limit;
    struct annex *annex;
    char *whole = NULL, error[400] = "";
    const char *media_type;
    size_t whole_size, failed = 0;
    report_fixture_init(&fixture);
    ck_assert(annex_open(&fixture.input, &annex, error));
    ck_assert_msg(annex_book(annex, &whole, &whole_size, &media_type, error), "%s", error);
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char *book = NULL;
        size_t size = 0;
        limit = (struct rlimit){sizes[i], before.rlim_max};
        ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
        bool written = annex_book(annex, &book, &size, &media_type, error);
        ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
        failed += !written;
        if (written) {
            ck_assert_uint_eq(size, whole_size);
            ck_assert_mem_eq(book, whole, size);
        } else {
            says(error, "disk");
        }
        free(book);
    }
    ck_assert_uint_ge(failed, 3);
    annex_close(annex);
    free(whole);
    report_fixture_release(&fixture);
}
END_TEST

static Suite *paper_suite(void)
{
    Suite *suite = suite_create("paper");
    TCase *tcase = tcase_create("forms");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, pages_are_tagged);
    tcase_add_loop_test(tcase, a_logo_is_drawn, 0, 4);
    tcase_add_test(tcase, what_is_no_document_is_refused);
    tcase_add_test(tcase, the_summary_is_lines);
    tcase_add_test(tcase, the_annex_has_every_table);
    tcase_add_test(tcase, the_workbook_has_every_table);
    tcase_add_test(tcase, a_full_disk_leaves_no_half_workbook);
    suite_add_tcase(suite, tcase);
    return suite;
}

int main(void)
{
    SRunner *runner = srunner_create(paper_suite());
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
