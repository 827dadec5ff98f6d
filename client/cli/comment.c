/* SPDX-License-Identifier: GPL-3.0-or-later
 * samordning comment: what those whom a report tells of say to it. */
#include "command.h"
#include "grid.h"
#include "say.h"
#include "specification.h"
#include "whole_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define COMMENT_BYTES_MAX 16000

/* The comment from a file, "-" for standard input, without blank lines at its end. NULL: it has been said. */
static char *text_read(const char *path)
{
    char *text;
    size_t size;
    int error = whole_file_read(path, COMMENT_BYTES_MAX, &text, &size);
    if (error == EFBIG)
        say_error(_("%s: a comment is at most %d bytes"), path, COMMENT_BYTES_MAX);
    else if (error != 0)
        say_error(_("could not read %s: %s"), path, strerror(error));
    if (error != 0)
        return NULL;
    while (size > 0 && strchr("\r\n ", text[size - 1]))
        text[--size] = '\0';
    if (size > 0 && !memchr(text, 0, size))
        return text;
    say_error(_("%s: there is no text in it"), path);
    free(text);
    return NULL;
}

static int show(const struct arguments *arguments, const Samordning__V1__CommentResponse *round)
{
    static const char *const columns[] = {"orgnr", "name", "sent_at", "comment"};
    struct grid grid;
    grid_init(&grid);
    grid_table(&grid, "comments");
    for (size_t c = 0; c < 4; c++)
        grid_column(&grid, columns[c], true);
    for (size_t i = 0; i < round->n_comments; i++) {
        const Samordning__V1__Comment *comment = round->comments[i];
        const char *const cells[] = {comment->orgnr, comment->name, comment->sent_at, comment->text};
        for (size_t c = 0; c < 4; c++)
            grid_text(&grid, c, cells[c]);
    }
    return grid_show(&grid, arguments, EXIT_CODE_OK);
}

static int ask(const struct arguments *arguments, Samordning__V1__CommentRequest *comment)
{
    struct session session;
    Samordning__V1__Request request = SAMORDNING__V1__REQUEST__INIT;
    const Samordning__V1__Response *response;
    if (!session_open(&session, arguments, &(struct session_choices){0}))
        return EXIT_CODE_USAGE;
    request.body_case = SAMORDNING__V1__REQUEST__BODY_COMMENT;
    request.comment = comment;
    int code = session_expect(&session, &request, SAMORDNING__V1__RESPONSE__BODY_COMMENT, &response);
    if (code == EXIT_CODE_OK && strcmp(arguments->action, "list") == 0)
        code = show(arguments, response->comment);
    else if (code == EXIT_CODE_OK)
        say_hint(request.comment->text[0]     ? _("the comment is kept, and stands in the report; it can be changed until %s")
                 : request.comment->take_back ? _("the comment is taken back; another one can be sent until %s")
                                              : _("comments on the report are taken until %s"),
                 response->comment->until);
    session_close(&session);
    return code;
}

static bool understood(const struct arguments *arguments, const char *from, const char *to)
{
    bool opens = strcmp(arguments->action, "open") == 0, sends = strcmp(arguments->action, "send") == 0;
    if (!from[0] || !to[0])
        say_error(_("comment needs the period of the report: --year, or --month, or --from and --to"));
    else if (opens && !arguments_has(arguments, "until"))
        say_error(_("comment open needs --until DATE"));
    else if (!opens && arguments_has(arguments, "until"))
        say_error(_("--until is for comment open"));
    else if (sends && arguments->operand_count != 1)
        say_error(_("comment send needs one FILE (\"-\" is standard input)"));
    else if (!sends && arguments->operand_count != 0)
        say_error(_("only comment send takes a FILE"));
    else
        return true;
    return false;
}

static int comment_run(const struct arguments *arguments)
{
    char from[SPECIFICATION_DAY_SIZE] = "", to[SPECIFICATION_DAY_SIZE] = "";
    if (!specification_period(arguments, from, to) || !understood(arguments, from, to))
        return EXIT_CODE_USAGE;
    char *text = arguments->operand_count ? text_read(arguments->operands[0]) : NULL;
    if (arguments->operand_count && !text)
        return EXIT_CODE_INPUT;
    Samordning__V1__CommentRequest comment = SAMORDNING__V1__COMMENT_REQUEST__INIT;
    comment.from = from;
    comment.to = to;
    comment.until = (char *)(uintptr_t)arguments_text(arguments, "until", "");
    comment.text = text ? text : comment.text;
    comment.take_back = strcmp(arguments->action, "take-back") == 0;
    int code = ask(arguments, &comment);
    free(text);
    return code;
}

static const struct option_row comment_options[] = {
    {"from", 0, N_("DATE"), N_("first day of the report's period"), NULL},
    {"to", 0, N_("DATE"), N_("day after its last one"), NULL},
    {"year", 0, N_("YEAR"), N_("one whole year"), NULL},
    {"month", 0, N_("YYYY-MM"), N_("one whole month"), NULL},
    {"until", 0, N_("DATE"), N_("open: last day on which comments are taken"), NULL},
    {NULL},
};

extern const struct command command_comment;
const struct command command_comment = {
    .name = "comment",
    .summary = N_("comment on a report before it is finished"),
    .actions = "open send take-back list",
    .operands = N_("[FILE]"),
    .sections =
        (const struct section[]){
            {N_("DESCRIPTION"),
             N_("open, for operators, asks those whom a report of this period will tell of for comments until a day; again, it "
                "changes the day. Each of them sees its own numbers with samordning report --for and its organisation "
                "number.\n\n"
                "send sends the text of FILE as the comment of one's own organisation; sent again, it takes the place of the "
                "one "
                "before. take-back takes it back. Both work until that day; then the comments stand. They are printed in every "
                "report of this period, with who wrote them and when.\n\n"
                "list shows one's own comment; to operators, all of them.")},
            {N_("EXAMPLES"), N_("    samordning comment open --year 2025 --until 2027-03-01\n"
                                "    samordning report --year 2025 --for 972417807 --output own.html\n"
                                "    samordning comment send --year 2025 comment.txt\n")},
            {NULL}},
    .tables = {comment_options, option_output, option_sorting, option_connection, option_common},
    .run = comment_run,
};
