/* SPDX-License-Identifier: GPL-3.0-or-later
 * What became of the records of a file, or of all files. */
#include "summary.h"
#include "command.h"

void summary_count(struct summary *summary, const Samordning__V1__Receipt *receipt)
{
    switch (receipt->state) {
    case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_STORED:
        summary->stored++;
        break;
    case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_ALREADY_STORED:
        summary->already++;
        break;
    case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_WITNESSED:
        summary->witnessed++;
        break;
    case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_CORRECTED:
        summary->corrected++;
        break;
    case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_CONFLICT:
        summary->conflicts++;
        break;
    case SAMORDNING__V1__RECEIPT_STATE__RECEIPT_WITHDRAWN:
        summary->withdrawn++;
        break;
    default:
        summary->refused++;
    }
    summary->waiting_actors += receipt->waiting_actors > 0;
}

void summary_add(struct summary *total, const struct summary *more)
{
    total->rows += more->rows;
    total->rejected_rows += more->rejected_rows;
    total->read += more->read;
    total->stored += more->stored;
    total->already += more->already;
    total->witnessed += more->witnessed;
    total->corrected += more->corrected;
    total->conflicts += more->conflicts;
    total->refused += more->refused;
    total->withdrawn += more->withdrawn;
    total->waiting_actors += more->waiting_actors;
    total->seconds += more->seconds;
}

uint64_t summary_unanswered(const struct summary *summary)
{
    uint64_t answered = summary->stored + summary->already + summary->witnessed + summary->corrected + summary->conflicts +
                        summary->refused + summary->withdrawn;
    return summary->dry_run || answered > summary->read ? 0 : summary->read - answered;
}

int summary_exit_code(const struct summary *summary)
{
    if (summary->rejected_rows + summary->refused > 0)
        return EXIT_CODE_REJECTED;
    return summary->conflicts > 0 ? EXIT_CODE_CONFLICT : EXIT_CODE_OK;
}

static void print_count(FILE *file, const char *what, uint64_t count)
{
    if (count > 0)
        fprintf(file, "  %9llu  %s\n", (unsigned long long)count, what);
}

void summary_print_text(FILE *file, const struct summary *summary, const char *name)
{
    double rate = summary->seconds > 0 ? (double)summary->read / summary->seconds : 0;
    fprintf(file, "%s: ", name ? name : _("in all"));
    if (summary->rows > 0) /* what comes from the spool has none */
        fprintf(file, _("%llu rows, "), (unsigned long long)summary->rows);
    fprintf(file, _("%llu interactions"), (unsigned long long)summary->read);
    if (summary->seconds > 0)
        fprintf(file, _(", %.1f s (%.0f interactions/s)"), summary->seconds, rate);
    fputc('\n', file);
    if (summary->dry_run)
        print_count(file, _("fit to be submitted"), summary->read);
    print_count(file, _("stored"), summary->stored);
    print_count(file, _("already there"), summary->already);
    print_count(file, _("reported by another organisation too: kept as a witness"), summary->witnessed);
    print_count(file, _("corrected"), summary->corrected);
    print_count(file, _("conflicts: same id, other content"), summary->conflicts);
    print_count(file, _("withdrawn before: not taken in again"), summary->withdrawn);
    print_count(file, _("rejected by the daemon"), summary->refused);
    print_count(file, _("rows rejected"), summary->rejected_rows);
    print_count(file, _("not acknowledged yet"), summary_unanswered(summary));
    print_count(file, _("with a name that waits for an actor (they count once it is resolved)"), summary->waiting_actors);
}

json_t *summary_json(const struct summary *summary, const char *name)
{
    json_t *json = json_object();
    if (name)
        json_object_set_new(json, "file", json_string(name));
    const struct {
        const char *key;
        uint64_t count;
    } counts[] = {{"rows", summary->rows},
                  {"read", summary->read},
                  {"stored", summary->stored},
                  {"already_stored", summary->already},
                  {"witnessed", summary->witnessed},
                  {"corrected", summary->corrected},
                  {"conflicts", summary->conflicts},
                  {"withdrawn", summary->withdrawn},
                  {"rejected", summary->refused},
                  {"rejected_rows", summary->rejected_rows},
                  {"not_acknowledged", summary_unanswered(summary)},
                  {"waiting_for_actor", summary->waiting_actors}};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        json_object_set_new(json, counts[i].key, json_integer((json_int_t)counts[i].count));
    json_object_set_new(json, "seconds", json_real(summary->seconds));
    json_object_set_new(json, "dry_run", json_boolean(summary->dry_run));
    return json;
}
