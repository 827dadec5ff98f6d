/* SPDX-License-Identifier: GPL-3.0-or-later
 * The note beside an export: what of the network its format does not hold. */
#include "command.h"
#include "export_files.h"

#include <stdlib.h>
#include <string.h>

static const char *const format_names[] = {
    [RENDER_TABLE] = "",        [RENDER_CSV] = "CSV",     [RENDER_JSON] = "JSON",    [RENDER_GRAPHML] = "GraphML",
    [RENDER_GEXF] = "GEXF 1.3", [RENDER_PAJEK] = "Pajek", [RENDER_DL] = "UCINET DL",
};

static void line(FILE *file, const char *text)
{
    fprintf(file, "- %s\n", text);
}

static void states(FILE *file, const struct export *network, enum render_format format)
{
    static const char *const held[] = {
        [RENDER_CSV] = N_("FILE.unknown.csv lists the dyads that are unknown."),
        [RENDER_JSON] = N_("\"unknown_dyads\" lists the dyads that are unknown."),
        [RENDER_GRAPHML] = N_("The datum \"unknown_dyads\" of the first graph lists the dyads that are unknown."),
        [RENDER_GEXF] = N_("GEXF has no place for dyads that are unknown: they are listed below."),
        [RENDER_PAJEK] = N_("Pajek has no place for dyads that are unknown: they are listed below."),
        [RENDER_DL] = (N_(
            "The matrix \"unknown\" is 1 where a dyad is unknown; a 0 in another matrix means no tie only where it is 0 there. "
            "As a single list of ties the format has no place for it, and the dyads are listed below.")),
    };
    static const char *const rules[] = {
        [EXPORT_TOLD_BY_EITHER] =
            (N_("A pair without a tie has none where one of its ends has reported (\"reported\" of the actor), else it is "
                "unknown.")),
        [EXPORT_TOLD_BY_BOTH] =
            N_("A pair without a tie has none where both ends have reported (\"reported\" of the actor), else it is unknown."),
        [EXPORT_TOLD_BY_FROM] =
            (N_("A pair without a tie has none where the end it would go from has reported (\"reported\" of "
                "the actor), else it is unknown.")),
    };
    bool plain = format == RENDER_PAJEK || format == RENDER_DL;
    fprintf(file, "\n%s\n", _("The three states of a tie"));
    if (network->put_in > 0) {
        fputs("- ", file);
        fprintf(file,
                plain ? _("%.0f ties were put in for unknown pairs (missing= of the specification); the format does not "
                          "tell them from ties that were reported.")
                      : _("%.0f ties were put in for unknown pairs (missing= of the specification): their state is "
                          "put_in, their count 0."),
                network->put_in);
        putc('\n', file);
    }
    if (network->doubted_count > 0)
        line(file, _("Further pairs are unknown because one end told of contact that the other, which is silent, could have "
                     "confirmed."));
    if (!network->reported) {
        line(file, _("The result does not say who has reported, so a pair without a tie may be unknown."));
        return;
    }
    if (export_lists_unknown(network))
        line(file, _("A pair without a tie has none unless it is listed as unknown: nobody who answered said which."));
    else
        line(file, _(rules[network->told_by]));
    fputs("- ", file);
    fprintf(file, _("Unknown dyads: %.0f."), network->unknown_count);
    putc('\n', file);
    if (network->unknown_count > 0 && network->unknown_listed == 0)
        line(file, _("They are too many to list; the rule above tells them."));
    else if (network->unknown_count > 0)
        line(file, _(held[format]));
}

static void time_and_layers(FILE *file, const struct export *network, enum render_format format)
{
    bool layers = network->layer_count > 0;
    fprintf(file, "\n%s\n", _("Time and layers"));
    if (!network->spells)
        line(file, _("The result has no spells (spells=day or spells=month tells them): a tie stands for the whole period."));
    else if (format == RENDER_GEXF)
        line(file, _("Spells are half-open intervals [start, end) of days; a spell's weight is the dynamic attribute "
                     "\"spell_weight\"."));
    else if (format != RENDER_CSV && format != RENDER_JSON)
        line(file, _("When the ties had contact (the table \"spells\") is left out."));
    if (!layers)
        line(file, _("The layers are added up into one tie (relations=layers tells them apart)."));
    else if (format == RENDER_GEXF || format == RENDER_PAJEK)
        line(file, _("The ties of each layer (the table \"relations\") are left out."));
    else if (format == RENDER_GRAPHML)
        line(file, _("Each layer is a graph of its own after the first; programs that read one graph only read the sum."));
}

static void objections(FILE *file, const struct export *network, enum render_format format, bool only_ties)
{
    const struct export_relation *found = NULL;
    for (size_t i = 0; i < network->relation_count; i++)
        if (network->relations[i].negative)
            found = &network->relations[i];
    if (!found)
        return;
    fprintf(file, "\n%s\n", _("Objections (negative ties)"));
    if (format == RENDER_GRAPHML)
        line(file, _("They are a graph of their own after the first; programs that read one graph only do not see them."));
    else if (format == RENDER_GEXF && network->directed)
        line(file,
             _("They are edges of kind \"objection\" beside the ties; their weight is positive, their sign is the kind."));
    else if (format == RENDER_GEXF)
        line(file,
             _("They are directed, which GEXF cannot mix with undirected ties, and left out; direction=directed keeps them."));
    else if (format == RENDER_PAJEK)
        line(file, _("They are a network of their own, FILE.objections.net; their weights are positive."));
    else if (format == RENDER_DL)
        line(file, only_ties ? _("They are left out, because only the ties were asked for.")
                             : _("They are the matrix \"objections\"; their weights are positive."));
    else
        line(file, _("They are the table \"objections\"; their weights are positive."));
}

static void labels_and_attributes(FILE *file, const struct export *network, enum render_format format,
                                  const struct export_labels *labels)
{
    fprintf(file, "\n%s\n", _("Labels and attributes"));
    if (labels) {
        fputs("- ", file);
        fprintf(file, _("%zu of %zu labels differ from the actor's key; FILE.labels.csv leads back."), labels->changed,
                labels->count);
        putc('\n', file);
    }
    if (format == RENDER_PAJEK)
        line(file, _("Pajek's labels cannot hold double quotes and backslashes. The file is UTF-8 without a byte order mark."));
    if (format == RENDER_DL)
        line(file, _("UCINET reads no Unicode, cuts labels at 18 characters, and tells no small letters from capitals."));
    if (format == RENDER_PAJEK || format == RENDER_DL)
        line(file, _("Counts, names, kinds and the card are left out; --format json holds everything."));
    if (format == RENDER_GEXF)
        line(file, _("Of the card only specification, watermark, time and notes are kept, as the description."));
    if (format == RENDER_CSV)
        line(file, _("Texts that begin with = + - @ have an apostrophe before them, so that a spreadsheet does not run them."));
    if (format == RENDER_GRAPHML || format == RENDER_GEXF)
        line(file, _("Control characters, which XML cannot hold, are replaced. Missing values are left out."));
    if (format == RENDER_JSON)
        line(file, _("Numbers read back as the same doubles; missing ones and infinities are null."));
}

static void partition(FILE *file, const struct export *network)
{
    const char **classes;
    size_t count;
    if (!network->sector || !export_pajek_classes(network, network->sector, &classes, &count))
        return;
    fprintf(file, "\n%s\n", _("Classes of FILE.sector.clu"));
    for (size_t i = 0; i < count; i++)
        fprintf(file, "%zu %s\n", i + 1, classes[i]);
    fprintf(file, "0 %s\n", _("none stated"));
    free(classes);
}

void export_fidelity(FILE *file, const struct export *network, enum render_format format, const struct export_labels *labels,
                     bool only_ties)
{
    fprintf(file, _("What %s does not hold of this network"), format_names[format]);
    putc('\n', file);
    if (network->card)
        fprintf(file, _("specification: %s\n"), network->card->spec);
    states(file, network, format);
    time_and_layers(file, network, format);
    objections(file, network, format, only_ties);
    labels_and_attributes(file, network, format, labels);
    if (format == RENDER_PAJEK)
        partition(file, network);
    bool listed = format == RENDER_GEXF || format == RENDER_PAJEK || (format == RENDER_DL && only_ties);
    if (!listed || network->unknown_listed == 0)
        return;
    fprintf(file, "\n%s\n", _("Unknown dyads"));
    for (size_t i = 0; i < network->unknown_listed; i++)
        fprintf(file, "%s\t%s\n", network->id->texts[network->unknown[i][0]], network->id->texts[network->unknown[i][1]]);
}
